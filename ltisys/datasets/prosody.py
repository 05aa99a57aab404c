"""Phonemes in context: stress, length, release, accent, and the pull of the neighbouring vowel."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .phonemes import PHONEMES, Formants, Phoneme, Segment
from .voices import Voice

_SILENCE = Segment(0.040, (500.0, 1500.0, 2500.0), firmness=0.0)
_INDEX = {name: index for index, name in enumerate(PHONEMES)}


def segments_in_context(
    phonemes: Sequence[tuple[str, bool]], voice: Voice, rng: np.random.Generator
) -> tuple[Segment, ...]:
    """The segments of a word as a voice says them, with a short silence before and after.

    Parameters
    ----------
    phonemes : sequence of (str, bool)
        Names in the phoneme table, and whether they carry the stress.
    voice : Voice
        Gives the accent and the sharpness.
    rng : numpy.random.Generator
        Moves every formant by some 4 %, and releases a final stop more or less.

    Returns
    -------
    tuple of Segment
        Formants are those of a tract of mean length.
    """
    known = [PHONEMES[name] for name, _ in phonemes]
    spoken: list[tuple[Segment, bool]] = [(_SILENCE, False)]
    for place, (name, stressed) in enumerate(phonemes):
        phoneme = known[place]
        after = known[place + 1] if place + 1 < len(known) else None
        segments = phoneme.segments
        if phoneme.vowel:
            segments = _stressed(segments, stressed, after)
        elif phoneme.stop:
            before = phonemes[place - 1][0] if place else None
            segments = _released(segments, rng.uniform(0.2, 1.0) if after is None else 0.2 if before == "S" else 1.0)
        factors = np.array(voice.accent[_INDEX[name]] if voice.accent else (1.0, 1.0, 1.0)) * rng.normal(1.0, 0.04, 3)
        spoken += [(_pronounced(segment, factors, voice.sharpness), phoneme.vowel) for segment in segments]
    return _leaning([*spoken, (_SILENCE, False)])


def _stressed(segments: tuple[Segment, ...], stressed: bool, after: Phoneme | None) -> tuple[Segment, ...]:
    """Vowels are long at the end of a word and short before a voiceless sound; without stress short and soft."""
    strength = 1.0 if stressed else 0.7
    length = strength * (1.3 if after is None else 0.8 if after.voiceless else 1.0)
    return tuple(replace(s, duration=s.duration * length, voicing=s.voicing * strength) for s in segments)


def _released(segments: tuple[Segment, ...], release: float) -> tuple[Segment, ...]:
    """A stop breaks off with a burst and a breath: fully before a vowel, hardly after S, as it likes at the end."""
    closure, burst, breath = segments
    return (
        closure,
        replace(burst, frication=burst.frication * release, aspiration=burst.aspiration * release),
        replace(breath, duration=breath.duration * release, aspiration=breath.aspiration * release),
    )


def _pronounced(segment: Segment, factors: np.ndarray, sharpness: float) -> Segment:
    return replace(
        segment,
        formants=_scaled(segment.formants, factors),
        towards=_scaled(segment.towards, factors) if segment.towards else None,
        frication=segment.frication * sharpness,
    )


def _scaled(formants: Formants, factors: np.ndarray) -> Formants:
    f1, f2, f3 = (float(factor) * formant for factor, formant in zip(factors, formants, strict=True))
    return f1, f2, f3


def _leaning(spoken: list[tuple[Segment, bool]]) -> tuple[Segment, ...]:
    """Let every segment that is not firm lean towards the vowel that follows, or else towards the last one."""
    vowels = [index for index, (_, vowel) in enumerate(spoken) if vowel]
    result = []
    for index, (segment, _) in enumerate(spoken):
        if segment.firmness < 1.0 and vowels:
            nearest = next((vowel for vowel in vowels if vowel > index), vowels[-1])
            vowel = spoken[nearest][0]
            goal = vowel.formants if nearest > index else vowel.towards or vowel.formants
            lean = 1.0 - segment.firmness
            f1, f2, f3 = (own + lean * (other - own) for own, other in zip(segment.formants, goal, strict=True))
            segment = replace(segment, formants=(f1, f2, f3))
        result.append(segment)
    return tuple(result)

"""From phonemes to smooth motion: what every articulator does at every moment of a word.

Targets jump from segment to segment; the tongue does not. The jumps pass through an FIR low-pass, and that is all
there is to the transitions: a linear time-invariant smoothing of the tracks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..systems import FIR
from .prosody import segments_in_context
from .voices import Voice

STEP = 0.002
"""Seconds between two moments of a track."""


@dataclass(frozen=True, eq=False)
class Articulation:
    """The motion of a word, one value for each moment of :data:`STEP` seconds.

    Parameters
    ----------
    formants : ndarray, shape (moments, 3)
        F1, F2, F3 in hertz.
    voicing, aspiration, frication : ndarray, shape (moments,)
        Strengths of the three sources.
    noise : ndarray, shape (moments, 2)
        Centre and width of the frication noise in hertz.
    nasality : ndarray, shape (moments,)
        How far the soft palate is open, from 0 to 1.
    pitch : ndarray, shape (moments,)
        Fundamental frequency in hertz.
    """

    formants: np.ndarray
    voicing: np.ndarray
    aspiration: np.ndarray
    frication: np.ndarray
    noise: np.ndarray
    nasality: np.ndarray
    pitch: np.ndarray

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.pitch) * STEP

    def moments(self, times: np.ndarray) -> np.ndarray:
        """Indices of the moments at given times in seconds; after the end, the last one."""
        return np.minimum(times / STEP, len(self.pitch) - 1).astype(int)


def smoother(width: float) -> FIR:
    """A low-pass that turns a jump into a transition: Hann taps centred on 0, with gain 1 at frequency 0.

    Parameters
    ----------
    width : float
        Duration of the transition in seconds.

    Returns
    -------
    FIR
        For tracks with one value for each :data:`STEP`.

    Examples
    --------
    >>> smoother(0.008).h
    array([0.25, 0.5 , 0.25])
    """
    half = max(1, round(width / STEP / 2))
    taps = 0.5 + 0.5 * np.cos(np.pi * np.arange(1 - half, half) / half)
    return FIR(taps / taps.sum(), start=1 - half)


def articulate(
    phonemes: Sequence[tuple[str, bool]], voice: Voice, rng: np.random.Generator, *, longest: float = np.inf
) -> Articulation:
    """Say a sequence of phonemes: targets, timing and melody, each a little different every time.

    Parameters
    ----------
    phonemes : sequence of (str, bool)
        Names in the phoneme table, and whether they carry the stress.
    voice : Voice
        Who speaks.
    rng : numpy.random.Generator
        What differs from repetition to repetition.
    longest : float
        Seconds; a slower utterance is said faster so that it fits.

    Returns
    -------
    Articulation
    """
    segments = segments_in_context(phonemes, voice, rng)
    durations = np.array([segment.duration for segment in segments]) * np.exp(rng.normal(0.0, 0.12, len(segments)))
    durations *= rng.uniform(1.1, 1.4) / voice.tempo
    durations *= min(1.0, longest / durations.sum())
    edges = np.rint(np.cumsum(durations) / STEP).astype(int)
    steps = np.diff(edges, prepend=0)
    owner = np.repeat(np.arange(len(segments)), steps)
    progress = (np.arange(len(owner)) - (edges - steps)[owner]) / steps[owner]

    begin = np.array([segment.formants for segment in segments])
    end = np.array([segment.towards or segment.formants for segment in segments])
    places = begin[owner] + progress[:, np.newaxis] * (end - begin)[owner]
    states = np.array([(s.voicing, s.aspiration, s.frication, s.nasality, *s.noise) for s in segments])[owner].T
    *formants, semitones = smoother(voice.slur)(
        np.column_stack([places, _melody(len(owner), voice, rng)]).T, padding="replicate"
    )
    voicing, aspiration, frication, nasality, *noise = smoother(0.016)(states, padding="replicate")
    fading = np.interp(np.linspace(0.0, 1.0, len(owner)), [0.0, 0.5, 1.0], [1.0, 1.0, rng.uniform(0.2, 0.8)])
    return Articulation(
        formants=voice.tract * np.stack(formants, axis=1),
        voicing=voicing * fading,
        aspiration=aspiration * fading,
        frication=frication * fading,
        noise=voice.tract * np.stack(noise, axis=1),
        nasality=nasality,
        pitch=voice.pitch * 2.0 ** (semitones / 12),
    )


def _melody(moments: int, voice: Voice, rng: np.random.Generator) -> np.ndarray:
    """Semitones above the voice's pitch: a rise to the accent, then a fall or, now and then, a further rise."""
    places = [0.0, rng.uniform(0.15, 0.5), 1.0]
    heights = voice.melody * np.array([rng.uniform(-1, 1), rng.uniform(0, 1), rng.uniform(-2, 1)])
    return np.interp(np.linspace(0.0, 1.0, moments), places, heights)

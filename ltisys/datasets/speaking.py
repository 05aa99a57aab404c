"""Speech as a source passed through a filter, every step a linear time-invariant system of this library.

================  ======================================================================================
the word          phonemes, each with targets (:mod:`.vocabulary`, :mod:`.phonemes`, :mod:`.prosody`)
its motion        the targets smoothed by an FIR low-pass (:mod:`.articulation`)
the vocal folds   unit samples through a low-pass with three real poles (:mod:`.glottis`)
the vocal tract   a cascade of resonators, a new one every 8 ms (:mod:`.vocal_tract`)
hissing           noise through a band-pass, likewise
the room          FIR echoes, an IIR microphone, coloured noise (:mod:`.rooms`)
================  ======================================================================================

Sources: G. Fant, "Acoustic Theory of Speech Production" (1960); D. Klatt, JASA 67 (1980).
"""

import numpy as np

from .articulation import Articulation, articulate
from .glottis import envelope, glottis, pulses
from .vocabulary import pronunciation
from .vocal_tract import frication_responses, short_time_filter, tract_responses, upper_tract
from .voices import Voice

HOP = 0.008
"""Seconds from one moment of the vocal tract to the next."""
BANDWIDTHS = (60.0, 90.0, 150.0)
"""Of the first three formants, in hertz."""
LOWEST_RATE = 8000
"""Samples per second below which speech would lose its third formant."""
_RINGING = 8  # hops after which a frame has died away, its own two included
_BREATH, _HISS = 0.16, 0.8  # strength of the noises that go with the pulses' strength of 1


def say(word: str, voice: Voice, rng: np.random.Generator, rate: int = 16000, *, longest: float = np.inf) -> np.ndarray:
    """Say one word, with hardly any silence before and after it.

    Parameters
    ----------
    word : str
        A word of the vocabulary.
    voice : Voice
        Who speaks.
    rng : numpy.random.Generator
        Tempo, melody and irregularities of this one utterance.
    rate : int
        Samples per second, at least 8000.
    longest : float
        Seconds; a slower utterance is said faster so that it fits.

    Returns
    -------
    ndarray of float32, shape (n,)
        Of no particular loudness: vowels have a standard deviation around 1.

    Raises
    ------
    ValueError
        If the word is not in the vocabulary or the rate is too low.

    Examples
    --------
    >>> from ltisys.datasets.voices import Voice
    >>> y = say("yes", Voice("ada", pitch=210.0, tract=1.15), np.random.default_rng(0))
    >>> y.dtype, 0.3 < len(y) / 16000 < 0.8
    (dtype('float32'), True)
    """
    phonemes = pronunciation(word)
    check_rate(rate)
    return synthesise(articulate(phonemes, voice, rng, longest=longest - tail(rate)), voice, rng, rate)


def check_rate(rate: int) -> None:
    """Refuse a rate at which speech could not be understood."""
    if rate < LOWEST_RATE:
        raise ValueError(f"rate must be at least {LOWEST_RATE}, got {rate}")


def tail(rate: int) -> float:
    """Seconds that the vocal tract rings on after the last sound."""
    return (_RINGING - 2) * round(HOP * rate) / rate


def synthesise(motion: Articulation, voice: Voice, rng: np.random.Generator, rate: int = 16000) -> np.ndarray:
    """Turn the motion of the articulators into sound.

    Parameters
    ----------
    motion : Articulation
        What they do.
    voice : Voice
        Whose they are.
    rng : numpy.random.Generator
        Noise, jitter and shimmer.
    rate : int
        Samples per second.

    Returns
    -------
    ndarray of float32, shape (n,)
        As long as the motion and :func:`tail`.
    """
    n = round(motion.duration * rate)
    hop = round(HOP * rate)
    points = _RINGING * hop
    noise = rng.standard_normal(n, np.float32)
    folds = glottis(voice, rate)(pulses(motion, voice, rng, rate))
    breath = _BREATH * noise * envelope(motion.aspiration + voice.breathiness * motion.voicing, n, rate)
    source = upper_tract(voice.tract, rate)(folds + breath)
    hiss = _HISS * noise * envelope(motion.frication, n, rate)
    openness = 1.0 + motion.nasality + 2.0 * motion.aspiration + 2.0 * voice.breathiness

    def throat(centres: np.ndarray) -> np.ndarray:
        at = motion.moments(centres / rate)
        bandwidths = np.outer(openness[at], BANDWIDTHS)
        return tract_responses(motion.formants[at], bandwidths, motion.nasality[at], rate=rate, points=points)

    def teeth(centres: np.ndarray) -> np.ndarray:
        at = motion.moments(centres / rate)
        return frication_responses(*motion.noise[at].T, rate=rate, points=points)

    voiced = short_time_filter(source, throat, hop=hop, points=points)
    return voiced + short_time_filter(hiss, teeth, hop=hop, points=points)

"""The sources of speech: pulses of the vocal folds, and noise."""

import numpy as np

from ..systems import IIR
from .articulation import STEP, Articulation
from .voices import Voice


def pulses(articulation: Articulation, voice: Voice, rng: np.random.Generator, rate: float) -> np.ndarray:
    """A train of unit samples, one per vibration of the vocal folds, each with its strength.

    Parameters
    ----------
    articulation : Articulation
        Gives pitch and voicing.
    voice : Voice
        Gives jitter and shimmer.
    rng : numpy.random.Generator
        What is irregular about them.
    rate : float
        Samples per second.

    Returns
    -------
    ndarray, shape (n,)
        Σ a_i δ[n - t_i]; a time between two samples is shared between them in proportion. At full voicing the power
        is that of white noise with standard deviation 1, whatever the pitch.
    """
    n = round(articulation.duration * rate)
    phase = np.cumsum(articulation.pitch) * STEP
    moments = np.interp(np.arange(1.0, phase[-1]), phase, np.arange(1, len(phase) + 1))
    pitch = np.interp(moments, np.arange(len(phase)), articulation.pitch)
    strength = np.interp(moments, np.arange(len(phase)), articulation.voicing) * np.sqrt(rate / pitch)
    times = moments * STEP * rate + rng.normal(scale=voice.jitter, size=len(moments)) * rate / pitch
    strength *= 1 + rng.normal(scale=voice.shimmer, size=len(moments))
    inside = (times >= 0) & (times < n - 1)
    whole = times[inside].astype(int)
    part = times[inside] - whole
    earlier = np.bincount(whole, (1 - part) * strength[inside], n)
    return earlier + np.bincount(whole + 1, part * strength[inside], n)


def glottis(voice: Voice, rate: float) -> IIR:
    """What makes of a unit sample a pulse of air, as it is heard outside the mouth.

    Two equal real poles round the pulse, a third softens the voice, and a difference is the radiation at the lips.

    Parameters
    ----------
    voice : Voice
        A high voice has short pulses: the double pole lies at 0.8 of its pitch. The third lies at its tilt.
    rate : float
        Samples per second.

    Returns
    -------
    IIR
        2 (1 - r) (1 - z⁻¹) / (1 - r z⁻¹)² · (1 - s) / (1 - s z⁻¹), with gain about 1 at its peak.
    """
    r = np.exp(-2 * np.pi * 0.8 * voice.pitch / rate)
    s = np.exp(-2 * np.pi * voice.tilt / rate)
    gain = 2 * (1 - r)
    return IIR.from_sos([[gain, -gain, 0.0, 1.0, -2 * r, r * r], [1 - s, 0.0, 0.0, 1.0, -s, 0.0]])


def envelope(track: np.ndarray, n: int, rate: float) -> np.ndarray:
    """A track at the rate of the sound: straight lines from moment to moment.

    Parameters
    ----------
    track : ndarray, shape (moments,)
        One value for each :data:`~ltisys.datasets.articulation.STEP`.
    n : int
        Samples wanted.
    rate : float
        Samples per second.

    Returns
    -------
    ndarray, shape (n,)
    """
    return np.interp(np.arange(n) / (rate * STEP), np.arange(len(track)) + 0.5, track)

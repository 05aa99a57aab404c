"""Silence, the class without a word: stretches of background noise, with training and validation kept apart."""

from collections.abc import Sequence

import numpy as np


def training_noise(noise: Sequence[np.ndarray]) -> tuple[np.ndarray, ...]:
    """The first four fifths of every background recording: what training may hear.

    Examples
    --------
    >>> training_noise([np.arange(10)]), validation_noise([np.arange(10)])
    ((array([0, 1, 2, 3, 4, 5, 6, 7]),), (array([8, 9]),))
    """
    return tuple(x[: _border(x)] for x in noise)


def validation_noise(noise: Sequence[np.ndarray]) -> tuple[np.ndarray, ...]:
    """The last fifth of every background recording, which training never hears."""
    return tuple(x[_border(x) :] for x in noise)


def silence_clips(noise: Sequence[np.ndarray], count: int, length: int, *, zeros: int = 0, seed: int = 0) -> np.ndarray:
    """Clips without a word: stretches of noise at random gains, then clips of zeros.

    For each clip a recording, a place in it and a gain in [0, 1) are drawn, all uniformly.

    Parameters
    ----------
    noise : sequence of ndarray, shape (any length,)
        Recordings to cut from: pass `training_noise` or `validation_noise` of `Clips.noise`, never both.
    count : int
        Number of clips of noise.
    length : int
        Samples of each clip.
    zeros : int
        Number of clips of zeros that follow.
    seed : int
        Seed of the generator; the same seed gives the same clips.

    Returns
    -------
    ndarray of float32, shape (count + zeros, length)

    Raises
    ------
    ValueError
        For clips of noise without a recording that is long enough.

    Examples
    --------
    The silence of the ten-class score on Speech Commands: 80 stretches of noise and 20 clips of zeros.

    >>> noise = [np.random.default_rng(0).standard_normal(400_000).astype(np.float32)]
    >>> silence_clips(validation_noise(noise), 80, 16000, zeros=20).shape
    (100, 16000)
    """
    long_enough = [x for x in noise if len(x) >= length]
    if count > 0 and not long_enough:
        raise ValueError(
            f"noise must hold a recording of at least {length} samples, got lengths {[len(x) for x in noise]}"
        )
    rng = np.random.default_rng(seed)
    clips = np.zeros((count + zeros, length), np.float32)
    for clip in clips[:count]:
        recording = long_enough[rng.integers(len(long_enough))]
        start = rng.integers(len(recording) - length + 1)
        clip[:] = rng.uniform() * recording[start : start + length]
    return clips


def _border(x: np.ndarray) -> int:
    return 4 * len(x) // 5

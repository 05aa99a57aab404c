"""Variation of the training clips: every epoch hears every word at another speed, place, level and noise."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .frontend import FrontEnd
from .noise import cut


@dataclass(frozen=True)
class Variation:
    """How much clips are varied.

    Parameters
    ----------
    speed : float
        Largest change of tempo and pitch, as a fraction.
    shift : float
        Largest move in time, in seconds.
    gain : tuple of float
        Lowest and highest change of level, in decibels.
    noise : float
        Probability that noise is added.
    snr : tuple of float
        Lowest and highest ratio of speech to noise, in decibels.
    neighbour : float
        Probability that the end or the beginning of another word is heard at the edge.
    masks : tuple of int
        Longest stretch of frames and of bands that is blotted out.

    Examples
    --------
    >>> Variation(noise=0.0).shift
    0.1
    """

    speed: float = 0.15
    shift: float = 0.1
    gain: tuple[float, float] = (-15.0, 6.0)
    noise: float = 0.7
    snr: tuple[float, float] = (0.0, 30.0)
    neighbour: float = 0.4
    masks: tuple[int, int] = (15, 5)


class Augment:
    """Makes the features of a training batch from its samples, varied by chance.

    A clip of zeros stands for silence: it becomes background noise at any level, or stays zero.

    Parameters
    ----------
    front_end : FrontEnd
        From samples to features.
    noise : sequence of ndarray
        Background recordings in [-1, 1].
    variation : Variation
        How much.

    See Also
    --------
    ltisys.nn.fit : calls it as ``augment(x_batch, rng)``.
    """

    def __init__(self, front_end: FrontEnd, noise: Sequence[np.ndarray], variation: Variation) -> None:
        self._front_end = front_end
        self._noise = tuple(noise)
        self._variation = variation

    def __call__(self, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Features (clips, bands, frames) of a batch (clips, n) of int16 or float samples."""
        x = as_float(x)
        v = self._variation
        rate = self._front_end.rate
        silent: np.ndarray = np.all(x == 0, axis=1)
        shift = rng.uniform(-v.shift, v.shift, len(x)) * rate + rng.uniform(0, 1, len(x)) * padding(x)
        speech = move(x, speed=rng.uniform(1 - v.speed, 1 + v.speed, len(x)), shift=shift)
        power = active_power(speech)
        if v.neighbour:
            speech += self._neighbours(speech, rng)
        for row, p, nobody in zip(speech, power, silent, strict=True):
            if nobody:
                row[:] = self._background(len(row), rng)
            elif rng.random() < v.noise:
                noise = cut(self._noise, len(row), rng)
                wanted = p / 10 ** (rng.uniform(*v.snr) / 10)
                row += noise * np.float32(np.sqrt(wanted / max(np.mean(np.square(noise)), 1e-12)))
        level = 10 ** (rng.uniform(*v.gain, len(x)) / 20)
        level[silent] = 1.0
        speech *= level[:, None].astype(np.float32)
        features = self._front_end(np.clip(speech, -1, 1))
        mask(features, v.masks, rng)
        return features

    def _background(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Background alone: one clip in five digital silence, one in five beginning or ending in it."""
        kind = rng.random()
        x = rng.uniform(0, 1) * cut(self._noise, n, rng)
        if kind < 0.2:
            return np.zeros(n, np.float32)
        if kind < 0.4:
            edge = rng.integers(n)
            part = slice(0, edge) if rng.random() < 0.5 else slice(edge, n)
            x[part] = 0
        return x

    def _neighbours(self, speech: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        n = speech.shape[1]
        others = np.zeros_like(speech)
        for row in others:
            if rng.random() < self._variation.neighbour:
                other = speech[rng.integers(len(speech))]
                away = round(rng.uniform(0.65, 0.95) * n)
                if rng.random() < 0.5:
                    row[away:] = other[: n - away]
                else:
                    row[: n - away] = other[away:]
        return others


def as_float(x: np.ndarray) -> np.ndarray:
    """Samples in [-1, 1] as float32; int16 is divided by 32768.

    Examples
    --------
    >>> as_float(np.array([-32768, 0], dtype=np.int16))
    array([-1.,  0.], dtype=float32)
    """
    return x.astype(np.float32) * np.float32(1 / 32768) if x.dtype == np.int16 else x.astype(np.float32)


def move(x: np.ndarray, speed: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Each clip played at its own speed about its middle, then moved in time; zeros come in at the ends.

        y[m] = x[c + (m - c - shift) speed], with straight lines between the samples.

    Parameters
    ----------
    x : ndarray, (clips, n)
        Samples.
    speed : ndarray, (clips,)
        1 leaves the tempo as it is.
    shift : ndarray, (clips,)
        Samples towards later.

    Returns
    -------
    ndarray, (clips, n), float32

    Examples
    --------
    >>> move(np.array([[1.0, 2.0, 3.0, 4.0]]), np.array([1.0]), np.array([1.0]))
    array([[0., 1., 2., 3.]], dtype=float32)
    """
    n = x.shape[1]
    middle, m = (n - 1) / 2, np.arange(n)
    y = np.empty(x.shape, np.float32)
    for out, row, r, s in zip(y, x, speed, shift, strict=True):
        out[:] = np.interp(middle + (m - middle - s) * r, m, row, left=0.0, right=0.0)
    return y


def padding(x: np.ndarray) -> np.ndarray:
    """How many zeros end each clip (clips, n): room to move a short clip about in.

    Examples
    --------
    >>> padding(np.array([[1, 0, 2, 0, 0], [0, 0, 0, 0, 3]])).tolist()
    [2, 0]
    """
    return np.argmax(x[:, ::-1] != 0, axis=1)


def active_power(x: np.ndarray, *, frames: int = 50) -> np.ndarray:
    """Mean square of each clip (clips, n) where somebody speaks: its frames within 20 dB of the loudest.

    Examples
    --------
    >>> active_power(np.array([[0.5] * 100 + [0.0] * 100])).tolist()
    [0.25]
    """
    n = x.shape[1] // frames * frames
    power = np.square(x[:, :n]).reshape(len(x), frames, -1).mean(axis=2)
    active = power >= 0.01 * power.max(axis=1, keepdims=True)
    return (power * active).sum(axis=1) / np.maximum(active.sum(axis=1), 1)


def mask(features: np.ndarray, longest: tuple[int, int], rng: np.random.Generator) -> None:
    """Blot out one stretch of frames and one of bands of each clip (SpecAugment), in place, with the mean, 0.

    Source: D. S. Park et al., SpecAugment, arXiv:1904.08779.
    """
    frames, bands = longest
    for clip in features:
        width, height = rng.integers(frames + 1), rng.integers(bands + 1)
        start = rng.integers(clip.shape[1] - width + 1)
        low = rng.integers(clip.shape[0] - height + 1)
        clip[:, start : start + width] = 0
        clip[low : low + height] = 0

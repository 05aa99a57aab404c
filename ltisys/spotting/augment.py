"""Variation of the training clips: every epoch hears every word in another voice, place, level and noise."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ltisys import nn
from ltisys.nn.perturbation import cut

from .frontend import FrontEnd
from .negatives import invented, neighbours

_LEVELS = (-2.5, 0.0)  # powers of ten by which background alone is amplified
_REACH = 15  # bands at the middle of the scale by which a warp of 100 % moves the picture


@dataclass(frozen=True)
class Variation:
    """How much clips are varied.

    Parameters
    ----------
    speed : float
        Largest change of tempo and pitch together, as a fraction.
    tempo : float
        Largest change of tempo alone, as a fraction: the frames are stretched.
    tract : float
        Largest change of the length of the vocal tract, as a fraction: the bands are stretched and moved.
    shift : float
        Largest move in time within the zeros around a clip, in seconds.
    gain : tuple of float
        Lowest and highest change of level, in decibels.
    noise : float
        Probability that noise is added.
    snr : tuple of float
        Lowest and highest ratio of speech to noise, in decibels.
    neighbour : float
        Probability that another word is said so soon before or after that a part of it is heard.
    masks : tuple of int
        Longest stretch of frames and of bands that is blotted out.

    Examples
    --------
    >>> Variation(noise=0.0).speed
    0.15
    """

    speed: float = 0.15
    tempo: float = 0.0
    tract: float = 0.0
    shift: float = 0.25
    gain: tuple[float, float] = (-15.0, 6.0)
    noise: float = 0.8
    snr: tuple[float, float] = (0.0, 30.0)
    neighbour: float = 0.3
    masks: tuple[int, int] = (15, 5)


STILL = Variation(0.0, 0.0, 0.0, 0.0, (0.0, 0.0), 0.0, (0.0, 0.0), 0.0, (0, 0))
"""No variation at all."""


class Augment:
    """Makes the features of a training batch from its samples, varied by chance.

    A clip of zeros stands for silence: it becomes background noise, or stays zero. A clip of ones (integer 1, or 1.0)
    stands for an invented word: it becomes pieces of the others.

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
        v = variation
        self._front_end = front_end
        self._noise = tuple(noise)
        self._variation = v
        self._play = nn.Perturb(speed=v.speed)
        self._record = nn.Perturb(gain=v.gain, noise=self._noise, snr=v.snr, chance=v.noise)
        self._speak = nn.Distort(scale=(v.tract, v.tempo), shift=(_REACH * v.tract, 0.0), padding="replicate")

    def __call__(self, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Features (clips, bands, frames) of a batch (clips, n) of int16 or float samples."""
        v, rate = self._variation, self._front_end.rate
        silent = np.flatnonzero(~x.any(axis=1))
        made_up = np.array([clip for clip in np.flatnonzero(x[:, 0] == 1) if np.all(x[clip] == 1)], int)
        said = np.setdiff1d(np.arange(len(x)), np.append(silent, made_up))
        x = as_float(x)
        x[made_up] = 0
        for clip in made_up if len(said) else ():
            x[clip] = invented(x, said, rate, rng)
        speech = self._play(placed(x, v.shift * rate, rng), rng)
        if v.neighbour and len(said):
            those, beside = neighbours(speech, said, rate, v.neighbour, rng)
        else:
            those, beside = silent[:0], 0
        for clip in silent:
            speech[clip] = self._background(speech.shape[1], rng)
        speech[those] += beside
        speech = self._record(speech, rng)
        features = self._front_end(np.clip(speech, -1, 1))
        if self._variation.tract or self._variation.tempo:
            features = self._speak(features, rng)
        mask(features, self._variation.masks, rng)
        return features

    def _background(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Background alone, at any level: one clip in five digital silence, two in five a stretch between silences."""
        kind = rng.random()
        if kind < 0.2:
            return np.zeros(n, np.float32)
        x = np.float32(10 ** rng.uniform(*_LEVELS)) * cut(self._noise, n, rng)
        if kind < 0.6:
            begin, end = sorted(rng.integers(n + 1, size=2))
            x[:begin] = 0
            x[end:] = 0
        return x


def as_float(x: np.ndarray) -> np.ndarray:
    """Samples in [-1, 1] as float32; int16 is divided by 32768.

    Examples
    --------
    >>> as_float(np.array([-32768, 0], dtype=np.int16))
    array([-1.,  0.], dtype=float32)
    """
    return x.astype(np.float32) * np.float32(1 / 32768) if x.dtype == np.int16 else x.astype(np.float32)


def placed(x: np.ndarray, furthest: float, rng: np.random.Generator) -> np.ndarray:
    """The clips (clips, n), each moved by chance within the zeros around it, by so many samples at most.

    Examples
    --------
    >>> placed(np.array([[0.0, 1.0, 2.0, 0.0], [3.0, 0.0, 0.0, 3.0]]), 9, np.random.default_rng(1)).tolist()
    [[0.0, 1.0, 2.0, 0.0], [3.0, 0.0, 0.0, 3.0]]
    """
    y = np.array(x)
    sounds = x != 0
    before, after = sounds.argmax(axis=1), sounds[:, ::-1].argmax(axis=1)
    for clip in np.flatnonzero(before + after):
        low, high = max(-before[clip], -round(furthest)), min(after[clip], round(furthest))
        y[clip] = np.roll(x[clip], rng.integers(low, high + 1))
    return y


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

"""Augmentation of sound: every epoch hears each clip at another speed, place and level, in other noise."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .graph import Array
from .warping import play

_QUIETER = 0.01  # of the loudest frame's power: below, nobody speaks
_NOTHING = 1e-12  # power


@dataclass(frozen=True)
class Perturb:
    """Varies each sound of a batch by chance: speed, place in time, level, and noise at a chosen ratio.

    Give it to ``fit`` or ``batches`` as ``augment=``. Speed changes tempo and pitch together, as a tape does: the cheap
    substitute for more speakers. Speed and shift are one interpolation between neighbouring samples.

    Parameters
    ----------
    speed : float
        Largest change of the speed, as a fraction: 0.1 gives factors between 0.9 and 1.1.
    shift : float
        Largest move in time to either side, in samples; zeros come in.
    gain : tuple of float
        Lowest and highest change of level, in decibels.
    noise : sequence of ndarray, (n,)
        Recordings of noise, of any length and level; a piece of one is added.
    snr : tuple of float
        Lowest and highest ratio of the sound's power, where it is active, to that of the noise, in decibels.
    chance : float
        Probability that noise is added to a sound.

    Raises
    ------
    ValueError
        If a number is negative, out of its range or not finite, a range is out of order, or a noise is empty.

    References
    ----------
    Ko, Peddinti, Povey and Khudanpur, Audio Augmentation for Speech Recognition, 2015 (speed perturbation).

    Examples
    --------
    >>> x = np.zeros((2, 5), np.float32)
    >>> x[:, 2] = 1
    >>> Perturb(shift=1.0)(x, np.random.default_rng(0)).round(2)
    array([[0.  , 0.92, 0.08, 0.  , 0.  ],
           [0.  , 0.97, 0.03, 0.  , 0.  ]], dtype=float32)
    """

    speed: float = 0.0
    shift: float = 0.0
    gain: tuple[float, float] = (0.0, 0.0)
    noise: Sequence[Array] = ()
    snr: tuple[float, float] = (0.0, 30.0)
    chance: float = 1.0

    def __post_init__(self) -> None:
        for name in ("speed", "shift"):
            if not 0 <= getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be a finite number of at least 0, got {getattr(self, name)}")
        if not self.speed < 1:
            raise ValueError(f"speed must be below 1, got {self.speed}")
        if not 0 <= self.chance <= 1:
            raise ValueError(f"chance is a probability, got {self.chance}")
        for name in ("gain", "snr"):
            low, high = getattr(self, name)
            if not -math.inf < low <= high < math.inf:
                raise ValueError(f"{name} must be the lowest and the highest value in decibels, got {(low, high)}")
        for index, x in enumerate(self.noise):
            if np.ndim(x) != 1 or len(x) == 0:
                raise ValueError(f"noise {index} must have the shape (n,) with n > 0, got {np.shape(x)}")

    def __call__(self, x: Array, rng: np.random.Generator) -> Array:
        """Vary a batch.

        Parameters
        ----------
        x : array (B, N)
            Sounds.
        rng : numpy.random.Generator
            Draws the variations.

        Returns
        -------
        array (B, N)
            float64 for float64, else float32.

        Raises
        ------
        ValueError
            If x has another rank or no samples.
        """
        x = np.asarray(x)
        if x.ndim != 2 or x.shape[1] == 0:
            raise ValueError(f"Perturb takes sounds (B, N), got shape {x.shape}")
        y = np.array(x, dtype=np.float64 if x.dtype == np.float64 else np.float32)
        if self.speed or self.shift:
            speed = rng.uniform(1 - self.speed, 1 + self.speed, len(y))
            delay = rng.uniform(-self.shift, self.shift, len(y))
            moved = np.empty_like(y)
            play(y, speed, delay, moved)
            y = moved
        if self.noise and self.chance:
            self._add_noise(y, rng)
        if self.gain != (0, 0):
            y *= (10 ** (rng.uniform(*self.gain, (len(y), 1)) / 20)).astype(y.dtype)
        return y

    def _add_noise(self, y: Array, rng: np.random.Generator) -> None:
        wanted = active_power(y) / 10 ** (rng.uniform(*self.snr, len(y)) / 10)
        for row, power in zip(y, wanted, strict=True):
            if rng.random() < self.chance:
                piece = cut(self.noise, len(row), rng)
                row += piece * row.dtype.type(math.sqrt(power / max(float(np.mean(np.square(piece))), _NOTHING)))


def active_power(x: Array, *, frames: int = 50) -> Array:
    """Mean square of each sound (B, N) where it is active: its frames within 20 dB of the loudest.

    Examples
    --------
    >>> active_power(np.array([[0.5] * 100 + [0.0] * 100])).tolist()
    [0.25]
    """
    frames = min(frames, x.shape[1])
    n = x.shape[1] // frames * frames
    power = np.square(x[:, :n]).reshape(len(x), frames, -1).mean(axis=2)
    active = power >= _QUIETER * power.max(axis=1, keepdims=True)
    return (power * active).sum(axis=1) / active.sum(axis=1)


def cut(noise: Sequence[Array], n: int, rng: np.random.Generator) -> Array:
    """A piece of n samples from anywhere in one of the recordings; a shorter recording is repeated.

    Examples
    --------
    >>> cut([np.array([1.0, 2.0])], 5, np.random.default_rng(0)).shape
    (5,)
    """
    x = noise[int(rng.integers(len(noise)))]
    if len(x) < n:
        x = np.resize(x, n)
    start = rng.integers(len(x) - n + 1)
    return x[start : start + n]

"""Augmentation of images: every epoch sees each image turned, stretched, moved and bent in another way."""

import math
from dataclasses import dataclass

import numpy as np

from ..convolution import convolve2d
from .graph import Array
from .warping import warp

PADDINGS = ("zero", "replicate")
_TRUNCATE = 4.0  # standard deviations after which the Gaussian ends, as in scipy.ndimage


@dataclass(frozen=True)
class Distort:
    """Distorts each image of a batch by chance: an affine map about its middle, and an elastic one.

    Both are one displacement field, so that an image is interpolated once. Give it to ``fit`` or ``batches`` as
    ``augment=``. Every amount is the largest one; what is drawn lies evenly between its two signs.

    Parameters
    ----------
    rotation : float
        Degrees.
    scale : float, or a pair of them
        Of each axis on its own, as a fraction: 0.1 gives factors between 0.9 and 1.1. Of a pair the first is that of
        the vertical axis.
    shear : float
        Degrees by which the vertical axis leans.
    shift : float, or a pair of them
        Pixels along each axis.
    alpha : float
        Pixels by which noise moves each pixel, before it is smoothed: 0 leaves the elastic distortion out. After
        smoothing the standard deviation of each component is about alpha / (6.1 sigma).
    sigma : float
        Standard deviation, in pixels, of the Gaussian that smooths the noise.
    padding : {"zero", "replicate"}
        What comes in from beyond the border.

    Raises
    ------
    ValueError
        If a number is negative or not finite, scale is not below 1, sigma is not positive, or the padding is unknown.

    References
    ----------
    Simard, Steinkraus and Platt, Best Practices for Convolutional Neural Networks Applied to Visual Document Analysis,
    2003; their best digits had alpha = 34, sigma = 4 for 29 × 29 pixels.

    Examples
    --------
    >>> x = np.zeros((2, 1, 5, 5), np.float32)
    >>> x[:, :, 2, 2] = 1
    >>> y = Distort(shift=1.0)(x, np.random.default_rng(0))
    >>> y.shape, y[0, 0].sum(axis=1).round(2)
    ((2, 1, 5, 5), array([0.  , 0.  , 0.37, 0.63, 0.  ], dtype=float32))
    """

    rotation: float = 0.0
    scale: float | tuple[float, float] = 0.0
    shear: float = 0.0
    shift: float | tuple[float, float] = 0.0
    alpha: float = 0.0
    sigma: float = 4.0
    padding: str = "zero"

    def __post_init__(self) -> None:
        for name in ("rotation", "scale", "shear", "shift", "alpha"):
            if not all(0 <= amount < math.inf for amount in _pair(getattr(self, name))):
                raise ValueError(f"{name} must be a finite number of at least 0, got {getattr(self, name)}")
        if not max(_pair(self.scale)) < 1:
            raise ValueError(f"scale must be below 1, got {self.scale}")
        if not self.shear < 90:
            raise ValueError(f"shear must be below 90 degrees, got {self.shear}")
        if not 0 < self.sigma < math.inf:
            raise ValueError(f"sigma must be a positive number, got {self.sigma}")
        if self.padding not in PADDINGS:
            raise ValueError(f"padding must be one of {', '.join(PADDINGS)}, got {self.padding!r}")

    def __call__(self, x: Array, rng: np.random.Generator) -> Array:
        """Distort a batch.

        Parameters
        ----------
        x : array (B, ..., H, W)
            Images; all between the first and the last two axes (channels) are distorted alike.
        rng : numpy.random.Generator
            Draws the distortions.

        Returns
        -------
        array (B, ..., H, W)
            float64 for float64, else float32.

        Raises
        ------
        ValueError
            If x has fewer than three axes, or no pixels.
        """
        x = np.asarray(x)
        if x.ndim < 3 or 0 in x.shape[1:]:
            raise ValueError(f"Distort takes images (B, ..., H, W), got shape {x.shape}")
        n, (height, width) = len(x), x.shape[-2:]
        dtype = np.float64 if x.dtype == np.float64 else np.float32
        images = np.ascontiguousarray(x, dtype=dtype).reshape(n, math.prod(x.shape[1:-2]), height, width)
        affine = self.affine(n, (height, width), rng)
        field = elastic_field((n, 2, height, width), self.alpha, self.sigma, rng) if self.alpha else _NO_FIELD
        out = np.empty_like(images)
        warp(images, affine, field, self.padding == "replicate", out)
        return out.reshape(x.shape)

    def affine(self, n: int, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        """For each of n images the map (2, 3) from a place in the new image, rows first, to one in the old image.

        The image is stretched, sheared and turned about its middle, then shifted; this is the inverse of all that.
        """
        turn, lean, *rest = (rng.uniform(-1, 1, (n, 6)) * self._amounts()).T
        stretch, shift = np.stack(rest[:2], axis=-1), np.stack(rest[2:], axis=-1)
        cos, sin = np.cos(turn), np.sin(turn)
        rotation = np.stack([cos, -sin, sin, cos], axis=-1).reshape(n, 2, 2)
        shear = np.zeros((n, 2, 2)) + np.eye(2)
        shear[:, 1, 0] = np.tan(lean)
        inverse = np.linalg.inv(rotation @ shear * (1 + stretch)[:, np.newaxis, :])
        middle = (np.array(shape) - 1) / 2
        moved = middle - np.einsum("bij,bj->bi", inverse, middle + shift)
        return np.concatenate([inverse, moved[:, :, np.newaxis]], axis=2)

    def _amounts(self) -> list[float]:
        return [math.radians(self.rotation), math.radians(self.shear), *_pair(self.scale), *_pair(self.shift)]


def _pair(amount: float | tuple[float, float]) -> tuple[float, float]:
    return amount if isinstance(amount, tuple) else (amount, amount)


def elastic_field(shape: tuple[int, ...], alpha: float, sigma: float, rng: np.random.Generator) -> Array:
    """Smooth displacements: noise, even in (-alpha, alpha), after a Gaussian filter over the last two axes.

    The noise goes on periodically, so that pixels at the border move as far as others.

    Examples
    --------
    >>> field = elastic_field((1, 2, 64, 64), alpha=34.0, sigma=4.0, rng=np.random.default_rng(0))
    >>> field.dtype, bool(1.2 < field.std() < 1.6)
    (dtype('float32'), True)
    """
    radius = int(_TRUNCATE * sigma + 0.5)
    bell = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    bell /= bell.sum()
    noise = rng.random(shape, dtype=np.float32)
    noise -= np.float32(0.5)
    taps = (2 * alpha * np.outer(bell, bell)).astype(np.float32)
    return convolve2d(noise, taps, "same", padding="circular", method="separable")


_NO_FIELD = np.zeros((0, 2, 0, 0), np.float32)

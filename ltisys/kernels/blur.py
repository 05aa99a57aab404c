"""Kernels that blur: taps that are not negative and sum to one, so that brightness stays."""

import math

import numpy as np

from ..bounds import at_least, positive
from ..systems import FIR
from .centred import bell, centred, pair


def gaussian(sigma: float | tuple[float, float], *, truncate: float = 4.0) -> FIR:
    """A Gaussian blur: h[i, j] ∝ exp(-(i² / σ₀² + j² / σ₁²) / 2).

    Parameters
    ----------
    sigma : float or (float, float)
        Standard deviation in pixels, one or one per axis.
    truncate : float, default 4
        The taps end after so many standard deviations.

    Returns
    -------
    FIR
        Taps (2r₀ + 1, 2r₁ + 1) that sum to one, those of `scipy.ndimage.gaussian_filter`; the engine filters along
        one axis after the other.

    Raises
    ------
    ValueError
        A sigma or truncate that is not positive.

    Examples
    --------
    >>> gaussian(0.5, truncate=2).h.round(3)
    array([[0.011, 0.084, 0.011],
           [0.084, 0.619, 0.084],
           [0.011, 0.084, 0.011]])
    """
    rows, columns = (bell(s, truncate)[1] for s in pair(sigma, "sigma"))
    return centred(np.outer(rows, columns))


def box(size: int | tuple[int, int]) -> FIR:
    """The mean of a rectangle of pixels.

    Parameters
    ----------
    size : int or (int, int)
        Pixels along each axis.

    Raises
    ------
    TypeError, ValueError
        A size that is not an integer, or below 1.

    Examples
    --------
    >>> box((1, 4))
    FIR([[0.25, 0.25, 0.25, 0.25]], start=(0, -1))
    """
    shape = tuple(at_least(1, k, "size") for k in pair(size, "size"))
    return centred(np.full(shape, 1 / math.prod(shape)))


def disk(radius: float) -> FIR:
    """The blur of a lens out of focus: the mean of a disk of pixels with a soft rim.

    Parameters
    ----------
    radius : float
        In pixels. A pixel counts in full up to half a pixel inside the rim and not at all half a pixel outside.

    Raises
    ------
    ValueError
        A radius that is not positive.

    Examples
    --------
    >>> disk(1).h.round(3)
    array([[0.026, 0.15 , 0.026],
           [0.15 , 0.299, 0.15 ],
           [0.026, 0.15 , 0.026]])
    """
    reach = math.ceil(positive(radius, "radius") - 0.5)
    i, j = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    covered = np.clip(radius + 0.5 - np.hypot(i, j), 0, 1)
    return centred(covered / covered.sum())


def motion(length: float, angle: float = 0.0) -> FIR:
    """The blur of a camera that moves in a straight line.

    Parameters
    ----------
    length : float
        Of the line, in pixels, at least 1.
    angle : float, default 0
        Of the line in degrees, from the rightward direction counter-clockwise as the image is seen.

    Returns
    -------
    FIR
        Each tap is one less its distance from the line, or zero; their sum is one.

    Raises
    ------
    ValueError
        A length below 1, an angle that is not finite.

    Examples
    --------
    >>> motion(4)
    FIR([[0.125, 0.25 , 0.25 , 0.25 , 0.125]], start=(0, -2))
    """
    if not 1 <= length < np.inf:
        raise ValueError(f"length must be at least 1 pixel, got {length}")
    if not np.isfinite(angle):
        raise ValueError(f"angle must be a finite number of degrees, got {angle}")
    half = (length - 1) / 2
    along, across = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    reach = math.ceil(half)
    i, j = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    nearest = np.clip(j * along - i * across, -half, half)  # rows count downwards, angles upwards
    h = np.clip(1 - np.hypot(j - nearest * along, i + nearest * across), 0, None)
    h[h < 1e-12] = 0  # a distance of 1, rounded
    used = [np.flatnonzero(h.any(axis=axis)) for axis in (1, 0)]
    rows, columns = (max(-k[0] + reach, k[-1] - reach) for k in used)
    h = h[reach - rows : reach + rows + 1, reach - columns : reach + columns + 1]
    return centred(h / h.sum())

"""Kernels that bring out detail: sharpening, derivatives, and waves of one direction."""

import math

import numpy as np

from ..bounds import positive
from ..systems import FIR
from .centred import bell, centred


def sharpen(amount: float = 1.0, sigma: float = 1.0, *, truncate: float = 4.0) -> FIR:
    """Unsharp masking: the image plus `amount` times what a Gaussian blur takes away from it.

    Parameters
    ----------
    amount : float, default 1
        0 leaves the image as it is.
    sigma : float, default 1
        Standard deviation of the blur, in pixels.
    truncate : float, default 4
        The taps end after so many standard deviations.

    Returns
    -------
    FIR
        Taps that sum to one, so that brightness stays.

    Raises
    ------
    ValueError
        An amount that is negative or not finite, a sigma or truncate that is not positive.

    Examples
    --------
    >>> sharpen(1, 0.5, truncate=2).h.round(3)
    array([[-0.011, -0.084, -0.011],
           [-0.084,  1.381, -0.084],
           [-0.011, -0.084, -0.011]])
    """
    if not 0 <= amount < np.inf:
        raise ValueError(f"amount must not be negative, got {amount}")
    _, g = bell(sigma, truncate)
    h = -amount * np.outer(g, g)
    h[len(g) // 2, len(g) // 2] += 1 + amount
    return centred(h)


def sobel(axis: int = -1) -> FIR:
    """Sobel's derivative: positive where the image becomes brighter along the axis.

    Parameters
    ----------
    axis : int, default -1
        Along columns (-1 or 1) or rows (-2 or 0).

    Returns
    -------
    FIR
        Integer taps (3, 3), those of `scipy.ndimage.sobel`: eight times the slope per pixel.

    Raises
    ------
    ValueError
        Another axis.

    Examples
    --------
    >>> sobel().h
    array([[ 1,  0, -1],
           [ 2,  0, -2],
           [ 1,  0, -1]])
    """
    if axis not in (-2, -1, 0, 1):
        raise ValueError(f"axis must be 0 or -2 for rows, 1 or -1 for columns, got {axis}")
    smooth, slope = np.array([1, 2, 1]), np.array([1, 0, -1])
    return centred(np.outer(smooth, slope) if axis in (-1, 1) else np.outer(slope, smooth))


def laplacian(*, diagonals: bool = False) -> FIR:
    """The second derivatives along both axes, added: the neighbours less as many times the pixel itself.

    Parameters
    ----------
    diagonals : bool, default False
        Take all eight neighbours, not only the four beside, above and below.

    Returns
    -------
    FIR
        Integer taps (3, 3) that sum to zero.

    Examples
    --------
    >>> laplacian().h
    array([[ 0,  1,  0],
           [ 1, -4,  1],
           [ 0,  1,  0]])
    """
    if diagonals:
        return centred([[1, 1, 1], [1, -8, 1], [1, 1, 1]])
    return centred([[0, 1, 0], [1, -4, 1], [0, 1, 0]])


def laplacian_of_gaussian(sigma: float, *, truncate: float = 4.0) -> FIR:
    """The Laplacian of a Gaussian blur: (i² + j² - 2σ²) / σ⁴ times the Gaussian; negative on bright blobs.

    Parameters
    ----------
    sigma : float
        Standard deviation in pixels; blobs of radius √2 σ answer most.
    truncate : float, default 4
        The taps end after so many standard deviations.

    Returns
    -------
    FIR
        Taps that sum to zero: for σ² in the numerator stands the variance of the truncated Gaussian. Apart from that
        those of `scipy.ndimage.gaussian_laplace`.

    Raises
    ------
    ValueError
        A sigma or truncate that is not positive, or taps that end at the middle one.

    References
    ----------
    Marr and Hildreth, "Theory of edge detection", 1980.

    Examples
    --------
    >>> h = laplacian_of_gaussian(1.0).h
    >>> h.shape, round(h[4, 4], 3), abs(h.sum()) < 1e-12
    ((9, 9), np.float64(-0.318), np.True_)
    """
    t, g = bell(sigma, truncate)
    if len(t) == 1:
        raise ValueError(f"truncate · sigma must reach the next pixel, got {truncate} · {sigma}")
    second = (t**2 - t**2 @ g) / sigma**4 * g
    return centred(np.outer(second, g) + np.outer(g, second))


def gabor(
    frequency: float,
    angle: float = 0.0,
    *,
    sigma: float | None = None,
    aspect: float = 1.0,
    phase: float = 0.0,
    truncate: float = 3.0,
) -> FIR:
    """A Gabor kernel: a cosine wave under a Gaussian, which answers to stripes of one width and direction.

    h = exp(-(u² + aspect² v²) / 2σ²) cos(2π frequency u + phase), u along the wave, v across it.

    Parameters
    ----------
    frequency : float
        Of the stripes, in cycles per pixel, above 0 and up to 0.5.
    angle : float, default 0
        Direction in which the wave runs, in degrees from the rightward one counter-clockwise as the image is seen.
    sigma : float, optional
        Standard deviation along the wave, in pixels; by default 0.56 / frequency, a bandwidth of one octave.
    aspect : float, default 1
        Length along the wave divided by length across it.
    phase : float, default 0
        In radians. ``gabor(f, a) + 1j * gabor(f, a, phase=-pi / 2)`` is the complex kernel, whose magnitude does not
        depend on where the stripes lie.
    truncate : float, default 3
        The taps end after so many standard deviations.

    Returns
    -------
    FIR
        Taps scaled so that the Gaussian sums to one. With the phase 0 they keep a little of the mean brightness.

    Raises
    ------
    ValueError
        A frequency outside 0 ... 0.5; a sigma, aspect or truncate that is not positive; an angle or phase that is not
        finite.

    References
    ----------
    Daugman, "Uncertainty relation for resolution in space, spatial frequency, and orientation", 1985.

    Examples
    --------
    >>> stripes = np.cos(2 * np.pi * 0.1 * np.arange(60)) * np.ones((60, 1))
    >>> along, across = gabor(0.1), gabor(0.1, 90)
    >>> abs(along(stripes)[30]).max() > 50 * abs(across(stripes)[30]).max()
    np.True_
    """
    if not 0 < frequency <= 0.5:
        raise ValueError(f"frequency must be above 0 and at most 0.5 cycles per pixel, got {frequency}")
    for name, value in (("angle", angle), ("phase", phase)):
        if not np.isfinite(value):
            raise ValueError(f"{name} must be finite, got {value}")
    sigma = positive(0.56 / frequency if sigma is None else sigma, "sigma")
    across = sigma / positive(aspect, "aspect")
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    # The ellipse of the Gaussian, turned: its half-widths along columns and rows.
    columns = math.ceil(positive(truncate, "truncate") * math.hypot(sigma * cosine, across * sine))
    rows = math.ceil(truncate * math.hypot(sigma * sine, across * cosine))
    i, j = np.mgrid[-rows : rows + 1, -columns : columns + 1]
    u, v = j * cosine - i * sine, j * sine + i * cosine
    g = np.exp(-0.5 * ((u / sigma) ** 2 + (v / across) ** 2))
    return centred(g / g.sum() * np.cos(2 * np.pi * frequency * u + phase))

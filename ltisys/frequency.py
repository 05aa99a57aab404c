"""Where frequencies lie, and what taps and recursive sections do to them: functions on arrays.

Everywhere omega is in radians per sample and H(ω) = Σ_n h[n] e^(-jωn). Beside H travels its first moment
D(ω) = Σ_n n h[n] e^(-jωn) = j dH/dω: products, sums and quotients of responses give the moment of the whole, and the
group delay is the real part of D / H.
"""

from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


def frequencies(points_or_omega: int | ArrayLike, *, whole: bool = False) -> np.ndarray:
    """Frequencies in radians per sample: so many of them spread evenly from 0 up to π, or the ones given.

    Parameters
    ----------
    points_or_omega : int or array_like
        A number of points on [0, π), or the frequencies themselves.
    whole : bool, default False
        Spread the points over [0, 2π) instead; a complex response is not symmetric.

    Examples
    --------
    >>> frequencies(4) / np.pi
    array([0.  , 0.25, 0.5 , 0.75])
    """
    if isinstance(points_or_omega, int | np.integer) and not isinstance(points_or_omega, bool):
        if points_or_omega < 1:
            raise ValueError(f"the number of frequencies must be at least 1, got {points_or_omega}")
        return np.arange(points_or_omega) * ((2 if whole else 1) * np.pi / int(points_or_omega))
    omega = np.asarray(points_or_omega)
    if omega.dtype.kind not in "iuf":
        raise TypeError(f"frequencies must be real numbers in radians per sample, got dtype {omega.dtype}")
    return omega.astype(np.float64)


def image_frequencies(points_or_omega: Any) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies along both axes of an image: so many from -π up to π along each, or the pair that is given."""
    if isinstance(points_or_omega, tuple | list):
        rows, columns = points_or_omega
        return frequencies(np.atleast_1d(rows)), frequencies(np.atleast_1d(columns))
    axis = frequencies(points_or_omega, whole=True) - np.pi
    return axis, axis


def taps_response(h: ArrayLike, omega: ArrayLike, start: int = 0) -> np.ndarray:
    """H(ω) = Σ_k h[k] e^(-jω(start + k)).

    Parameters
    ----------
    h : array_like, (K,)
        The taps, the first of them at time `start`.
    omega : array_like
        Frequencies in radians per sample, in any shape.

    Returns
    -------
    ndarray of complex
        In the shape of `omega`.

    Examples
    --------
    >>> taps_response([1, 1], [0.0, np.pi]).round(12).real
    array([2., 0.])
    """
    h, omega = np.asarray(h), np.asarray(omega, np.float64)
    # Two short sums instead of one long one, k = width·i + j: K exponentials become 2·sqrt(K).
    width = isqrt(len(h) - 1) + 1
    rows = -(-len(h) // width)
    blocks = np.zeros(rows * width, np.result_type(h, np.float64))
    blocks[: len(h)] = h
    w = omega.reshape(-1, 1)
    inner = np.exp(-1j * w * np.arange(width)) @ blocks.reshape(rows, width).T
    outer = np.exp(-1j * w * (start + width * np.arange(rows)))
    return (inner * outer).sum(axis=1).reshape(omega.shape)


def image_response(h: np.ndarray, omega: tuple[np.ndarray, np.ndarray], start: tuple[int, int]) -> np.ndarray:
    """H(ω₁, ω₂) of two-dimensional taps on the grid of two vectors of frequencies, (len(ω₁), len(ω₂))."""
    rows, columns = (
        np.exp(-1j * np.outer(axis, first + np.arange(length)))
        for axis, first, length in zip(omega, start, h.shape, strict=True)
    )
    return rows @ h @ columns.T


Moments = tuple[np.ndarray, np.ndarray]


def taps_moments(h: ArrayLike, omega: ArrayLike, start: int = 0) -> Moments:
    """H(ω) and its first moment for taps.

    Examples
    --------
    >>> H, D = taps_moments([0, 0, 1], [0.0])
    >>> (D / H).real
    array([2.])
    """
    h = np.asarray(h)
    return taps_response(h, omega, start), taps_response(h * (start + np.arange(len(h))), omega, start)


def product(first: Moments, second: Moments) -> Moments:
    """H and its first moment for two systems in series."""
    return first[0] * second[0], first[1] * second[0] + first[0] * second[1]


def sections_moments(sos: Any, omega: ArrayLike, start: int = 0) -> Moments:
    """H(ω) and its first moment for second-order sections, whose rows are b0 b1 b2 a0 a1 a2, delayed by `start`.

    At a pole on the unit circle the result is infinite or not a number.

    Examples
    --------
    >>> H, D = sections_moments([[1, 0, 0, 1, -0.5, 0]], [0.0])
    >>> H.real, (D / H).real
    (array([2.]), array([1.]))
    """
    moments = taps_moments([1], omega, start)
    with np.errstate(divide="ignore", invalid="ignore"):
        for section in np.asarray(sos):
            below, below_moment = taps_moments(section[3:], omega)
            moments = product(moments, taps_moments(section[:3], omega))
            moments = product(moments, (1 / below, -below_moment / below**2))
    return moments


def delay_of(moments: Moments, elsewhere: np.ndarray) -> np.ndarray:
    """Group delay -d arg H / dω in samples; nan where the response vanishes against what it is there or `elsewhere`."""
    response, moment = moments
    size = np.abs(response)
    sizes = np.abs(np.append(elsewhere, response))
    delay = np.full(response.shape, np.nan)
    seen = np.isfinite(size) & (size > 1e-13 * sizes.max(initial=0.0, where=np.isfinite(sizes)))
    delay[seen] = (moment[seen] / response[seen]).real
    return delay


def linear_phase_type(h: ArrayLike) -> int | None:
    """The type of linear phase of taps, or None.

    ====  ==============  ==========  ==========================
    type  real taps       their       zeros that H(ω) must have
                          number
    ====  ==============  ==========  ==========================
    1     symmetric       odd
    2     symmetric       even        ω = π
    3     antisymmetric   odd         ω = 0 and ω = π
    4     antisymmetric   even        ω = 0
    ====  ==============  ==========  ==========================

    Zeros at the ends do not count, and differences up to 1e-12 of the largest tap are taken for rounding.

    References
    ----------
    Oppenheim and Schafer, Discrete-Time Signal Processing, on generalised linear phase.

    Examples
    --------
    >>> linear_phase_type([1, 2, 1]), linear_phase_type([1, -1]), linear_phase_type([1, 2])
    (1, 4, None)
    """
    h = np.trim_zeros(np.asarray(h))
    if len(h) == 0 or np.any(np.imag(h)):
        return None
    h = np.real(h).astype(np.float64)
    close = 1e-12 * np.abs(h).max()
    for sign, odd, even in ((1, 1, 2), (-1, 3, 4)):
        if np.all(np.abs(h - sign * h[::-1]) <= close):
            return odd if len(h) % 2 else even
    return None

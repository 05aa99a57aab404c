"""Where frequencies are, and what taps and recursive sections do to them: functions on arrays.

Everywhere omega is in radians per sample, H(ω) = Σ_n h[n] e^(-jωn).
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike


def frequencies(points_or_omega: int | ArrayLike, *, whole: bool = False) -> np.ndarray:
    """Frequencies in radians per sample: so many of them evenly from 0 up to π, or the ones given.

    Parameters
    ----------
    points_or_omega : int or array_like
        A number of points on [0, π), or the frequencies themselves.
    whole : bool, default False
        Spread the points over [0, 2π) instead.

    Examples
    --------
    >>> frequencies(4) / np.pi
    array([0.  , 0.25, 0.5 , 0.75])
    """
    if isinstance(points_or_omega, int | np.integer) and not isinstance(points_or_omega, bool):
        if points_or_omega < 1:
            raise ValueError(f"the number of frequencies must be at least 1, got {points_or_omega}")
        return np.arange(points_or_omega) * ((2 if whole else 1) * np.pi / points_or_omega)
    omega = np.asarray(points_or_omega)
    if omega.dtype.kind not in "iuf":
        raise TypeError(f"frequencies must be real numbers in radians per sample, got dtype {omega.dtype}")
    return omega.astype(np.float64)


def taps_response(h: ArrayLike, omega: ArrayLike, start: int = 0) -> np.ndarray:
    """H(ω) = Σ_k h[k] e^(-jω(start + k)), by Horner's rule.

    Examples
    --------
    >>> taps_response([1, 1], [0.0, np.pi]).round(12).real
    array([2., 0.])
    """
    w = np.exp(-1j * np.asarray(omega, np.float64))
    return np.polynomial.polynomial.polyval(w, np.asarray(h)) * np.exp(-1j * start * np.asarray(omega, np.float64))


def sections_response(sos: Any, omega: ArrayLike, start: int = 0) -> np.ndarray:
    """H(ω) of second-order sections (rows b0 b1 b2 a0 a1 a2, as scipy's `sos`), delayed by `start` samples.

    Examples
    --------
    >>> sections_response([[1, 0, 0, 1, -0.5, 0]], [0.0]).real
    array([2.])
    """
    omega = np.asarray(omega, np.float64)
    response = np.exp(-1j * start * omega)
    for section in np.asarray(sos):
        response = response * taps_response(section[:3], omega) / taps_response(section[3:], omega)
    return response

"""Finite filters that smooth: the mean, and the polynomial of least squares."""

import numpy as np

from ..bounds import at_least
from ..signal import checked_rate
from ..systems import FIR
from .arguments import finite


def moving_average(taps: int, *, rate: float | None = None, centred: bool = False) -> FIR:
    """The mean of the last K samples, or of K samples around each if centred.

    Parameters
    ----------
    taps : int
        Number of samples K.
    rate : float, optional
        Samples per second.
    centred : bool, default False
        Put the middle tap at time 0.

    Returns
    -------
    FIR
        K equal taps from time 0 on, or from ``-((K - 1) // 2)`` on if centred.

    Raises
    ------
    ValueError
        Fewer than one tap.

    Examples
    --------
    >>> moving_average(4)
    FIR([0.25, 0.25, 0.25, 0.25], start=0)
    """
    taps = at_least(1, taps, "taps")
    return finite(np.full(taps, 1 / taps), rate, centred)


def savitzky_golay(
    taps: int, order: int, *, derivative: int = 0, rate: float | None = None, centred: bool = False
) -> FIR:
    """The polynomial that fits K samples best, taken in their middle: smooths without flattening peaks.

    Parameters
    ----------
    taps : int
        Number of samples K.
    order : int
        Order of the polynomial, below K.
    derivative : int, default 0
        Which derivative of the polynomial; per second with a rate, else per sample.
    rate : float, optional
        Samples per second.
    centred : bool, default False
        Put the middle tap at time 0. Then it is `scipy.signal.savgol_filter` (for odd K).

    Returns
    -------
    FIR
        K taps from time 0 on, or from ``-((K - 1) // 2)`` on if centred.

    Raises
    ------
    ValueError
        Fewer than one tap, an order that is negative or not below the number of taps, a negative derivative.

    References
    ----------
    Savitzky and Golay, "Smoothing and differentiation of data by simplified least squares procedures", 1964, table I.

    Examples
    --------
    >>> (savitzky_golay(5, 2).h * 35).round(9)
    array([-3., 12., 17., 12., -3.])
    """
    from scipy.signal import savgol_coeffs

    taps, order = at_least(1, taps, "taps"), at_least(0, order, "order")
    derivative = at_least(0, derivative, "derivative")
    if order >= taps:
        raise ValueError(f"order must be below the number of taps, {taps}, got {order}")
    h = savgol_coeffs(taps, order, derivative, delta=1 / (checked_rate(rate) or 1))
    return finite(h, rate, centred)

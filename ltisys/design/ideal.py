"""Finite filters after ideal responses that are no bands: Hilbert transformer, differentiator, fractional delay."""

import numpy as np

from ..bounds import at_least
from ..signal import checked_rate
from ..systems import FIR
from .arguments import Window, finite, window_values


def hilbert(taps: int, *, rate: float | None = None, window: Window = ("kaiser", 8.0), centred: bool = False) -> FIR:
    """A Hilbert transformer: gain 1, phase -90 degrees; a cosine comes out as a sine.

    The ideal response (1 - cos πt) / (πt), t = n - (K - 1) / 2, times a window. Near frequency 0, and for an odd number
    of taps near half the rate, the gain falls to 0.

    Parameters
    ----------
    taps : int
        Number of taps K. Odd ones keep the output on the grid of the input, delayed by (K - 1) / 2 samples; even ones
        reach half the rate.
    rate : float, optional
        Samples per second.
    window : str, tuple or float, default ("kaiser", 8.0)
        As for `scipy.signal.get_window`.
    centred : bool, default False
        Put the middle tap at time 0. Then ``1 + 1j * S`` makes the analytic signal.

    Returns
    -------
    FIR
        Antisymmetric; K taps from time 0 on, or from ``-((K - 1) // 2)`` on if centred.

    Raises
    ------
    ValueError
        Fewer than 2 taps, an unknown window.

    References
    ----------
    Oppenheim and Schafer, Discrete-Time Signal Processing, section 12.4.

    Examples
    --------
    >>> import ltisys as lti
    >>> analytic = (1 + 1j * hilbert(65, centred=True)).fuse()
    >>> x = lti.sinusoid(0.1, 200)
    >>> abs(analytic(x)[90:94].samples).round(3)
    array([1., 1., 1., 1.])
    """
    t = _about_the_middle(at_least(2, taps, "taps"))
    safe = np.where(t == 0, 1.0, t)
    # Exact values of cos πt: even and odd integers, and halves, where rounding would leave a residue.
    cosine = np.where(t % 1 == 0, 1 - 2.0 * (t % 2), 0.0)
    return finite((1 - cosine) / (np.pi * safe) * window_values(window, taps), rate, centred)


def differentiator(
    taps: int, *, rate: float | None = None, window: Window = ("kaiser", 8.0), centred: bool = False
) -> FIR:
    """A differentiator: H(ω) = jω, the slope of the band-limited signal through the samples.

    The ideal response cos(πt) / t - sin(πt) / (πt²), t = n - (K - 1) / 2, times a window.

    Parameters
    ----------
    taps : int
        Number of taps K. An even number reaches half the rate and looks half-way between two samples.
    rate : float, optional
        Samples per second. With it the slope is per second, else per sample.
    window : str, tuple or float, default ("kaiser", 8.0)
        As for `scipy.signal.get_window`.
    centred : bool, default False
        Put the middle tap at time 0.

    Returns
    -------
    FIR
        Antisymmetric; K taps from time 0 on, or from ``-((K - 1) // 2)`` on if centred.

    Raises
    ------
    ValueError
        Fewer than 2 taps, an unknown window.

    References
    ----------
    Oppenheim and Schafer, Discrete-Time Signal Processing, section 7.6.2.

    Examples
    --------
    >>> S = differentiator(65, rate=8000, centred=True)
    >>> (S.frequency_response(2 * np.pi * np.array([100, 1000]) / 8000)[1].imag / (2 * np.pi)).round(1)
    array([ 100., 1000.])
    """
    t = _about_the_middle(at_least(2, taps, "taps"))
    safe = np.where(t == 0, 1.0, t)
    sign = 1 - 2.0 * (np.floor(t) % 2)  # cos πt at integers, sin πt at halves
    ideal = np.where(t % 1 == 0, sign / safe, -sign / (np.pi * safe**2))
    ideal[t == 0] = 0
    return finite(ideal * window_values(window, taps) * (checked_rate(rate) or 1), rate, centred)


def fractional_delay(delay: float, taps: int = 32, *, beta: float = 8.0, rate: float | None = None) -> FIR:
    """A delay by any number of samples, whole or not: H(ω) = e^(-jω delay) up to near half the rate.

    The ideal response sin(πt) / (πt), t = n - delay, times a Kaiser window about the delay, scaled to gain 1 at
    frequency 0. Nothing else delays the output: the taps begin where they must, before time 0 for short delays.

    Parameters
    ----------
    delay : float
        In samples, also with a rate; negative to look ahead.
    taps : int, default 32
        Number of taps K: the taps nearest to the delay.
    beta : float, default 8
        Shape of the Kaiser window: more damps the ripples and widens the transition at half the rate.
    rate : float, optional
        Samples per second.

    Returns
    -------
    FIR
        K taps; a single one where the delay is whole.

    Raises
    ------
    ValueError
        A delay or beta that is not finite, a negative beta, fewer than 2 taps.

    References
    ----------
    Laakso, Välimäki, Karjalainen and Laine, "Splitting the unit delay", IEEE Signal Processing Magazine, 1996.

    Examples
    --------
    >>> import ltisys as lti
    >>> S = fractional_delay(2.5)
    >>> S.start, S.group_delay([0.3, 1.0])[1].round(4)
    (-13, array([2.5, 2.5]))
    >>> fractional_delay(3) == lti.delay(3)
    True
    """
    taps = at_least(2, taps, "taps")
    if not np.isfinite(delay):
        raise ValueError(f"delay must be a finite number of samples, got {delay}")
    if not 0 <= beta < np.inf:
        raise ValueError(f"beta must not be negative, got {beta}")
    if delay == round(delay):
        return FIR([1.0], round(delay), checked_rate(rate))
    # An even number of taps has as many on either side; of an odd number the middle one is the nearest to the delay.
    start = int(np.floor(delay)) - taps // 2 + 1 if taps % 2 == 0 else round(delay) - taps // 2
    t = start + np.arange(taps) - delay
    inside = np.sqrt(np.clip(1 - (t / (taps / 2)) ** 2, 0, None))
    h = np.sinc(t) * np.i0(beta * inside)
    return FIR(h / h.sum(), start, checked_rate(rate))


def _about_the_middle(taps: int) -> np.ndarray:
    """The times of the taps counted from their middle: whole for an odd number, halves for an even one."""
    return np.arange(taps) - (taps - 1) / 2

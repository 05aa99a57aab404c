"""Finite filters that let bands through: the ideal response, cut off by a window."""

from typing import Any

from ..bounds import at_least
from ..systems import FIR
from .arguments import Window, band, cycles, finite, window_values


def lowpass(
    taps: int, cutoff: float, *, rate: float | None = None, window: Window = "hamming", centred: bool = False
) -> FIR:
    """A finite lowpass: gain 1 at frequency 0, 1/2 at the cutoff, linear phase.

    The ideal response 2f sin(2πfn) / (2πfn), times a window, as `scipy.signal.firwin` makes it.

    Parameters
    ----------
    taps : int
        Number of taps K. The more, the narrower the transition: about 3.3 / K cycles per sample with a Hamming window.
    cutoff : float
        In hertz with a rate, else in cycles per sample; below half the rate.
    rate : float, optional
        Samples per second.
    window : str, tuple or float, default "hamming"
        As for `scipy.signal.get_window`: a name, a name with its parameters, the beta of a Kaiser window.
    centred : bool, default False
        Put the middle tap at time 0: the phase is zero, and a stream of the output (K - 1) / 2 samples late.

    Returns
    -------
    FIR
        K taps from time 0 on, or from ``-((K - 1) // 2)`` on if centred.

    Raises
    ------
    ValueError
        Fewer than one tap, a cutoff outside 0 ... rate / 2, an unknown window.

    References
    ----------
    Oppenheim and Schafer, Discrete-Time Signal Processing, section 7.5.

    Examples
    --------
    >>> import numpy as np
    >>> S = lowpass(51, 1000, rate=8000)
    >>> abs(S.frequency_response([0, np.pi / 4, np.pi])[1]).round(2)
    array([1. , 0.5, 0. ])
    """
    return _firwin(taps, cycles(cutoff, rate, "cutoff"), "lowpass", rate, window, centred)


def highpass(
    taps: int, cutoff: float, *, rate: float | None = None, window: Window = "hamming", centred: bool = False
) -> FIR:
    """A finite highpass: gain 1 at half the rate, 1/2 at the cutoff, linear phase.

    Parameters
    ----------
    taps : int
        Number of taps K, odd: an even number has no response at half the rate.
    cutoff : float
        In hertz with a rate, else in cycles per sample; below half the rate.
    rate, window, centred
        As for `lowpass`.

    Raises
    ------
    ValueError
        An even number of taps, a cutoff outside 0 ... rate / 2, an unknown window.

    Examples
    --------
    >>> import numpy as np
    >>> S = highpass(51, 1000, rate=8000)
    >>> abs(S.frequency_response([0, np.pi / 4, np.pi])[1]).round(2)
    array([0. , 0.5, 1. ])
    """
    _check_odd(taps, "highpass")
    return _firwin(taps, cycles(cutoff, rate, "cutoff"), "highpass", rate, window, centred)


def bandpass(
    taps: int, low: float, high: float, *, rate: float | None = None, window: Window = "hamming", centred: bool = False
) -> FIR:
    """A finite bandpass: gain 1 in the middle of the band, 1/2 at its edges, linear phase.

    Parameters
    ----------
    taps : int
        Number of taps K.
    low, high : float
        Edges of the band, in hertz with a rate, else in cycles per sample; both below half the rate.
    rate, window, centred
        As for `lowpass`.

    Raises
    ------
    ValueError
        Fewer than one tap, edges outside 0 ... rate / 2 or in the wrong order, an unknown window.

    Examples
    --------
    >>> import numpy as np
    >>> S = bandpass(101, 1000, 2000, rate=8000)
    >>> abs(S.frequency_response(2 * np.pi * np.array([0, 1000, 1500, 2000]) / 8000)[1]).round(2)
    array([0. , 0.5, 1. , 0.5])
    """
    return _firwin(taps, band(low, high, rate), "bandpass", rate, window, centred)


def bandstop(
    taps: int, low: float, high: float, *, rate: float | None = None, window: Window = "hamming", centred: bool = False
) -> FIR:
    """A finite bandstop: gain 1 at frequency 0, 1/2 at the edges of the band, none inside, linear phase.

    Parameters
    ----------
    taps : int
        Number of taps K, odd: an even number has no response at half the rate.
    low, high : float
        Edges of the band, in hertz with a rate, else in cycles per sample; both below half the rate.
    rate, window, centred
        As for `lowpass`.

    Raises
    ------
    ValueError
        An even number of taps, edges outside 0 ... rate / 2 or in the wrong order, an unknown window.

    Examples
    --------
    >>> import numpy as np
    >>> S = bandstop(101, 1000, 2000, rate=8000)
    >>> abs(S.frequency_response(2 * np.pi * np.array([0, 1000, 1500, 2000]) / 8000)[1]).round(2)
    array([1. , 0.5, 0. , 0.5])
    """
    _check_odd(taps, "bandstop")
    return _firwin(taps, band(low, high, rate), "bandstop", rate, window, centred)


def _firwin(taps: int, edges: Any, kind: Any, rate: float | None, window: Any, centred: bool) -> FIR:
    from scipy.signal import firwin

    window_values(window, at_least(1, taps, "taps"))  # refuses an unknown window in words that name it
    return finite(firwin(taps, edges, pass_zero=kind, window=window, fs=1.0), rate, centred)


def _check_odd(taps: int, kind: str) -> None:
    if at_least(1, taps, "taps") % 2 == 0:
        raise ValueError(f"taps of a {kind} must be odd, an even number has no response at half the rate, got {taps}")

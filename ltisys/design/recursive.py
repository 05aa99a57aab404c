"""Recursive filters that let bands through: the classical analogue prototypes, as second-order sections.

Squaring a filter with its adjoint, ``S * S.H``, gives the zero-phase filter with the gain |H(ω)|².
"""

from typing import Any, Literal

import numpy as np

from ..bounds import at_least, positive
from ..signal import checked_rate
from ..systems import IIR
from .arguments import band, cycles

Kind = Literal["lowpass", "highpass", "bandpass", "bandstop"]
Cutoff = float | tuple[float, float]


def butterworth(order: int, cutoff: Cutoff, kind: Kind | None = None, *, rate: float | None = None) -> IIR:
    """A Butterworth filter: the flattest gain in the passband, 1 / √2 at the cutoff.

    Parameters
    ----------
    order : int
        Order of the lowpass prototype; a bandpass or bandstop has twice as many poles.
    cutoff : float or (float, float)
        One frequency, or the two edges of a band; in hertz with a rate, else in cycles per sample, below half the rate.
    kind : {"lowpass", "highpass", "bandpass", "bandstop"}, optional
        By default "lowpass" for one frequency and "bandpass" for two.
    rate : float, optional
        Samples per second.

    Returns
    -------
    IIR
        Second-order sections, as `scipy.signal.butter` makes them.

    Raises
    ------
    ValueError
        An order below 1, frequencies outside 0 ... rate / 2, a kind that does not fit their number.

    Examples
    --------
    >>> S = butterworth(4, 1000, rate=8000)
    >>> abs(S.frequency_response([0, np.pi / 4])[1]).round(4)
    array([1.    , 0.7071])
    """
    return _designed("butter", order, cutoff, kind, rate)


def chebyshev1(
    order: int, ripple: float, cutoff: Cutoff, kind: Kind | None = None, *, rate: float | None = None
) -> IIR:
    """A Chebyshev filter of the first type: equal ripples in the passband, which ends at the cutoff.

    Parameters
    ----------
    order, cutoff, kind, rate
        As for `butterworth`; at the cutoff the gain is `ripple` decibels below its maximum of 1.
    ripple : float
        Variation of the gain in the passband, in decibels.

    Raises
    ------
    ValueError
        As for `butterworth`, and a ripple that is not positive.

    Examples
    --------
    >>> S = chebyshev1(4, 1.0, 1000, rate=8000)
    >>> (20 * np.log10(abs(S.frequency_response([np.pi / 4])[1]))).round(4)
    array([-1.])
    """
    return _designed("cheby1", order, cutoff, kind, rate, rp=positive(ripple, "ripple"))


def chebyshev2(
    order: int, attenuation: float, cutoff: Cutoff, kind: Kind | None = None, *, rate: float | None = None
) -> IIR:
    """A Chebyshev filter of the second type: equal ripples in the stopband, which begins at the cutoff.

    Parameters
    ----------
    order, cutoff, kind, rate
        As for `butterworth`; at the cutoff the gain is `attenuation` decibels below its maximum of 1.
    attenuation : float
        How far below the maximum the gain in the stopband stays, in decibels.

    Raises
    ------
    ValueError
        As for `butterworth`, and an attenuation that is not positive.

    Examples
    --------
    >>> S = chebyshev2(4, 60, 1000, rate=8000)
    >>> (20 * np.log10(abs(S.frequency_response([np.pi / 4])[1]))).round(4)
    array([-60.])
    """
    return _designed("cheby2", order, cutoff, kind, rate, rs=positive(attenuation, "attenuation"))


def elliptic(
    order: int,
    ripple: float,
    attenuation: float,
    cutoff: Cutoff,
    kind: Kind | None = None,
    *,
    rate: float | None = None,
) -> IIR:
    """An elliptic (Cauer) filter: equal ripples in both bands, the shortest transition of all for its order.

    Parameters
    ----------
    order, cutoff, kind, rate
        As for `butterworth`; at the cutoff the gain is `ripple` decibels below its maximum of 1.
    ripple : float
        Variation of the gain in the passband, in decibels.
    attenuation : float
        How far below the maximum the gain in the stopband stays, in decibels; more than the ripple.

    Raises
    ------
    ValueError
        As for `butterworth`, and decibels that are not positive or not in this order.

    Examples
    --------
    >>> S = elliptic(4, 1.0, 60, 1000, rate=8000)
    >>> (20 * np.log10(abs(S.frequency_response([np.pi / 4])[1]))).round(4)
    array([-1.])
    """
    if positive(ripple, "ripple") >= positive(attenuation, "attenuation"):
        raise ValueError(f"attenuation must be more than the ripple of {ripple} decibels, got {attenuation}")
    return _designed("ellip", order, cutoff, kind, rate, rp=float(ripple), rs=float(attenuation))


def bessel(
    order: int,
    cutoff: Cutoff,
    kind: Kind | None = None,
    *,
    norm: Literal["phase", "delay", "mag"] = "phase",
    rate: float | None = None,
) -> IIR:
    """A Bessel filter: a group delay as even as the bilinear transform leaves it, hence hardly any overshoot.

    Parameters
    ----------
    order, cutoff, kind, rate
        As for `butterworth`.
    norm : {"phase", "delay", "mag"}
        What the cutoff means: the middle of the phase, the group delay of the analogue prototype, or a gain of 1 / √2.

    Raises
    ------
    ValueError
        As for `butterworth`, and an unknown norm.

    Examples
    --------
    >>> S = bessel(4, 1000, norm="mag", rate=8000)
    >>> abs(S.frequency_response([0, np.pi / 4])[1]).round(4)
    array([1.    , 0.7071])
    """
    if norm not in ("phase", "delay", "mag"):
        raise ValueError(f'norm must be "phase", "delay" or "mag", got {norm!r}')
    return _designed(f"bessel_{norm}", order, cutoff, kind, rate)


def _designed(
    prototype: str, order: int, cutoff: Cutoff, kind: Kind | None, rate: float | None, **decibels: Any
) -> IIR:
    from scipy.signal import iirfilter

    order = at_least(1, order, "order")
    two = np.ndim(cutoff) > 0
    kind = kind or ("bandpass" if two else "lowpass")
    if kind not in ("lowpass", "highpass", "bandpass", "bandstop"):
        raise ValueError(f'kind must be "lowpass", "highpass", "bandpass" or "bandstop", got {kind!r}')
    if two != kind.startswith("band") or (two and np.shape(cutoff) != (2,)):
        wanted = "a pair of frequencies" if kind.startswith("band") else "one frequency"
        raise ValueError(f"cutoff of a {kind} must be {wanted}, got {cutoff}")
    edges = band(*cutoff, rate) if isinstance(cutoff, tuple | list | np.ndarray) else cycles(cutoff, rate, "cutoff")
    sos: Any = iirfilter(order, edges, btype=kind, ftype=prototype, output="sos", fs=1.0, **decibels)
    return IIR.from_sos(sos, rate=checked_rate(rate))

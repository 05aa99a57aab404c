"""Systems to and from scipy.signal."""

from typing import Any

import numpy as np

from .fir import FIR
from .iir import IIR
from .system import System


def to_scipy(system: System) -> Any:
    """The system as a `scipy.signal.dlti`: a transfer function of its taps if it is finite, else zeros, poles and gain.

    Its dt is 1 / rate, or True without a rate.

    Raises
    ------
    ValueError
        A system that is not causal, or one for images: scipy cannot hold it.

    Examples
    --------
    >>> import ltisys as lti
    >>> to_scipy(lti.delay(1)).num, to_scipy(lti.delay(1)).den
    (array([1.]), array([1., 0.]))
    """
    from scipy.signal import dlti

    if system.ndim != 1 or not system.is_causal:
        raise ValueError(f"scipy.signal holds causal systems in time only, got {system!r}")
    dt = True if system.rate is None else 1 / system.rate
    if system.is_fir:
        response = system.fuse().response.trim()
        if not np.any(response.samples):
            return dlti([], [], 0.0, dt=dt)
        return dlti(response.samples, np.eye(1, response.stop)[0], dt=dt)
    roots = system.roots()
    return dlti(roots.plane_zeros, roots.plane_poles, roots.gain, dt=dt)


def from_scipy(filter: Any, rate: float | None = None) -> System:
    """The system that scipy.signal describes in any of its ways.

    Parameters
    ----------
    filter : dlti, ndarray or tuple
        A `dlti`; taps (K,); second-order sections (n, 6); (b, a) with coefficients of z⁻¹ as for `lfilter`; (z, p, k).
    rate : float, optional
        Samples per second. By default what the dlti says.

    Returns
    -------
    System
        An `FIR` where nothing recurs, else an `IIR`.

    Raises
    ------
    TypeError
        Something else, such as a system in continuous time.

    Examples
    --------
    >>> from_scipy(([1, 2], [1]))
    FIR([1, 2], start=0)
    >>> from_scipy(([1], [1, -0.5]))
    IIR.from_sos([[ 1. ,  0. ,  0. ,  1. , -0.5,  0. ]])
    """
    from scipy.signal import TransferFunction, dlti

    if isinstance(filter, dlti):
        described: Any = filter
        rate = rate if rate is not None or described.dt in (True, None) else 1 / described.dt
        if isinstance(filter, TransferFunction):
            num, den = np.atleast_1d(described.num), np.atleast_1d(described.den)
            return _recursion(num, den, len(den) - len(num), rate)
        zpk = described.to_zpk()
        return _of_zpk(zpk.zeros, zpk.poles, zpk.gain, rate)
    if isinstance(filter, np.ndarray) and filter.ndim == 1:
        return FIR(filter, rate=rate)
    if isinstance(filter, np.ndarray) and filter.ndim == 2:
        return IIR.from_sos(filter, rate=rate)
    if isinstance(filter, tuple) and len(filter) == 2:
        b, a = map(np.atleast_1d, filter)
        return _recursion(b, a, 0, rate)
    if isinstance(filter, tuple) and len(filter) == 3:
        return _of_zpk(*filter, rate)
    raise TypeError(f"a filter is a dlti, taps, sections, (b, a) or (z, p, k), got {type(filter).__name__}")


def _recursion(b: np.ndarray, a: np.ndarray, start: int, rate: float | None) -> System:
    """The system z^(-start) · b(z⁻¹) / a(z⁻¹), finite if nothing recurs."""
    if np.any(a[1:]) or a[0] == 0:
        return IIR(b, a, start, rate)
    return FIR(b if a[0] == 1 else b / a[0], start, rate)


def _of_zpk(z: Any, p: Any, k: Any, rate: float | None) -> System:
    if np.any(p):
        return IIR.from_zpk(z, p, k, rate)
    return FIR(k * np.atleast_1d(np.poly(z)), np.size(p) - np.size(z), rate)

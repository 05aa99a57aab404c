"""Systems undone, divided and fed back: recursions made from other systems."""

import math

import numpy as np

from ..intervals import per_axis
from ..signal import common_rate
from .combine import Series, gain, series
from .fir import FIR
from .iir import IIR
from .roots import Roots
from .system import System


def inverse(system: System) -> System:
    """The system 1 / S, taken as a recursion forwards in time.

    A delay is undone by looking ahead. What S does to a signal from its start on is undone exactly; the inverse is
    stable only where all zeros of S lie inside the unit circle, and its `is_stable` says so.

    Raises
    ------
    ValueError
        The zero system, systems of images with more than one tap, systems that run backwards in time.

    Examples
    --------
    >>> import ltisys as lti
    >>> lti.FIR([2, -1]) ** -1
    IIR.from_sos([[ 0.5,  0. ,  0. ,  1. , -0.5,  0. ]])
    >>> lti.delay(3) ** -1
    FIR([1.], start=-3)
    """
    if isinstance(system, FIR):
        return quotient(gain(1, system.ndim), system)
    if isinstance(system, Series):
        return series(*(inverse(part) for part in system.parts))
    if isinstance(system, IIR) and np.all(system.sos[:, 0]):
        return IIR.from_sos(system.sos[:, [3, 4, 5, 0, 1, 2]], -system.delay, system.rate)
    roots = _forward_roots(system)
    if roots.gain == 0:
        raise ValueError(f"the zero system has no inverse, got {system!r}")
    return IIR.from_roots(roots.reciprocal(), system.rate)


def quotient(first: System, second: System) -> System:
    """The system S / T; one recursion where both are finite.

    Examples
    --------
    >>> import ltisys as lti
    >>> z = lti.FIR([1], start=-1)
    >>> (1 + z**-1) / (1 - 0.5 * z**-1)
    IIR.from_sos([[ 1. ,  1. ,  0. ,  1. , -0.5,  0. ]])
    """
    if not (isinstance(first, FIR) and isinstance(second, FIR)):
        return series(first, inverse(second))
    below = second.response.trim()
    if not np.any(below.samples):
        raise ValueError(f"the zero system has no inverse, got {second!r}")
    if below.samples.size == 1:
        return first * FIR(1 / below.samples, per_axis(-start for start in below.starts), second.rate)
    if first.ndim != 1 or second.ndim != 1:
        raise ValueError(f"recursions work in time, got a response of shape {below.shape} to divide by")
    return IIR(first.h, below.samples, first.start - below.start, common_rate(first.rate, second.rate))


def feedback(forward: System, back: System) -> System:
    """The system S / (1 + S·T), as `System.feedback` describes it."""
    if isinstance(forward, FIR) and isinstance(back, FIR) and forward.ndim == back.ndim == 1:
        loop = forward * back
        _check_loop(loop.roots() + ONE, loop.roots())
        return quotient(forward, 1 + loop)
    s, t = _forward_roots(forward), _forward_roots(back)
    closed = ONE + s * t
    _check_loop(closed, s * t)
    # 1 + S·T has the poles of S and T; dividing S by it leaves those of T as zeros.
    roots = Roots(s.gain / closed.gain, s.start, np.append(s.zeros, t.poles), closed.zeros)
    return IIR.from_roots(roots, common_rate(forward.rate, back.rate))


def _check_loop(closed: Roots, loop: Roots) -> None:
    if loop.gain != 0 and loop.start < 0:
        raise ValueError(f"a loop must be causal, got one that begins at {loop.start}")
    if closed.gain == 0 or closed.start != 0:
        raise ValueError(
            "a loop without delay must not have the gain -1, in which the output would need itself: "
            f"got the gain {loop.gain:g} from index {loop.start} on, put a delay into it"
        )


def _forward_roots(system: System) -> Roots:
    """The roots of a system, all of whose parts run forwards in time."""
    if system.start == -math.inf:
        raise ValueError(f"only systems that run forwards in time are inverted or fed back, got {system!r}")
    return system.roots()


ONE = Roots(1.0, 0, np.zeros(0), np.zeros(0))

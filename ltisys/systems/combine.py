"""Systems in series and in parallel."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any, final

import numpy as np

from ..frequency import Moments, product
from ..signal import common_rate
from .fir import FIR
from .iir import IIR, Anticausal
from .roots import Roots
from .system import System


def gain(factor: Any, ndim: int = 1) -> FIR:
    """The system that multiplies by a number."""
    return FIR([factor]) if ndim == 1 else FIR([[factor]], start=(0, 0))


def delay(by: int | tuple[int, int], rate: float | None = None) -> FIR:
    """The system y[n] = x[n - by]; a negative delay looks ahead, a pair moves images.

    Examples
    --------
    >>> import ltisys as lti
    >>> lti.delay(2)(lti.Signal([3, 1]))
    Signal([3, 1], start=2)
    """
    return FIR(np.ones((1,) * (len(by) if isinstance(by, tuple | list) else 1), int), by, rate)


def series(*systems: System) -> System:
    """One system after another; their order does not matter, and neighbours of a kind become one.

    Finite responses are convolved into one, the sections of recursive systems are joined, and a single tap (a gain and
    a delay) is taken up by a recursive neighbour.

    Raises
    ------
    ValueError
        Rates that differ, or images with time.

    Examples
    --------
    >>> import ltisys as lti
    >>> (lti.FIR([1, 1]) * lti.IIR([1], [1, -0.5]) * lti.FIR([1, -1])).parts
    (FIR([ 1,  0, -1], start=0), IIR.from_sos([[ 1. ,  0. ,  0. ,  1. , -0.5,  0. ]]))
    """
    _check_axes(systems)
    parts = [part for system in systems for part in (system.parts if isinstance(system, Series) else (system,))]
    finite = [part for part in parts if isinstance(part, FIR)]
    onward = [part for part in parts if isinstance(part, IIR)]
    backward = [part.forward for part in parts if isinstance(part, Anticausal)]
    kinds: list[System] = [part for part in parts if isinstance(part, Parallel)]
    if backward:
        kinds.insert(0, Anticausal(_joined(backward)))
    if onward:
        kinds.insert(0, _joined(onward))
    if finite:
        fused = FIR(reduce(lambda x, y: x * y, (part.response for part in finite)))
        if onward and len(fused.h) == 1:
            kinds[0] = _moved(_joined(onward), fused)
        else:
            kinds.insert(0, fused)
    return kinds[0] if len(kinds) == 1 else Series(tuple(kinds))


def parallel(*systems: System) -> System:
    """The sum of systems; finite responses are added into one.

    Examples
    --------
    >>> import ltisys as lti
    >>> lti.FIR([1, 2]) + lti.delay(1) + 1
    FIR([2, 3], start=0)
    """
    _check_axes(systems)
    terms = [term for system in systems for term in (system.terms if isinstance(system, Parallel) else (system,))]
    finite = [term.response for term in terms if isinstance(term, FIR)]
    kinds = [term for term in terms if not isinstance(term, FIR)]
    if finite:
        kinds.insert(0, FIR(reduce(lambda x, y: x + y, finite)))
    return kinds[0] if len(kinds) == 1 else Parallel(tuple(kinds))


def _joined(systems: list[IIR]) -> IIR:
    sos = np.concatenate([system.sos for system in systems])
    return IIR.from_sos(sos, sum(s.delay for s in systems), common_rate(*(s.rate for s in systems)))


def _moved(system: IIR, tap: FIR) -> IIR:
    scaled = system.scaled(tap.h[0])
    return IIR.from_sos(scaled.sos, scaled.delay + tap.start, common_rate(system.rate, tap.rate))


def _check_axes(systems: Iterable[System]) -> None:
    axes = [system.ndim for system in systems]
    if len(set(axes)) > 1:
        raise ValueError(f"systems must have equally many index axes, got {' and '.join(map(str, axes))}")
    common_rate(*(system.rate for system in systems))


@final
@dataclass(frozen=True, eq=False)
class Series(System):
    """Systems one after another, as `series` puts them together: y = part_m(... part_1(x))."""

    parts: tuple[System, ...]

    @property
    def rate(self) -> float | None:  # type: ignore[override]
        """The rate of its parts."""
        return common_rate(*(part.rate for part in self.parts))

    @property
    def support(self) -> tuple[Any, Any]:
        """Starts add, and so do the last indices."""
        supports = [part.support for part in self.parts]
        return sum(low for low, _ in supports), 1 + sum(high - 1 for _, high in supports)

    @property
    def is_stable(self) -> bool:
        """Whether every part is; a pole that meets a zero of another part still counts."""
        return all(part.is_stable for part in self.parts)

    @property
    def H(self) -> System:
        """The adjoints in reverse order."""
        return series(*(part.H for part in reversed(self.parts)))

    @property
    def norm(self) -> float:
        """The product of the norms, a bound on Σ|h[n]|."""
        return math.prod(part.norm for part in self.parts)

    def scaled(self, gain: Any) -> "Series":
        """The system with its first part times a number."""
        return Series((self.parts[0].scaled(gain), *self.parts[1:]))

    def values(self, x: np.ndarray, start: int, low: int, high: int) -> np.ndarray:
        """Output on ``low .. high - 1`` for an input (..., N) that begins at `start` and is zero outside.

        Every part is asked for the interval that the later ones can read. Where that has no end, because one part rings
        on forwards and another one runs backwards, it ends when what is left is below the rounding of the result.
        """
        needed = [(low, high)]
        for part in reversed(self.parts[1:]):
            first, stop = part.support
            needed.insert(0, (needed[0][0] - stop + 1, needed[0][1] - first))
        for part, wanted in zip(self.parts[:-1], needed, strict=False):
            begin, end = _meeting(wanted, start, start + x.shape[-1], part.support)
            if math.isinf(begin) or math.isinf(end):
                begin, end = _meeting(wanted, start, start + x.shape[-1], part.reach(2.0**-60 * (part.norm or 1.0)))
            if end <= begin:  # nothing meets: one zero goes on, in the precision that the part gives it
                x, begin, end = 0 * x[..., :1], start, start + 1
            x, start = part.values(x, start, int(begin), int(end)), int(begin)
        return self.parts[-1].values(x, start, low, high)

    def reach(self, tol: float) -> tuple[int, int]:
        """The sum of intervals that leave a share of `tol` each, magnified by the other parts."""
        share = tol / len(self.parts)
        norms = [part.norm for part in self.parts]
        others = [math.prod(norms[:i] + norms[i + 1 :]) for i in range(len(norms))]
        reaches = [part.reach(share / (other or 1.0)) for part, other in zip(self.parts, others, strict=True)]
        return sum(low for low, _ in reaches), 1 + sum(high - 1 for _, high in reaches)

    def moments(self, omega: np.ndarray) -> Moments:
        """H(ω), the product of the parts', and its first moment."""
        return reduce(product, (part.moments(omega) for part in self.parts))

    def roots(self) -> Roots:
        """H(z), the product of the parts'."""
        return reduce(lambda f, g: f * g, (part.roots() for part in self.parts))


def _meeting(wanted: tuple[Any, Any], start: int, stop: int, support: tuple[Any, Any]) -> tuple[Any, Any]:
    """Where an input on [start, stop) makes an output that is wanted."""
    return max(wanted[0], start + support[0]), min(wanted[1], stop + support[1] - 1)


@final
@dataclass(frozen=True, eq=False)
class Parallel(System):
    """Systems side by side, as `parallel` puts them together: y = term_1(x) + ... + term_m(x)."""

    terms: tuple[System, ...]

    @property
    def rate(self) -> float | None:  # type: ignore[override]
        """The rate of its terms."""
        return common_rate(*(term.rate for term in self.terms))

    @property
    def support(self) -> tuple[Any, Any]:
        """The smallest interval that holds those of all terms."""
        return min(term.support[0] for term in self.terms), max(term.support[1] for term in self.terms)

    @property
    def is_stable(self) -> bool:
        """Whether every term is."""
        return all(term.is_stable for term in self.terms)

    @property
    def H(self) -> System:
        """The sum of the adjoints."""
        return parallel(*(term.H for term in self.terms))

    @property
    def norm(self) -> float:
        """The sum of the norms, a bound on Σ|h[n]|."""
        return sum(term.norm for term in self.terms)

    def scaled(self, gain: Any) -> "Parallel":
        """The system with every term times a number."""
        return Parallel(tuple(term.scaled(gain) for term in self.terms))

    def values(self, x: np.ndarray, start: int, low: int, high: int) -> np.ndarray:
        """Output on ``low .. high - 1`` for an input (..., N) that begins at `start` and is zero outside."""
        return reduce(np.add, (term.values(x, start, low, high) for term in self.terms))

    def reach(self, tol: float) -> tuple[int, int]:
        """The smallest interval outside of which every term leaves a share of `tol`."""
        reaches = [term.reach(tol / len(self.terms)) for term in self.terms]
        return min(low for low, _ in reaches), max(high for _, high in reaches)

    def moments(self, omega: np.ndarray) -> Moments:
        """H(ω), the sum of the terms', and its first moment."""
        each = [term.moments(omega) for term in self.terms]
        return reduce(np.add, (h for h, _ in each)), reduce(np.add, (moment for _, moment in each))

    def roots(self) -> Roots:
        """H(z), the sum of the terms', on the union of their poles."""
        return reduce(lambda f, g: f + g, (term.roots() for term in self.terms))


def equal(first: System, second: System) -> bool:
    """Whether two systems have the same response and rate: exactly where both are finite, else within rounding.

    Two rational functions of orders p and q are the same if p + q + 1 samples of their responses are; with a part that
    runs backwards in time, if so many samples on either side are. Rounding is 1e-9 of the largest of them.
    """
    if first.rate != second.rate or first.ndim != second.ndim:
        return False
    if first.is_fir and second.is_fir:
        return first.fuse().response == second.fuse().response
    roots = first.roots(), second.roots()
    order = sum(len(f.zeros) + len(f.poles) + 1 for f in roots)
    low, high = (edge(f.start for f in roots) for edge in (min, max))
    low, high = min(low, 0) - order, max(high, 0) + order
    x, y = (system.values(np.ones(1), 0, low, high) for system in (first, second))
    return bool(np.all(np.abs(x - y) <= 1e-9 * max(np.abs(x).max(), np.abs(y).max())))

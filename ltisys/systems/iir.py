"""Recursive systems, forwards and backwards in time."""

import math
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike

from ..frequency import Moments, sections_moments
from ..intervals import as_indices, window
from ..signal import checked_rate
from .decay import Decay
from .roots import Roots
from .sections import checked_sections, run_sections, sections_of_coefficients, sections_of_roots
from .system import System


@final
@dataclass(frozen=True, init=False, eq=False, repr=False)
class IIR(System):
    """The recursive system H(z) = b(z⁻¹) / a(z⁻¹): Σ_k a[k] y[n - k] = Σ_k b[k] x[n - k], causal and from rest.

    It is kept as second-order sections, so that high orders stay accurate; scipy.signal runs the recursion, in double
    precision whatever the input.

    Parameters
    ----------
    b, a : array_like
        Coefficients of z⁻⁰, z⁻¹, ..., as in `scipy.signal.lfilter`.
    start : int, default 0
        By how many samples the response is moved later.
    rate : float, optional
        Samples per second of the signals it is meant for.

    Raises
    ------
    ValueError
        ``a[0] == 0``, coefficients that are not finite or not vectors.

    Notes
    -----
    Coefficients above order two are split through their roots, which are those of the coefficients as given to the last
    digit. Where they come from a design, ask it for sections and use `from_sos`: coefficients of high order are rounded
    by more than their roots can stand.

    Examples
    --------
    >>> import ltisys as lti
    >>> S = lti.IIR([1], [1, -0.5])
    >>> S([1, 0, 0, 1])
    array([1.   , 0.5  , 0.25 , 1.125])
    >>> S.poles, S.is_stable
    (array([0.5]), True)
    >>> S * lti.FIR([1, -0.5]) == lti.FIR([1])
    True
    """

    sos: np.ndarray
    delay: int
    rate: float | None

    def __init__(self, b: ArrayLike, a: ArrayLike = (1.0,), start: int = 0, rate: float | None = None) -> None:
        sos, leading = sections_of_coefficients(b, a)
        self._fill(sos, leading + _time(start), rate)

    @classmethod
    def from_sos(cls, sos: ArrayLike, start: int = 0, rate: float | None = None) -> "IIR":
        """The system of second-order sections, rows b0 b1 b2 a0 a1 a2, as scipy designs them.

        Examples
        --------
        >>> IIR.from_sos([[1, 0, 0, 1, -0.5, 0]]) == IIR([1], [1, -0.5])
        True
        """
        self = cls.__new__(cls)
        self._fill(checked_sections(sos), _time(start), rate)
        return self

    @classmethod
    def from_zpk(cls, z: ArrayLike, p: ArrayLike, k: complex, rate: float | None = None) -> "IIR":
        """The system H(z) = k · Π (z - z_i) / Π (z - p_i).

        More poles than zeros are a delay, as in `scipy.signal.dlti`; more zeros than poles look ahead.

        Examples
        --------
        >>> IIR.from_zpk([], [0.5], 1).unit_sample_response(4)
        Signal([0.  , 1.  , 0.5 , 0.25], start=0)
        """
        zeros, poles = np.atleast_1d(z), np.atleast_1d(p)
        return cls.from_roots(Roots(k, len(poles) - len(zeros), zeros[zeros != 0], poles[poles != 0]), rate)

    @classmethod
    def from_roots(cls, roots: Roots, rate: float | None = None) -> "IIR":
        """The causal system with these zeros, poles, gain and start."""
        return cls.from_sos(sections_of_roots(roots), roots.start, rate)

    def _fill(self, sos: np.ndarray, start: int, rate: float | None) -> None:
        sos.setflags(write=False)
        object.__setattr__(self, "sos", sos)
        object.__setattr__(self, "delay", start)
        object.__setattr__(self, "rate", checked_rate(rate))

    @property
    def support(self) -> tuple[int, float]:
        """From the start to infinity, unless nothing recurs."""
        if np.any(self.sos[:, 4:]):
            return self.delay, math.inf
        return self.delay, self.delay + 2 * len(self.sos) + 1

    @property
    def is_stable(self) -> bool:
        """Whether every pole lies inside the unit circle."""
        return bool(np.all(np.abs(self.roots().poles) < 1))

    @property
    def H(self) -> "Anticausal":
        """The adjoint: the same recursion, conjugated and run backwards in time."""
        return Anticausal(IIR.from_sos(self.sos.conj(), self.delay, self.rate))

    @property
    def norm(self) -> float:
        """A bound on Σ|h[n]|, at most a millionth of it too large; infinite if unstable."""
        if not self.is_stable:
            return math.inf
        roots = self.roots()
        decay = Decay.of(roots)
        length = roots.start - self.delay + max(1, decay.length(1e-6 * abs(roots.gain) or 1.0))
        h = run_sections(self.sos, np.eye(1, length)[0])
        return float(np.abs(h).sum()) + 1e-6 * abs(roots.gain)

    def scaled(self, gain: Any) -> "IIR":
        """The system with the first section's numerator times a number."""
        first = np.ones((1, 6), np.result_type(self.sos, gain))
        first[:, :3] = gain
        return IIR.from_sos(np.concatenate((self.sos[:1] * first, self.sos[1:])), self.delay, self.rate)

    def values(self, x: np.ndarray, start: int, low: int, high: int) -> np.ndarray:
        """Output on ``low .. high - 1`` for an input (..., N) that begins at `start` and is zero outside."""
        begin = start + self.delay
        if high <= begin:
            return np.zeros(x.shape[:-1] + (high - low,), np.result_type(x, self.sos))
        driven = window(x, (start,), (start,), (start + high - begin,))
        return window(run_sections(self.sos, driven), (begin,), (low,), (high,))

    def reach(self, tol: float) -> tuple[int, int]:
        """From the start to where at most `tol` is left."""
        first, stop = self.support
        if stop == math.inf:
            if not self.is_stable:
                raise ValueError(
                    f"the response of an unstable system does not die out, poles {self.poles.tolist()}: "
                    "give a length, or poles inside the unit circle"
                )
            roots = self.roots()
            stop = roots.start + Decay.of(roots).length(tol)
        return first, int(stop)

    def moments(self, omega: np.ndarray) -> Moments:
        """H(ω) and its first moment."""
        return sections_moments(self.sos, omega, self.delay)

    def roots(self) -> Roots:
        """H(z) by its roots, those of the sections."""
        return Roots.of_sections(self.sos, self.delay)

    def __repr__(self) -> str:
        rows = np.array2string(self.sos, separator=", ", prefix="IIR.from_sos(")
        start = f", start={self.delay}" if self.delay else ""
        rate = "" if self.rate is None else f", rate={self.rate}"
        return f"IIR.from_sos({rows}{start}{rate})"


@final
@dataclass(frozen=True, eq=False)
class Anticausal(System):
    """A recursive system run backwards in time: h[n] = g[-n] for the response g of a causal one.

    It is what the adjoint of an `IIR` is. A stable one has all its poles outside the unit circle.

    Parameters
    ----------
    forward : IIR
        The causal system with the response g.

    Examples
    --------
    >>> import ltisys as lti
    >>> S = lti.IIR([1], [1, -0.5])
    >>> S.H([0, 0, 1])
    array([0.25, 0.5 , 1.  ])
    """

    forward: IIR

    @property
    def rate(self) -> float | None:  # type: ignore[override]
        """Samples per second, if it was stated."""
        return self.forward.rate

    @property
    def support(self) -> tuple[float, int]:
        """From minus infinity to the reversed start."""
        start, stop = self.forward.support
        return 1 - stop, 1 - start

    @property
    def is_stable(self) -> bool:
        """Whether the causal system is."""
        return self.forward.is_stable

    @property
    def H(self) -> IIR:
        """The adjoint: the causal system, conjugated."""
        return self.forward.H.forward

    @property
    def norm(self) -> float:
        """That of the causal system."""
        return self.forward.norm

    def scaled(self, gain: Any) -> "Anticausal":
        """The system with every sample of its response times a number."""
        return Anticausal(self.forward.scaled(gain))

    def values(self, x: np.ndarray, start: int, low: int, high: int) -> np.ndarray:
        """Output on ``low .. high - 1`` for an input (..., N) that begins at `start` and is zero outside."""
        turned = self.forward.values(x[..., ::-1], 1 - start - x.shape[-1], 1 - high, 1 - low)
        return turned[..., ::-1]

    def reach(self, tol: float) -> tuple[int, int]:
        """The reversed interval of the causal system."""
        low, high = self.forward.reach(tol)
        return 1 - high, 1 - low

    def moments(self, omega: np.ndarray) -> Moments:
        """H(ω) = G(-ω) and its first moment."""
        response, moment = self.forward.moments(-omega)
        return response, -moment

    def roots(self) -> Roots:
        """H(z) = G(1/z) by its roots."""
        mirrored = self.forward.roots().adjoint()
        return Roots(np.conj(mirrored.gain), mirrored.start, mirrored.zeros.conj(), mirrored.poles.conj())


def _time(start: Any) -> int:
    indices = as_indices(start, "start")
    if len(indices) != 1:
        raise ValueError(f"a recursive system works along one axis, got start={start}")
    return indices[0]

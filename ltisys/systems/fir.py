"""Systems with a finite unit sample response."""

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike

from ..frequency import Moments, taps_moments
from ..intervals import window
from ..signal import Signal, as_call
from .apply import convolved
from .roots import Roots
from .system import System


@final
@dataclass(frozen=True, init=False, eq=False, repr=False)
class FIR(System):
    """The system y[n] = Σ_k h[k] x[n - k] with a finite response: a signal, taken as a system.

    Parameters
    ----------
    h : array_like, (K,) or (K1, K2), or Signal
        The unit sample response; two axes for images. A signal brings its own start and rate.
    start : int or (int, int), default 0
        Time of the first tap. A negative one makes the system look ahead.
    rate : float, optional
        Samples per second of the signals it is meant for.

    Raises
    ------
    ValueError
        No taps, more than two axes, a start that does not fit the axes, a rate that is not positive.

    Examples
    --------
    >>> import ltisys as lti
    >>> smooth = lti.FIR([1, 2, 1], start=-1)
    >>> smooth * lti.FIR([1, -1])
    FIR([ 1,  1, -1, -1], start=-1)
    >>> smooth([0, 0, 4, 0])
    array([0, 4, 8, 4])
    >>> lti.FIR([1, 2j]).H
    FIR([0.-2.j, 1.-0.j], start=-1)
    """

    response: Signal

    def __init__(self, h: ArrayLike | Signal, start: int | tuple[int, int] = 0, rate: float | None = None) -> None:
        if isinstance(h, Signal):
            if start != 0 or rate is not None:
                raise ValueError(f"a signal brings its own start and rate, got start={start}, rate={rate} besides")
            response = h
        else:
            taps = np.asarray(h)
            two = taps.ndim == 2 and not isinstance(start, tuple | list) and start == 0
            response = Signal(taps, (0, 0) if two else start, rate)
        if response.channels or response.samples.ndim > 2:
            raise ValueError(
                f"h must have one axis, or two and a pair as start, got shape {response.samples.shape}, start={start}"
            )
        object.__setattr__(self, "response", response)

    @property
    def h(self) -> np.ndarray:
        """The taps, read-only."""
        return self.response.samples

    @property
    def rate(self) -> float | None:  # type: ignore[override]
        """Samples per second, if it was stated."""
        return self.response.rate

    @property
    def ndim(self) -> int:
        """Number of index axes: 1 in time, 2 for images."""
        return self.response.ndim

    @property
    def support(self) -> tuple[Any, Any]:
        """The interval ``(start, stop)`` of the taps as they were given; one per axis for images."""
        return self.response.support

    @property
    def is_stable(self) -> bool:
        """True: a finite sum is finite."""
        return True

    @property
    def H(self) -> "FIR":
        """The adjoint: taps conjugated and reversed, start at ``-start - K + 1``."""
        return FIR(self.response.reverse().conj())

    @property
    def norm(self) -> float:
        """Σ|h[n]|."""
        return float(np.abs(self.h.astype(np.complex128)).sum())

    def scaled(self, gain: Any) -> "FIR":
        """The system with every tap times a number."""
        return FIR(self.response * gain)

    def values(self, x: np.ndarray, start: int, low: int, high: int) -> np.ndarray:
        """Output on ``low .. high - 1`` for an input (..., N) that begins at `start` and is zero outside."""
        first, stop = self.support
        met = window(x, (start,), (low - stop + 1,), (high - first,))
        return convolved(met, self.h, "valid")

    def reach(self, tol: float) -> tuple[int, int]:
        """The support, whatever the tolerance."""
        return self.support

    def moments(self, omega: np.ndarray) -> Moments:
        """H(ω) and its first moment."""
        return taps_moments(self.h, omega, self.response.start)

    def roots(self) -> Roots:
        """H(z) by its roots, those of the polynomial of the taps."""
        self._needs_time("poles and zeros")
        return Roots.of_taps(self.h, self.response.start)

    def __repr__(self) -> str:
        return as_call("FIR", self.response)

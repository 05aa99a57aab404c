"""A system that is its finite unit sample response."""

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike

from ..frequency import frequencies, taps_response
from ..signal import Signal


@final
@dataclass(frozen=True, init=False, eq=False, repr=False)
class FIR:
    """A linear time-invariant system with the finite unit sample response h[n]: y = x ∗ h."""

    response: Signal

    def __init__(self, h: ArrayLike, start: int | tuple[int, int] = 0, rate: float | None = None) -> None:
        object.__setattr__(self, "response", Signal(h, start, rate))

    @property
    def h(self) -> np.ndarray:
        """The taps."""
        return self.response.samples

    def __call__(self, x: Any, mode: str = "same", *, axis: int = -1, **engine: Any) -> Any:
        """y = x ∗ h."""
        from ..convolution import convolve

        if isinstance(x, Signal):
            return x * self.response
        x = np.asarray(x)
        h = self.h if x.dtype.kind in "biu" else self.h.astype(x.dtype, copy=False)
        return convolve(x, h, mode, axis=axis, origin=-self.response.start, **engine)

    def unit_sample_response(self, length: int | None = None) -> Signal:
        """h[n]."""
        return self.response if length is None else self.response[0:length]

    def frequency_response(self, points_or_omega: int | ArrayLike = 512) -> tuple[np.ndarray, np.ndarray]:
        """(omega, H)."""
        omega = frequencies(points_or_omega)
        return omega, taps_response(self.h, omega, self.response.start)

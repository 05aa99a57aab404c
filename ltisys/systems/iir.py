"""A recursive system, kept as second-order sections."""

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike

from ..frequency import frequencies, sections_response
from ..signal import Signal


@final
@dataclass(frozen=True, init=False, eq=False, repr=False)
class IIR:
    """A recursive system b(z⁻¹) / a(z⁻¹)."""

    sos: np.ndarray

    def __init__(self, b: ArrayLike, a: ArrayLike = (1.0,)) -> None:
        from scipy.signal import tf2sos

        object.__setattr__(self, "sos", tf2sos(b, a))

    @classmethod
    def from_sos(cls, sos: ArrayLike) -> "IIR":
        """Second-order sections as scipy's."""
        self = cls.__new__(cls)
        object.__setattr__(self, "sos", np.array(sos, np.float64))
        return self

    def __call__(self, x: Any, *, axis: int = -1) -> Any:
        """Zero initial state."""
        from scipy.signal import sosfilt

        if isinstance(x, Signal):
            return Signal(self(x.samples), x.start, x.rate)
        x = np.asarray(x)
        y = sosfilt(self.sos, x, axis=axis)
        return y.astype(x.dtype, copy=False) if x.dtype.kind in "fc" else y

    def unit_sample_response(self, length: int) -> Signal:
        """h[n] for n = 0 .. length - 1."""
        x = np.zeros(length)
        x[0] = 1
        return Signal(self(x))

    def frequency_response(self, points_or_omega: int | ArrayLike = 512) -> tuple[np.ndarray, np.ndarray]:
        """(omega, H)."""
        omega = frequencies(points_or_omega)
        return omega, sections_response(self.sos, omega)

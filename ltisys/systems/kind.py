"""What a kind of system states about itself."""

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..frequency import Moments
from ..intervals import per_axis
from .roots import Roots

if TYPE_CHECKING:
    from .system import System


class Kind(ABC):
    """The facts from which `System` derives everything else: where h[n] lies, how it is applied, what H(z) is.

    A new kind of system states these and nothing more.
    """

    __array_ufunc__: ClassVar[None] = None  # so that np.float64(2) * S asks S

    rate: float | None

    @property
    @abstractmethod
    def support(self) -> tuple[Any, Any]:
        """The interval ``(start, stop)`` of h[n], with infinite ends where it never ends; one per axis for images."""

    @property
    @abstractmethod
    def is_stable(self) -> bool:
        """Whether the magnitudes of h[n] have a finite sum."""

    @property
    @abstractmethod
    def H(self) -> "System":
        """The adjoint system, whose response is conj(h[-n]): ⟨y, S x⟩ = ⟨S.H y, x⟩."""

    @property
    @abstractmethod
    def norm(self) -> float:
        """A bound on Σ|h[n]|, the largest gain that any bounded signal can meet; infinite if unstable."""

    @abstractmethod
    def scaled(self, gain: Any) -> "System":
        """The system with every sample of its response times a number."""

    @abstractmethod
    def values(self, x: np.ndarray, start: int, low: int, high: int) -> np.ndarray:
        """Output on ``low .. high - 1`` for an input (..., N) that begins at `start` and is zero outside."""

    @abstractmethod
    def reach(self, tol: float) -> tuple[int, int]:
        """A finite interval outside of which the magnitudes of h[n] sum to at most `tol`."""

    @abstractmethod
    def moments(self, omega: np.ndarray) -> Moments:
        """H(ω) and its first moment Σ n h[n] e^(-jωn)."""

    @abstractmethod
    def roots(self) -> Roots:
        """H(z) by its roots."""

    @property
    def ndim(self) -> int:
        """Number of index axes: 1 in time, 2 for images."""
        return 1

    @property
    def start(self) -> Any:
        """Index of the first sample of h[n]: an int or -inf, or a pair for images."""
        return per_axis(low for low, _ in self._intervals)

    @property
    def stop(self) -> Any:
        """Index after the last sample of h[n]: an int or inf, or a pair for images."""
        return per_axis(high for _, high in self._intervals)

    @property
    def _intervals(self) -> tuple[tuple[Any, Any], ...]:
        """The support, as one interval per axis whether there are one or two."""
        return self.support if self.ndim > 1 else (self.support,)

    @property
    def is_fir(self) -> bool:
        """Whether h[n] is finite."""
        return all(math.isfinite(end) for interval in self._intervals for end in interval)

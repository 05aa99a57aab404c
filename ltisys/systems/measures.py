"""What can be read off a linear time-invariant system: its properties, and how it treats frequencies."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ..frequency import delay_of, frequencies, image_frequencies, image_response, linear_phase_type
from ..intervals import per_axis
from .decay import energy
from .kind import Kind
from .phase import phase_delay

if TYPE_CHECKING:
    from .fir import FIR


class Measured(Kind):
    """The measures of a system, all of them derived from what its kind states."""

    def fuse(self, tol: float | None = None) -> "FIR":
        """One `FIR` with the same response; an infinite one only if a bound `tol` on what is cut off is given.

        Raises
        ------
        ValueError
            An infinite response without a `tol`, or one that does not die out.

        Examples
        --------
        >>> import ltisys as lti
        >>> (lti.FIR([1, 2]) + lti.delay(2)).fuse()
        FIR([1, 2, 1], start=0)
        """
        from .fir import FIR

        if isinstance(self, FIR):
            return self
        if not self.is_fir and tol is None:
            raise ValueError(f"the response of {self!r} never ends; say with tol=... how much of it may be cut off")
        low, high = self.reach(tol or 0.0)
        return FIR(self.values(np.ones(1), 0, low, max(high, low + 1)), low, self.rate)

    @property
    def is_causal(self) -> bool:
        """Whether no output depends on a later input: h[n] = 0 for n < 0."""
        if self.is_fir:
            return min(self.fuse().response.trim().starts) >= 0
        if self.start >= 0 or self.start == -math.inf:
            return self.start >= 0
        return not np.any(self.values(np.ones(1), 0, self.start, 0))

    @property
    def latency(self) -> Any:
        """By how many samples a stream of the output is late: max(0, -start), for images along each axis."""
        return per_axis(max(0, -low) for low, _ in self._intervals)

    @property
    def zeros(self) -> np.ndarray:
        """Zeros of H(z) in the plane of z, those at the origin included; zeros and poles that meet are not cancelled.

        Examples
        --------
        >>> import ltisys as lti
        >>> lti.FIR([1, -0.5]).zeros, lti.FIR([1, -0.5]).poles
        (array([0.5]), array([0.]))
        """
        return self.roots().plane_zeros

    @property
    def poles(self) -> np.ndarray:
        """Poles of H(z) in the plane of z, those at the origin included."""
        return self.roots().plane_poles

    @property
    def energy(self) -> float:
        """Σ|h[n]|²; infinite if unstable, and for infinite responses at most a relative 2⁻⁵⁶ too small before rounding.

        Raises
        ------
        ValueError
            Poles within 1e-12 of the unit circle: the response is too long to sum.

        Examples
        --------
        >>> import ltisys as lti
        >>> lti.FIR([3, -4j]).energy, lti.IIR([1], [1, -0.5]).energy  # the latter is 1 / (1 - 0.25)
        (25.0, 1.3333333333333333)
        """
        return energy(self)

    @property
    def is_minimum_phase(self) -> bool:
        """Whether the system and its inverse are both causal and stable: no delay, every zero inside the circle."""
        roots = self.roots()
        inside = np.all(np.abs(roots.zeros) < 1)
        return bool(roots.gain != 0 and roots.start == 0 and inside and self.is_stable and self.is_causal)

    @property
    def linear_phase_type(self) -> int | None:
        """Type 1 to 4 of a finite real response with linear phase, None for any other; see `frequency`.

        Examples
        --------
        >>> import ltisys as lti
        >>> lti.FIR([1, 2, 1]).linear_phase_type
        1
        """
        return linear_phase_type(self.fuse().h) if self.is_fir and self.ndim == 1 else None

    def frequency_response(self, points_or_omega: Any = 512, *, whole: bool = False) -> tuple[Any, np.ndarray]:
        """The frequency response H(ω) = Σ_n h[n] e^(-jωn).

        Parameters
        ----------
        points_or_omega : int or array_like, default 512
            So many frequencies from 0 up to π, or the frequencies in radians per sample. For images so many along each
            axis from -π up to π, or a pair of vectors.
        whole : bool, default False
            Spread the points from 0 up to 2π.

        Returns
        -------
        omega : ndarray
            Frequencies in radians per sample; a pair of vectors for images.
        H : ndarray of complex
            The response there.

        Examples
        --------
        >>> import ltisys as lti
        >>> omega, H = lti.FIR([0.5, 0.5]).frequency_response(2)
        >>> abs(H)
        array([1.        , 0.70710678])
        """
        if self.ndim > 1:
            response = self.fuse().response
            grid = image_frequencies(points_or_omega)
            return grid, image_response(response.samples, grid, response.start)
        omega = frequencies(points_or_omega, whole=whole)
        return omega, self.moments(omega)[0]

    def group_delay(self, points_or_omega: Any = 512, *, whole: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """The group delay -d arg H / dω in samples, nan where the response vanishes.

        Takes and returns frequencies as `frequency_response` does.

        Examples
        --------
        >>> import ltisys as lti
        >>> lti.FIR([1, 2, 1]).group_delay(3)[1].round(12)
        array([1., 1., 1.])
        """
        self._needs_time("the group delay")
        omega = frequencies(points_or_omega, whole=whole)
        return omega, delay_of(self.moments(omega), self._around)

    def phase_delay(self, points_or_omega: Any = 512, *, whole: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """The phase delay -arg H / ω in samples, by which a sinusoid comes later; nan where the response vanishes.

        Takes and returns frequencies as `frequency_response` does. The phase is unwrapped by the roots of H, so that
        no turn is missed however far apart the frequencies are: it starts between -π and π at ω = 0 and goes on without
        jumps, except by π at a zero on the unit circle, upwards as for a zero just inside. The turns of a response of
        thousands of taps take as long as its roots.

        At ω = 0 it is the limit from above: the group delay where H(0) is positive, and infinite where H turns the sign
        or phase of a constant, since no delay does that.

        Examples
        --------
        >>> import ltisys as lti
        >>> lti.FIR([1, 2, 1], start=4).phase_delay(3)[1].round(12)
        array([5., 5., 5.])
        >>> omega, delay = lti.IIR([1], [1, -0.5]).phase_delay([0, 0.1])
        >>> delay.round(6)
        array([1.      , 0.990123])
        """
        self._needs_time("the phase delay")
        omega = frequencies(points_or_omega, whole=whole)
        moments = self.moments(omega)
        return omega, phase_delay(self.roots(), omega, moments[0], delay_of(moments, self._around))

    @property
    def _around(self) -> np.ndarray:
        """The response all around the circle, whatever frequencies are asked for: what is small is small against it."""
        return self.moments(frequencies(64, whole=True))[0]

    def _needs_time(self, what: str) -> None:
        if self.ndim != 1:
            raise ValueError(f"{what} belongs to systems in time, got a system with {self.ndim} index axes")

"""A rational system function by its roots."""

from collections import Counter
from dataclasses import dataclass
from typing import final

import numpy as np

from .exact import Exact


@final
@dataclass(frozen=True, eq=False)
class Roots:
    """H(z) = gain · z^(-start) · Π_i (1 - z_i z⁻¹) / Π_i (1 - p_i z⁻¹), with no root at the origin.

    Written in z⁻¹, `start` is the index of the first sample of the causal expansion and `gain` that sample. Products,
    sums, reciprocals and adjoints of such functions are again such functions.

    Attributes
    ----------
    gain : float or complex
        The first sample; 0 for the zero system.
    start : int
        Its index.
    zeros, poles : ndarray
        z_i and p_i, none of them 0.
    """

    gain: complex
    start: int
    zeros: np.ndarray
    poles: np.ndarray

    @staticmethod
    def of_taps(h: np.ndarray, start: int) -> "Roots":
        """The roots of taps, the first of them at time `start`."""
        inside = np.flatnonzero(h)
        if inside.size == 0:
            return Roots(0.0, start, _NONE, _NONE)
        h = h[inside[0] : inside[-1] + 1]
        return Roots(h[0].item(), start + int(inside[0]), Exact.of(h).roots(), _NONE)

    @staticmethod
    def of_sections(sos: np.ndarray, start: int) -> "Roots":
        """The roots of second-order sections."""
        result = Roots(1.0, start, _NONE, _NONE)
        for section in sos:
            result = result * Roots.of_taps(section[:3], 0) * Roots.of_taps(section[3:], 0).reciprocal()
        return result

    @property
    def plane_zeros(self) -> np.ndarray:
        """All finite zeros of H(z), those at the origin included; the zero system counts as having none."""
        if self.gain == 0:
            return _NONE
        return np.concatenate((self.zeros, np.zeros(max(0, -self._at_origin))))

    @property
    def plane_poles(self) -> np.ndarray:
        """All finite poles of H(z), those at the origin included."""
        return np.concatenate((self.poles, np.zeros(max(0, self._at_origin))))

    @property
    def _at_origin(self) -> int:
        """How many poles lie at the origin, negative for zeros."""
        return self.start + len(self.zeros) - len(self.poles)

    @property
    def numerator(self) -> np.ndarray:
        """Coefficients of gain · Π (1 - z_i z⁻¹) in rising powers of z⁻¹."""
        return self.gain * np.atleast_1d(np.poly(self.zeros))

    @property
    def denominator(self) -> np.ndarray:
        """Coefficients of Π (1 - p_i z⁻¹) in rising powers of z⁻¹."""
        return np.atleast_1d(np.poly(self.poles))

    def __mul__(self, other: "Roots") -> "Roots":
        zeros = np.concatenate((self.zeros, other.zeros))
        poles = np.concatenate((self.poles, other.poles))
        return Roots(self.gain * other.gain, self.start + other.start, zeros, poles)

    def __add__(self, other: "Roots") -> "Roots":
        """The sum, on the union of the poles; roots that both have exactly stay as they are and are not doubled.

        What the two have in common is taken out, the rest is added without rounding.
        """
        if self.gain == 0 or other.gain == 0:
            return self if other.gain == 0 else other
        _, ours, theirs = _shared(self.poles, other.poles)
        poles = np.append(self.poles, theirs)
        zeros, first, second = _shared(np.append(self.zeros, theirs), np.append(other.zeros, ours))
        start = min(self.start, other.start)
        terms = [(self.gain, first, self.start - start), (other.gain, second, other.start - start)]
        total = Exact.product(*terms[0]) + Exact.product(*terms[1])
        # What is left of a cancellation is rounding of the roots; as first or last coefficient it would be a root far
        # away or near the origin.
        bounds = [np.append(np.zeros(late), abs(gain) * np.abs(np.poly(-np.abs(r)))) for gain, r, late in terms]
        rounding = np.sum([np.pad(bound, (0, len(total.whole) - len(bound))) for bound in bounds], axis=0)
        sure = np.flatnonzero(np.abs(total.coefficients) > 4 * len(rounding) * _EPS * rounding)
        if sure.size == 0:
            return Roots(0.0, start, _NONE, _NONE)
        total = total[sure[0] : sure[-1] + 1]
        return Roots(total.coefficients[0].item(), start + int(sure[0]), np.append(zeros, total.roots()), poles)

    def reciprocal(self) -> "Roots":
        """1 / H(z)."""
        return Roots(1 / self.gain, -self.start, self.poles, self.zeros)

    def adjoint(self) -> "Roots":
        """The conjugate of H(1 / z*), whose response is that of H conjugated and reversed in time."""
        # (1 - p* z) = -p* z (1 - z⁻¹ / p*)
        zeros, poles = self.zeros.conj(), self.poles.conj()
        gain = np.conj(self.gain) * np.prod(-zeros) / np.prod(-poles)
        return Roots(gain, -self.start - len(zeros) + len(poles), 1 / zeros, 1 / poles)


def _shared(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The roots that both have, as often as both have them, then those left of the first and of the second."""
    one, two = Counter(first.tolist()), Counter(second.tolist())
    both, ours, theirs = (np.array(list(c.elements())) for c in (one & two, one - two, two - one))
    return both, ours, theirs


_NONE = np.zeros(0)
_EPS = float(np.finfo(np.float64).eps)

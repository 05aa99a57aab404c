"""The laws of linear time-invariant systems as pairs of sides that must agree."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np

from .blackbox import Refused

Map = Callable[[np.ndarray], np.ndarray]


@final
@dataclass(frozen=True, eq=False)
class Sides:
    """The two sides of a law, tried with some signals.

    Attributes
    ----------
    left, right : ndarray
        What was compared, from index `start` of the output on.
    start : int
        Index of their first sample.
    scale : float
        The largest finite sample of all outputs that took part.
    """

    left: np.ndarray
    right: np.ndarray
    start: int
    scale: float

    @property
    def differences(self) -> np.ndarray:
        """|left - right| for every sample: 0 for equal NaN and equal infinities, infinite for unequal ones."""
        with np.errstate(all="ignore"):
            difference = np.abs(self.left - self.right)
        same = (self.left == self.right) | (np.isnan(self.left) & np.isnan(self.right))
        return np.where(same, 0.0, np.where(np.isfinite(difference), difference, np.inf))

    @property
    def deviation(self) -> float:
        """The largest difference relative to the scale."""
        worst = float(self.differences.max(initial=0.0))
        if worst == 0:
            return 0.0
        return worst / self.scale if self.scale else np.inf

    @property
    def tells(self) -> bool:
        """Whether something happens where the sides are compared, unless nothing happens anywhere."""
        return self.scale == 0 or largest(self.left, self.right) > 1e-3 * self.scale


def largest(*outputs: np.ndarray) -> float:
    """The largest magnitude among finite samples."""
    return max(float(np.abs(y[np.isfinite(y)]).max(initial=0.0)) for y in outputs)


def outputs_of(f: Map, *signals: np.ndarray) -> list[np.ndarray]:
    """The outputs for signals of equal length, which must have equal lengths too."""
    outputs = [f(x) for x in signals]
    lengths = {y.size for y in outputs}
    if len(lengths) > 1:
        raise Refused(f"f gave {' and '.join(map(str, sorted(lengths)))} samples for inputs of equal length")
    return outputs


def repeatable(f: Map, x: np.ndarray) -> Sides:
    """The same twice: f(x) = f(x)."""
    first, second = outputs_of(f, x, x)
    return Sides(first, second, 0, largest(first, second))


def additive(f: Map, x1: np.ndarray, x2: np.ndarray, least: float = 0.0) -> Sides:
    """f(x1 + x2) = f(x1) + f(x2), on a scale of at least `least`."""
    both, one, other = outputs_of(f, x1 + x2, x1, x2)
    return Sides(both, one + other, 0, max(least, largest(both, one, other)))


def homogeneous(f: Map, factor: float, x: np.ndarray, least: float = 0.0) -> Sides:
    """f(factor x) = factor f(x), on a scale of at least `least`."""
    left, y = outputs_of(f, factor * x, x)
    right = factor * y
    return Sides(left, right, 0, max(least, largest(left, right)))


def shifted(f: Map, x: np.ndarray, shift: int, late: int, guard: int = 0) -> Sides:
    """f(x[n - shift]) = f(x)[n - late], where both sides lie at least `guard` samples away from the ends.

    The shift must not push samples of x other than zeros over an end.
    """
    y, left = outputs_of(f, x, delayed(x, shift))
    low = guard + max(0, late)
    high = max(low, y.size - guard + min(0, late))
    return Sides(left[low:high], y[low - late : high - late], low, largest(y, left))


def delayed(x: np.ndarray, shift: int) -> np.ndarray:
    """The signal x[n - shift] on the indices of x."""
    moved = np.zeros_like(x)
    if abs(shift) < x.size:
        moved[max(0, shift) : x.size + min(0, shift)] = x[max(0, -shift) : x.size - max(0, shift)]
    return moved


def placed(burst: np.ndarray, at: int, length: int) -> np.ndarray:
    """A burst in the middle of silence: its samples from index `at` on, zeros elsewhere."""
    x = np.zeros(length)
    x[at : at + burst.size] = burst
    return x

"""Mean and spread of every window of a signal, without cancellation."""

from dataclasses import dataclass
from typing import final

import numpy as np


def sliding_moments(x: np.ndarray, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and spread Σ (x - mean)² of every window of the given shape along the last axes.

    Windows are put together from shorter ones, twice as long each time, so that it takes O(N log K) operations. Joining
    two adds terms that are not negative, where Σx² - (Σx)² / K would subtract, and means are kept as distances from the
    first sample of their window: rounding is relative to what varies inside a window, whatever its offset, and whatever
    happens elsewhere.

    Parameters
    ----------
    x : ndarray of float64, (..., N) or (..., N1, N2)
        Samples.
    shape : tuple of int
        Size of the windows along the last axes, at most that of x.

    Returns
    -------
    mean, spread : ndarray, (..., N - K + 1) or (..., N1 - K1 + 1, N2 - K2 + 1)

    References
    ----------
    Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983, equation 2.1.

    Examples
    --------
    >>> mean, spread = sliding_moments(np.array([1.0, 2.0, 3.0, 7.0]), (3,))
    >>> mean, spread
    (array([2., 4.]), array([ 2., 14.]))
    """
    windows = Windows(x, np.zeros_like(x), np.zeros_like(x), 1)
    for axis, length in enumerate(shape, start=-len(shape)):
        windows = _lengthened(windows, axis, length)
    return windows.first + windows.rise, windows.spread


@final
@dataclass(frozen=True)
class Windows:
    """All windows of one shape, by where they begin.

    Attributes
    ----------
    first : ndarray
        Their first samples.
    rise : ndarray
        Their means, less their first samples.
    spread : ndarray
        Sums of the squared distances of their samples from their means.
    size : int
        Number of samples in each.
    """

    first: np.ndarray
    rise: np.ndarray
    spread: np.ndarray
    size: int

    def joined(self, other: "Windows", axis: int, shift: int) -> "Windows":
        """The union of each window with the other one that begins `shift` places after it."""
        count = other.first.shape[axis] - shift
        before, after = (slice(0, count),), (slice(shift, shift + count),)
        if axis == -2:
            before, after = (*before, slice(None)), (*after, slice(None))
        here, there = (..., *before), (..., *after)
        first, size = self.first[here], self.size + other.size
        apart = (other.first[there] - first) + (other.rise[there] - self.rise[here])
        rise = self.rise[here] + apart * (other.size / size)
        spread = self.spread[here] + other.spread[there] + apart**2 * (self.size * other.size / size)
        return Windows(first, rise, spread, size)


def _lengthened(windows: Windows, axis: int, length: int) -> Windows:
    """Unions of `length` neighbours along an axis, put together by the binary digits of the length."""
    result, covered = None, 0
    doubled, reach = windows, 1
    while True:
        if length & reach:
            result = doubled if result is None else result.joined(doubled, axis, covered)
            covered += reach
        if result is not None and covered == length:
            return result
        doubled = doubled.joined(doubled, axis, reach)
        reach *= 2

"""Pooling: one number for every window of a signal or an image."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from ..graph import Array, Pullback, primitive
from .products import matrix_product

Slices = tuple[slice, ...]


@dataclass(frozen=True)
class Windows:
    """Where the windows lie: size, stride, padding and dilation for each axis of the signal.

    With ``ceil`` a last window may stick out at the end, if it begins inside.

    Raises
    ------
    ValueError
        If a size, stride or dilation is below 1, or the padding is negative or more than half the size.

    Examples
    --------
    >>> Windows((2, 2), (2, 2), (0, 0), (1, 1)).counts((28, 28))
    (14, 14)
    """

    size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    dilation: tuple[int, ...]
    ceil: bool = False

    def __post_init__(self) -> None:
        for word in ("size", "stride", "dilation"):
            if min(getattr(self, word)) < 1:
                raise ValueError(f"{word} of a pool must be at least 1, got {getattr(self, word)}")
        if any(not 0 <= 2 * p <= k for p, k in zip(self.padding, self.size, strict=True)):
            raise ValueError(f"padding of a pool must be 0 to half the size {self.size}, got {self.padding}")

    def counts(self, extent: tuple[int, ...]) -> tuple[int, ...]:
        """The number of windows along each axis: ⌊(N + 2·padding − dilation·(size − 1) − 1) / stride⌋ + 1."""
        counts = tuple(
            self._count(n + 2 * p - d * (k - 1) - 1, s, n + p)
            for n, k, s, p, d in zip(extent, self.size, self.stride, self.padding, self.dilation, strict=True)
        )
        if min(counts) < 1:
            raise ValueError(f"no window of size {self.size}, dilation {self.dilation} fits into {extent}")
        return counts

    def places(self, extent: tuple[int, ...]) -> Iterator[Slices]:
        """For each place within a window, first to last, the slices that gather it from all windows at once."""
        counts = self.counts(extent)
        for place in product(*map(range, self.size)):
            starts = [k * d for k, d in zip(place, self.dilation, strict=True)]
            yield tuple(
                slice(start, start + (count - 1) * s + 1, s)
                for start, count, s in zip(starts, counts, self.stride, strict=True)
            )

    def _count(self, room: int, stride: int, stop: int) -> int:
        """How many windows there are, the last one beginning before ``stop``, the end of the signal."""
        if not self.ceil:
            return room // stride + 1
        count = -(-room // stride) + 1
        return count - 1 if (count - 1) * stride >= stop else count

    def pad(self, x: Array, value: float) -> Array:
        """The array x with the padding around its last axes, as much behind as the last window needs."""
        extent = self.extent(x)
        widths = [(0, 0)] * (x.ndim - len(self.padding))
        for n, count, k, s, p, d in zip(
            extent, self.counts(extent), self.size, self.stride, self.padding, self.dilation, strict=True
        ):
            widths.append((p, max(p, (count - 1) * s + d * (k - 1) + 1 - p - n)))
        return np.pad(x, widths, constant_values=value) if any(map(any, widths)) else x

    def crop(self, padded: Array, extent: tuple[int, ...]) -> Array:
        """The inside, of the given lengths, of a padded array: the adjoint of ``pad``."""
        return padded[(..., *(slice(p, p + n) for p, n in zip(self.padding, extent, strict=True)))]

    def extent(self, x: Array) -> tuple[int, ...]:
        """The lengths of the axes that windows lie on."""
        return x.shape[x.ndim - len(self.size) :]


@primitive
def max_pool(x: Array, *, windows: Windows) -> tuple[Array, Pullback]:
    """The largest value of each window; the error signal goes to it, to the first one where several are equal.

    Examples
    --------
    >>> max_pool([[[1.0, 3.0, 2.0, 5.0]]], windows=Windows((2,), (2,), (0,), (1,)))
    Variable([[[3., 5.]]])
    """
    padded = windows.pad(x, -np.inf)
    places = [(..., *place) for place in windows.places(windows.extent(x))]
    y = padded[places[0]].copy(order="K")
    for place in places[1:]:
        np.maximum(y, padded[place], out=y)

    def pullback(y_bar: Array) -> tuple[Array]:
        x_bar = np.zeros_like(padded)
        pending = np.ones_like(y, dtype=bool)
        for place in places:
            hit = pending & (padded[place] == y)
            x_bar[place] += y_bar * hit
            pending &= ~hit
        return (windows.crop(x_bar, windows.extent(x)),)

    return y, pullback


@primitive
def avg_pool(x: Array, *, windows: Windows) -> tuple[Array, Pullback]:
    """The mean of each window, the zeros of the padding included.

    Examples
    --------
    >>> avg_pool([[[1.0, 3.0, 2.0, 5.0]]], windows=Windows((2,), (2,), (0,), (1,)))
    Variable([[[2. , 3.5]]])
    """
    padded = windows.pad(x, 0)
    places = [(..., *place) for place in windows.places(windows.extent(x))]
    y = padded[places[0]].copy(order="K")
    for place in places[1:]:
        y += padded[place]
    y /= len(places)

    def pullback(y_bar: Array) -> tuple[Array]:
        x_bar = np.zeros_like(padded)
        share = y_bar / len(places)
        for place in places:
            x_bar[place] += share
        return (windows.crop(x_bar, windows.extent(x)),)

    return y, pullback


@primitive
def lp_pool(x: Array, *, p: float, windows: Windows) -> tuple[Array, Pullback]:
    """The p-norm mean of each window of n places, (Σ |x|^p / n)^{1/p}: between the mean (p = 1) and the maximum.

    Each place gets ȳ · sign(x) (|x| / y)^{p−1} / n, which is 0 in a window of zeros. The zeros of the padding count.

    Examples
    --------
    >>> lp_pool(np.array([[[3.0, 4.0]]]), p=2, windows=Windows((2,), (2,), (0,), (1,))).value.round(4)
    array([[[3.5355]]])
    """
    padded = windows.pad(x, 0)
    places = [(..., *place) for place in windows.places(windows.extent(x))]
    largest = np.abs(padded[places[0]])
    for place in places[1:]:
        np.maximum(largest, np.abs(padded[place]), out=largest)
    scale = np.where(largest > 0, largest, 1)  # powers of numbers up to 1 cannot overflow
    total = np.zeros_like(largest)
    for place in places:
        total += (np.abs(padded[place]) / scale) ** p
    y = largest * (total / len(places)) ** (1 / p)
    nonzero = np.where(y > 0, y, 1)

    def pullback(y_bar: Array) -> tuple[Array]:
        x_bar = np.zeros_like(padded)
        share = y_bar * (y > 0) / len(places)
        for place in places:
            x_bar[place] += share * np.sign(padded[place]) * (np.abs(padded[place]) / nonzero) ** (p - 1)
        return (windows.crop(x_bar, windows.extent(x)),)

    return y, pullback


@primitive
def adaptive_avg_pool(x: Array, *, size: tuple[int, ...]) -> tuple[Array, Pullback]:
    """Means that bring the last axes to the lengths ``size``: number i of n averages x from ⌊i·N/n⌋ to ⌈(i + 1)·N/n⌉.

    Examples
    --------
    >>> adaptive_avg_pool(np.array([[[1.0, 3.0, 2.0]]]), size=(2,))
    Variable([[[2. , 2.5]]])
    """
    first = x.ndim - len(size)
    averages = [_averages(n, length, x) for n, length in zip(size, x.shape[first:], strict=True)]
    y = x
    for axis, matrix in enumerate(averages, first):
        y = _along(matrix, y, axis)

    def pullback(y_bar: Array) -> tuple[Array]:
        for axis, matrix in enumerate(averages, first):
            y_bar = _along(matrix.T, y_bar, axis)
        return (y_bar,)

    return y, pullback


def _averages(n: int, length: int, x: Array) -> Array:
    """The matrix (n, length) whose rows average one stretch each, where x lies and in its dtype."""
    starts, stops = np.arange(n) * length // n, -(-(np.arange(1, n + 1) * length) // n)
    places = np.arange(length)
    inside = (places >= starts[:, None]) & (places < stops[:, None])
    return np.asarray((inside / (stops - starts)[:, None]).astype(x.dtype), like=x)


def _along(matrix: Array, x: Array, axis: int) -> Array:
    if matrix.shape[0] == matrix.shape[1]:
        return x  # every stretch is one sample
    return np.moveaxis(matrix_product(np.moveaxis(x, axis, -1), matrix.T), -1, axis)

"""Pooling: one number for every window of a signal or an image."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from ..graph import Array, Pullback, primitive

Slices = tuple[slice, ...]


@dataclass(frozen=True)
class Windows:
    """Where the windows lie: size, stride, padding and dilation for each axis of the signal.

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

    def __post_init__(self) -> None:
        for word in ("size", "stride", "dilation"):
            if min(getattr(self, word)) < 1:
                raise ValueError(f"{word} of a pool must be at least 1, got {getattr(self, word)}")
        if any(not 0 <= 2 * p <= k for p, k in zip(self.padding, self.size, strict=True)):
            raise ValueError(f"padding of a pool must be 0 to half the size {self.size}, got {self.padding}")

    def counts(self, extent: tuple[int, ...]) -> tuple[int, ...]:
        """The number of windows along each axis: ⌊(N + 2·padding − dilation·(size − 1) − 1) / stride⌋ + 1."""
        counts = tuple(
            (n + 2 * p - d * (k - 1) - 1) // s + 1
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

    def pad(self, x: Array, value: float) -> Array:
        """The array x with the padding around its last axes."""
        if not any(self.padding):
            return x
        widths = [(0, 0)] * (x.ndim - len(self.padding)) + [(p, p) for p in self.padding]
        return np.pad(x, widths, constant_values=value)

    def crop(self, padded: Array) -> Array:
        """The inside of a padded array: the adjoint of ``pad``."""
        return padded[(..., *(slice(p, n - p) for p, n in zip(self.padding, self.extent(padded), strict=True)))]

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
    y = padded[places[0]].copy()
    for place in places[1:]:
        np.maximum(y, padded[place], out=y)

    def pullback(y_bar: Array) -> tuple[Array]:
        x_bar = np.zeros_like(padded)
        pending = np.ones(y.shape, dtype=bool)
        for place in places:
            hit = pending & (padded[place] == y)
            x_bar[place] += y_bar * hit
            pending &= ~hit
        return (windows.crop(x_bar),)

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
    y = padded[places[0]].copy()
    for place in places[1:]:
        y += padded[place]
    y /= len(places)

    def pullback(y_bar: Array) -> tuple[Array]:
        x_bar = np.zeros_like(padded)
        share = y_bar / len(places)
        for place in places:
            x_bar[place] += share
        return (windows.crop(x_bar),)

    return y, pullback

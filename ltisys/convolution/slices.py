"""Slices of a batch, with their signals in the lanes: taken from arrays that lie either way in memory, and put back.

An array of a bank is (B, C, …), the channels of all groups in one. In memory it lies in that order, or with the batch
innermost, as [pixel][channel][batch]: then slices are copied, not transposed. Results that were computed in the lanes
lie so, and what NumPy makes of them element by element does too; so in a chain of banks only the first one transposes.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from . import threads
from .compilation import kernel, part
from .lines import LINE, on_a_line
from .rows import copy, copy_vectors
from .simd import lanes_of
from .team import shared, task_of
from .transpose import into_lanes, out_of_lanes

SAMPLE = 0.4  # ns to bring one from one order of memory to the other


class Stored(NamedTuple):
    """An array of a bank as it lies in memory.

    Attributes
    ----------
    samples : ndarray
        All of it, raveled.
    innermost : bool
        Whether it lies as [pixel][channel][batch] instead of [batch][channel][pixel].
    n_batch, n_channels, n_pixels : int
        Its lengths.
    """

    samples: np.ndarray
    innermost: bool
    n_batch: int
    n_channels: int
    n_pixels: int


def batch_is_innermost(array: np.ndarray) -> bool:
    """Tell whether an array (B, C, …) lies in memory as [pixel][channel][batch].

    Examples
    --------
    >>> batch_is_innermost(np.zeros((2, 3, 4))), batch_is_innermost(np.zeros((4, 3, 2)).T)
    (False, True)
    """
    flags, rank = array.flags, array.ndim
    if rank < 3 or flags.c_contiguous:
        return False
    if rank == 3:
        return flags.f_contiguous
    return array.transpose(_as_it_lies(rank)).flags.c_contiguous


@lru_cache(maxsize=8)
def _as_it_lies(rank: int) -> tuple[int, ...]:
    """Return the axes that bring an array (B, C, …) with the batch innermost into the order of its memory."""
    return (*range(2, rank), 1, 0)


@lru_cache(maxsize=8)
def _as_it_is_read(rank: int) -> tuple[int, ...]:
    """Return the axes that undo `_as_it_lies`."""
    return (rank - 1, rank - 2, *range(rank - 2))


def lying(array: np.ndarray) -> tuple[np.ndarray, bool]:
    """Return an array (B, C, …), contiguous in one of the two orders of memory, and whether the batch is innermost.

    Examples
    --------
    >>> lying(np.zeros((4, 3, 2)).T)[1], lying(np.zeros((2, 3, 8))[..., ::2])[0].strides
    (True, (96, 32, 8))
    """
    if array.flags.c_contiguous:
        return array, False
    return (array, True) if batch_is_innermost(array) else (np.ascontiguousarray(array), False)


def ordered(array: np.ndarray, innermost: bool) -> np.ndarray:
    """Return an array (B, C, …) in one of the two orders of memory, itself where it lies so.

    Examples
    --------
    >>> array = ordered(np.zeros((2, 3, 4)), True)
    >>> batch_is_innermost(array), batch_is_innermost(ordered(array, False))
    (True, False)
    """
    if not innermost:
        return outermost(array)
    return array if batch_is_innermost(array) else into_batch_innermost(array)


def merged(array: np.ndarray) -> np.ndarray:
    """Return an array (B, G, C, H, W) as (B, G·C, H, W)."""
    n_batch, n_groups, n_channels, *size = array.shape
    return array.reshape(n_batch, n_groups * n_channels, *size)


def raveled(array: np.ndarray) -> np.ndarray:
    """Return all samples of an array that is contiguous in some order as they lie in memory, read-only."""
    samples = array.ravel("K")
    samples.setflags(False)  # pyright: ignore[reportCallIssue] see `frozen`
    return samples


def within_zeros(array: np.ndarray, rows: tuple[int, int], columns: tuple[int, int], innermost: bool) -> np.ndarray:
    """Return an array (B, C, H, W) with so many zeros before and after, in one of the two orders of memory.

    Examples
    --------
    >>> within_zeros(np.ones((1, 1, 1, 2)), (0, 0), (1, 2), False).ravel()
    array([0., 1., 1., 0., 0.])
    """
    n_batch, n_channels, height, width = array.shape
    height, width = height + sum(rows), width + sum(columns)
    if innermost:
        result = np.zeros((height, width, n_channels, n_batch), array.dtype).transpose(3, 2, 0, 1)
    else:
        result = np.zeros((n_batch, n_channels, height, width), array.dtype)
    result[..., rows[0] : height - rows[1], columns[0] : width - columns[1]] = array
    return result


def with_batch_innermost(shape: tuple[int, ...], dtype) -> np.ndarray:
    """Return an empty array (B, C, …) that lies in memory as [pixel][channel][batch].

    Examples
    --------
    >>> with_batch_innermost((2, 3, 4), np.float32).strides
    (4, 8, 24)
    """
    n_batch, n_channels, *pixels = shape
    dtype, lying = np.dtype(dtype), (*pixels, n_channels, n_batch)
    array = np.empty(lying, dtype) if n_batch * dtype.itemsize % LINE else on_a_line(lying, dtype)
    return array.transpose(_as_it_is_read(len(shape)))


def empty(shape: tuple[int, ...], dtype, innermost: bool) -> np.ndarray:
    """Return an empty array (B, C, …) in one of the two orders of memory."""
    return with_batch_innermost(shape, dtype) if innermost else np.empty(shape, dtype)


def stored(array: np.ndarray, innermost: bool, *, frozen: bool = True) -> Stored:
    """Return an array (B, C, …), contiguous in the order of memory that is said."""
    n_batch, n_channels, *size = array.shape
    return Stored(raveled(array) if frozen else array.ravel("K"), innermost, n_batch, n_channels, math.prod(size))


def frozen(array: np.ndarray) -> np.ndarray:
    """Return a read-only view: one compiled kernel then serves arrays that may and may not be written.

    Examples
    --------
    >>> frozen(np.zeros(2)).flags.writeable
    False
    """
    view = array.view()
    view.setflags(False)  # pyright: ignore[reportCallIssue] by position it takes half the time, which is a tenth of a call
    return view


def outermost(array: np.ndarray) -> np.ndarray:
    """Return an array (B, C, …) in the ordinary order of memory, itself where it lies so."""
    if array.flags.c_contiguous:
        return array
    if array.dtype.kind != "f" or not batch_is_innermost(array):
        return np.ascontiguousarray(array)
    result = np.empty(array.shape, array.dtype)
    _exchange(array, True, result)
    return result


def into_batch_innermost(array: np.ndarray) -> np.ndarray:
    """Return a copy of an array (B, C, …) that lies in memory with the batch innermost."""
    result = with_batch_innermost(array.shape, array.dtype)
    if array.dtype.kind == "f":
        _exchange(np.ascontiguousarray(array), False, result)
    else:
        result[...] = array
    return result


def _exchange(array, innermost, result):
    """Copy a real array that lies in one order of memory to one in the other, both (B, C, …)."""
    given, wanted = stored(array, innermost), stored(result, not innermost, frozen=False)
    exchange(given, wanted, *threads.board_for(SAMPLE * array.size))


@kernel
def exchange(x, y, board, threads):
    """Write y from x, both `Stored`, of which one has the batch innermost; return True. See `team.shared`."""
    lanes = lanes_of(x.samples.itemsize)
    return shared(_exchanged((x, y)), (x.n_batch + lanes - 1) // lanes, 1, board, threads)


@part
def _exchange_some(x, y, who, start, stop):
    """Do the signals of the vectors start … stop − 1."""
    lanes, stride = lanes_of(x.samples.itemsize), x.n_channels * x.n_pixels
    b = start * lanes
    n = min(stop * lanes, x.n_batch) - b
    if x.innermost:
        shape = (x.n_pixels, x.n_channels, n, x.n_batch)
        out_of_lanes(x.samples, b, y.samples, b * stride, stride, shape)
    else:
        shape = (x.n_pixels, x.n_channels, n, x.n_batch, x.n_channels)
        into_lanes(x.samples, b * stride, stride, shape, y.samples, b)
    return True


_exchanged: Any = task_of(_exchange_some)


def by_channel(array: np.ndarray, innermost: bool) -> np.ndarray:
    """Return a view (outer, C, inner), contiguous, of an array (B, C, …) in the order of memory that is said.

    Examples
    --------
    >>> array = np.zeros((2, 3, 4, 5))
    >>> by_channel(array, False).shape, by_channel(ordered(array, True), True).shape
    ((2, 3, 20), (20, 3, 2))
    """
    n_batch, n_channels, *size = array.shape
    if innermost:
        return array.ravel("K").reshape(math.prod(size), n_channels, n_batch)
    return array.reshape(n_batch, n_channels, math.prod(size))


@part
def take(x, b, n, pitches, out):
    """Write out[(p·rows + c)·pitch + j] = x[b + j, c, p] for j < n and pitches = (pitch, rows), from x as `Stored`."""
    pitch, rows = pitches
    if not x.innermost:
        stride = x.n_channels * x.n_pixels
        into_lanes(x.samples, b * stride, stride, (x.n_pixels, x.n_channels, n, pitch, rows), out, 0)
        return
    lanes = lanes_of(out.itemsize)
    for p in range(x.n_pixels):
        first, to = p * x.n_channels * x.n_batch + b, p * rows * pitch
        for j in range(0, n, lanes):
            if n - j >= lanes:
                copy_vectors(x.samples, first + j, x.n_batch, out, to + j, pitch, x.n_channels)
            else:
                for c in range(x.n_channels):
                    copy(x.samples, first + c * x.n_batch + j, out, to + c * pitch + j, n - j)


@part
def put(sums, y, b, n):
    """Write y[b + j, c, p] = sums[(p·C + c)·n + j] for j < n, to y as `Stored`; n is a multiple of the lanes."""
    if not y.innermost:
        stride = y.n_channels * y.n_pixels
        out_of_lanes(sums, 0, y.samples, b * stride, stride, (y.n_pixels, y.n_channels, n, n))
        return
    for j in range(0, n, lanes_of(sums.itemsize)):
        copy_vectors(sums, j, n, y.samples, b + j, y.n_batch, y.n_channels * y.n_pixels)

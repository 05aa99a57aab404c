"""Slices of a batch, with their signals in the lanes: taken from arrays that lie either way in memory, and put back.

An array of a bank is (B, G, C, H, W). In memory it lies in that order, or with the batch innermost, as [pixel][channel]
[batch]: then slices are copied, not transposed. Results that were computed in the lanes lie so, and what NumPy makes of
them element by element does too; so in a chain of banks only the first one transposes.
"""

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
        Its lengths, all groups in one.
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
    if array.ndim < 3 or array.flags.c_contiguous:
        return False
    if array.ndim == 3:
        return array.flags.f_contiguous
    return array.transpose(*range(2, array.ndim), 1, 0).flags.c_contiguous


def groups_innermost(array: np.ndarray) -> bool:
    """Tell whether an array (B, G, C, H, W) lies in memory as [pixel][group][channel][batch]."""
    return not array.flags.c_contiguous and array.transpose(3, 4, 1, 2, 0).flags.c_contiguous


def ordered(array: np.ndarray, innermost: bool) -> np.ndarray:
    """Return an array (B, G, C, H, W) in one of the two orders of memory, itself where it lies so.

    Examples
    --------
    >>> array = ordered(np.zeros((2, 1, 3, 1, 4)), True)
    >>> groups_innermost(array), groups_innermost(ordered(array, False))
    (True, False)
    """
    if array.flags.c_contiguous if not innermost else groups_innermost(array):
        return array
    merged = array.reshape(len(array), array.shape[1] * array.shape[2], *array.shape[3:])
    return (into_batch_innermost if innermost else outermost)(merged).reshape(array.shape)


def raveled(array: np.ndarray) -> np.ndarray:
    """Return all samples of an array (B, G, C, H, W) as they lie in memory, read-only."""
    samples = (array.transpose(3, 4, 1, 2, 0) if groups_innermost(array) else array).reshape(-1)
    samples.flags.writeable = False
    return samples


def within_zeros(array: np.ndarray, rows: tuple[int, int], columns: tuple[int, int], innermost: bool) -> np.ndarray:
    """Return an array (B, G, C, H, W) with so many zeros before and after, in one of the two orders of memory.

    Examples
    --------
    >>> within_zeros(np.ones((1, 1, 1, 1, 2)), (0, 0), (1, 2), False).ravel()
    array([0., 1., 1., 0., 0.])
    """
    n_batch, n_groups, n_channels, height, width = array.shape
    height, width = height + sum(rows), width + sum(columns)
    if innermost:
        result = np.zeros((height, width, n_groups, n_channels, n_batch), array.dtype).transpose(4, 2, 3, 0, 1)
    else:
        result = np.zeros((n_batch, n_groups, n_channels, height, width), array.dtype)
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
    return array.transpose(-1, -2, *range(len(pixels)))


def empty_like(model: np.ndarray) -> np.ndarray:
    """Return an empty array that lies in memory as an array (B, C, …) does, contiguous either way."""
    if batch_is_innermost(model):
        return with_batch_innermost(model.shape, model.dtype)
    return np.empty(model.shape, model.dtype)


def stored(array: np.ndarray, *, frozen: bool = True) -> Stored:
    """Return an array (B, G, C, H, W) as it lies in memory; one that lies neither way is copied, if it is frozen."""
    n_batch, n_groups, n_channels, height, width = array.shape
    sizes = n_batch, n_groups * n_channels, height * width
    if innermost := groups_innermost(array):
        samples = array.transpose(3, 4, 1, 2, 0).reshape(-1)
    else:
        samples = (np.ascontiguousarray(array) if frozen else array).reshape(-1)
    if frozen:
        samples.flags.writeable = False
    return Stored(samples, innermost, *sizes)


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
    _exchange(array, result)
    return result


def lying_like(array: np.ndarray, model: np.ndarray) -> np.ndarray:
    """Return an array (B, C, …) that lies in memory as the model does, itself where it lies so."""
    if not batch_is_innermost(model):
        return outermost(array)
    if batch_is_innermost(array):
        return array
    return into_batch_innermost(array)


def into_batch_innermost(array: np.ndarray) -> np.ndarray:
    """Return a copy of an array (B, C, …) that lies in memory with the batch innermost."""
    result = with_batch_innermost(array.shape, array.dtype)
    if array.dtype.kind == "f":
        _exchange(np.ascontiguousarray(array), result)
    else:
        result[...] = array
    return result


def _exchange(array, result):
    """Copy a real array to one in the other order of memory, both (B, C, …)."""
    n_batch, n_channels = array.shape[:2]
    given, wanted = (each.reshape(n_batch, n_channels, 1, 1, -1) for each in (array, result))
    exchange(stored(given), stored(wanted, frozen=False), *threads.board_for(SAMPLE * array.size))


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


def by_channel(array: np.ndarray) -> np.ndarray:
    """Return an array (B, C, …) as (outer, C, inner), contiguous: a view of one that lies either way in memory.

    Examples
    --------
    >>> by_channel(np.zeros((2, 3, 4, 5))).shape, by_channel(with_batch_innermost((2, 3, 4, 5), float)).shape
    ((2, 3, 20), (20, 3, 2))
    """
    if batch_is_innermost(array):
        return array.transpose(*range(2, array.ndim), 1, 0).reshape(-1, array.shape[1], len(array))
    return np.ascontiguousarray(array).reshape(*array.shape[:2], -1)


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

"""Slices of a batch, with their signals in the lanes: taken from arrays that lie either way in memory, and put back.

An array of a bank is (B, G, C, H, W). In memory it lies in that order, or with the batch innermost, as [pixel][channel]
[batch]: then slices are copied, not transposed. Results that were computed in the lanes lie so, and what NumPy makes of
them element by element does too; so in a chain of banks only the first one transposes.
"""

from typing import NamedTuple

import numpy as np

from .cache import kernel
from .rows import copy, copy_vectors
from .simd import lanes_of
from .transpose import into_lanes, out_of_lanes


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
    return array.transpose(*range(2, array.ndim), 1, 0).flags.c_contiguous


def with_batch_innermost(shape: tuple[int, ...], dtype) -> np.ndarray:
    """Return an empty array (B, C, …) that lies in memory as [pixel][channel][batch].

    Examples
    --------
    >>> with_batch_innermost((2, 3, 4), np.float32).strides
    (4, 8, 24)
    """
    n_batch, n_channels, *pixels = shape
    array = np.empty((*pixels, n_channels, n_batch), dtype)
    return array.transpose(-1, -2, *range(len(pixels)))


def stored(array: np.ndarray, *, frozen: bool = True) -> Stored:
    """Return an array (B, G, C, H, W) as it lies in memory; one that lies neither way is copied, if it is frozen."""
    n_batch, n_groups, n_channels, height, width = array.shape
    sizes = n_batch, n_groups * n_channels, height * width
    if innermost := _groups_innermost(array):
        samples = array.transpose(3, 4, 1, 2, 0).reshape(-1)
    else:
        samples = (np.ascontiguousarray(array) if frozen else array).reshape(-1)
    if frozen:
        samples.flags.writeable = False
    return Stored(samples, innermost, *sizes)


def outermost(array: np.ndarray) -> np.ndarray:
    """Return an array (B, C, …) in the ordinary order of memory, itself where it lies so."""
    if array.flags.c_contiguous:
        return array
    if array.dtype.kind != "f" or not batch_is_innermost(array):
        return np.ascontiguousarray(array)
    n_batch, n_channels, n_pixels = *array.shape[:2], int(np.prod(array.shape[2:]))
    result = np.empty(array.shape, array.dtype)
    samples = array.transpose(*range(2, array.ndim), 1, 0).reshape(-1)
    samples.flags.writeable = False
    out_of_lanes(samples, result.reshape(-1), 0, n_channels * n_pixels, (n_pixels, n_channels, n_batch))
    return result


def lying_like(array: np.ndarray, model: np.ndarray) -> np.ndarray:
    """Return an array (B, C, …) that lies in memory as the model does, itself where it lies so."""
    if not batch_is_innermost(model):
        return outermost(array)
    if batch_is_innermost(array):
        return array
    result = with_batch_innermost(array.shape, array.dtype)
    if array.dtype.kind != "f":
        result[...] = array
        return result
    n_batch, n_channels, n_pixels = *array.shape[:2], int(np.prod(array.shape[2:]))
    samples, target = np.ascontiguousarray(array).reshape(-1), result.transpose(*range(2, array.ndim), 1, 0).reshape(-1)
    samples.flags.writeable = False
    into_lanes(samples, 0, n_channels * n_pixels, (n_pixels, n_channels, n_batch, n_batch, n_channels), target)
    return result


def _groups_innermost(array):
    return not array.flags.c_contiguous and array.transpose(3, 4, 1, 2, 0).flags.c_contiguous


@kernel
def take(x, b, n, pitches, out):
    """Write out[(p·rows + c)·pitch + j] = x[b + j, c, p] for j < n and pitches = (pitch, rows), from x as `Stored`."""
    pitch, rows = pitches
    if not x.innermost:
        stride = x.n_channels * x.n_pixels
        into_lanes(x.samples, b * stride, stride, (x.n_pixels, x.n_channels, n, pitch, rows), out)
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


@kernel
def put(sums, y, b, n):
    """Write y[b + j, c, p] = sums[(p·C + c)·n + j] for j < n, to y as `Stored`; n is a multiple of the lanes."""
    if not y.innermost:
        stride = y.n_channels * y.n_pixels
        out_of_lanes(sums, y.samples, b * stride, stride, (y.n_pixels, y.n_channels, n))
        return
    for j in range(0, n, lanes_of(sums.itemsize)):
        copy_vectors(sums, j, n, y.samples, b + j, y.n_batch, y.n_channels * y.n_pixels)

"""Long responses by overlap-save: blocks of the signal multiplied by the spectrum of the kernel.

Blocks run along the last axis; the other axis is transformed whole. The relation of any geometry is a full convolution
of the input spread out by `spread` and the kernel spread out by |step|, read at every `stride`-th index.
"""

import math
from typing import Any

import numpy as np

from .geometry import Geometry, dilated_length

BLOCK_PER_TAP = 8  # a block this many times longer than the kernel wastes an eighth of the transform
SMALLEST_BLOCK = 8192  # shorter blocks cost more in calls than they save in transforms
SPECTRUM_BYTES = 64 << 20


def block_length(rows: Geometry, columns: Geometry) -> tuple[int, int]:
    """Return the transform lengths along both axes."""
    height = dilated_length(rows.n_in, rows.spread) + dilated_length(rows.n_kernel, abs(rows.step)) - 1
    taps = dilated_length(columns.n_kernel, abs(columns.step))
    needed = taps - 1 + columns.stride * (columns.n_out - 1) + 1
    width = min(needed, max(BLOCK_PER_TAP * taps, SMALLEST_BLOCK))
    import scipy.fft  # takes longer to load than most calls to run, and few need it

    fast: Any = scipy.fft.next_fast_len
    return fast(height, True), fast(width, True)


def error_factor(rows: Geometry, columns: Geometry, dtype: np.dtype) -> float:
    """Return the promised error divided by Σ|h|·max|x|."""
    height, width = block_length(rows, columns)
    return 8 * float(np.finfo(dtype).eps) * math.log2(max(2, height * width))


def convolve_fft(w, x, y, rows: Geometry, columns: Geometry):
    """Write y (B, G, M, H', W') = w (G, M, C, KH, KW) applied to x (B, G, C, H, W); all samples finite."""
    import scipy.fft

    lengths = block_length(rows, columns)
    transform: Any  # scipy.fft is typed by its dispatcher, not by what it returns
    inverse: Any
    if x.dtype.kind == "c":
        transform, inverse = scipy.fft.fft2, scipy.fft.ifft2
    else:
        transform, inverse = scipy.fft.rfft2, scipy.fft.irfft2
    kernel = _spread_out(_spread_out(w, 3, rows.step), 4, columns.step)
    kernel_spectrum: Any = transform(kernel, lengths)
    first_row, first = _first_index(rows), _first_index(columns)
    n_rows, length = rows.stride * (rows.n_out - 1) + 1, columns.stride * (columns.n_out - 1) + 1
    history = kernel.shape[-1] - 1
    fresh = lengths[1] - history
    places = np.arange(first_row, first_row + n_rows, rows.stride)
    inside = (places >= 0) & (places < lengths[0])  # beyond the full convolution there is nothing to read
    batch_size = max(1, SPECTRUM_BYTES // (16 * lengths[0] * lengths[1] * x.shape[1] * max(w.shape[1:3])))
    for start in range(0, len(x), batch_size):
        batch = slice(start, start + batch_size)
        source = _spread_out(x[batch], 3, -rows.spread)
        for begin in range(0, length, fresh):
            block = _window(source, columns, first + begin - history, lengths[1])
            spectrum = transform(block, lengths)
            if w.shape[2] == 1:
                product = spectrum * kernel_spectrum[:, :, 0]
            else:
                product = np.einsum("gmckl,bgckl->bgmkl", kernel_spectrum, spectrum)
            result = inverse(product, lengths)[..., history:]
            skip = -begin % columns.stride  # the first index of this block that is an output
            kept = result[..., skip : min(fresh, length - begin) : columns.stride]
            o = (begin + skip) // columns.stride
            y[batch, :, :, :, o : o + kept.shape[-1]] = 0
            y[batch, :, :, inside, o : o + kept.shape[-1]] = kept[..., places[inside], :]


def _first_index(g: Geometry) -> int:
    """Return the index, in the full convolution, of output 0."""
    return -g.offset + (g.step * (g.n_kernel - 1) if g.step > 0 else 0)


def _spread_out(array, axis, step):
    """Put |step| − 1 zeros between the samples along one axis, reversed when step > 0 (a correlation)."""
    array = np.moveaxis(array, axis, -1)
    array = array[..., ::-1] if step > 0 else array
    if abs(step) > 1:
        spread = np.zeros((*array.shape[:-1], dilated_length(array.shape[-1], abs(step))), array.dtype)
        spread[..., :: abs(step)] = array
        array = spread
    return np.moveaxis(array, -1, axis)


def _window(source, columns, start, length):
    """Return `length` positions of the spread-out input from `start` on, zero outside its support."""
    window = np.zeros((*source.shape[:-1], length), source.dtype)
    first = max(0, -(-start // columns.spread))
    stop = min(source.shape[-1], -(-(start + length) // columns.spread))
    if first < stop:
        place = first * columns.spread - start
        window[..., place : place + (stop - first - 1) * columns.spread + 1 : columns.spread] = source[..., first:stop]
    return window

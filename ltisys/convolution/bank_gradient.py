"""The gradient of a bank: which kernel makes it, on what, and how the sums are cut into shares.

With enough maps these lie in the lanes (`map_products`), otherwise the positions do (`products`).
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from . import dense, map_products, products, threads
from .flat import cut_of, n_pieces
from .gemm import PIECE_BYTES, PRODUCT, order_of, real_samples
from .geometry import Geometry
from .lattice import form_of, lattice_of
from .simd import lanes_of
from .slices import frozen, groups_innermost, ordered, raveled, within_zeros

FEW_CHANNELS = 4  # with fewer, the streams are those of all taps
LEAST_OUTPUTS = 512  # per piece, so that the sums of sums stay short
SHARES = 8  # independent sums
SHARED_BYTES = 16 << 20  # that all shares may take


def wrt_kernel(x, y_bar, rows, columns):
    """Return w̄ (G, M, C, KH, KW), the correlation of y_bar (B, G, M, H', W') with x (B, G, C, H, W).

    Where a sample of either is not finite the result is not finite somewhere, though not exactly where it should be.
    """
    if x.dtype.kind == "f":
        return _gradient(x, y_bar, rows, columns)
    of_real, of_imaginary = np.split(_gradient(real_samples(x), real_samples(y_bar), rows, columns), 2, axis=1)
    n = x.shape[2]
    return of_real[:, :, :n] - of_imaginary[:, :, n:] + 1j * (of_real[:, :, n:] + of_imaginary[:, :, :n])


def _gradient(x, y_bar, rows, columns):
    """Return the gradient of real arrays, by the kernel that its shapes ask for."""
    if dense.serves((x.shape[1], y_bar.shape[2], x.shape[2], 1, 1), rows, columns, x.itemsize):
        return dense.wrt_kernel(x, y_bar)
    shape = (x.shape[1], y_bar.shape[2], x.shape[2], rows.n_kernel, columns.n_kernel)
    crew = threads.board_for(math.prod(shape) * len(x) * rows.n_out * columns.n_out * PRODUCT * x.itemsize / 4)
    if map_products.serves(shape[1], x.itemsize):
        return _gradient_by_maps(x, y_bar, rows, columns, shape, crew)
    x, y_bar = frozen(ordered(x, False)), frozen(ordered(y_bar, False))
    lattice = lattice_of(rows, columns)
    cut = cut_of(lattice, len(x), PIECE_BYTES // (shape[2] * len(lattice.planes) * x.itemsize), LEAST_OUTPUTS)
    n = n_pieces(lattice, cut)
    shares = _shares(n, (*shape[:2], shape[2] * len(lattice.taps)), x.dtype)
    products.correlate_shares(x, y_bar, shares, form_of(rows, columns), cut, n, *crew)
    total, places = _sum(shares).reshape(*shape[:3], -1), order_of(rows, columns)[0]
    if _reads_in_order(rows, columns):
        return total.reshape(shape)
    w_bar = np.zeros((*shape[:3], math.prod(shape[3:])), x.dtype)
    w_bar[..., places] = total
    return w_bar.reshape(shape)


def _gradient_by_maps(x, y_bar, rows, columns, shape, crew):
    """Return the gradient of a bank of this shape (G, M, C, KH, KW) with its maps in the lanes, see `map_products`."""
    n_groups, n_maps, n_channels, *taps = shape
    streams = _streams(shape, len(x), rows, columns, x.itemsize)
    x = ordered(x, streams.innermost)
    if streams.border:
        x = within_zeros(x, *streams.border, streams.innermost)
    field = map_products.field_of(x.shape, streams.innermost)
    lies_innermost = groups_innermost(y_bar)
    given = map_products.field_of(y_bar.shape, lies_innermost)
    shares = _shares(streams.n_chunks, streams.sums, x.dtype)
    errors = np.empty(n_groups * streams.sums[-1] * given.n_batch * given.n_pixels, x.dtype)
    map_products.lay_out_errors(raveled(ordered(y_bar, lies_innermost)), given, streams.innermost, errors, *crew)
    form = streams.shifts, frozen(errors), shares, streams.geometries, streams.cut
    map_products.correlate_shares(raveled(x), field, *form, *crew)
    n_streams = math.prod(shape[2:]) // streams.sums[1]
    w_bar = _sum(shares[..., :n_streams, :n_maps]).reshape(n_groups, *taps, n_channels, n_maps)
    return w_bar.transpose(0, 4, 3, 1, 2)


class _Streams(NamedTuple):
    """All that follows from the shapes of a gradient with the maps in the lanes: how samples lie, and how work is cut.

    `border` is how many zeros the samples get around them, None unless all taps are streams; `sums` is the shape of a
    share.
    """

    innermost: bool
    border: tuple[tuple[int, int], tuple[int, int]] | None
    geometries: tuple[tuple[int, ...], tuple[int, ...]]
    shifts: np.ndarray
    cut: tuple[int, int]
    n_chunks: int
    sums: tuple[int, int, int, int]


@lru_cache(maxsize=256)
def _streams(shape, n_batch, rows, columns, itemsize) -> _Streams:
    n_groups, n_maps, n_channels, *taps = shape
    innermost = n_batch >= lanes_of(itemsize)  # however the arrays lie: the order of the sums depends on it
    border, size, first = None, (rows.n_in, columns.n_in), np.zeros(1, np.int64)
    geometries = tuple(rows), tuple(columns)
    if n_channels < FEW_CHANNELS and max(taps) > 1 and rows.spread == columns.spread == 1:
        border = rows.reach(), columns.reach()
        size = size[0] + sum(border[0]), size[1] + sum(border[1])
        k, l = (b[0] + g.step * np.arange(g.n_kernel) - g.offset for b, g in zip(border, (rows, columns), strict=True))
        first = (k[:, None] * size[1] + l).ravel()
        geometries = (
            (rows.n_out, 1, size[0], rows.stride, 1, 1, 0),
            (columns.n_out, 1, size[1], columns.stride, 1, 1, 0),
        )
    field = map_products.field_of((n_batch, n_groups, n_channels, *size), innermost)
    shifts = (first[:, None] * field.by_pixel + np.arange(n_channels) * field.by_channel).ravel()
    shifts = np.append(shifts, np.repeat(shifts[-1:], -len(shifts) % map_products.SHORT))
    n_outputs = rows.n_out * columns.n_out
    cut = map_products.cut_of(n_batch, n_outputs, innermost)
    n_chunks = -(-n_batch // cut[0]) * -(-n_outputs // cut[1])
    sums = n_groups, geometries[0][1] * geometries[1][1], len(shifts), map_products.width_of(n_maps, itemsize)
    return _Streams(innermost, border, geometries, frozen(shifts), cut, n_chunks, sums)


@lru_cache(maxsize=256)
def _reads_in_order(rows: Geometry, columns: Geometry) -> bool:
    """Tell whether the tiles read all taps in the order in which they lie."""
    return np.array_equal(order_of(rows, columns)[0], np.arange(rows.n_kernel * columns.n_kernel))


def _shares(n, shape, dtype):
    """Return zeros for independent sums over n items.

    How many sums there are follows from n and their size, not from the threads, and so does every rounding.
    """
    n_bytes = int(np.prod(shape)) * dtype.itemsize
    return np.zeros((max(1, min(SHARES, n, SHARED_BYTES // max(1, n_bytes))), *shape), dtype)


def _sum(shares):
    total = shares[0]
    for share in shares[1:]:
        total += share
    return total

"""The gradient of a bank: which kernel makes it, on what, and how the sums are cut into shares.

With enough maps these lie in the lanes (`map_products`, `winograd_gradient`), otherwise the positions (`products`).
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from . import dense, map_products, products, threads, winograd_gradient
from .flat import cut_of, n_pieces
from .gemm import PIECE_BYTES, PRODUCT, order_of, real_samples
from .geometry import Geometry
from .lattice import form_of, lattice_of
from .numerics import is_finite
from .simd import lanes_of
from .slices import SAMPLE, frozen, lying, merged, ordered, outermost, raveled, within_zeros

FEW_CHANNELS = 4  # with fewer, the streams are those of all taps
FEW_SIGNALS = 40  # of so many the lines that a tile reads stay in the first-level cache
NEAR_BYTES = 1 << 20  # of samples that stay in the second-level cache
SET_BYTES = 4096  # samples a multiple of this apart fall into the same sets of the first-level cache
LEAST_OUTPUTS = 512  # per piece, so that the sums of sums stay short
SHARES = 8  # independent sums
SHARED_BYTES = 16 << 20  # that all shares may take


def wrt_kernel(x, y_bar, rows, columns, *, winograd_too: bool = False):
    """Return w̄ (G, M, C, KH, KW), the correlation of y_bar (B, G, M, H', W') with x (B, G, C, H, W).

    None stands for a gradient that is not finite: it would not be so exactly where it should be. With
    `winograd_too`, for 3×3 responses without stride and dilation, it is made by Winograd's products where that is
    expected to take less time.
    """
    shape = x.shape[1], y_bar.shape[2], x.shape[2], rows.n_kernel, columns.n_kernel
    if x.dtype.kind == "f":
        return gradient(shape, merged(x), merged(y_bar), rows, columns, winograd_too)
    n = shape[2]
    shape = shape[0], 2 * shape[1], 2 * n, *shape[3:]
    parts = gradient(shape, merged(real_samples(x)), merged(real_samples(y_bar)), rows, columns, winograd_too)
    if parts is None:
        return None
    of_real, of_imaginary = np.split(parts, 2, axis=1)
    return of_real[:, :, :n] - of_imaginary[:, :, n:] + 1j * (of_real[:, :, n:] + of_imaginary[:, :, :n])


def gradient(shape: tuple[int, ...], x, y_bar, rows: Geometry, columns: Geometry, winograd_too: bool):
    """Return the gradient of a real bank of this shape (G, M, C, KH, KW), None if it is not finite; see `wrt_kernel`.

    The samples x are (B, G·C, …), the error signals y_bar (B, G·M, …); both may lie in either order of memory.
    """
    if dense.serves((*shape[:3], 1, 1), rows, columns, x.itemsize):
        return dense.wrt_kernel(x, y_bar)
    if not map_products.serves(shape[1], x.itemsize):
        return _gradient_by_positions(shape, x, y_bar, rows, columns)
    job = shape[:3], len(x), rows, columns, x.itemsize
    if winograd_too and winograd_gradient.cost(*job) < _streams(shape, *job[1:]).cost:
        return winograd_gradient.wrt_kernel(shape[:3], x, y_bar, rows, columns)
    return _gradient_by_maps(shape, x, y_bar, rows, columns)


def _gradient_by_positions(shape, x, y_bar, rows, columns):
    """Return the gradient with the positions in the lanes, None as above."""
    crew = threads.board_for(math.prod(shape) * len(x) * rows.n_out * columns.n_out * PRODUCT * x.itemsize / 4)
    x = frozen(outermost(x).reshape(-1, shape[0], shape[2], rows.n_in, columns.n_in))
    y_bar = frozen(outermost(y_bar).reshape(-1, *shape[:2], rows.n_out, columns.n_out))
    lattice = lattice_of(rows, columns)
    cut = cut_of(lattice, len(x), PIECE_BYTES // (shape[2] * len(lattice.planes) * x.itemsize), LEAST_OUTPUTS)
    n = n_pieces(lattice, cut)
    sums = *shape[:2], shape[2] * len(lattice.taps)
    shares = np.zeros((_n_shares(n, math.prod(sums) * x.itemsize), *sums), x.dtype)
    products.correlate_shares(x, y_bar, shares, form_of(rows, columns), cut, n, *crew)
    total, places = _sum(shares).reshape(*shape[:3], -1), order_of(rows, columns)[0]
    if not is_finite(total):
        return None
    if _reads_in_order(rows, columns):
        return total.reshape(shape)
    w_bar = np.zeros((*shape[:3], math.prod(shape[3:])), x.dtype)
    w_bar[..., places] = total
    return w_bar.reshape(shape)


def _gradient_by_maps(shape, x, y_bar, rows, columns):
    """Return the gradient with the maps in the lanes, None as above."""
    (x, innermost), (y_bar, error_innermost) = lying(x), lying(y_bar)
    streams = _streams(shape, len(x), rows, columns, x.itemsize, innermost)
    if innermost != streams.innermost:
        x = ordered(x, streams.innermost)
    if streams.border:
        x = x.reshape(*x.shape[:2], rows.n_in, columns.n_in)
        x = within_zeros(x, *streams.border, streams.innermost)
    errors, shares = np.empty(streams.n_errors, x.dtype), np.empty(streams.shares, x.dtype)
    w_bar = np.empty((*shape[:3], math.prod(shape[3:])), x.dtype)
    arrays = raveled(x), streams.field, raveled(y_bar), streams.error_fields[error_innermost]
    form, crew = (streams.shifts, streams.geometries, streams.cut), threads.board_for(streams.cost)
    finite = map_products.correlate(*arrays, streams.along_signals, *form, errors, shares, w_bar, *crew)
    return w_bar.reshape(shape) if finite else None


class _Streams(NamedTuple):
    """All that follows from the shapes of a gradient with the maps in the lanes: how samples lie, and how work is cut.

    Sums go `along_signals` or along the outputs of one, and samples are read with the batch `innermost` or not;
    `border` is how many zeros the samples get around them, None unless all taps are streams; `field` tells how they lie
    then, and `error_fields` how error signals do in the ordinary order and with the batch innermost; `n_errors` and
    `shares` are the size and the shape of the room to work in; `cost` is an estimate of the time on one core, in ns.
    """

    along_signals: bool
    innermost: bool
    border: tuple[tuple[int, int], tuple[int, int]] | None
    field: map_products.Field
    error_fields: tuple[map_products.Field, map_products.Field]
    geometries: tuple[tuple[int, ...], tuple[int, ...]]
    shifts: np.ndarray
    cut: tuple[int, int]
    n_errors: int
    shares: tuple[int, int, int, int, int]
    cost: float


@lru_cache(maxsize=256)
def _streams(shape, n_batch, rows, columns, itemsize, lies_innermost=True) -> _Streams:
    n_groups, n_maps, n_channels, *taps = shape
    along_signals = n_batch >= lanes_of(itemsize)  # however the arrays lie: the order of the sums depends on it
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
    per_signal = n_groups * n_channels * math.prod(size) * itemsize
    in_place = border is None and _stay_near(per_signal, n_batch, math.prod(taps))
    innermost = along_signals and (lies_innermost or not in_place)
    field = map_products.field_of((n_batch, n_groups, n_channels, *size), innermost)
    of_errors = n_batch, n_groups, n_maps, rows.n_out, columns.n_out
    error_fields = map_products.field_of(of_errors, False), map_products.field_of(of_errors, True)
    shifts = (first[:, None] * field.by_pixel + np.arange(n_channels) * field.by_channel).ravel()
    shifts = np.append(shifts, np.repeat(shifts[-1:], -len(shifts) % map_products.SHORT))
    n_outputs, width = rows.n_out * columns.n_out, map_products.width_of(n_maps, itemsize)
    cut = map_products.cut_of(n_batch, n_outputs, along_signals)
    n_chunks = -(-n_batch // cut[0]) * -(-n_outputs // cut[1])
    sums = n_groups, geometries[0][1] * geometries[1][1], len(shifts), width
    n_errors = n_groups * width * n_batch * n_outputs
    n_products = math.prod(sums) * n_batch * n_outputs
    cost = (n_products * PRODUCT + n_errors * SAMPLE) * itemsize / 4
    shares = _n_shares(n_chunks, math.prod(sums) * itemsize), *sums
    fields, form = (field, error_fields), (geometries, frozen(shifts), cut)
    return _Streams(along_signals, innermost, border, *fields, *form, n_errors, shares, cost)


def _stay_near(per_signal, n_batch, n_taps):
    """Tell whether signals of `per_signal` bytes each are read along the batch as fast as if that was innermost.

    Each sample is in a line of its own then, and the lines must still be in the caches when the next tap reads them.
    """
    few = n_taps == 1 or n_batch <= FEW_SIGNALS
    return few and per_signal * n_batch <= NEAR_BYTES and per_signal % SET_BYTES != 0


@lru_cache(maxsize=256)
def _reads_in_order(rows: Geometry, columns: Geometry) -> bool:
    """Tell whether the tiles read all taps in the order in which they lie."""
    return np.array_equal(order_of(rows, columns)[0], np.arange(rows.n_kernel * columns.n_kernel))


def _n_shares(n, n_bytes):
    """Return how many independent sums there are over n items, each sum of so many bytes.

    That follows from n and the size, not from the threads, and so does every rounding.
    """
    return max(1, min(SHARES, n, SHARED_BYTES // max(1, n_bytes)))


def _sum(shares):
    total = shares[0]
    for share in shares[1:]:
        total += share
    return total

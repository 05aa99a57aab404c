"""Banks of filters as products of matrices that never exist: packed weights times shifted samples.

Here jobs are brought to real numbers, get their layout, and are cut and shared among threads, forward and for the
gradient of the input, which is the same with other geometries; for that of the bank see `bank_gradient`. The kernels
stand in `panels` and `lanes`. The result is the same in either layout.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from . import cpu, dense, lanes, panels, threads, tiles
from .flat import Cut, cut_of, n_pieces
from .geometry import Geometry
from .lattice import form_of, lattice_of
from .simd import lanes_of
from .slices import batch_is_innermost, frozen, into_batch_innermost, lying, merged, outermost, raveled, stored

# Costs on one core in ns for float32, measured by forcing each layout on the layers of small networks.
CALL = 15e3
PRODUCT = 0.019
LEAST_MAPS = 4  # a tile with fewer maps takes as long as one with so many
LANE_WORTH = 1.2  # results in the lanes may cost so many times as much: they spare the next bank bringing them there
FLAT_SAMPLE, FLAT_ROW = 0.2, 4.0  # copying in or out
LANE_SAMPLE = 0.35
LANE_PIXEL = 25.0  # per output pixel, vector and tile
TAP = 0.7  # per tap of a tile: what a short run over channels cannot hide

PIECE_BYTES = 128 << 10  # of samples laid flat: they and their sums stay in the second-level cache
SLICE_BYTES = 16 << 20  # that a slice of the batch in lanes may take
CACHED_BYTES = 1 << 20  # of samples that are brought into the other order of memory for a forward job


def forward(w, x, y, rows, columns) -> bool:
    """Write y (B, G, M, H', W') = w (G, M, C, KH, KW) applied to x (B, G, C, H, W); False where w is not finite."""
    if w.dtype.kind == "i":
        cpu.convolve_direct(frozen(np.ascontiguousarray(w)), frozen(x), y, tuple(rows), tuple(columns))
        return True
    return in_real_numbers(lambda w, x, y: _apply(w, x, y, rows, columns), w, x, y)


def in_real_numbers(apply, w, x, y) -> bool:
    """Return apply(w, x, y) of real arrays; complex ones become banks of twice the maps and channels."""
    if w.dtype.kind == "f":
        return apply(w, x, y)
    parts = np.empty((*y.shape[:2], 2 * y.shape[2], *y.shape[3:]), y.real.dtype)
    done = apply(_real_bank(w), real_samples(x), parts)
    y.real, y.imag = parts[:, :, : y.shape[2]], parts[:, :, y.shape[2] :]
    return done


def _apply(w, x, y, rows, columns) -> bool:
    if dense.serves(w.shape, rows, columns, w.itemsize):
        return dense.forward(w, x, y)
    packed = pack(w, rows, columns)
    return packed is not None and apply(packed, w.shape, rows, columns, *lying(merged(x)), merged(y))


def pack(w, rows: Geometry, columns: Geometry) -> np.ndarray | None:
    """Return the weights of a real bank w (G, M, C, KH, KW) in the order of the tiles, None if they are not finite."""
    packed, (weights, steps) = np.empty(w.size, w.dtype), as_it_lies(w)
    finite = tiles.pack_weights(weights, w.shape[:3], steps, *order_of(rows, columns), packed)
    return packed if finite else None


def as_it_lies(w) -> tuple[np.ndarray, tuple[int, int]]:
    """Return a bank (G, M, C, KH, KW) raveled, read-only, and how far maps lie apart, and channels.

    A view with maps and channels exchanged is not copied.
    """
    (n_maps, n_channels, *size), exchanged = w.shape[1:], w.swapaxes(1, 2)
    n_taps = math.prod(size)
    if exchanged.flags.c_contiguous:
        return raveled(exchanged), (n_taps, n_maps * n_taps)
    return raveled(np.ascontiguousarray(w)), (n_channels * n_taps, n_taps)


def apply(packed, shape: tuple[int, ...], rows: Geometry, columns: Geometry, x, innermost: bool, y) -> bool:
    """Write y (B, G·M, …) for x (B, G·C, …), given the packed weights of a bank (G, M, C, KH, KW); return True.

    Both are contiguous in one of the two orders of memory, x in that which is said.
    """
    n_threads = threads.count()
    job = _job(shape, len(x), innermost, rows, columns, x.itemsize, n_threads)
    crew = threads.board_for(job.work)
    if job.width:
        wanted = batch_is_innermost(y)
        if wanted and not innermost:
            n_slices, rest = divmod(len(x), lanes_of(x.itemsize))
            if rest == 0 and (x.nbytes <= CACHED_BYTES or n_slices < 2 * n_threads):
                x, innermost = into_batch_innermost(x), True  # threads share the pixels of slices, of which are few
        given, wanted = stored(x, innermost), stored(y, wanted, frozen=False)
        return lanes.convolve_slices(packed, given, wanted, shape[:3], job.width, job.form, *crew)
    target = y if y.flags.c_contiguous else np.empty(y.shape, y.dtype)
    given = frozen(outermost(x).reshape(-1, shape[0], shape[2], rows.n_in, columns.n_in))
    wanted = target.reshape(-1, *shape[:2], rows.n_out, columns.n_out)
    panels.convolve_pieces(packed, given, wanted, job.form, job.cut, job.n_pieces, *crew)
    if target is not y:
        y[...] = target
    return True


@lru_cache(maxsize=256)
def order_of(rows: Geometry, columns: Geometry) -> tuple[np.ndarray, np.ndarray]:
    """Return the order in which the tiles read the taps, as places in (KH, KW) raveled, and where classes begin."""
    lattice = lattice_of(rows, columns)
    return lattice.taps[:, 0] * columns.n_kernel + lattice.taps[:, 1], lattice.classes


class _Job(NamedTuple):
    """All that follows from the shapes of a forward job: the form of its lattice, its cost, and how it is cut."""

    form: tuple[np.ndarray, ...]
    work: float
    width: int
    cut: Cut
    n_pieces: int


@lru_cache(maxsize=256)
def _job(shape, n_batch, innermost, rows, columns, itemsize, n_threads):
    lattice = lattice_of(rows, columns)
    work, width = _layout(shape, n_batch, innermost, lattice, itemsize)
    n_positions = PIECE_BYTES // (shape[2] * len(lattice.planes) * itemsize)
    if work > threads.WORTH:  # a piece for every thread at least
        all_positions = n_batch * lattice.rows.pitch * lattice.columns.pitch
        n_positions = min(n_positions, -(-all_positions * shape[0] // n_threads))
    cut = cut_of(lattice, n_batch, n_positions)
    return _Job(form_of(rows, columns), work, width, cut, n_pieces(lattice, cut))


def fills_lanes(shape, n_batch, innermost, rows, columns, itemsize) -> bool:
    """Tell whether a real bank of this shape (G, M, C, KH, KW) is computed with the batch in the lanes.

    That depends on whether its input lies with the batch innermost.
    """
    if n_batch < lanes_of(itemsize) or dense.serves(shape, rows, columns, itemsize):
        return False
    return _job(tuple(shape), n_batch, innermost, rows, columns, itemsize, threads.count()).width > 0


def cost(shape, n_batch, rows, columns, itemsize):
    """Return the time in ns on one core for a real bank of this shape (G, M, C, KH, KW)."""
    return CALL + _job(tuple(shape), n_batch, False, rows, columns, itemsize, threads.count()).work


def _layout(shape, n_batch, innermost, lattice, itemsize):
    """Return (cost in ns, signals per slice) of the cheaper layout; 0 signals stands for samples laid flat."""
    rows, columns = lattice.rows, lattice.columns
    n_groups, n_maps, n_channels = shape[:3]
    n_lanes, scale = lanes_of(itemsize), itemsize / 4
    n_in, n_out = n_groups * n_channels * rows.n_in * columns.n_in, n_groups * n_maps * rows.n_out * columns.n_out
    n_tiles = n_groups * max(1.0, n_maps / tiles.MAPS)
    per_product = PRODUCT * scale * max(1.0, LEAST_MAPS / n_maps) * n_groups * n_maps * n_channels
    positions = n_batch * rows.pitch * columns.pitch
    lines = n_in / columns.n_in * len(lattice.planes) / columns.d_i + n_out / columns.n_out * columns.d_o
    flat = positions * len(lattice.taps) * (per_product + n_tiles * TAP / (tiles.VECTORS * n_lanes))
    flat += n_batch * (lines * FLAT_ROW + (n_in + n_out) * FLAT_SAMPLE * scale)
    flat += n_batch * n_in * LANE_SAMPLE * scale * innermost
    if n_batch < n_lanes or (n_in + n_out) * n_lanes * itemsize > SLICE_BYTES:
        return flat, 0
    n_slices = -(-n_batch // n_lanes)
    meetings = rows.n_meetings * columns.n_meetings
    in_lanes = n_slices * (n_lanes * meetings * per_product + n_tiles * meetings * TAP)
    in_lanes += n_slices * n_tiles * rows.n_out * columns.n_out * LANE_PIXEL
    n_threads, whole_slices = threads.count(), n_batch % n_lanes == 0
    in_lanes += n_batch * (n_in * (not innermost) + n_out * (not whole_slices)) * LANE_SAMPLE * scale
    n_parts = n_threads if innermost and whole_slices else min(n_threads, n_slices)
    if in_lanes / n_parts < LANE_WORTH * flat / n_threads:
        # two vectors share the weights that are loaded, where no thread goes without work for it
        return in_lanes, n_lanes * (2 if n_slices >= 2 * n_threads and n_batch >= 2 * n_lanes else 1)
    return flat, 0


def real_samples(x):
    """Return complex (B, G, C, …) as real (B, G, 2C, …): real parts, then imaginary parts."""
    return np.concatenate([x.real, x.imag], axis=2)


def _real_bank(w):
    """Return the real bank (G, 2M, 2C, …) that acts on real and imaginary parts as w does."""
    real, imaginary = np.concatenate([w.real, -w.imag], axis=2), np.concatenate([w.imag, w.real], axis=2)
    return np.concatenate([real, imaginary], axis=1)

"""Banks as long as the signals they act on: one output per map, which is a product of matrices.

Every one of its three products runs along the contiguous axis of the arrays as they lie, so nothing is transposed:
y = x·wᵀ is made of inner products, x̄ = ȳ·w and w̄ = ȳᵀ·x of sums of scaled rows.
"""

from functools import lru_cache

import numpy as np

from . import threads
from .compilation import kernel, part
from .geometry import Geometry
from .numerics import SUM_BLOCK
from .products import MAPS, TAPS, add_products
from .rows import copy, only_finite
from .simd import lanes_of
from .slices import frozen, outermost, raveled
from .team import shared, task_of
from .tiles import pack_weights, sum_of_taps

PRODUCT = 0.017  # ns on one core, float32
PANEL = 64  # outputs: what a panel reads of all rows stays in the first-level cache
ROWS = 16  # signals: they share the weights that are in that cache
_ONE_TAP = np.arange(1), np.arange(2)  # its place, and where its class begins and ends


@lru_cache(maxsize=256)
def serves(shape: tuple[int, ...], rows: Geometry, columns: Geometry, itemsize: int) -> bool:
    """Tell whether a real bank of this shape (G, M, C, KH, KW) is a matrix at least one vector wide."""
    point = (rows.n_out, columns.n_out, rows.n_in, columns.n_in) == (1, 1, 1, 1)
    aligned = all(g.step * (g.n_kernel - 1) == g.offset == 0 for g in (rows, columns))
    return point and aligned and shape[0] == 1 and shape[2] >= lanes_of(itemsize)


def forward(w, x, y) -> bool:
    """Write y = x·wᵀ for w (1, M, C, …), x (B, C, …) and y (B, M, …), all further axes of length 1; return True."""
    target = y if y.flags.c_contiguous else np.empty(y.shape, y.dtype)
    w, x = _matrix(w[0]), _matrix(x)
    inner_products(frozen(x), frozen(w), target.reshape(len(y), -1), *_crew(w, len(x)))
    if target is not y:
        y[...] = target
    return True


def wrt_input(w, y_bar):
    """Return x̄ = ȳ·w, of shape (B, C)."""
    return _sums_of_rows(_matrix(y_bar), _matrix(w[0]), ROWS)[0]


def wrt_kernel(x, y_bar):
    """Return w̄ = ȳᵀ·x, of shape (1, M, C, 1, 1), None if it is not finite."""
    factors = _matrix(y_bar).T
    sums, finite = _sums_of_rows(factors, _matrix(x), len(factors))
    return sums[None, :, :, None, None] if finite else None


def _matrix(array):
    return outermost(array).reshape(len(array), -1)


def _sums_of_rows(factors, rows, height):
    """Return factors (R, T)·rows (T, N), with blocks of so many sums for each thread, and whether all are finite."""
    n_rows, n_terms = factors.shape
    packed, sums = np.empty(n_rows * n_terms, rows.dtype), np.empty((n_rows, rows.shape[1]), rows.dtype)
    steps = (n_terms, 1) if factors.flags.c_contiguous else (1, n_rows)
    pack_weights(raveled(factors), (1, n_rows, n_terms), steps, *_ONE_TAP, packed)
    finite = sums_of_rows(packed, frozen(rows), sums, height, *_crew(rows, len(factors)))
    return sums, finite


def _crew(matrix, n):
    return threads.board_for(n * matrix.size * PRODUCT * matrix.itemsize / 4)


@kernel
def sums_of_rows(packed, rows, sums, height, board, threads):
    """Write sums (R, N) = factors (R, T)·rows (T, N), the factors packed as weights; N is at least one vector.

    Threads share blocks of so many rows of sums, a multiple of MAPS, and panels of each. Tells whether all sums are
    finite. For board and threads see `team.shared`.
    """
    n_blocks, n_panels = (sums.shape[0] + height - 1) // height, (rows.shape[1] + PANEL - 1) // PANEL
    return shared(_panels((packed, rows, sums, height)), n_blocks * n_panels, 1, board, threads)


@part
def some_sums_of_rows(packed, rows, sums, height, who, start, stop):
    """Do the panels start … stop − 1 of `sums_of_rows`, all of one block before those of the next; tell as it does."""
    (n_terms, n), lanes = rows.shape, lanes_of(rows.itemsize)
    given, wanted = rows.reshape(rows.size), sums.reshape(sums.size)
    whole, finite = np.zeros((1, 3), np.int64), True
    for item in range(start, stop):
        block, panel = divmod(item, (n + PANEL - 1) // PANEL)
        first = block * height
        width = max(lanes, min(PANEL, n - panel * PANEL))
        begin = min(panel * PANEL, n - width)
        shape = (min(height, sums.shape[0] - first), n_terms, 1)
        target = (wanted, first * n + begin)
        sum_of_taps((packed, first * n_terms), (given, begin), whole, shape, (n, n), target, width)
        for row in range(shape[0]):
            at = (first + row) * n + begin
            finite &= only_finite(wanted[at : at + width])
    return finite


@kernel
def inner_products(x, w, y, board, threads):
    """Write y (B, M) = x (B, C)·wᵀ, w (M, C); return True. For board and threads see `team.shared`."""
    return shared(_rows((x, w, y)), (x.shape[0] + ROWS - 1) // ROWS, 1, board, threads)


@part
def some_inner_products(x, w, y, who, start, stop):
    """Do the blocks of ROWS signals start … stop − 1 of `inner_products`."""
    (n_maps, n), lanes = w.shape, lanes_of(x.itemsize)
    whole, rest = n // lanes, n % lanes
    samples, weights = x.reshape(x.size), w.reshape(w.size)
    # what is left of a row is continued by zeros on both sides
    ends = np.zeros((ROWS, lanes), x.dtype)
    weights_ends = np.zeros((n_maps + TAPS) * lanes, x.dtype)
    shifts, shifts_of_ends = np.empty(n_maps + TAPS, np.int64), np.empty(n_maps + TAPS, np.int64)
    for m in range(n_maps + TAPS):
        shifts[m], shifts_of_ends[m] = min(m, n_maps - 1) * n, m * lanes
    for m in range(n_maps):
        copy(weights, m * n + whole * lanes, weights_ends, m * lanes, rest)
    products = np.empty(MAPS * TAPS, x.dtype)
    for block in range(start, stop):
        rows = slice(block * ROWS, min(x.shape[0], (block + 1) * ROWS))
        y[rows] = 0
        for step in range(0, whole, SUM_BLOCK):
            count = min(SUM_BLOCK, whole - step)
            add_products(x[rows], weights, shifts, step * lanes, count, products, y[rows])
        if rest:
            for b in range(rows.start, rows.stop):
                copy(samples, b * n + whole * lanes, ends.reshape(ends.size), (b - rows.start) * lanes, rest)
            held = ends[: rows.stop - rows.start]
            add_products(held, weights_ends, shifts_of_ends, 0, 1, products, y[rows])
    return True


_panels, _rows = task_of(some_sums_of_rows), task_of(some_inner_products)

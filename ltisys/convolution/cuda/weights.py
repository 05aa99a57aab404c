"""The gradient of the responses: sums over batch and positions, in blocks that a second kernel adds up in order.

Where the blocks end follows from the shapes alone and nothing is added atomically: the result is the same every time.
"""

from functools import lru_cache

from numba import from_dtype
from numpy import dtype as data_type

from ..numerics import SUM_BLOCK
from ..taps import partner
from .edges import Axis, reading
from .libraries import Caller
from .target import BLOCKS, ROWS, SIMULATED, THREADS, compiled, cover, cuda

PER_THREAD = 3 if SIMULATED else 64  # products of a thread that make one block worth starting
MOST_BLOCKS = 5 if SIMULATED else 64  # of one tap


@lru_cache
def _partial_sums(dtype: data_type):
    """Return the kernel that sums products in one block; partial (blocks, taps) takes the results."""
    kind = from_dtype(dtype)

    @compiled
    def partial_sums(x, y_bar, taps, partial, rows, row_edge, columns, column_edge, value, zero):
        n_batch, _, n_maps, height, width = y_bar.shape
        n_channels, n_kh, n_kw = taps
        n_products, n_blocks = n_batch * height * width, partial.shape[0]
        per_block = (n_products + n_blocks - 1) // n_blocks
        sums = cuda.shared.array(THREADS, kind)
        me = cuda.threadIdx.x
        first = cuda.blockIdx.x * per_block
        stop = min(n_products, first + per_block)
        for tap in range(cuda.blockIdx.y, partial.shape[1], cuda.gridDim.y):
            l = tap % n_kw
            rest = tap // n_kw
            k = rest % n_kh
            rest = rest // n_kh
            c = rest % n_channels
            rest = rest // n_channels
            m, g = rest % n_maps, rest // n_maps
            closed, part, products = zero, zero, 0
            for at in range(first + me, stop, THREADS):
                u = at % width
                line = at // width
                o, b = line % height, line // height
                row, column = partner(o, k, rows), partner(u, l, columns)
                if row < 0 or column < 0:
                    continue
                i, j = reading(row, row_edge), reading(column, column_edge)
                sample = value
                if i >= 0 and j >= 0:
                    sample = x[b, g, c, i, j]
                if products == SUM_BLOCK:
                    closed, part, products = closed + part, zero, 0
                part += y_bar[b, g, m, o, u] * sample
                products += 1
            sums[me] = closed + part
            cuda.syncthreads()
            half = THREADS // 2
            while half:
                if me < half:
                    sums[me] += sums[me + half]
                cuda.syncthreads()
                half //= 2
            if me == 0:
                partial[cuda.blockIdx.x, tap] = sums[0]
            cuda.syncthreads()

    return partial_sums


@compiled
def add_in_order(partial, w_bar, zero):
    """Write w_bar[t] = Σ over blocks b, from the first to the last, of partial[b, t]."""
    for tap in range(cuda.grid(1), w_bar.shape[0], cuda.gridsize(1)):
        total = zero
        for block in range(partial.shape[0]):
            total += partial[block, tap]
        w_bar[tap] = total


def run(x, y_bar, w_bar, axes: tuple[Axis, Axis], value, caller: Caller) -> None:
    """Fill w_bar (G, M, C, KH, KW) with the sums of y_bar times the samples of x that each tap met."""
    n_products = y_bar.shape[0] * y_bar.shape[3] * y_bar.shape[4]
    zero = value.dtype.type(0)
    n_blocks = cover(n_products, PER_THREAD * THREADS, MOST_BLOCKS)
    partial = caller.room((n_blocks, w_bar.size), w_bar.dtype)
    rows, columns = axes
    grid = n_blocks, cover(w_bar.size, 1, ROWS)
    _partial_sums(w_bar.dtype)[grid, THREADS, caller.stream](
        x, y_bar, w_bar.shape[2:], partial, *rows.numbers, *columns.numbers, value, zero
    )
    add_up(partial, w_bar, caller)


def add_up(partial, w_bar, caller: Caller) -> None:
    """Fill w_bar with the sums of partial (blocks, …) over its first axis, in order."""
    blocks = partial.reshape(partial.shape[0], w_bar.size)
    grid = cover(w_bar.size, THREADS, BLOCKS)
    add_in_order[grid, THREADS, caller.stream](blocks, w_bar.reshape(w_bar.size), w_bar.dtype.type(0))

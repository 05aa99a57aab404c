"""One response over planes: a tile of samples in shared memory, a column of outputs per thread.

For one column of taps a thread reads a column of samples once and uses it for all its outputs. Neighbouring threads
read neighbouring samples, so a warp never meets a bank twice. How many taps a column has is known to the compiler, up
to a limit; taller and wider responses come in pieces that fit, each with a tile of its own.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from .edges import Axis
from .libraries import Caller
from .plane import filler
from .target import ROWS, SIMULATED, bounded, cover, cuda
from .tile import ALIGNED, INSIDE, arithmetic


class Size(NamedTuple):
    """Threads across and down, outputs and registers of a thread, and the taps of a piece, down and across.

    The taps of a piece are at most SUM_BLOCK.
    """

    across: int
    down: int
    outputs: int
    registers: int
    taps_down: int
    taps_across: int


@lru_cache
def kernel(dtype: np.dtype, size: Size):
    """Return the kernel y[p, o, u] = Σ_k Σ_l w[p mod G, k, l] x[p, o ± k − offset, u ± l − offset] for planes p."""
    kind, plus, is_strange = arithmetic(dtype)
    across, down, per_thread, _, taps_down, taps_across = size
    per_block = down * per_thread
    n_window = per_thread + taps_down - 1
    pitch = across + taps_across - 1
    n_places = (per_block + taps_down - 1) * pitch
    taps_pitch = (taps_down + 3) // 4 * 4
    n_taps = taps_across * taps_pitch
    fill = filler(is_strange, (across, down), pitch)

    @bounded(across * down, size.registers)
    def image_tile(w, x, y, rows, row_edge, columns, column_edge, value, zero):
        tile = cuda.shared.array(n_places, kind)
        if SIMULATED:  # which knows no alignment
            taps = cuda.shared.array(n_taps, kind)
        else:
            taps = cuda.shared.array(n_taps, kind, alignment=ALIGNED)
        window = cuda.local.array(n_window, kind)
        part = cuda.local.array(per_thread, kind)
        closed = cuda.local.array(per_thread, kind)
        lane, line = cuda.threadIdx.x, cuda.threadIdx.y
        first_row, first_column = cuda.blockIdx.y * per_block, cuda.blockIdx.x * across
        extended, edges = (rows[2], columns[2]), (row_edge, column_edge)
        top = line * per_thread
        for plane in range(cuda.blockIdx.z, x.shape[0], cuda.gridDim.z):
            response = w[plane % w.shape[0]]
            for r in range(per_thread):
                closed[r] = zero
            for k_begin in range(0, rows[1], taps_down):
                n_k = min(taps_down, rows[1] - k_begin)
                low_row = first_row - rows[6] + (k_begin if rows[4] > 0 else 1 - k_begin - n_k)
                for l_begin in range(0, columns[1], taps_across):
                    n_l = min(taps_across, columns[1] - l_begin)
                    low_column = first_column - columns[6] + (l_begin if columns[4] > 0 else 1 - l_begin - n_l)
                    strange = 0
                    cuda.syncthreads()
                    # taps in the order in which they meet ascending samples; zeros below the last row
                    for at in range(line * across + lane, n_l * taps_pitch, across * down):
                        l, k = at // taps_pitch, at % taps_pitch
                        tap = zero
                        if k < n_k:
                            from_k = k_begin + (k if rows[4] > 0 else n_k - 1 - k)
                            tap = response[from_k, l_begin + (l if columns[4] > 0 else n_l - 1 - l)]
                        strange |= is_strange(tap)
                        taps[at & INSIDE] = tap
                    shape = (per_block + taps_down - 1, across + n_l - 1)
                    strange |= fill(
                        tile, x[plane], (low_row, low_column), shape, extended, edges, lane, line, value, zero
                    )
                    strange = cuda.syncthreads_or(strange)
                    for r in range(per_thread):
                        part[r] = zero
                    if strange:
                        # zero times infinity is no number: here only pairs of a tap and a sample are multiplied
                        for l in range(n_l):
                            meets = 0 <= low_column + lane + l < extended[1]
                            for k in range(n_k):
                                tap = taps[(l * taps_pitch + k) & INSIDE]
                                for r in range(per_thread):
                                    if meets and 0 <= low_row + top + r + k < extended[0]:
                                        sample = tile[((top + r + k) * pitch + lane + l) & INSIDE]
                                        part[r] = plus(part[r], tap, sample)
                    else:
                        place, at = (top * pitch + lane) & INSIDE, 0
                        stop = n_l * taps_pitch
                        while at < stop:
                            for q in range(n_window):
                                window[q] = tile[place + q * pitch]
                            for k in range(taps_down):
                                for r in range(per_thread):
                                    part[r] = plus(part[r], taps[at + k], window[r + k])
                            place = (place + 1) & INSIDE
                            at = (at + taps_pitch) & INSIDE
                    for r in range(per_thread):
                        closed[r] += part[r]
            for r in range(per_thread):
                if first_row + top + r < rows[0] and first_column + lane < columns[0]:
                    y[plane, first_row + top + r, first_column + lane] = closed[r]

    return image_tile


def size_for(n_taps: int, dtype: np.dtype) -> Size:
    """Return a block for responses of so many rows."""
    most = 3 if SIMULATED else 16
    taps_down = -(-n_taps // -(-n_taps // most))
    if SIMULATED:
        return Size(2, 2, outputs=3, registers=0, taps_down=taps_down, taps_across=most)
    single = dtype.itemsize == 4
    return Size(32, 8 if single else 4, 8, registers=128 if single else 168, taps_down=taps_down, taps_across=most)


def run(w, x, y, axes: tuple[Axis, Axis], value, caller: Caller) -> None:
    """Fill y (P, H', W') from x (P, H, W) and w (G, KH, KW), where plane p has response p mod G."""
    size = size_for(w.shape[1], y.dtype)
    rows, columns = axes
    n_planes, height, width = y.shape
    grid = -(-width // size.across), -(-height // (size.down * size.outputs)), cover(n_planes, 1, ROWS)
    kernel(y.dtype, size)[grid, (size.across, size.down), caller.stream](
        w, x, y, *rows.numbers, *columns.numbers, value, value.dtype.type(0)
    )

"""A response that is a sum of outer products, in two passes over one tile: along its rows, then down its columns.

The tile and what the first pass makes of it stay in shared memory. In the first pass neighbouring threads take
neighbouring rows, which lie an odd number of places apart; in the second, neighbouring columns.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..separable import MOST_TERMS
from .edges import Axis
from .libraries import Caller
from .plane import filler
from .target import ROWS, SIMULATED, bounded, cover, cuda
from .tile import ALIGNED, INSIDE, arithmetic


class Size(NamedTuple):
    """Threads across and down, outputs and registers of a thread, and the longest column or row of taps.

    Outputs of a thread divide `across` and `taps`.
    """

    across: int
    down: int
    outputs: int
    registers: int
    taps: int


@lru_cache
def kernel(dtype: np.dtype, size: Size):
    """Return the kernel y[p] = Σ_t x[p] ⊛ (column_t ⊗ row_t) for planes p."""
    kind, plus, is_strange = arithmetic(dtype)
    across, down, per_thread, _, most = size
    n_threads, per_block, n_window = across * down, down * per_thread, 2 * per_thread
    pitch, pitch_between = (across + most) | 1, across | 1
    n_rows = per_block + most
    n_places, n_between = n_rows * pitch, n_rows * pitch_between
    n_taps = 2 * MOST_TERMS * most
    fill = filler(is_strange, (across, down), pitch)

    @bounded(n_threads, size.registers)
    def separable(factors, w, x, y, rows, row_edge, columns, column_edge, value, zero):
        tile = cuda.shared.array(n_places, kind)
        between = cuda.shared.array(n_between, kind)
        if SIMULATED:  # which knows no alignment
            taps = cuda.shared.array(n_taps, kind)
        else:
            taps = cuda.shared.array(n_taps, kind, alignment=ALIGNED)
        window = cuda.local.array(n_window, kind)
        part = cuda.local.array(per_thread, kind)
        total = cuda.local.array(per_thread, kind)
        lane, line = cuda.threadIdx.x, cuda.threadIdx.y
        me = line * across + lane
        first_row, first_column = cuda.blockIdx.y * per_block, cuda.blockIdx.x * across
        extended, edges = (rows[2], columns[2]), (row_edge, column_edge)
        lowest = (
            first_row - rows[6] + min(0, rows[4] * (rows[1] - 1)),
            first_column - columns[6] + min(0, columns[4] * (columns[1] - 1)),
        )
        n_k = (rows[1] + per_thread - 1) // per_thread * per_thread
        n_l = (columns[1] + per_thread - 1) // per_thread * per_thread
        n_lines = per_block + n_k
        for at in range(me, factors.shape[0], n_threads):
            taps[at & INSIDE] = factors[at & INSIDE]
        top = line * per_thread
        for plane in range(cuda.blockIdx.z, x.shape[0], cuda.gridDim.z):
            cuda.syncthreads()
            shape = (n_lines, across + n_l)
            strange = fill(tile, x[plane], lowest, shape, extended, edges, lane, line, value, zero)
            strange = cuda.syncthreads_or(strange)
            for r in range(per_thread):
                total[r] = zero
            if strange:
                # infinities are no numbers in a difference of terms: here the response itself is applied
                for r in range(per_thread):
                    closed = zero
                    for k in range(rows[1]):
                        part_of_row = zero
                        for l in range(columns[1]):
                            row, column = lowest[0] + top + r + k, lowest[1] + lane + l
                            if 0 <= row < extended[0] and 0 <= column < extended[1]:
                                tap = w[
                                    k if rows[4] > 0 else rows[1] - 1 - k, l if columns[4] > 0 else columns[1] - 1 - l
                                ]
                                part_of_row = plus(part_of_row, tap, tile[((top + r + k) * pitch + lane + l) & INSIDE])
                        closed += part_of_row
                    between[((top + r) * pitch_between + lane) & INSIDE] = closed
                for r in range(per_thread):
                    total[r] = between[((top + r) * pitch_between + lane) & INSIDE]
            else:
                for term in range(factors.shape[0] // (2 * most)):
                    at_row = (2 * term + 1) * most
                    for item in range(me, n_lines * (across // per_thread), n_threads):
                        i, group = item % n_lines, item // n_lines
                        place = (i * pitch + group * per_thread) & INSIDE
                        for r in range(per_thread):
                            part[r] = zero
                            window[r] = tile[place + r]
                        l = at_row & INSIDE
                        while l < at_row + n_l:
                            for r in range(per_thread):
                                window[per_thread + r] = tile[place + per_thread + r]
                            for u in range(per_thread):
                                for r in range(per_thread):
                                    part[r] = plus(part[r], taps[l + u], window[r + u])
                            for r in range(per_thread):
                                window[r] = window[per_thread + r]
                            place = (place + per_thread) & INSIDE
                            l = (l + per_thread) & INSIDE
                        place = (i * pitch_between + group * per_thread) & INSIDE
                        for r in range(per_thread):
                            between[place + r] = part[r]
                    cuda.syncthreads()
                    place = (top * pitch_between + lane) & INSIDE
                    for r in range(per_thread):
                        window[r] = between[place + r * pitch_between]
                    k = (2 * term * most) & INSIDE
                    stop = 2 * term * most + n_k
                    while k < stop:
                        for r in range(per_thread):
                            window[per_thread + r] = between[place + (per_thread + r) * pitch_between]
                        for u in range(per_thread):
                            for r in range(per_thread):
                                total[r] = plus(total[r], taps[k + u], window[r + u])
                        for r in range(per_thread):
                            window[r] = window[per_thread + r]
                        place = (place + per_thread * pitch_between) & INSIDE
                        k = (k + per_thread) & INSIDE
                    cuda.syncthreads()
            for r in range(per_thread):
                if first_row + top + r < rows[0] and first_column + lane < columns[0]:
                    y[plane, first_row + top + r, first_column + lane] = total[r]

    return separable


def most_taps(dtype: np.dtype) -> int:
    """Return the length of the longest column or row of taps for which both arrays still fit shared memory."""
    if SIMULATED:
        return 8
    return 32 if dtype.itemsize == 4 else 24


def size_for(n_taps: int, dtype: np.dtype) -> Size:
    """Return a block for columns and rows of at most so many taps: short ones leave room for more blocks."""
    most = most_taps(dtype)
    if SIMULATED:
        return Size(4, 1, outputs=4, registers=0, taps=most)
    down, registers = {"f": (8, 80), "d": (4, 255), "F": (4, 168)}[dtype.char]
    return Size(32, down, outputs=8, registers=registers, taps=16 if n_taps <= 16 else most)


def serves(w, axes: tuple[Axis, Axis]) -> bool:
    """Tell whether a response (G, M, C, KH, KW) fits one tile, output by output."""
    dense = all(a.relation.stride == a.relation.spread == abs(a.relation.step) == 1 for a in axes)
    return dense and max(w.shape[3:]) <= most_taps(w.dtype)


def run(terms, w, x, y, axes: tuple[Axis, Axis], value, caller: Caller) -> None:
    """Fill y (P, H', W') from x (P, H, W) for the response w (KH, KW) = Σ column ⊗ row over the pairs in `terms`."""
    rows, columns = axes
    size = size_for(max(w.shape), y.dtype)
    factors = np.zeros((len(terms), 2, size.taps), y.dtype)
    for term, (column, row) in enumerate(terms):
        factors[term, 0, : len(column)] = column[:: rows.relation.step]
        factors[term, 1, : len(row)] = row[:: columns.relation.step]
    n_planes, height, width = y.shape
    grid = -(-width // size.across), -(-height // (size.down * size.outputs)), cover(n_planes, 1, ROWS)
    kernel(y.dtype, size)[grid, (size.across, size.down), caller.stream](
        caller.upload(factors.reshape(factors.size)),
        w,
        x,
        y,
        *rows.numbers,
        *columns.numbers,
        value,
        value.dtype.type(0),
    )

"""One response along contiguous signals: a tile of samples in shared memory, a window of them in registers.

Every thread makes R neighbouring outputs. For R taps at a time it needs 2R samples in a row, of which it has one half
already; so a sample is read from the tile once per R·R products. Position p of the tile lies at p + p // R: the threads
of a warp then read from different banks.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..numerics import SUM_BLOCK
from .edges import Axis, reading_within
from .libraries import Caller
from .target import ROWS, SIMULATED, bounded, cover, cuda
from .tile import ALIGNED, INSIDE, arithmetic


class Size(NamedTuple):
    """Threads of a block, outputs and registers of a thread, and how many taps lie in shared memory at a time."""

    threads: int
    outputs: int
    registers: int
    taps: int


@lru_cache
def kernel(dtype: np.dtype, size: Size):
    """Return the kernel y[p, o] = Σ_k w[p mod G, k] x[p, o ± k − offset] for rows p."""
    kind, plus, is_strange = arithmetic(dtype)
    threads, per_thread, _, chunk = size
    per_block = threads * per_thread
    n_window, pitch = 2 * per_thread, per_thread + 1
    n_samples = per_block + chunk + per_thread
    n_places = n_samples + n_samples // per_thread

    @bounded(threads, size.registers)
    def fir_tile(w, x, y, relation, edge, value, zero):
        tile = cuda.shared.array(n_places, kind)
        if SIMULATED:  # which knows no alignment
            taps = cuda.shared.array(chunk, kind)
        else:
            taps = cuda.shared.array(chunk, kind, alignment=ALIGNED)
        window = cuda.local.array(n_window, kind)
        part = cuda.local.array(per_thread, kind)
        closed = cuda.local.array(per_thread, kind)
        n_out, n_taps, n_extended, step, offset = relation[0], relation[1], relation[2], relation[4], relation[6]
        before, n = edge[0], edge[1]
        me = cuda.threadIdx.x
        first = cuda.blockIdx.x * per_block
        for row in range(cuda.blockIdx.y, x.shape[0], cuda.gridDim.y):
            response = w[row % w.shape[0]]
            for r in range(per_thread):
                closed[r] = zero
            for begin in range(0, n_taps, chunk):
                # the taps of a chunk in the order in which they meet ascending samples, then zeros
                length = min(chunk, n_taps - begin)
                padded = (length + n_window - 1) // n_window * n_window
                lowest = first - offset + (begin if step > 0 else 1 - begin - length)
                strange = 0
                cuda.syncthreads()
                for t in range(me, padded, threads):
                    tap = zero
                    if t < length:
                        tap = response[begin + (t if step > 0 else length - 1 - t)]
                    strange |= is_strange(tap)
                    taps[t & INSIDE] = tap
                if lowest >= before and lowest - before + n_samples <= n:
                    inner = x[row, lowest - before :]
                    for p in range(me, n_samples, threads):
                        sample = inner[p & INSIDE]
                        strange |= is_strange(sample)
                        tile[(p + p // per_thread) & INSIDE] = sample
                else:
                    for p in range(me, per_block + padded, threads):
                        i = reading_within(lowest + p, n_extended, edge)
                        sample = zero
                        if i >= 0:
                            sample = x[row, i]
                        elif i == -1:
                            sample = value
                        strange |= is_strange(sample)
                        tile[(p + p // per_thread) & INSIDE] = sample
                strange = cuda.syncthreads_or(strange)
                for r in range(per_thread):
                    part[r] = zero
                if strange:
                    # zero times infinity is no number: here only pairs of a tap and a sample are multiplied
                    for t in range(length):
                        tap = taps[t]
                        for r in range(per_thread):
                            p = me * per_thread + r + t
                            if 0 <= lowest + p < n_extended:
                                part[r] = plus(part[r], tap, tile[(p + p // per_thread) & INSIDE])
                else:
                    place = (me * pitch) & INSIDE
                    for r in range(per_thread):
                        window[r] = tile[place + r]
                    # two halves of a window take turns, so that no sample moves from register to register
                    t = 0
                    while t < padded:
                        for r in range(per_thread):
                            window[per_thread + r] = tile[place + pitch + r]
                        for u in range(per_thread):
                            for r in range(per_thread):
                                part[r] = plus(part[r], taps[t + u], window[r + u])
                        for r in range(per_thread):
                            window[r] = tile[place + 2 * pitch + r]
                        for u in range(per_thread):
                            for r in range(per_thread):
                                part[r] = plus(
                                    part[r], taps[t + per_thread + u], window[(per_thread + r + u) % n_window]
                                )
                        place = (place + 2 * pitch) & INSIDE
                        t = (t + n_window) & INSIDE
                for r in range(per_thread):
                    closed[r] += part[r]

            # through the tile, so that neighbouring threads write neighbouring outputs
            cuda.syncthreads()
            for r in range(per_thread):
                tile[((me * (per_thread + 1)) & INSIDE) + r] = closed[r]
            cuda.syncthreads()
            for p in range(me, per_block, threads):
                if first + p < n_out:
                    y[row, first + p] = tile[(p + p // per_thread) & INSIDE]

    return fir_tile


def size_for(n_out: int, dtype: np.dtype) -> Size:
    """Return a block for rows of so many outputs: a small one where a large one would idle."""
    if SIMULATED:
        return Size(threads=2, outputs=4, registers=0, taps=8)
    return Size(128 if n_out > 512 else 32, outputs=8, registers=80 if dtype.itemsize == 4 else 168, taps=SUM_BLOCK)


def run(w, x, y, column: Axis, value, caller: Caller) -> None:
    """Fill y (P, N') from x (P, N) and w (G, K), where row p has response p mod G; one dtype, contiguous."""
    size = size_for(y.shape[1], y.dtype)
    grid = -(-y.shape[1] // (size.threads * size.outputs)), cover(y.shape[0], 1, ROWS)
    kernel(y.dtype, size)[grid, size.threads, caller.stream](w, x, y, *column.numbers, value, value.dtype.type(0))

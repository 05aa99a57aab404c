"""The gradient of a bank as a product of matrices that is never stored: maps by outputs, times outputs by taps.

A block makes a tile of maps × taps from one stretch of the outputs of all batches. For a few outputs at a time it
gathers their errors and the samples that the taps met there into shared memory; neighbouring threads take neighbouring
outputs. Where stretches end follows from the shapes alone, and `weights` adds them up in order.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..numerics import SUM_BLOCK
from .edges import Axis
from .libraries import Caller
from .meeting import meeting
from .target import SIMULATED, bounded, cover, cuda
from .tile import ALIGNED, INSIDE, arithmetic
from .weights import add_up

PER_BLOCK = 8 if SIMULATED else 2048  # outputs that make one block worth starting
MOST_BLOCKS = 3 if SIMULATED else 128  # of one tile
ENOUGH_BLOCKS = 6 if SIMULATED else 1024  # of all tiles: to keep a device busy, and few enough for memory


class Size(NamedTuple):
    """Threads along maps and along taps, maps, taps and registers of a thread, and outputs gathered at a time.

    The outputs divide SUM_BLOCK and the threads of a block.
    """

    map_threads: int
    tap_threads: int
    maps: int
    taps: int
    registers: int
    outputs: int


@lru_cache
def kernel(dtype: np.dtype, size: Size):
    """Return the kernel that sums y_bar[b, g, m] times the samples that tap t met, for a stretch of outputs."""
    kind, plus, is_strange = arithmetic(dtype)
    map_threads, tap_threads, maps, taps, _, chunk = size
    n_threads = map_threads * tap_threads
    maps_per_block, taps_per_block = map_threads * maps, tap_threads * taps
    # what neighbouring threads write in turn lies in different banks, and still at multiples of ALIGNED
    pitch_of_maps, pitch_of_taps = maps_per_block + 4, taps_per_block + 4
    at_once = 4  # outputs: enough to hide the counting, few enough for registers
    n_error, n_sample = at_once * maps, at_once * taps
    n_errors, n_samples, n_sums = chunk * pitch_of_maps, chunk * pitch_of_taps, maps * taps

    @bounded(n_threads, size.registers)
    def weights_tile(x, y_bar, partial, rows, row_edge, columns, column_edge, value, zero):
        if SIMULATED:  # which knows no alignment
            errors = cuda.shared.array(n_errors, kind)
            samples = cuda.shared.array(n_samples, kind)
        else:
            errors = cuda.shared.array(n_errors, kind, alignment=ALIGNED)
            samples = cuda.shared.array(n_samples, kind, alignment=ALIGNED)
        meets = cuda.shared.array(n_samples, "bool")
        closed = cuda.local.array(n_sums, kind)
        part = cuda.local.array(n_sums, kind)
        error = cuda.local.array(n_error, kind)
        sample = cuda.local.array(n_sample, kind)
        n_blocks, n_maps, n_taps = partial.shape[0], partial.shape[2], partial.shape[3]
        n_outputs = y_bar.shape[0] * rows[0] * columns[0]
        per_block = (n_outputs + n_blocks - 1) // n_blocks
        me = cuda.threadIdx.x
        my_maps, my_taps = me // tap_threads * maps, me % tap_threads * taps
        n_map_tiles = (n_maps + maps_per_block - 1) // maps_per_block
        first_map = cuda.blockIdx.y % n_map_tiles * maps_per_block
        first_tap = cuda.blockIdx.y // n_map_tiles * taps_per_block
        g = cuda.blockIdx.z
        begin = cuda.blockIdx.x * per_block
        end = min(n_outputs, begin + per_block)
        for s in range(n_sums):
            closed[s] = zero
            part[s] = zero
        for start in range(begin, end, chunk):
            strange = 0
            at = me % chunk
            q = start + at
            u = q % columns[0]
            line = q // columns[0]
            o, b = line % rows[0], line // rows[0]
            cuda.syncthreads()
            for m in range(me // chunk, maps_per_block, n_threads // chunk):
                found = zero
                if q < end and first_map + m < n_maps:
                    found = y_bar[b, g, first_map + m, o, u]
                strange |= is_strange(found)
                errors[(at * pitch_of_maps + m) & INSIDE] = found
            for t in range(me // chunk, taps_per_block, n_threads // chunk):
                tap = first_tap + t if q < end and first_tap + t < n_taps else -1
                met, found = meeting(x, b, g, tap, (o, u), rows, row_edge, columns, column_edge, value, zero)
                strange |= is_strange(found)
                samples[(at * pitch_of_taps + t) & INSIDE] = found
                meets[(at * pitch_of_taps + t) & INSIDE] = met
            strange = cuda.syncthreads_or(strange)
            a, z = my_maps & INSIDE, my_taps & INSIDE
            length = min(chunk, end - start)
            if strange:
                # zero times infinity is no number: here only pairs of an error and a sample are multiplied
                for _ in range(length):
                    for s in range(taps):
                        if meets[z + s]:
                            for r in range(maps):
                                part[r * taps + s] = plus(part[r * taps + s], errors[a + r], samples[z + s])
                    a, z = (a + pitch_of_maps) & INSIDE, (z + pitch_of_taps) & INSIDE
            else:
                stop = a + (length + at_once - 1) // at_once * at_once * pitch_of_maps
                while a < stop:
                    for i in range(at_once):
                        for r in range(maps):
                            error[i * maps + r] = errors[a + i * pitch_of_maps + r]
                        for s in range(taps):
                            sample[i * taps + s] = samples[z + i * pitch_of_taps + s]
                    for i in range(at_once):
                        for r in range(maps):
                            for s in range(taps):
                                part[r * taps + s] = plus(part[r * taps + s], error[i * maps + r], sample[i * taps + s])
                    a, z = (a + at_once * pitch_of_maps) & INSIDE, (z + at_once * pitch_of_taps) & INSIDE
            if (start - begin + chunk) % SUM_BLOCK == 0:
                for s in range(n_sums):
                    closed[s] += part[s]
                    part[s] = zero
        for r in range(maps):
            for s in range(taps):
                m, t = first_map + my_maps + r, first_tap + my_taps + s
                if m < n_maps and t < n_taps:
                    partial[cuda.blockIdx.x, g, m, t] = closed[r * taps + s] + part[r * taps + s]

    return weights_tile


def size_for(n_maps: int, dtype: np.dtype) -> Size:
    """Return a block for so many maps of a group: the tile is as wide in maps as it can be without idling."""
    if SIMULATED:
        return Size(2, 2, maps=2, taps=4, registers=0, outputs=4)
    map_threads, taps = (4, 2) if n_maps <= 16 else (8, 4)
    return Size(
        map_threads,
        128 // map_threads,
        maps=4,
        taps=taps,
        registers=128 if dtype.itemsize == 4 else 168,
        outputs=32 if dtype.itemsize == 4 else 16,
    )


def run(x, y_bar, w_bar, axes: tuple[Axis, Axis], value, caller: Caller) -> None:
    """Fill w_bar (G, M, C, KH, KW) with the sums of y_bar times the samples of x that each tap met."""
    rows, columns = axes
    n_groups, n_maps, *taps = w_bar.shape
    n_taps = int(np.prod(taps))
    size = size_for(n_maps, w_bar.dtype)
    n_tiles = -(-n_maps // (size.map_threads * size.maps)) * -(-n_taps // (size.tap_threads * size.taps))
    most = min(MOST_BLOCKS, ENOUGH_BLOCKS // (n_tiles * n_groups))
    n_blocks = cover(y_bar.shape[0] * y_bar.shape[3] * y_bar.shape[4], PER_BLOCK, most)
    partial = caller.room((n_blocks, n_groups, n_maps, n_taps), w_bar.dtype)
    grid = n_blocks, n_tiles, n_groups
    kernel(w_bar.dtype, size)[grid, size.map_threads * size.tap_threads, caller.stream](
        x, y_bar, partial, *rows.numbers, *columns.numbers, value, value.dtype.type(0)
    )
    add_up(partial, w_bar, caller)

"""A bank of responses as a product of matrices that is never stored: maps by taps, times taps by outputs.

A block makes a tile of maps × outputs. For a few taps at a time it gathers the taps of its maps and the samples which
they meet at its outputs into shared memory, through the index relation that all loops share: so strides, dilations,
groups, paddings and both gradients are one kernel. A thread then multiplies several maps by several outputs.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..numerics import SUM_BLOCK
from .edges import Axis
from .libraries import Caller
from .meeting import meeting
from .target import ROWS, SIMULATED, bounded, cover, cuda
from .tile import ALIGNED, INSIDE, arithmetic


class Size(NamedTuple):
    """Threads along maps and along outputs, maps, outputs and registers of a thread, and taps gathered at a time.

    The taps divide SUM_BLOCK, and the outputs of a block divide its threads or are divided by them.
    """

    map_threads: int
    output_threads: int
    maps: int
    outputs: int
    registers: int
    taps: int


@lru_cache
def kernel(dtype: np.dtype, size: Size, plain: bool):
    """Return the kernel y[b, g, m] = Σ_c w[g, m, c] ⊛ x[b, g, c]; `plain` says that no axis is spread."""
    kind, plus, is_strange = arithmetic(dtype)
    map_threads, output_threads, maps, outputs, _, chunk = size
    n_threads = map_threads * output_threads
    maps_per_block, outputs_per_block = map_threads * maps, output_threads * outputs
    at_once = 2  # taps: enough to hide the counting, few enough for registers
    n_tap, n_sample = at_once * maps, at_once * outputs
    n_taps_places, n_places, n_sums = chunk * maps_per_block, chunk * outputs_per_block, maps * outputs

    @bounded(n_threads, size.registers)
    def bank_tile(w, x, y, rows, row_edge, columns, column_edge, value, zero):
        if SIMULATED:  # which knows no alignment
            taps = cuda.shared.array(n_taps_places, kind)
            samples = cuda.shared.array(n_places, kind)
        else:
            taps = cuda.shared.array(n_taps_places, kind, alignment=ALIGNED)
            samples = cuda.shared.array(n_places, kind, alignment=ALIGNED)
        meets = cuda.shared.array(n_places, "bool")
        sums = cuda.local.array(n_sums, kind)
        tap = cuda.local.array(n_tap, kind)
        sample = cuda.local.array(n_sample, kind)
        if plain:  # divisions by one are none
            rows = (rows[0], rows[1], rows[2], rows[3], rows[4], 1, rows[6])
            columns = (columns[0], columns[1], columns[2], columns[3], columns[4], 1, columns[6])
        n_batch, n_groups, n_maps, n_taps = y.shape[0], y.shape[1], w.shape[1], w.shape[2]
        n_outputs = n_batch * rows[0] * columns[0]
        me = cuda.threadIdx.x
        my_maps, my_outputs = me // output_threads * maps, me % output_threads * outputs
        first = cuda.blockIdx.x * outputs_per_block
        first_map = cuda.blockIdx.y * maps_per_block
        for g in range(cuda.blockIdx.z, n_groups, cuda.gridDim.z):
            for begin in range(0, n_taps, chunk):
                if begin % SUM_BLOCK == 0:
                    for s in range(n_sums):
                        sums[s] = zero
                strange = 0
                cuda.syncthreads()
                for at in range(me, n_taps_places, n_threads):
                    t, m = begin + at % chunk, first_map + at // chunk
                    weight = zero
                    if t < n_taps and m < n_maps:
                        weight = w[g, m, t]
                    strange |= is_strange(weight)
                    taps[(at % chunk * maps_per_block + at // chunk) & INSIDE] = weight
                for p in range(me % outputs_per_block, outputs_per_block, n_threads):
                    q = first + p
                    u = q % columns[0]
                    line = q // columns[0]
                    o, b = line % rows[0], line // rows[0]
                    for at in range(me // outputs_per_block, chunk, max(1, n_threads // outputs_per_block)):
                        t = begin + at if begin + at < n_taps else -1
                        met, found = meeting(
                            x,
                            b,
                            g,
                            t if q < n_outputs else -1,
                            (o, u),
                            rows,
                            row_edge,
                            columns,
                            column_edge,
                            value,
                            zero,
                        )
                        strange |= is_strange(found)
                        samples[(at * outputs_per_block + p) & INSIDE] = found
                        meets[(at * outputs_per_block + p) & INSIDE] = met
                strange = cuda.syncthreads_or(strange)
                a, z = my_maps & INSIDE, my_outputs & INSIDE
                if strange:
                    # zero times infinity is no number: here only pairs of a tap and a sample are multiplied
                    for _ in range(min(chunk, n_taps - begin)):
                        for r in range(maps):
                            for s in range(outputs):
                                if meets[z + s]:
                                    sums[r * outputs + s] = plus(sums[r * outputs + s], taps[a + r], samples[z + s])
                        a, z = (a + maps_per_block) & INSIDE, (z + outputs_per_block) & INSIDE
                else:
                    n_steps = (min(chunk, n_taps - begin) + at_once - 1) // at_once
                    stop = a + n_steps * at_once * maps_per_block
                    while a < stop:
                        for t in range(at_once):
                            for r in range(maps):
                                tap[t * maps + r] = taps[a + t * maps_per_block + r]
                            for s in range(outputs):
                                sample[t * outputs + s] = samples[z + t * outputs_per_block + s]
                        for t in range(at_once):
                            for r in range(maps):
                                for s in range(outputs):
                                    at = r * outputs + s
                                    sums[at] = plus(sums[at], tap[t * maps + r], sample[t * outputs + s])
                        a, z = (a + at_once * maps_per_block) & INSIDE, (z + at_once * outputs_per_block) & INSIDE
                if begin + chunk < n_taps and (begin + chunk) % SUM_BLOCK:
                    continue
                for s in range(outputs):
                    q = first + my_outputs + s
                    u = q % columns[0]
                    line = q // columns[0]
                    o, b = line % rows[0], line // rows[0]
                    for r in range(maps):
                        m = first_map + my_maps + r
                        if q < n_outputs and m < n_maps:
                            # a closed block of a long sum waits in the output
                            before = y[b, g, m, o, u] if begin >= SUM_BLOCK else zero
                            y[b, g, m, o, u] = before + sums[r * outputs + s]

    return bank_tile


def size_for(n_maps: int, dtype: np.dtype) -> Size:
    """Return a block for so many maps of a group: the tile is as wide in maps as it can be without idling."""
    if SIMULATED:
        return Size(2, 2, maps=2, outputs=4, registers=0, taps=8)
    map_threads = 1 if n_maps <= 8 else 2 if n_maps <= 16 else 4
    taps, outputs = 16 if dtype.itemsize == 4 else 8, 2 if dtype.kind == "c" else 4
    return Size(map_threads, 128 // map_threads, maps=8, outputs=outputs, registers=168, taps=taps)


def run(w, x, y, axes: tuple[Axis, Axis], value, caller: Caller) -> None:
    """Fill y (B, G, M, H', W') from x (B, G, C, H, W) and w (G, M, C, KH, KW), contiguous and of one dtype."""
    rows, columns = axes
    size = size_for(w.shape[1], y.dtype)
    n_outputs = y.shape[0] * y.shape[3] * y.shape[4]
    grid = (
        -(-n_outputs // (size.output_threads * size.outputs)),
        -(-w.shape[1] // (size.map_threads * size.maps)),
        cover(w.shape[0], 1, ROWS),
    )
    plain = rows.relation.spread == columns.relation.spread == 1
    taps = w.reshape(w.shape[0], w.shape[1], int(np.prod(w.shape[2:])))
    kernel(y.dtype, size, plain)[grid, size.map_threads * size.output_threads, caller.stream](
        taps, x, y, *rows.numbers, *columns.numbers, value, value.dtype.type(0)
    )

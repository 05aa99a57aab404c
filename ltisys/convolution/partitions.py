"""One response along signals that arrive in pieces: nothing waits, and no output depends on how they were cut.

The first Q taps are applied to the samples as they come, by the register tiles of `fir`. Each later partition of Q taps
meets blocks of Q samples that are complete: when block m is there, Σ_p X[m − p]·H[p] is the transform of what all
partitions have to add to the outputs of blocks m + 1 and m + 2 (`folding`). The terms of earlier blocks are summed
while block m arrives, in proportion to what has arrived, so that no piece costs much more than another.

Samples that are not finite would spread over whole blocks. The transforms see zeros in their place, and their products
with the taps of the later partitions are added one by one to the outputs they reach, as long as they reach any.

Source: W. G. Gardner, "Efficient convolution without input-output delay", J. Audio Eng. Soc. 43, 1995.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from .compilation import kernel, part
from .fir import correlate_row
from .folding import fold, unfold
from .rows import put
from .simd import REGISTERS, Emitter, lanes_of

KEPT, FILLED, DONE, SLOT, FAULTS = range(5)
CLOCK = 5
"""A clock holds: how many samples the history has taken since it was cut, how many of them the block has, how many
partitions have been summed for it, its place among the blocks, and how many blocks hold samples that are not finite."""

WIDEST = 16  # samples of the longest vector of any machine, so that memories can move from one to another
TILE = REGISTERS // 8  # complex vectors of sums: a quarter of the registers, beside as many for factors


@kernel
def filter_directly(x, y, head, history, clock, work):
    """Write y (C, n), the outputs for the next samples x (C, n), all taps `head` being applied as they come.

    `head` holds the taps in reverse order, history (C, size) the last samples, as `history_length` asks for, and work
    (1, ≥ WIDEST) nothing that lasts.
    """
    most = history.shape[1] - history_length(head.shape[0], 0)
    for first in range(0, x.shape[1], most):
        stop = min(first + most, x.shape[1])
        _meet_head(x, y, (first, stop), head, history, clock, work[0])


@part
def history_length(n_taps: int, most: int) -> int:
    """Return the room for the history of so many taps, if at most so many samples come at a time."""
    return 2 * n_taps + most + WIDEST


def spectra_of(late: np.ndarray, length: int, constants: tuple) -> np.ndarray:
    """Return the transforms (P, 2, Q) of taps cut into partitions of Q, divided by Q."""
    padded = np.zeros(-(-len(late) // length) * length, late.dtype)
    padded[: len(late)] = late
    spectra = np.empty((len(padded) // length, 2, length), late.dtype)
    _fold_rows(padded.reshape(-1, length), spectra, constants)
    spectra /= length
    return spectra


@kernel
def _fold_rows(rows, points, constants):
    work = np.empty((2, rows.shape[1]), rows.dtype)
    for p in range(rows.shape[0]):
        fold(rows[p], points[p], work, constants)


@part
def _meet_head(x, y, span, head, history, clock, few):
    """Append the samples span[0] … span[1] − 1 to the history and write what the first taps make of them."""
    first, stop = span
    lanes, held, count = lanes_of(x.itemsize), head.shape[0] - 1, stop - first
    end = held + clock[KEPT]
    if end + count + lanes > history.shape[1]:
        for c in range(history.shape[0]):
            put(history[c, end - held : end], history[c, :held])
        end = held
    for c in range(x.shape[0]):
        line = history[c]
        put(x[c, first:stop], line[end : end + count])
        # a whole vector at least: what it reads after the samples makes outputs that nobody sees
        target, at = (y[c], first) if count >= lanes else (few, 0)
        correlate_row(head, line, end - held, target, at, max(count, lanes))
        if count < lanes:
            put(few, y[c, first:stop])
    clock[KEPT] = end + count - held


@kernel
def filter_in_partitions(x, y, response, memory, clock, work):
    """Write y (C, n), the outputs for the next samples x (C, n).

    Parameters
    ----------
    response : tuple (head, spectra, late, constants)
        The first Q taps in reverse order, the transforms (P, 2, Q) of the later partitions divided by Q, all later taps
        in time, and the constants of `folding`.
    memory : tuple (history, blocks, lines, faulty, sums, ahead)
        Per channel: the last samples (size,); the transforms (P + 1, 2, Q) of the last blocks, the blocks themselves
        (P + 1, Q), and whether they hold samples that are not finite (P + 1,); the sum (2, Q) of products for the next
        two blocks; what the later partitions add (2, Q) to the outputs of this block and the next.
    clock : array of int64 (CLOCK,)
        Where everything stands.
    work : array (3, Q)
        Nothing that lasts.
    """
    head, spectra, late, constants = response
    history, blocks, lines, faulty, sums, ahead = memory
    length, n_partitions = head.shape[0], spectra.shape[0]
    first = 0
    while first < x.shape[1]:
        begin = clock[FILLED]
        count = min(length - begin, x.shape[1] - first)
        stop = first + count
        _meet_head(x, y, (first, stop), head, history, clock, work[0])
        for c in range(x.shape[0]):
            later, made = ahead[c, 0, begin : begin + count], y[c, first:stop]
            for i in range(count):
                made[i] += later[i]
            if clock[FAULTS]:
                _add_faults(made, begin, late, lines[c], faulty[c], clock[SLOT])
        clock[FILLED] = begin + count
        wanted = (n_partitions - 1) * clock[FILLED] // length
        for c in range(x.shape[0]):
            _sum_partitions(sums[c], blocks[c], spectra, clock[SLOT], clock[DONE] + 1, wanted + 1)
        clock[DONE] = wanted
        if clock[FILLED] == length:
            for c in range(x.shape[0]):
                block = history[c, clock[KEPT] - 1 : clock[KEPT] + length - 1]
                clock[FAULTS] += _take_block(block, blocks[c], lines[c], faulty[c], clock[SLOT], work, constants)
                _sum_partitions(sums[c], blocks[c], spectra, clock[SLOT], 0, 1)
                put(ahead[c, 1], ahead[c, 0])
                unfold(sums[c], work[2], ahead[c, 1], work, constants)
                for i in range(length):
                    ahead[c, 0, i] += work[2, i]
                sums[c] = 0
            clock[FILLED] = clock[DONE] = 0
            clock[SLOT] = (clock[SLOT] if clock[SLOT] > 0 else n_partitions + 1) - 1
        first = stop


@part
def _take_block(block, blocks, lines, faulty, slot, work, constants):
    """Transform a complete block into its slot; return by how much the number of faulty blocks grows."""
    before = faulty[slot]
    n_bad = 0
    for sample in block:
        n_bad += not np.isfinite(sample)
    put(block, lines[slot])
    faulty[slot] = n_bad > 0
    if n_bad:
        for i in range(block.shape[0]):
            work[2, i] = block[i] if np.isfinite(block[i]) else 0
        fold(work[2], blocks[slot], work, constants)
    else:
        fold(block, blocks[slot], work, constants)
    return faulty[slot] - before


@part
def _add_faults(made, begin, late, lines, faulty, slot):
    """Add the products of samples that are not finite with the taps of the later partitions.

    Blocks before this one stand in the slots after its own; the oldest that still reaches it in the slot it will take.
    """
    n_slots, length = lines.shape
    for back in range(1, n_slots + 1):
        line = lines[(slot + back) % n_slots]
        if not faulty[(slot + back) % n_slots]:
            continue
        for i in range(length):
            if not np.isfinite(line[i]):
                lag = (back - 1) * length + begin - i  # of the first output, counted from tap Q on
                for j in range(max(0, -lag), min(made.shape[0], late.shape[0] - lag)):
                    made[j] += late[lag + j] * line[i]


@part
def _sum_partitions(sums, blocks, spectra, slot, first, stop):
    """Add the products of the partitions first … stop − 1 with the blocks as many places before the one in the slot."""
    n_slots = blocks.shape[0]
    wrap = min(max(n_slots - slot, first), stop)
    _add_products(sums, blocks, slot + first, spectra, first, wrap - first)
    _add_products(sums, blocks, slot + wrap - n_slots, spectra, wrap, stop - wrap)


def _products(typing_context, sums, blocks, b, spectra, p, count):
    """Add Σ_{i < count} blocks[b + i]·spectra[p + i] to sums (2, Q)."""

    def generate(context, builder, signature, args):
        emit = Emitter(context, builder, signature, args, sums.dtype)
        length = builder.extract_value(context.make_array(sums)(context, builder, value=args[0]).shape, 1)
        pair = builder.add(length, length)
        vectors = [emit.index(emit.lanes * v) for v in range(TILE)]

        def tile(index, _):
            q = builder.mul(index, emit.index(TILE * emit.lanes))
            real, imaginary = (emit.data(0, at) for at in (q, builder.add(q, length)))
            totals = [emit.load(emit.at(part, v)) for part in (real, imaginary) for v in vectors]

            def product(i, held):
                """Add the products of one partition to real and imaginary sums."""
                points = []
                for argument, start in ((1, args[2]), (3, args[4])):
                    at = builder.add(builder.mul(builder.add(start, i), pair), q)
                    points += [emit.data(argument, at), emit.data(argument, builder.add(at, length))]
                held = list(held)
                for v, step in enumerate(vectors):
                    a, b, c, d = (emit.load(emit.at(point, step)) for point in points)
                    minus_b = emit.sub(emit.zero(), b)
                    held[v] = emit.fma(minus_b, d, emit.fma(a, c, held[v]))
                    held[TILE + v] = emit.fma(b, c, emit.fma(a, d, held[TILE + v]))
                return held

            totals = emit.loop(args[5], totals, product)
            for v, step in enumerate(vectors):
                emit.store(totals[v], emit.at(real, step))
                emit.store(totals[TILE + v], emit.at(imaginary, step))
            return []

        emit.loop(builder.sdiv(length, emit.index(TILE * emit.lanes)), [], tile)
        return emit.nothing()

    return types.void(sums, blocks, types.intp, spectra, types.intp, types.intp), generate


_add_products: Any = intrinsic(_products)

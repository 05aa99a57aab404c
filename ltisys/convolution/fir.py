"""One response along contiguous rows: sums in registers, each sample loaded once for several taps.

y[o] = Σ_k h[k]·X[o + k − offset] for rows of one dimension, X the infinite extension of x. A tile holds the sums of a
few vectors of outputs. Taps that lie one vector apart read the same samples for neighbouring vectors of outputs, so up
to STACK of them share every load. Outputs near the ends, whose taps leave x, run the same tiles over a short extended
copy: no output knows whether it lies near an end or where the work was cut.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic, register_jitable

from .cache import kernel
from .extension import CODES
from .geometry import Geometry
from .numerics import SUM_BLOCK
from .simd import REGISTERS, Emitter, lanes_of
from .taps import FILL, source_index
from .threads import in_parts

STACK = 4  # taps that share the loads; more would not fit beside the sums
WIDE, NARROW = REGISTERS // 2, REGISTERS // 8  # vectors of sums in a tile: half the registers, few for short rows


def _tile(n_vectors: int) -> Any:
    """Return the intrinsic that computes n_vectors vectors of outputs."""

    @intrinsic
    def tile(typing_context, h, k, n_taps, x, i, y, o, carries):
        """Write y[o + j] = Σ_t h[k + t]·x[i + j + t] for 0 ≤ t < n_taps and each of the tile's outputs j.

        Reads x[i] … x[i + J + n_taps − 2] and h[k] … h[k + n_taps − 1], writes y[o] … y[o + J − 1], where
        J = n_vectors · lanes. If `carries` is 1 the sums are added to what y holds.
        """

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, x.dtype)
            lanes = emit.lanes
            taps, samples, target = emit.data(0, args[1]), emit.data(3, args[4]), emit.data(5, args[6])
            n = args[2]

            def products(stack, start, sums):
                """Add the products of the taps start + g·lanes, g < stack."""
                held = [emit.splat(emit.at(emit.at(taps, start), g * lanes)) for g in range(stack)]
                source = emit.at(samples, start)
                for v in range(n_vectors + stack - 1):
                    vector = emit.load(emit.at(source, v * lanes))
                    for g in range(max(0, v - n_vectors + 1), min(stack, v + 1)):
                        sums[v - g] = emit.fma(vector, held[g], sums[v - g])
                return sums

            def run(stack, start, count, sums):
                return emit.loop(count, sums, lambda t, s: products(stack, builder.add(start, t), s))

            zero, one, row = emit.index(0), emit.index(1), emit.index(lanes)
            full = emit.index(STACK * lanes)
            sums = [emit.zero()] * n_vectors
            n_full = builder.sdiv(n, full)
            sums = emit.loop(n_full, sums, lambda t, s: run(STACK, builder.mul(t, full), row, s))
            start = builder.mul(n_full, full)
            rest = builder.sub(n, start)
            whole, more = builder.sdiv(rest, row), builder.srem(rest, row)
            # of the taps that are left, the first `more` places of a vector have one tap more than the others
            for stack in range(1, STACK + 1):
                chosen = builder.icmp_signed("==", whole, emit.index(stack - 1))
                sums = run(stack, start, builder.select(chosen, more, zero), sums)
            for stack in range(1, STACK):
                chosen = builder.icmp_signed("==", whole, emit.index(stack))
                count = builder.select(chosen, builder.sub(row, more), zero)
                sums = run(stack, builder.add(start, more), count, sums)
            carried = builder.icmp_signed("==", args[7], one)
            for v, total in enumerate(sums):
                place = emit.at(target, v * lanes)
                emit.store(emit.add(total, builder.select(carried, emit.load(place), emit.zero())), place)
            return emit.nothing()

        return types.void(h, types.intp, types.intp, x, types.intp, y, types.intp, types.intp), generate

    return tile


_wide, _narrow, _single = _tile(WIDE), _tile(NARROW), _tile(1)

# ns on one core: per output, and per product and byte of a sample
OUTPUT, PRODUCT = 0.1, 0.0045
UNIT = 1024  # outputs; the work is cut at multiples
BORDER = 4096  # outputs near the ends per extended copy


@kernel
def filter_rows(h, x, y, offset, outside, part):
    """Write y[b, o] = Σ_k h[k]·X[b, o + k − offset] for the rows and outputs of `part`; tell whether that was possible.

    Parameters
    ----------
    h : array (K,)
        The taps in the order of a correlation.
    x, y : arrays (B, N), (B, N')
        Rows, contiguous.
    offset : int
        Where output 0 begins to read, before sample 0.
    outside : tuple (only_pairs, padding, value)
        What X is outside x: a code of `taps` and its constant. With `only_pairs`, positions outside x count for
        nothing, so taps that are not finite cannot be multiplied by the zeros there: nothing is done.
    part : tuple (first row, stop row, first output, stop output)

    Returns
    -------
    bool
    """
    only_pairs, padding, value = outside
    row, last_row, first, stop = part
    if only_pairs:
        for tap in h:
            if not np.isfinite(tap):
                return False
    n_taps, n = h.shape[0], x.shape[1]
    lanes = lanes_of(x.itemsize)
    inner = min(max(offset, first), stop)
    inner_stop = max(min(n - n_taps + offset + 1, stop), inner)
    if inner_stop - inner < lanes:
        inner = inner_stop = stop
    room = max(min(BORDER, max(inner - first, stop - inner_stop)), lanes)
    extended, result = np.empty(room + n_taps - 1, x.dtype), np.empty(room, x.dtype)
    for b in range(row, last_row):
        o = first
        while o < stop:
            if inner <= o < inner_stop:
                source, i, target, to, count = x[b], o - offset, y[b], o, inner_stop - o
                size = count
            else:
                count = min(room, (inner if o < inner else stop) - o)
                size = max(count, lanes)
                source, i, target, to = extended, 0, result, 0
                copy_extended(x[b], o - offset, padding, value, extended[: size + n_taps - 1])
            _run(h, source, i, target, to, size)
            if size != count or not inner <= o < inner_stop:
                y[b, o : o + count] = result[:count]
            o += count
    return True


@register_jitable
def _run(h, x, i, y, o, n):
    """Write y[o + j] = Σ_k h[k]·x[i + j + k] for 0 ≤ j < n; n is at least one vector."""
    lanes = lanes_of(x.itemsize)
    vectors = WIDE if n >= WIDE * lanes else NARROW if n >= NARROW * lanes else 1
    size = vectors * lanes
    for start in range(0, n, size):
        j = min(start, n - size)  # the last tile overlaps the one before and writes the same there
        for k in range(0, h.shape[0], SUM_BLOCK):
            count, carries = min(SUM_BLOCK, h.shape[0] - k), int(k > 0)
            if vectors == WIDE:
                _wide(h, k, count, x, i + j + k, y, o + j, carries)
            elif vectors == NARROW:
                _narrow(h, k, count, x, i + j + k, y, o + j, carries)
            else:
                _single(h, k, count, x, i + j + k, y, o + j, carries)


@register_jitable
def copy_extended(x, start, padding, value, out):
    """Write out[j] = X[start + j]."""
    n, wanted = x.shape[0], out.shape[0]
    before = min(max(-start, 0), wanted)
    after = min(max(n - start, before), wanted)
    for j in range(before, after):
        out[j] = x[start + j]
    for j in range(wanted - (after - before)):
        place = j if j < before else j + after - before
        out[place] = value if padding == FILL else x[source_index(start + place, n, padding)]


def serves(w, rows: Geometry, columns: Geometry) -> bool:
    """Tell whether a job is one real response along contiguous rows, output by output."""
    return (
        w.shape[:4] == (1, 1, 1, 1)
        and w.dtype.char in "fd"
        and columns.stride == columns.spread == abs(columns.step) == 1
        and rows.n_in == rows.n_out
        and (rows.stride, rows.spread, rows.offset) == (1, 1, 0)
    )


def cost(n_taps: int, n_outputs: int, itemsize: int) -> float:
    """Return what a job costs, in ns on one core."""
    return n_outputs * (OUTPUT + PRODUCT * itemsize * n_taps)


def correlation_of(w, columns: Geometry):
    """Return (taps, offset) of y[o] = Σ_k taps[k]·x[o + k − offset]."""
    taps = w.reshape(-1)
    if columns.step < 0:
        return np.ascontiguousarray(taps[::-1]), columns.offset + columns.n_kernel - 1
    return taps, columns.offset


def convolve_rows(w, x, y, columns: Geometry, padding: str, value) -> bool:
    """Write y = w applied to the rows of x, and what lies outside them; tell whether that was possible."""
    taps, offset = correlation_of(w, columns)
    x, y = x.reshape(-1, x.shape[-1]), y.reshape(-1, y.shape[-1])
    x.flags.writeable = taps.flags.writeable = False  # these are views: one compiled kernel serves all
    outside = (padding == "zero", CODES[padding], x.dtype.type(value if padding == "constant" else 0))
    nanoseconds = cost(len(taps), y.size, x.itemsize)
    if len(x) != 1:
        return in_parts(
            lambda b, stop: filter_rows(taps, x, y, offset, outside, (b, stop, 0, y.shape[1])), len(x), nanoseconds
        )
    return in_parts(
        lambda o, stop: filter_rows(taps, x, y, offset, outside, (0, 1, o, stop)), y.shape[1], nanoseconds, unit=UNIT
    )

"""Register tiles of one-dimensional filters: vectors of sums that never leave the registers while the taps pass.

Taps that lie one vector apart read the same samples for neighbouring vectors of outputs, so up to STACK of them share
every load. Nothing here checks bounds: each tile says what it touches.
"""

import itertools
from typing import Any

from numba import types
from numba.extending import intrinsic

from .simd import REGISTER_BYTES, REGISTERS, Emitter

STACK = 4  # taps that share the loads; more would not fit beside the sums
WIDE, NARROW = REGISTERS // 2, REGISTERS // 8  # vectors of sums in a tile: half the registers, few for short rows
BRIEF = 3 * REGISTERS // 8  # vectors of sums of the tile for few taps, beside one more vector of samples
SHIFTS = REGISTER_BYTES == 64  # shorter registers straddle fewer lines, and shift across their halves slowly


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


def _brief(typing_context, h, n_taps, x, i, y, o):
    """Write y[o + j] = Σ_t h[t]·x[i + j + t] for 1 ≤ n_taps ≤ lanes and j < J = BRIEF · lanes.

    Reads x[i] … x[i + J + lanes − 1], that is past the last sample that counts. Two neighbouring vectors hold what
    every tap needs; shifting them costs less than loads that straddle the lines of the cache.
    """

    def generate(context, builder, signature, args):
        emit = Emitter(context, builder, signature, args, x.dtype)
        lanes, taps, target = emit.lanes, emit.data(0), emit.data(4, args[5])
        source = emit.data(2, args[3])
        held = [emit.load(emit.at(source, v * lanes)) for v in range(BRIEF + 1)]
        done = builder.append_basic_block("done")
        exits, sums = [], [emit.zero()] * BRIEF
        for t in range(lanes):
            tap = emit.splat(emit.at(taps, t))
            shifted = [emit.shuffle(a, b, range(t, t + lanes)) for a, b in itertools.pairwise(held)] if t else held[:-1]
            sums = [emit.fma(vector, tap, total) for vector, total in zip(shifted, sums, strict=True)]
            exits.append((builder.block, sums))
            if t == lanes - 1:
                builder.branch(done)
            else:
                more = builder.append_basic_block("tap")
                builder.cbranch(builder.icmp_signed("==", args[1], emit.index(t + 1)), done, more)
                builder.position_at_end(more)
        builder.position_at_end(done)
        totals = [builder.phi(emit.vector) for _ in range(BRIEF)]
        for v, total in enumerate(totals):
            for block, values in exits:
                total.add_incoming(values[v], block)
        for v, total in enumerate(totals):
            emit.store(total, emit.at(target, v * lanes))
        return emit.nothing()

    return types.void(h, types.intp, x, types.intp, y, types.intp), generate


wide, narrow, single = _tile(WIDE), _tile(NARROW), _tile(1)
brief: Any = intrinsic(_brief)

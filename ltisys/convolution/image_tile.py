"""The register tiles of image filters: ROWS rows by V vectors of sums, each sample loaded once for several rows.

A row of samples takes part in the sums of several rows of outputs. A tile that goes through a stack of S rows of taps
at once therefore loads ROWS + S − 1 vectors for ROWS·S multiply-adds, and needs no room beyond registers.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from .compilation import part
from .numerics import SUM_BLOCK
from .simd import REGISTERS, Emitter, lanes_of

ROWS = 4  # rows of outputs in a tile
STACK = 5  # rows of taps that share the loads, at most
WIDE = REGISTERS // 8  # vectors in a row of a tile: ROWS·WIDE sums fill half the registers
BESIDE = 16  # tiles side by side, whose samples and sums stay in the first-level cache from stack to stack
TALL, SLIM = 8, REGISTERS // 16  # rows and vectors in a row of a tile for one column of taps
TAPS = 4  # taps of a column that share the loads


def _tile(stack: int, n_vectors: int) -> Any:
    """Return the intrinsic that adds `stack` rows of taps to ROWS rows of n_tiles·n_vectors vectors of outputs."""

    @intrinsic
    def tile(typing_context, h, taps, x, y, place, n_tiles):
        """Write y[o + q·r + j] = Σ_k Σ_l h[t + s·k + l]·x[i + p·(r + k) + j + l] for 0 ≤ k < stack, 0 ≤ l < L.

        The arrays are flat, taps = (t, s, L) and place = (i, p, o, q, continues). With J = n_tiles · n_vectors · lanes
        it reads x[i + p·r] … x[i + p·r + J + L − 2] for r < ROWS + stack − 1 and h[t + s·k] … h[t + s·k + L − 1] for
        k < stack, and writes y[o + q·r] … y[o + q·r + J − 1] for r < ROWS. If `continues` is 1 the sums go on from
        what y holds, if 0 from zero.
        """

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, x.dtype)
            first, tap_pitch, n_columns = (builder.extract_value(args[1], a) for a in range(3))
            i, pitch, o, y_pitch, continues = (builder.extract_value(args[4], a) for a in range(5))
            width = n_vectors * emit.lanes

            def lines(pointer, distance, count):
                return [emit.at(pointer, builder.mul(emit.index(number), distance)) for number in range(count)]

            taps_of = lines(emit.data(0, first), tap_pitch, stack)

            def sums_of(number, state):
                begin = builder.mul(number, emit.index(width))
                sources = lines(emit.data(2, builder.add(i, begin)), pitch, ROWS + stack - 1)
                targets = [
                    emit.at(line, v * emit.lanes)
                    for line in lines(emit.data(3, builder.add(o, begin)), y_pitch, ROWS)
                    for v in range(n_vectors)
                ]

                def column(l, sums):
                    held = [emit.splat(emit.at(line, l)) for line in taps_of]
                    for row, source in enumerate(sources):
                        for v in range(n_vectors):
                            vector = emit.load(emit.at(emit.at(source, l), v * emit.lanes))
                            for r in range(max(0, row - stack + 1), min(ROWS, row + 1)):
                                at = r * n_vectors + v
                                sums[at] = emit.fma(vector, held[row - r], sums[at])
                    return sums

                # a loop of one turn or none: what y holds is loaded only where it is wanted
                zeros = [emit.zero()] * len(targets)
                sums = emit.loop(continues, zeros, lambda n, s: [emit.load(at) for at in targets])
                for total, at in zip(emit.loop(n_columns, sums, column), targets, strict=True):
                    emit.store(total, at)
                return state

            emit.loop(args[5], [], sums_of)
            return emit.nothing()

        return types.void(h, taps, x, y, place, types.intp), generate

    return tile


_wide5, _wide4, _wide3, _wide2, _wide1 = (_tile(stack, WIDE) for stack in range(STACK, 0, -1))
_narrow5, _narrow4, _narrow3, _narrow2, _narrow1 = (_tile(stack, 1) for stack in range(STACK, 0, -1))


def _column_tiles(typing_context, h, n, x, y, place, n_tiles):
    """Write y[o + q·r + j] = Σ_k h[k]·x[i + p·(r + k) + j] for 0 ≤ k < n.

    The arrays are flat, place = (i, p, o, q). With J = n_tiles · SLIM · lanes it reads x[i + p·r] … x[i + p·r + J − 1]
    for r < TALL + n − 1 and writes y[o + q·r] … y[o + q·r + J − 1] for r < TALL.
    """

    def generate(context, builder, signature, args):
        emit = Emitter(context, builder, signature, args, x.dtype)
        i, pitch, o, y_pitch = (builder.extract_value(args[4], a) for a in range(4))
        taps, several = emit.data(0), emit.index(TAPS)
        n_groups = builder.sdiv(args[1], several)
        start = builder.mul(n_groups, several)

        def sums_of(number, state):
            begin = builder.mul(number, emit.index(SLIM * emit.lanes))
            source, target = emit.data(2, builder.add(i, begin)), emit.data(3, builder.add(o, begin))

            def products(k, count, sums):
                held = [emit.splat(emit.at(taps, builder.add(k, emit.index(g)))) for g in range(count)]
                for row in range(TALL + count - 1):
                    line = emit.at(source, builder.mul(builder.add(k, emit.index(row)), pitch))
                    for v in range(SLIM):
                        vector = emit.load(emit.at(line, v * emit.lanes))
                        for r in range(max(0, row - count + 1), min(TALL, row + 1)):
                            sums[r * SLIM + v] = emit.fma(vector, held[row - r], sums[r * SLIM + v])
                return sums

            sums = [emit.zero()] * (TALL * SLIM)
            sums = emit.loop(n_groups, sums, lambda k, s: products(builder.mul(k, several), TAPS, s))
            sums = emit.loop(builder.sub(args[1], start), sums, lambda k, s: products(builder.add(start, k), 1, s))
            for r in range(TALL):
                line = emit.at(target, builder.mul(emit.index(r), y_pitch))
                for v in range(SLIM):
                    emit.store(sums[r * SLIM + v], emit.at(line, v * emit.lanes))
            return state

        emit.loop(args[5], [], sums_of)
        return emit.nothing()

    return types.void(h, types.intp, x, y, place, types.intp), generate


_column: Any = intrinsic(_column_tiles)


@part
def _add_stack(stack, is_wide, h, taps, x, y, place, n_tiles):
    """Run the tiles of a stack."""
    if is_wide:
        if stack == 5:
            _wide5(h, taps, x, y, place, n_tiles)
        elif stack == 4:
            _wide4(h, taps, x, y, place, n_tiles)
        elif stack == 3:
            _wide3(h, taps, x, y, place, n_tiles)
        elif stack == 2:
            _wide2(h, taps, x, y, place, n_tiles)
        else:
            _wide1(h, taps, x, y, place, n_tiles)
    elif stack == 5:
        _narrow5(h, taps, x, y, place, n_tiles)
    elif stack == 4:
        _narrow4(h, taps, x, y, place, n_tiles)
    elif stack == 3:
        _narrow3(h, taps, x, y, place, n_tiles)
    elif stack == 2:
        _narrow2(h, taps, x, y, place, n_tiles)
    else:
        _narrow1(h, taps, x, y, place, n_tiles)


@part
def _stacks(n_rows):
    """Return (number, size, how many have one row more) of the stacks that n_rows of taps make: few and equal."""
    n_stacks = -(-n_rows // STACK)
    return n_stacks, n_rows // n_stacks, n_rows % n_stacks


@part
def _add_rows(h, block, stacks, tiles, x, y, place):
    """Run tiles = (are wide, how many) for all stacks of rows of taps at block = (first tap, KW, columns of taps)."""
    t, n_kw, n_columns = block
    i, pitch, o, y_pitch = place
    for n in range(stacks[0]):
        stack = stacks[1] + (n < stacks[2])
        _add_stack(stack, tiles[0], h, (t, n_kw, n_columns), x, y, (i, pitch, o, y_pitch, int(n > 0)), tiles[1])
        t += stack * n_kw
        i += stack * pitch


@part
def cover(taps, kernel_size, x, y, place, size):
    """Write y[o + q·r + j] = Σ_k Σ_l h[k, l]·x[i + p·(r + k) + j + l] for 0 ≤ r < rows, 0 ≤ j < columns.

    Tiles at the ends overlap their neighbours and write there what they wrote. Sums are closed every SUM_BLOCK
    products, in an order that is the same for every output.

    Parameters
    ----------
    taps : array (KH·KW,)
    kernel_size : tuple (KH, KW)
    x, y : arrays
        Flat. Read are (rows + KH − 1) lines of columns + KW − 1 samples, written rows lines of columns.
    place : tuple (i, p, o, q)
        Where x and y begin, and the distances of their lines.
    size : tuple (rows, columns)
        At least ROWS and the lanes of a vector.
    """
    i, pitch, o, y_pitch = place
    n_kh, n_kw = kernel_size
    lanes = lanes_of(x.itemsize)
    wide = WIDE * lanes
    n_columns = min(n_kw, SUM_BLOCK)
    n_rows = min(SUM_BLOCK // n_columns, n_kh)
    is_one_sum = n_rows == n_kh and n_columns == n_kw
    slim = SLIM * lanes
    if is_one_sum and n_kw == 1 and size[0] >= TALL and size[1] >= slim:
        for row in range(0, size[0], TALL):
            r = min(row, size[0] - TALL)
            for column in range(0, size[1], max(1, size[1] // slim) * slim):
                n_tiles = max(1, (size[1] - column) // slim)
                c = min(column, size[1] - n_tiles * slim)
                _column(taps, n_kh, x, y, (i + r * pitch + c, pitch, o + r * y_pitch + c, y_pitch), n_tiles)
        return
    stacks = _stacks(n_rows)
    closed = np.empty(0 if is_one_sum else ROWS * wide, x.dtype)
    for row in range(0, size[0], ROWS):
        r = min(row, size[0] - ROWS)
        column = 0
        while column < size[1]:
            left = size[1] - column
            is_wide = size[1] >= wide and 2 * left > wide
            width = wide if is_wide else lanes
            # tiles side by side take turns with the stacks; the last one may overlap the others, and so comes alone
            n_tiles = max(1, min(left // width, BESIDE)) if is_one_sum else 1
            c = min(column, size[1] - n_tiles * width)
            column = c + n_tiles * width
            at, to = i + r * pitch + c, o + r * y_pitch + c
            if is_one_sum:
                _add_rows(taps, (0, n_kw, n_kw), stacks, (is_wide, n_tiles), x, y, (at, pitch, to, y_pitch))
                continue
            for k in range(0, n_kh, n_rows):
                for l in range(0, n_kw, n_columns):
                    block = k * n_kw + l, n_kw, min(n_columns, n_kw - l)
                    these = _stacks(min(n_rows, n_kh - k))
                    _add_rows(taps, block, these, (is_wide, 1), x, closed, (at + k * pitch + l, pitch, 0, width))
                    for line in range(ROWS):
                        for j in range(width):
                            place_in_y = to + line * y_pitch + j
                            part = closed[line * width + j]
                            y[place_in_y] = y[place_in_y] + part if k + l > 0 else part


@part
def cover_separably(factors, x, y, place, size, between, term):
    """Do what `cover` does for the sum of the outer products of columns and rows, by one pass along each axis.

    Parameters
    ----------
    factors : tuple of arrays (R, KH), (R, KW)
    x, y, place, size
        As for `cover`, with the kernel size (KH, KW).
    between, term : arrays
        Room for (rows + KH − 1)·columns and for rows·columns samples.
    """
    i, pitch, o, y_pitch = place
    columns, rows = factors
    passed = _typed_as(x, between)
    for r in range(columns.shape[0]):
        across = (i, pitch, 0, size[1])
        cover(rows[r], (1, rows.shape[1]), x, between, across, (size[0] + columns.shape[1] - 1, size[1]))
        if r == 0:
            cover(columns[r], (columns.shape[1], 1), passed, y, (0, size[1], o, y_pitch), size)
            continue
        cover(columns[r], (columns.shape[1], 1), passed, term, (0, size[1], 0, size[1]), size)
        for line in range(size[0]):
            total, more = y[o + line * y_pitch : o + line * y_pitch + size[1]], term[line * size[1] :]
            for j in range(total.shape[0]):
                total[j] += more[j]


@part
def _typed_as(model, array):
    """Return an array in the type of a model that may not be written: so `cover` is compiled once for both."""
    return array if array.size else model

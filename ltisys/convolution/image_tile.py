"""The register tile of image filters: ROWS rows by V vectors of sums, each sample loaded once for several rows.

A row of samples takes part in the sums of several rows of outputs. A tile that goes through a stack of S rows of taps
at once therefore loads ROWS + S − 1 vectors for ROWS·S multiply-adds, and needs no room beyond registers.
"""

from typing import Any

from numba import types
from numba.extending import intrinsic, register_jitable

from .numerics import SUM_BLOCK
from .simd import REGISTERS, Emitter, lanes_of

ROWS = 4  # rows of outputs in a tile
STACK = 5  # rows of taps that share the loads
WIDE = REGISTERS // 8  # vectors in a row of a tile: ROWS·WIDE sums fill half the registers


def _tile(n_vectors: int) -> Any:
    """Return the intrinsic that computes ROWS rows of n_vectors vectors of outputs."""

    @intrinsic
    def tile(typing_context, h, taps, stacks, x, y, place):
        """Write y[o + q·r + j] = Σ_k Σ_l h[t + s·k + l]·x[i + p·(r + k) + j + l] for 0 ≤ k < K, 0 ≤ l < L.

        The arrays are flat, taps = (t, s, L) and place = (i, p, o, q, carries), L ≥ 1; `stacks` are the numbers
        of stacks of STACK, STACK − 1 … 1 rows of taps, K rows in all. With J = n_vectors · lanes the tile reads
        x[i + p·r] … x[i + p·r + J + L − 2] for r < ROWS + K − 1 and h[t + s·k] … h[t + s·k + L − 1] for k < K, and
        writes y[o + q·r] … y[o + q·r + J − 1] for r < ROWS. If `carries` is 1 the sums are added to what y holds, if
        0 they replace it.
        """

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, x.dtype)
            first, tap_pitch, n_columns = (builder.extract_value(args[1], a) for a in range(3))
            i, pitch, o, y_pitch, carries = (builder.extract_value(args[5], a) for a in range(5))
            h_start, x_start, y_start = emit.data(0, first), emit.data(3, i), emit.data(4, o)

            def line(pointer, number, distance):
                return emit.at(pointer, builder.mul(emit.index(number), distance))

            def stack_of(rows, k, sums):
                """Add the products of the rows k … k + rows − 1 of taps."""
                taps_from = emit.at(h_start, builder.mul(k, tap_pitch))
                samples_from = emit.at(x_start, builder.mul(k, pitch))

                def column(l, sums):
                    held = [emit.splat(emit.at(line(taps_from, g, tap_pitch), l)) for g in range(rows)]
                    for row in range(ROWS + rows - 1):
                        source = emit.at(line(samples_from, row, pitch), l)
                        for v in range(n_vectors):
                            vector = emit.load(emit.at(source, v * emit.lanes))
                            for r in range(max(0, row - rows + 1), min(ROWS, row + 1)):
                                at = r * n_vectors + v
                                sums[at] = emit.fma(vector, held[row - r], sums[at])
                    return sums

                return emit.loop(n_columns, sums, column)

            sums, k = [emit.zero()] * (ROWS * n_vectors), emit.index(0)
            for place_of_count, rows in enumerate(range(STACK, 0, -1)):
                count, start = builder.extract_value(args[2], place_of_count), k

                def stack(n, sums, rows=rows, start=start):
                    return stack_of(rows, builder.add(start, builder.mul(n, emit.index(rows))), sums)

                sums = emit.loop(count, sums, stack)
                k = builder.add(start, builder.mul(count, emit.index(rows)))
            places = [emit.at(line(y_start, r, y_pitch), v * emit.lanes) for r in range(ROWS) for v in range(n_vectors)]
            # a loop of one turn or none: what y holds is loaded only where it is wanted
            sums = emit.loop(
                carries, sums, lambda n, s: [emit.add(a, emit.load(at)) for a, at in zip(s, places, strict=True)]
            )
            for total, at in zip(sums, places, strict=True):
                emit.store(total, at)
            return emit.nothing()

        return types.void(h, taps, stacks, x, y, place), generate

    return tile


_wide, _narrow = _tile(WIDE), _tile(1)


@register_jitable
def stacks_of(n_rows):
    """Return how many stacks of STACK, STACK − 1 … 1 rows make up n_rows: as few as possible, as equal as possible."""
    n_stacks = -(-n_rows // STACK)
    smaller, n_larger = n_rows // n_stacks, n_rows % n_stacks
    a, b, c, d, e = 0, 0, 0, 0, 0
    if smaller == 5:
        a = n_stacks
    elif smaller == 4:
        a, b = n_larger, n_stacks - n_larger
    elif smaller == 3:
        b, c = n_larger, n_stacks - n_larger
    elif smaller == 2:
        c, d = n_larger, n_stacks - n_larger
    else:
        d, e = n_larger, n_stacks - n_larger
    return a, b, c, d, e


@register_jitable
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
    most, last = stacks_of(n_rows), stacks_of((n_kh - 1) % n_rows + 1)
    for row in range(0, size[0], ROWS):
        r = min(row, size[0] - ROWS)
        column = 0
        while column < size[1]:
            is_wide = size[1] >= wide and 2 * (size[1] - column) > wide
            width = wide if is_wide else lanes
            c = min(column, size[1] - width)
            column = c + width
            for k in range(0, n_kh, n_rows):
                stacks = most if k + n_rows <= n_kh else last
                for l in range(0, n_kw, n_columns):
                    block = (k * n_kw + l, n_kw, min(n_columns, n_kw - l))
                    at = (i + (r + k) * pitch + c + l, pitch, o + r * y_pitch + c, y_pitch, int(k + l > 0))
                    if is_wide:
                        _wide(taps, block, stacks, x, y, at)
                    else:
                        _narrow(taps, block, stacks, x, y, at)

"""Small transpositions in registers: samples of many signals into the lanes of vectors, and back."""

from typing import Any

from numba import types
from numba.extending import intrinsic

from .compilation import part
from .simd import Emitter, lanes_of


def _transposition(whole: bool, *, filling: bool = False) -> Any:
    """Return the intrinsic for a square of lanes × lanes samples, or for the first rows and columns of one.

    With `filling` all lanes are written where there are fewer rows: the first one stands in for those missing.
    """

    @intrinsic
    def transpose(typing_context, source, i, step, target, o, target_step, n_rows, n_columns):
        """Write target[o + c·target_step + r] = source[i + r·step + c] for r < n_rows and c < n_columns, ≤ lanes each.

        Nothing else is read, nor written but the lanes r ≥ n_rows where these are filled.
        """

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, source.dtype)
            of, to, (rows, columns) = emit.data(0, args[1]), emit.data(3, args[4]), args[6:8]

            def places(pointer, step):
                return [emit.at(pointer, builder.mul(step, emit.index(n))) for n in range(emit.lanes)]

            def wanted(n, limit, length):
                """Return the length where row n exists, else 0."""
                return builder.select(builder.icmp_signed(">", limit, emit.index(n)), length, emit.index(0))

            if filling:
                steps = [wanted(r, rows, builder.mul(args[2], emit.index(r))) for r in range(emit.lanes)]
                square = [emit.load(emit.at(of, step)) for step in steps]
            elif whole:
                square = [emit.load(place) for place in places(of, args[2])]
            else:
                square = [
                    emit.load_first(place, wanted(r, rows, columns)) for r, place in enumerate(places(of, args[2]))
                ]
            for c, (vector, place) in enumerate(zip(_turned(emit, square), places(to, args[5]), strict=True)):
                if whole:
                    emit.store(vector, place)
                else:
                    emit.store_first(vector, place, wanted(c, columns, rows))
            return emit.nothing()

        index = types.intp
        return types.void(source, index, index, target, index, index, index, index), generate

    return transpose


def _turned(emit: Emitter, square: list) -> list:
    """Return the columns of a square of vectors: its blocks are exchanged across the diagonal at every scale."""
    lanes, size = emit.lanes, 1
    while size < lanes:
        exchanged = list(square)
        for r in range(lanes):
            if not r & size:
                upper, lower = square[r], square[r | size]
                keep = [c if not c & size else lanes + (c ^ size) for c in range(lanes)]
                take = [c | size if not c & size else lanes + c for c in range(lanes)]
                exchanged[r], exchanged[r | size] = emit.shuffle(upper, lower, keep), emit.shuffle(upper, lower, take)
        square, size = exchanged, 2 * size
    return square


_whole, _part, _filling = _transposition(True), _transposition(False), _transposition(True, filling=True)


@part
def turn(x, i, step, out, o, out_step, shape):
    """Write out[o + c·out_step + r] = x[i + r·step + c] for r, c in a matrix of this shape; both are raveled.

    Squares at the ends overlap those before, where the matrix is as large as one: masked moves are slow.
    """
    lanes = lanes_of(x.itemsize)
    n_rows, n_columns = min(lanes, shape[0]), min(lanes, shape[1])
    is_whole = n_rows == lanes and n_columns == lanes
    for r in range(0, shape[0], lanes):
        row = min(r, shape[0] - n_rows)
        for c in range(0, shape[1], lanes):
            column = min(c, shape[1] - n_columns)
            of, to = i + row * step + column, o + column * out_step + row
            if is_whole:
                _whole(x, of, step, out, to, out_step, lanes, lanes)
            else:
                _part(x, of, step, out, to, out_step, n_rows, n_columns)


@part
def turn_and_fill(x, i, step, out, o, out_step, shape):
    """Do what `turn` does where out has room for whole vectors, of which the rest may then hold anything."""
    lanes = lanes_of(x.itemsize)
    if shape[0] >= lanes or shape[1] < lanes:
        turn(x, i, step, out, o, out_step, shape)
        return
    for c in range(0, shape[1], lanes):
        column = min(c, shape[1] - lanes)
        _filling(x, i + column, step, out, o + column * out_step, out_step, shape[0], lanes)


@part
def into_lanes(x, first, stride, shape, out, at):
    """Write out[at + (p·rows + c)·pitch + b] = x[first + b·stride + c·P + p] for shape = (P, C, B, pitch, rows).

    Both are raveled; rows of `out` lie `pitch` apart, and a pixel has so many `rows`.
    """
    n_pixels, n_channels, n_batch, pitch, rows = shape
    size = min(lanes_of(x.itemsize), n_pixels)
    for c in range(n_channels):
        for p in range(0, n_pixels, size):  # a stretch for all signals at a time: whole rows of `out` are written
            pixel = min(p, n_pixels - size)
            to = at + (pixel * rows + c) * pitch
            turn(x, first + c * n_pixels + pixel, stride, out, to, rows * pitch, (n_batch, size))


@part
def out_of_lanes(y, at, out, first, stride, shape):
    """Write out[first + b·stride + c·P + p] = y[at + (p·C + c)·pitch + b] for shape = (P, C, B, pitch), raveled."""
    n_pixels, n_channels, n_batch, pitch = shape
    for c in range(n_channels):
        turn(y, at + c * pitch, n_channels * pitch, out, first + c * n_pixels, stride, (n_pixels, n_batch))

"""The steps of a Fourier transform of V·m complex points that keeps V of its sub-transforms side by side in the lanes.

With index l·m + t and frequency a + V·b the transform is one of length V over the rows l, a factor ω^{ta}, and one of
length m over t for each a. The first runs on rows as they lie in memory; transposing V×V squares then puts residue a
into lane a (the lane layout of `points`), and all passes over t are the same for every lane, without a shuffle. The
result is left in the order in which the passes leave it; the spectrum it is multiplied by lies in the same order, and
the inverse passes undo the order (decimation in frequency, then in time).
"""

from typing import Any

from numba import types
from numba.extending import intrinsic

from .points import dft, get, put, times
from .simd import Emitter

INTP = types.intp


def _places(emit, pointer, first, distance, count=4):
    """Return pointers to positions first, first + distance, … of lane layout, for run-time first and distance."""
    builder, width = emit.builder, emit.index(2 * emit.lanes)
    return [
        emit.at(pointer, builder.mul(builder.add(first, builder.mul(distance, emit.index(s))), width))
        for s in range(count)
    ]


def _factors(emit, pointer, count):
    """Return `count` complex numbers, each in every lane, that lie from `pointer` on."""
    return [(emit.splat(emit.at(pointer, 2 * s)), emit.splat(emit.at(pointer, 2 * s + 1))) for s in range(count)]


def _enter(typing_context, a, i, b, j, m, twiddles, z):
    """Transform over the rows: reads a[i : i + V·m], b[j : j + V·m] as real and imaginary part, fills z (2·V·m).

    `twiddles` holds, for each V columns t and each a = 1 … V − 1, V real and V imaginary parts of ω^{ta}.
    """

    def generate(context, builder, signature, args):
        emit = Emitter(context, builder, signature, args, a.dtype)
        lanes = emit.lanes
        real, imaginary = emit.data(0, args[1]), emit.data(2, args[3])
        factors, target = emit.data(5), emit.data(6)

        def tile(index, _):
            column = builder.mul(index, emit.index(lanes))
            rows = [builder.add(column, builder.mul(args[4], emit.index(row))) for row in range(lanes)]
            points = [(emit.load(emit.at(real, row)), emit.load(emit.at(imaginary, row))) for row in rows]
            row_factors = emit.at(factors, builder.mul(index, emit.index(2 * lanes * (lanes - 1))))
            points = dft(emit, points, -1)
            for row in range(1, lanes):
                points[row] = times(emit, points[row], get(emit, row_factors, row - 1))
            place = emit.at(target, builder.mul(column, emit.index(2 * lanes)))
            columns = zip(*(emit.transpose([z[part] for z in points]) for part in (0, 1)), strict=True)
            for t, point in enumerate(columns):
                put(emit, place, t, point)
            return []

        emit.loop(builder.sdiv(args[4], emit.index(lanes)), [], tile)
        return emit.nothing()

    return types.void(a, INTP, b, INTP, INTP, twiddles, z), generate


def _leave(typing_context, z, m, twiddles, fresh, a, i, b, j, sick):
    """Undo `_enter`, writing the first `fresh` real parts from a[i] on and as many imaginary parts from b[j] on.

    `fresh` is a multiple of V. To sick[0 : V] zero times the first row of results is added: it stays 0 as long as these
    are finite.
    """

    def generate(context, builder, signature, args):
        emit = Emitter(context, builder, signature, args, z.dtype)
        lanes = emit.lanes
        source, factors, flags = emit.data(0), emit.data(2), emit.data(8)
        targets = emit.data(4, args[5]), emit.data(6, args[7])

        def tile(index, sums):
            column = builder.mul(index, emit.index(lanes))
            place = emit.at(source, builder.mul(column, emit.index(2 * lanes)))
            columns = [get(emit, place, t) for t in range(lanes)]
            points = list(zip(*(emit.transpose([z[part] for z in columns]) for part in (0, 1)), strict=True))
            row_factors = emit.at(factors, builder.mul(index, emit.index(2 * lanes * (lanes - 1))))
            for row in range(1, lanes):
                points[row] = times(emit, points[row], get(emit, row_factors, row - 1), -1)
            points = dft(emit, points, 1)
            for row, point in enumerate(points):
                at = builder.add(column, builder.mul(args[1], emit.index(row)))
                with builder.if_then(builder.icmp_signed("<", at, args[3]), likely=True):
                    emit.store(point[0], emit.at(targets[0], at))
                    emit.store(point[1], emit.at(targets[1], at))
            return [emit.fma(part, emit.zero(), total) for part, total in zip(points[0], sums, strict=True)]

        sums = emit.loop(builder.sdiv(args[1], emit.index(lanes)), [emit.zero(), emit.zero()], tile)
        emit.store(emit.add(emit.load(flags), emit.add(*sums)), flags)
        return emit.nothing()

    return types.void(z, INTP, twiddles, INTP, a, INTP, b, INTP, sick), generate


def _pass(radix: int, sign: int) -> Any:
    @intrinsic
    def step(typing_context, z, first, quarter, twiddles, at):
        """Combine the positions first + j + s·quarter, s < radix, for 0 ≤ j < quarter, with twiddles from `at` on."""

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, z.dtype)
            data, factors = emit.data(0), emit.data(3, args[4])

            def body(j, _):
                places = _places(emit, data, builder.add(args[1], j), args[2], radix)
                points = [get(emit, place, 0) for place in places]
                turns = _factors(emit, emit.at(factors, builder.mul(j, emit.index(2 * (radix - 1)))), radix - 1)
                if sign > 0:
                    points[1:] = [times(emit, z, w, -1) for z, w in zip(points[1:], turns, strict=True)]
                points = dft(emit, points, sign)
                if sign < 0:
                    points[1:] = [times(emit, z, w) for z, w in zip(points[1:], turns, strict=True)]
                for place, point in zip(places, points, strict=True):
                    put(emit, place, 0, point)
                return []

            emit.loop(args[2], [], body)
            return emit.nothing()

        return types.void(z, INTP, INTP, twiddles, INTP), generate

    return step


def _last(radix: int, multiplies: bool) -> Any:
    @intrinsic
    def step(typing_context, z, first, count, spectrum):
        """Transform `count` runs of `radix` positions from `first` on; if it multiplies: by the spectrum, and back."""

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, z.dtype)
            data, factors = emit.data(0), emit.data(3)

            def body(index, _):
                first = builder.add(args[1], builder.mul(index, emit.index(radix)))
                (place,), (factor,) = (_places(emit, p, first, emit.index(0), 1) for p in (data, factors))
                points = dft(emit, [get(emit, place, s) for s in range(radix)], -1)
                if multiplies:
                    points = [times(emit, point, get(emit, factor, s)) for s, point in enumerate(points)]
                    points = dft(emit, points, 1)
                for s, point in enumerate(points):
                    put(emit, place, s, point)
                return []

            emit.loop(args[2], [], body)
            return emit.nothing()

        return types.void(z, INTP, INTP, spectrum), generate

    return step


enter: Any = intrinsic(_enter)
leave: Any = intrinsic(_leave)
forward4, forward8 = _pass(4, -1), _pass(8, -1)
inverse4, inverse8 = _pass(4, 1), _pass(8, 1)
multiply4, multiply8 = _last(4, True), _last(8, True)
finish4, finish8 = _last(4, False), _last(8, False)

"""The steps of a Fourier transform of V·m complex points that keeps V of its sub-transforms side by side in the lanes.

With index l·m + t and frequency a + V·b the transform is one of length V over the rows l, a factor ω^{ta}, and one of
length m over t for each a. The first runs on rows as they lie in memory; transposing V×V squares then puts residue a
into lane a ("lane layout": real and imaginary vector of position t at 2t and 2t + 1), and all passes over t are the
same for every lane, without a shuffle. The result is left in the order in which the passes leave it; the spectrum it is
multiplied by lies in the same order, and the inverse passes undo the order (decimation in frequency, then in time).
"""

import math
from typing import Any

from numba import types
from numba.extending import intrinsic

from .simd import Emitter

INTP = types.intp


def _turned(emit, z, sign):
    """Return z·(sign·i)."""
    return (emit.neg(z[1]), z[0]) if sign > 0 else (z[1], emit.neg(z[0]))


def _plus(emit, a, b):
    return emit.add(a[0], b[0]), emit.add(a[1], b[1])


def _minus(emit, a, b):
    return emit.sub(a[0], b[0]), emit.sub(a[1], b[1])


def _times(emit, a, b, sign=1):
    """Return a·b, or a·b̄ for sign < 0."""
    if sign > 0:
        real = emit.fma(emit.neg(a[1]), b[1], emit.mul(a[0], b[0]))
        return real, emit.fma(a[0], b[1], emit.mul(a[1], b[0]))
    real = emit.fma(a[1], b[1], emit.mul(a[0], b[0]))
    return real, emit.fma(emit.neg(a[0]), b[1], emit.mul(a[1], b[0]))


def _four(emit, a, b, c, d, sign):
    """Return the transform of four points with exponents of the given sign."""
    e, f, g = _plus(emit, a, c), _minus(emit, a, c), _plus(emit, b, d)
    h = _turned(emit, _minus(emit, b, d), sign)
    return _plus(emit, e, g), _plus(emit, f, h), _minus(emit, e, g), _minus(emit, f, h)


def _dft(emit, points, sign):
    """Return the transform of a power of two of points, written out."""
    n = len(points)
    if n == 1:
        return list(points)
    if n == 2:
        return [_plus(emit, *points), _minus(emit, *points)]
    if n == 4:
        return list(_four(emit, *points, sign=sign))
    quarter = n // 4
    groups = [[], [], [], []]
    for j in range(quarter):
        for s, z in enumerate(_four(emit, *points[j::quarter], sign=sign)):
            angle = 2 * math.pi * s * j / n
            factor = emit.constant(math.cos(angle)), emit.constant(math.sin(angle))
            groups[s].append(z if s * j == 0 else _times(emit, z, factor, sign))
    parts = [_dft(emit, group, sign) for group in groups]
    return [parts[k % 4][k // 4] for k in range(n)]


def _get(emit, pointer, position):
    """Load the complex vector at a position of lane layout; the position is a constant."""
    return emit.load(emit.at(pointer, 2 * position * emit.lanes)), emit.load(
        emit.at(pointer, (2 * position + 1) * emit.lanes)
    )


def _put(emit, pointer, position, z):
    emit.store(z[0], emit.at(pointer, 2 * position * emit.lanes))
    emit.store(z[1], emit.at(pointer, (2 * position + 1) * emit.lanes))


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
            points = _dft(emit, points, -1)
            for row in range(1, lanes):
                points[row] = _times(emit, points[row], _get(emit, row_factors, row - 1))
            place = emit.at(target, builder.mul(column, emit.index(2 * lanes)))
            columns = zip(*(emit.transpose([z[part] for z in points]) for part in (0, 1)), strict=True)
            for t, point in enumerate(columns):
                _put(emit, place, t, point)
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
            columns = [_get(emit, place, t) for t in range(lanes)]
            points = list(zip(*(emit.transpose([z[part] for z in columns]) for part in (0, 1)), strict=True))
            row_factors = emit.at(factors, builder.mul(index, emit.index(2 * lanes * (lanes - 1))))
            for row in range(1, lanes):
                points[row] = _times(emit, points[row], _get(emit, row_factors, row - 1), -1)
            points = _dft(emit, points, 1)
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
                points = [_get(emit, place, 0) for place in places]
                turns = _factors(emit, emit.at(factors, builder.mul(j, emit.index(2 * (radix - 1)))), radix - 1)
                if sign > 0:
                    points[1:] = [_times(emit, z, w, -1) for z, w in zip(points[1:], turns, strict=True)]
                points = _dft(emit, points, sign)
                if sign < 0:
                    points[1:] = [_times(emit, z, w) for z, w in zip(points[1:], turns, strict=True)]
                for place, point in zip(places, points, strict=True):
                    _put(emit, place, 0, point)
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
                points = _dft(emit, [_get(emit, place, s) for s in range(radix)], -1)
                if multiplies:
                    points = [_times(emit, point, _get(emit, factor, s)) for s, point in enumerate(points)]
                    points = _dft(emit, points, 1)
                for s, point in enumerate(points):
                    _put(emit, place, s, point)
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

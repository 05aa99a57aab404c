"""The steps of a two-dimensional Fourier transform of tiles, lane by lane.

A tile of n_h × n_w complex points lies in panels of V columns, V the lanes of a vector: position t of a panel is a real
and an imaginary vector ("lane layout", as in `points`). All columns of a panel are transformed at once; V rows are
once their V×V squares have been transposed into a line of n_w positions. Results stay in the order in which the passes
leave them: the spectrum they are multiplied by lies in the same order, and the inverse passes undo it.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.extending import intrinsic

from .compilation import part
from .points import dft, get, put, times
from .simd import Emitter

INTP = types.intp


class Passes(NamedTuple):
    """The passes of a transform of n points, n a power of two and at least 16.

    Attributes
    ----------
    n : int
        Points.
    radices : ndarray of int64
        8 or 4, one for each pass; their product is n.
    starts : ndarray of int64
        Where the factors of a pass start; the last pass has none.
    twiddles : ndarray
        Real and imaginary parts of exp(−2πi·j·s/m), s = 1 … radix − 1, for each j < m/radix of a pass over m points.
    """

    n: int
    radices: np.ndarray
    starts: np.ndarray
    twiddles: np.ndarray


@lru_cache(maxsize=32)
def passes_of(n: int, dtype: np.dtype) -> Passes:
    """Return the passes of a transform of n points.

    Examples
    --------
    >>> passes_of(128, np.dtype(np.float32)).radices
    array([8, 4, 4])
    """
    bits = n.bit_length() - 1
    n_fours = -bits % 3
    radices = [8] * ((bits - 2 * n_fours) // 3) + [4] * n_fours
    tables, size = [], n
    for radix in radices[:-1]:
        angles = 2 * np.pi / size * np.outer(np.arange(size // radix), np.arange(1, radix))
        tables.append(np.stack([np.cos(angles), -np.sin(angles)], 2).ravel())
        size //= radix
    starts = np.cumsum([0, *(len(table) for table in tables)])
    arrays = np.array(radices, np.int64), starts.astype(np.int64), np.concatenate(tables).astype(dtype)
    for array in arrays:
        array.flags.writeable = False
    return Passes(n, *arrays)


def _step(radix: int, sign: int, is_turned: bool) -> Any:
    """Return the intrinsic of one pass; `is_turned` for those with factors between the passes."""

    @intrinsic
    def step(typing_context, z, first, count, distance, twiddles, at):
        """Transform points first + j·a + s·distance, s < radix, for 0 ≤ j < count; a is 1 if turned, else radix.

        The factors of j lie in twiddles from at + 2·(radix − 1)·j on.
        """

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, z.dtype)
            width = emit.index(2 * emit.lanes)
            data, factors = emit.data(0), emit.data(4, args[5])

            def body(j, _):
                point = builder.add(args[1], j if is_turned else builder.mul(j, emit.index(radix)))
                places = [
                    emit.at(data, builder.mul(builder.add(point, builder.mul(args[3], emit.index(s))), width))
                    for s in range(radix)
                ]
                points = [get(emit, place, 0) for place in places]
                turns_of = emit.at(factors, builder.mul(j, emit.index(2 * (radix - 1))))
                if is_turned and sign > 0:
                    points = _turn(emit, points, turns_of, -1)
                points = dft(emit, points, sign)
                if is_turned and sign < 0:
                    points = _turn(emit, points, turns_of, 1)
                for place, value in zip(places, points, strict=True):
                    put(emit, place, 0, value)
                return []

            emit.loop(args[2], [], body)
            return emit.nothing()

        return types.void(z, INTP, INTP, INTP, twiddles, INTP), generate

    return step


def _turn(emit, points, turns_of, sign):
    turns = [
        (emit.splat(emit.at(turns_of, 2 * s)), emit.splat(emit.at(turns_of, 2 * s + 1))) for s in range(len(points) - 1)
    ]
    return [points[0], *(times(emit, z, turn, sign) for z, turn in zip(points[1:], turns, strict=True))]


def _filter(radix: int) -> Any:
    """Return the intrinsic of the last pass of a line, the product with the spectrum, and the first pass back."""

    @intrinsic
    def step(typing_context, z, count, spectrum, at):
        """Do so for runs of `radix` positions from position 0 of z on, with the spectrum from position `at` on."""

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, z.dtype)
            data = emit.data(0)
            factors = emit.data(2, builder.mul(args[3], emit.index(2 * emit.lanes)))

            def body(j, _):
                start = builder.mul(j, emit.index(2 * emit.lanes * radix))
                place, factor = emit.at(data, start), emit.at(factors, start)
                points = dft(emit, [get(emit, place, s) for s in range(radix)], -1)
                points = [times(emit, point, get(emit, factor, s)) for s, point in enumerate(points)]
                for s, point in enumerate(dft(emit, points, 1)):
                    put(emit, place, s, point)
                return []

            emit.loop(args[1], [], body)
            return emit.nothing()

        return types.void(z, INTP, spectrum, INTP), generate

    return step


_forward8, _forward4 = _step(8, -1, True), _step(4, -1, True)
_inverse8, _inverse4 = _step(8, 1, True), _step(4, 1, True)
_last8, _last4 = _step(8, -1, False), _step(4, -1, False)
_first8, _first4 = _step(8, 1, False), _step(4, 1, False)
_filter8, _filter4 = _filter(8), _filter(4)


@part
def _forward_turned(z, first, passes):
    """Run all forward passes but the last on the n positions from `first` on."""
    size = passes.n
    for level in range(passes.radices.shape[0] - 1):
        quarter = size // passes.radices[level]
        for start in range(first, first + passes.n, size):
            if passes.radices[level] == 8:
                _forward8(z, start, quarter, quarter, passes.twiddles, passes.starts[level])
            else:
                _forward4(z, start, quarter, quarter, passes.twiddles, passes.starts[level])
        size = quarter


@part
def _inverse_turned(z, first, passes):
    """Run all inverse passes but the first on the n positions from `first` on."""
    quarter = passes.radices[-1]
    for level in range(passes.radices.shape[0] - 2, -1, -1):
        size = quarter * passes.radices[level]
        for start in range(first, first + passes.n, size):
            if passes.radices[level] == 8:
                _inverse8(z, start, quarter, quarter, passes.twiddles, passes.starts[level])
            else:
                _inverse4(z, start, quarter, quarter, passes.twiddles, passes.starts[level])
        quarter = size


@part
def forward(z, first, passes):
    """Transform the n positions from `first` on."""
    _forward_turned(z, first, passes)
    if passes.radices[-1] == 8:
        _last8(z, first, passes.n // 8, 1, passes.twiddles, 0)
    else:
        _last4(z, first, passes.n // 4, 1, passes.twiddles, 0)


@part
def inverse(z, first, passes):
    """Transform the n positions from `first` on back, times n."""
    if passes.radices[-1] == 8:
        _first8(z, first, passes.n // 8, 1, passes.twiddles, 0)
    else:
        _first4(z, first, passes.n // 4, 1, passes.twiddles, 0)
    _inverse_turned(z, first, passes)


@part
def filter_line(z, spectrum, at, passes):
    """Transform the n positions of z, multiply by the spectrum from position `at` on, and transform back, times n."""
    _forward_turned(z, 0, passes)
    if passes.radices[-1] == 8:
        _filter8(z, passes.n // 8, spectrum, at)
    else:
        _filter4(z, passes.n // 4, spectrum, at)
    _inverse_turned(z, 0, passes)


def _exchange(typing_context, source, i, target, j):
    """Transpose a square: lane a of position i + b of `source` becomes lane b of position j + a of `target`."""

    def generate(context, builder, signature, args):
        emit = Emitter(context, builder, signature, args, source.dtype)
        width = emit.index(2 * emit.lanes)
        origin, place = emit.data(0, builder.mul(args[1], width)), emit.data(2, builder.mul(args[3], width))
        points = [get(emit, origin, t) for t in range(emit.lanes)]
        columns = [emit.transpose([point[part] for point in points]) for part in (0, 1)]
        for t, point in enumerate(zip(*columns, strict=True)):
            put(emit, place, t, point)
        return emit.nothing()

    return types.void(source, INTP, target, INTP), generate


def _enter(typing_context, x, i, pitch, z, j, n_rows):
    """Write z[j + 2·V·t … + V − 1] = x[i + pitch·t … + V − 1] for 0 ≤ t < n_rows."""

    def generate(context, builder, signature, args):
        emit = Emitter(context, builder, signature, args, z.dtype)
        source, target = emit.data(0, args[1]), emit.data(3, args[4])

        def body(t, _):
            vector = emit.load(emit.at(source, builder.mul(t, args[2])))
            emit.store(vector, emit.at(target, builder.mul(t, emit.index(2 * emit.lanes))))
            return []

        emit.loop(args[5], [], body)
        return emit.nothing()

    return types.void(x, INTP, INTP, z, INTP, INTP), generate


def _leave(typing_context, z, j, y, place, size, sick):
    """Write the first n of y[o + pitch·t … + V − 1] = z[j + 2·V·t … + V − 1] for 0 ≤ t < n_rows; n < V if not all.

    place = (o, pitch), size = (n_rows, n). sick[0 : V] is increased by zero times all that is read: it stays 0 as
    long as this is finite.
    """

    def generate(context, builder, signature, args):
        emit = Emitter(context, builder, signature, args, z.dtype)
        o, pitch = (builder.extract_value(args[3], a) for a in range(2))
        n_rows, n = (builder.extract_value(args[4], a) for a in range(2))
        source, target, flags = emit.data(0, args[1]), emit.data(2, o), emit.data(5)
        is_whole = builder.icmp_signed(">=", n, emit.index(emit.lanes))

        def body(t, sums):
            vector = emit.load(emit.at(source, builder.mul(t, emit.index(2 * emit.lanes))))
            to = emit.at(target, builder.mul(t, pitch))
            with builder.if_else(is_whole) as (whole, part):
                with whole:
                    emit.store(vector, to)
                with part:
                    emit.store_first(vector, to, n)
            return [emit.fma(vector, emit.zero(), sums[0])]

        (total,) = emit.loop(n_rows, [emit.load(flags)], body)
        emit.store(total, flags)
        return emit.nothing()

    return types.void(z, INTP, y, place, size, sick), generate


exchange: Any = intrinsic(_exchange)
enter: Any = intrinsic(_enter)
leave: Any = intrinsic(_leave)

"""A real block of Q samples as Q complex points: the transform in which streams multiply.

The points of x are X[k] = Σ_n x[n] ωⁿ e^(−2πikn/Q) with ω = e^(iπ/2Q): the values of the polynomial Σ_n x[n] tⁿ at the
Q-th roots of i. The product of two blocks x and h has 2Q − 1 samples; modulo tᑫ = i its second half is folded onto the
first as an imaginary part. So one inverse transform of X·H holds samples 0 … Q − 1 of x ∗ h as real parts and samples
Q … 2Q − 1 as imaginary parts: no zeros are padded, no symmetry is exploited, and the points may lie in any order.

They lie in the order in which the passes leave them. A transform of Q = R·16 points runs R-point transforms down the
16 columns of a matrix, turns each element, transposes, and runs 16-point transforms down the R columns: every inner
loop walks along whole vectors.

Source: J.-B. Martens, "Discrete Fourier transform algorithms for real valued sequences", IEEE Trans. ASSP 32, 1984.
"""

from functools import cache
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from .compilation import part
from .simd import Emitter, lanes_of

COLUMNS = 16  # a power of 4, and at least one vector register of float32
SHORTEST = COLUMNS * COLUMNS  # so that the rows of the transposed matrix are whole vectors, too


@cache
def constants(length: int, dtype: np.dtype) -> tuple[np.ndarray, ...]:
    """Return the constants of the transform: the weights ωⁿ, the turns between, and those of both kinds of passes.

    The first two have one row of real and one of imaginary parts, the others hold pairs of them.
    """
    rows = length // COLUMNS
    weights = np.exp(0.5j * np.pi * np.arange(length) / length)
    between = np.exp(-2j * np.pi * np.outer(_order(rows), np.arange(COLUMNS)) / length).ravel()
    kept = [np.array([np.real(z), np.imag(z)], dtype) for z in (weights, between)]
    kept += [_pass_turns(n).view(np.float64).astype(dtype) for n in (rows, COLUMNS)]
    for array in kept:
        array.setflags(write=False)
    return tuple(kept)


def _order(n: int) -> np.ndarray:
    """Return which frequency the passes leave at each of n places."""
    if n <= 2:
        return np.arange(n)
    inner = 4 * _order(n // 4)
    return np.concatenate([inner + s for s in range(4)])


def _pass_turns(n: int) -> np.ndarray:
    """Return e^(−2πijs/m) for each pass over sub-transforms of m points, each j < m/4, and s = 1, 2, 3."""
    turns = [np.zeros(0, np.complex128)]
    while n >= 4:
        turns.append(np.exp(-2j * np.pi * np.outer(np.arange(n // 4), (1, 2, 3)) / n).ravel())
        n //= 4
    return np.concatenate(turns)


@part
def fold(x, points, work, constants):
    """Fill points (2, Q) with the transform of x (Q,); `work` (2, Q) is overwritten."""
    weights, between, row_turns, column_turns = constants
    rows = x.shape[0] // COLUMNS
    real, imaginary = work[0], work[1]
    for n in range(x.shape[0]):
        real[n] = x[n] * weights[0, n]
        imaginary[n] = x[n] * weights[1, n]
    _transform(real, imaginary, COLUMNS, row_turns)
    _turn(real, imaginary, between[0], between[1])
    _transpose(real, points[0], rows, COLUMNS)
    _transpose(imaginary, points[1], rows, COLUMNS)
    _transform(points[0], points[1], rows, column_turns)


@part
def unfold(points, first, second, work, constants):
    """Fill `first` and `second` with the halves of Q times the block whose transform is points (2, Q), overwritten."""
    weights, between, row_turns, column_turns = constants
    rows = first.shape[0] // COLUMNS
    _transform_back(points[0], points[1], rows, column_turns)
    _transpose(points[0], work[0], COLUMNS, rows)
    _transpose(points[1], work[1], COLUMNS, rows)
    _turn_back(work[0], work[1], between[0], between[1])
    _transform_back(work[0], work[1], COLUMNS, row_turns)
    real, imaginary = work[0], work[1]
    for n in range(first.shape[0]):
        first[n] = real[n] * weights[0, n] + imaginary[n] * weights[1, n]
        second[n] = imaginary[n] * weights[0, n] - real[n] * weights[1, n]


@part
def _turn(real, imaginary, c, s):
    """Multiply by c + is."""
    for n in range(real.shape[0]):
        a, b = real[n], imaginary[n]
        real[n] = a * c[n] - b * s[n]
        imaginary[n] = a * s[n] + b * c[n]


@part
def _turn_back(real, imaginary, c, s):
    """Multiply by c − is."""
    for n in range(real.shape[0]):
        a, b = real[n], imaginary[n]
        real[n] = a * c[n] + b * s[n]
        imaginary[n] = b * c[n] - a * s[n]


@part
def _transform(real, imaginary, width, turns):
    """Transform down the columns of a matrix with rows of `width`, in place, by passes of four rows, then of two."""
    step, at = real.shape[0], 0
    while step >= 4 * width:
        quarter = step // 4
        for j in range(0, quarter, width):
            for start in range(j, real.shape[0], step):
                _four(real, imaginary, start, quarter, width, turns, at)
            at += 6
        step = quarter
    if step == 2 * width:
        _two(real, width)
        _two(imaginary, width)


@part
def _transform_back(real, imaginary, width, turns):
    """Undo `_transform`, up to a factor of the number of rows."""
    step, at = real.shape[0], turns.shape[0]
    while step >= 4 * width:
        step //= 4
    if step == 2 * width:
        _two(real, width)
        _two(imaginary, width)
    while step < real.shape[0]:
        quarter, step = step, 4 * step
        at -= 6 * (quarter // width)
        for j in range(quarter // width):
            for start in range(j * width, real.shape[0], step):
                _four_back(real, imaginary, start, quarter, width, turns, at + 6 * j)


@part
def _two(part, width):
    """Replace each pair of neighbouring rows by its sum and difference."""
    for start in range(0, part.shape[0], 2 * width):
        a, b = part[start : start + width], part[start + width : start + 2 * width]
        for i in range(width):
            a[i], b[i] = a[i] + b[i], a[i] - b[i]


@part
def _transpose(source, target, n_rows, n_columns):
    """Fill target with the transpose of a matrix of n_rows rows; both numbers are multiples of the lanes."""
    lanes = lanes_of(source.itemsize)
    for row in range(0, n_rows, lanes):
        for column in range(0, n_columns, lanes):
            _transpose_square(source, row * n_columns + column, n_columns, target, column * n_rows + row, n_rows)


def _square(typing_context, source, i, width, target, o, target_width):
    """Write target[o + c·target_width + r] = source[i + r·width + c] for r, c < lanes."""

    def generate(context, builder, signature, args):
        emit = Emitter(context, builder, signature, args, source.dtype)
        steps = [emit.index(lane) for lane in range(emit.lanes)]
        places = [emit.data(0, builder.add(args[1], builder.mul(args[2], step))) for step in steps]
        for step, column in zip(steps, emit.transpose([emit.load(place) for place in places]), strict=True):
            emit.store(column, emit.data(3, builder.add(args[4], builder.mul(args[5], step))))
        return emit.nothing()

    return types.void(source, *(types.intp,) * 2, target, *(types.intp,) * 2), generate


def _pass(sign: int) -> Any:
    """Return the intrinsic for four-point transforms with exponents of this sign, turned after (−) or before (+)."""

    @intrinsic
    def step(typing_context, real, imaginary, start, quarter, width, turns, at):
        """Combine rows start + s·quarter, s < 4, of `width` elements; turns[at : at + 6] are three complex turns."""

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, real.dtype)
            zero = emit.zero()
            factors = [emit.splat(emit.at(emit.data(5, args[6]), part)) for part in range(6)]
            cosines, sines = factors[::2], factors[1::2]
            opposite = [emit.sub(zero, s) for s in sines]
            if sign > 0:
                sines, opposite = opposite, sines

            def turned(z, s):
                """Return z·(c + is), the turn number s, conjugated where sign > 0."""
                a, b = z
                return (
                    emit.fma(b, opposite[s], emit.mul(a, cosines[s])),
                    emit.fma(b, cosines[s], emit.mul(a, sines[s])),
                )

            def combine(index, _):
                first = builder.add(args[2], builder.mul(index, emit.index(emit.lanes)))
                at_rows = [builder.add(first, builder.mul(args[3], emit.index(s))) for s in range(4)]
                places = [(emit.data(0, row), emit.data(1, row)) for row in at_rows]
                points = [(emit.load(a), emit.load(b)) for a, b in places]
                if sign > 0:
                    points[1:] = [turned(z, s) for s, z in enumerate(points[1:])]
                points = _four_points(emit, points, sign)
                if sign < 0:
                    points[1:] = [turned(z, s) for s, z in enumerate(points[1:])]
                for z, place in zip(points, places, strict=True):
                    emit.store(z[0], place[0])
                    emit.store(z[1], place[1])
                return []

            emit.loop(builder.sdiv(args[4], emit.index(emit.lanes)), [], combine)
            return emit.nothing()

        return types.void(real, imaginary, *(types.intp,) * 3, turns, types.intp), generate

    return step


def _four_points(emit, points, sign):
    """Return the transform of four complex vectors with exponents of the given sign."""
    (a, a_i), (b, b_i), (c, c_i), (d, d_i) = points
    even, even_i = emit.add(a, c), emit.add(a_i, c_i)
    odd, odd_i = emit.sub(a, c), emit.sub(a_i, c_i)
    plus, plus_i = emit.add(b, d), emit.add(b_i, d_i)
    if sign < 0:  # −i·(b − d)
        minus, minus_i = emit.sub(b_i, d_i), emit.sub(d, b)
    else:
        minus, minus_i = emit.sub(d_i, b_i), emit.sub(b, d)
    return [
        (emit.add(even, plus), emit.add(even_i, plus_i)),
        (emit.add(odd, minus), emit.add(odd_i, minus_i)),
        (emit.sub(even, plus), emit.sub(even_i, plus_i)),
        (emit.sub(odd, minus), emit.sub(odd_i, minus_i)),
    ]


_four, _four_back = _pass(-1), _pass(1)
_transpose_square: Any = intrinsic(_square)

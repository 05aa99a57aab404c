"""Complex vectors in registers, as pairs (real, imaginary), and short Fourier transforms of them written out.

An array of complex points in "lane layout" holds for position t the real parts of V points, V the lanes of a
vector, at 2·V·t and their imaginary parts at 2·V·t + V.
"""

import math


def get(emit, pointer, position: int):
    """Load the points of a position, counted from `pointer` on."""
    at = emit.at(pointer, 2 * position * emit.lanes)
    return emit.load(at), emit.load(emit.at(at, emit.lanes))


def put(emit, pointer, position: int, z) -> None:
    """Store the points of a position, counted from `pointer` on."""
    at = emit.at(pointer, 2 * position * emit.lanes)
    emit.store(z[0], at)
    emit.store(z[1], emit.at(at, emit.lanes))


def times(emit, a, b, sign: int = 1):
    """Return a·b, or a·b̄ for sign < 0."""
    if sign > 0:
        real = emit.fma(emit.neg(a[1]), b[1], emit.mul(a[0], b[0]))
        return real, emit.fma(a[0], b[1], emit.mul(a[1], b[0]))
    real = emit.fma(a[1], b[1], emit.mul(a[0], b[0]))
    return real, emit.fma(emit.neg(a[0]), b[1], emit.mul(a[1], b[0]))


def dft(emit, points: list, sign: int) -> list:
    """Return Σ_t exp(sign·2πi·k·t/n)·points[t] for k < n, n a power of two."""
    n = len(points)
    if n == 1:
        return points
    even, odd = dft(emit, points[::2], sign), dft(emit, points[1::2], sign)
    pairs = [_butterfly(emit, even[k], odd[k], k, n, sign) for k in range(n // 2)]
    return [pair[0] for pair in pairs] + [pair[1] for pair in pairs]


def _butterfly(emit, a, b, k, n, sign):
    """Return a ± b·exp(sign·2πi·k/n), spending no product on quarter turns and none on rotating an eighth turn."""
    if 4 * k >= n:
        b, k = ((emit.neg(b[1]), b[0]) if sign > 0 else (b[1], emit.neg(b[0]))), k - n // 4
    if k == 0:
        return (emit.add(a[0], b[0]), emit.add(a[1], b[1])), (emit.sub(a[0], b[0]), emit.sub(a[1], b[1]))
    if 8 * k == n:
        if sign > 0:
            b = emit.sub(b[0], b[1]), emit.add(b[1], b[0])
        else:
            b = emit.add(b[0], b[1]), emit.sub(b[1], b[0])
        plus, minus = emit.constant(math.sqrt(0.5)), emit.constant(-math.sqrt(0.5))
        return (
            (emit.fma(b[0], plus, a[0]), emit.fma(b[1], plus, a[1])),
            (emit.fma(b[0], minus, a[0]), emit.fma(b[1], minus, a[1])),
        )
    angle = sign * 2 * math.pi * k / n
    b = times(emit, b, (emit.constant(math.cos(angle)), emit.constant(math.sin(angle))))
    return _butterfly(emit, a, b, 0, n, sign)

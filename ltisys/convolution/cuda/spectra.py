"""Long responses by overlap-save in batches of transforms, written for any library that speaks NumPy's language.

The library is an argument: CuPy on a device, NumPy where the tests check this very code against the definition. Along
each axis the outputs are cut into blocks; a block of n points gives n − L + 1 outputs of a response of length L,
dilation included. What a block reads is a view of the samples, or, where it reaches beyond their ends, gathered by the
index map of the extension. How the axes are cut follows from the shapes alone, so the same call gives the same bits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..extension import CODES
from ..geometry import Geometry, dilated_length
from ..taps import FILL, source_index

SHORTEST = {1: 1 << 14, 2: 1 << 8}  # points of a block along an axis, for transforms along one axis and along two
PER_TAP = 8  # longer responses take blocks so many times their length: an eighth of the work is done twice
AT_ONCE = 1 << 26  # points that are transformed in one batch


class Cut(NamedTuple):
    """How one axis is cut into blocks.

    Attributes
    ----------
    n : int
        Points of a block.
    length : int
        Of the response, dilation included.
    fresh : int
        Places in a block that are not wrapped around, a multiple of the stride.
    n_blocks : int
        Blocks that cover all outputs.
    first : int
        The sample that block 0 begins with, in the input spread out by `spread`.
    """

    n: int
    length: int
    fresh: int
    n_blocks: int
    first: int


@dataclass(frozen=True)
class Line:
    """One axis: its relation on the input as it is given, what lies outside, and how it is cut."""

    relation: Geometry
    padding: str
    cut: Cut

    @property
    def n_samples(self) -> int:
        """Length of the input, spread out."""
        return dilated_length(self.relation.n_in, self.relation.spread)


def line_of(g: Geometry, padding: str, rank: int) -> Line:
    """Return an axis of a job with transforms along `rank` axes, cut by the rule of this module.

    Blocks are powers of two, at least SHORTEST and PER_TAP times the response, but not beyond what all outputs read.

    Examples
    --------
    >>> line_of(Geometry(100_000, 1000, 100_000), "zero", 1).cut
    Cut(n=16384, length=1000, fresh=15385, n_blocks=7, first=-999)
    """
    length = dilated_length(g.n_kernel, abs(g.step))
    places = g.stride * (g.n_out - 1) + 1
    wanted = max(SHORTEST[rank], PER_TAP * length, length - 1 + g.stride)
    n = 1 << (min(wanted, places + length - 1 + g.stride) - 1).bit_length()
    if _is_missing(g):
        n = 1
    fresh = (n - length + 1) // g.stride * g.stride
    first = -g.offset - (length - 1 if g.step < 0 else 0)
    return Line(g, padding, Cut(n, length, fresh, -(-places // fresh), first))


def lines_of(axes) -> tuple[Line, Line]:
    """Return how two axes, each (relation, padding), are cut; the one that a signal does not have stays whole."""
    rank = 1 if _is_missing(axes[0][0]) else 2
    rows, columns = (line_of(relation, padding, rank) for relation, padding in axes)
    return rows, columns


def _is_missing(g: Geometry) -> bool:
    return g.n_kernel == g.n_out == g.n_in == 1


def convolve(w, x, y, lines: tuple[Line, Line], value, xp: Any) -> None:
    """Write y (B, G, M, H', W') = w (G, M, C, KH, KW) applied to x (B, G, C, H, W), arrays of the library xp."""
    forward, inverse = _transforms(x.dtype, lines, xp)
    spectrum = xp.conj(forward(xp.conj(_spread(w, lines, xp))))
    source = _spread_input(x, lines, xp)
    for batch, rows, columns in _portions(len(x), max(w.shape[1:3]) * w.shape[0], lines):
        blocks = forward(_blocks(source[batch], lines, (rows, columns), value, xp))
        results = inverse(xp.einsum("gmckl,bgcpqkl->bgmpqkl", spectrum, blocks))
        _put(results, y[batch], lines, (rows, columns))


def wrt_kernel(x, y_bar, lines: tuple[Line, Line], value, xp: Any):
    """Return w̄ (G, M, C, KH, KW) = Σ ȳ · conj(x) over batch and outputs, added in a fixed order."""
    forward, inverse = _transforms(x.dtype, lines, xp)
    source, total = _spread_input(x, lines, xp), None
    for batch, rows, columns in _portions(len(x), max(x.shape[2], y_bar.shape[2]) * x.shape[1], lines):
        blocks = forward(_blocks(source[batch], lines, (rows, columns), value, xp))
        errors = forward(_errors(y_bar[batch], lines, (rows, columns), xp))
        part = xp.einsum("bgmpqkl,bgcpqkl->gmckl", xp.conj(errors), blocks)
        total = part if total is None else total + part
    return xp.conj(_taps(inverse(total), lines))


def _transforms(dtype, lines: tuple[Line, Line], xp: Any):
    """Return (transform, inverse) of the last two axes, zeros added up to the points of a block."""
    shape = [line.cut.n for line in lines]
    axes = [axis for axis, n in zip((-2, -1), shape, strict=True) if n > 1] or [-1]
    sizes = [shape[axis] for axis in axes]
    if dtype.kind == "c":
        return (lambda a: xp.fft.fftn(a, sizes, axes)), (lambda a: xp.fft.ifftn(a, sizes, axes))
    return (lambda a: xp.fft.rfftn(a, sizes, axes)), (lambda a: xp.fft.irfftn(a, sizes, axes))


def _spread(w, lines: tuple[Line, Line], xp: Any):
    """Return the response with its dilation, in the order of a correlation."""
    rows, columns = (_tap_slice(line.relation) for line in lines)
    shape = (*w.shape[:3], *(line.cut.length for line in lines))
    spread = xp.zeros(shape, w.dtype)
    spread[..., rows, columns] = w
    return spread


def _taps(spread, lines: tuple[Line, Line]):
    """Return the taps out of what `_spread` would have made of them: its adjoint."""
    rows, columns = (line.cut.length for line in lines)
    return spread[..., :rows, :columns][..., _tap_slice(lines[0].relation), _tap_slice(lines[1].relation)]


def _tap_slice(g: Geometry) -> slice:
    return slice(None, None, g.step)


def _spread_input(x, lines: tuple[Line, Line], xp: Any):
    """Return the input with zeros between its samples where it is spread."""
    if all(line.relation.spread == 1 for line in lines):
        return x
    spread = xp.zeros((*x.shape[:3], *(line.n_samples for line in lines)), x.dtype)
    spread[..., :: lines[0].relation.spread, :: lines[1].relation.spread] = x
    return spread


def _portions(n_batch: int, channels: int, lines: tuple[Line, Line]) -> Iterator[tuple[slice, range, range]]:
    """Return what is transformed at once: a part of the batch, and ranges of blocks along both axes."""
    rows, columns = (line.cut for line in lines)
    room = max(1, AT_ONCE // (channels * rows.n * columns.n))
    across = min(columns.n_blocks, room)
    down = min(rows.n_blocks, max(1, room // across))
    some = min(n_batch, max(1, room // (across * down)))
    for b in range(0, n_batch, some):
        for p in range(0, rows.n_blocks, down):
            for q in range(0, columns.n_blocks, across):
                yield (
                    slice(b, b + some),
                    range(p, min(p + down, rows.n_blocks)),
                    range(q, min(q + across, columns.n_blocks)),
                )


def _blocks(x, lines: tuple[Line, Line], parts: tuple[range, range], value, xp: Any):
    """Return what blocks read, (B, G, C, blocks down, blocks across, points, points): overlapping views."""
    # zeros last: where one axis is outside with zeros, the constant of the other one has no say
    for axis in sorted((0, 1), key=lambda axis: lines[axis].padding == "zero"):
        line, part = lines[axis], parts[axis]
        start = line.cut.first + part.start * line.cut.fresh
        stop = start + (len(part) - 1) * line.cut.fresh + line.cut.n
        x = stretch(x, 3 + axis, (start, stop), line.padding, value, xp)
    (rows, columns), (down, across) = (line.cut for line in lines), x.strides[3:]
    shape = (*x.shape[:3], *map(len, parts), rows.n, columns.n)
    strides = (*x.strides[:3], rows.fresh * down, columns.fresh * across, down, across)
    return xp.lib.stride_tricks.as_strided(x, shape, strides)


def stretch(x, axis: int, interval: tuple[int, int], padding: str, value, xp: Any):
    """Return the samples start … stop − 1 of an axis that goes on beyond its ends: a view where that reaches no end."""
    start, stop = interval
    n = x.shape[axis]
    first, last = min(max(start, 0), n), max(min(stop, n), 0)
    inside = x[(slice(None),) * axis + (slice(first, max(first, last)),)]
    if start >= 0 and stop <= n:
        return inside
    ends = [(start, min(stop, 0)), (max(start, n), stop)]
    before, after = (_outside(x, axis, end, padding, value, xp) for end in ends)
    return xp.concatenate([before, inside, after], axis=axis)


def _outside(x, axis: int, interval: tuple[int, int], padding: str, value, xp: Any):
    """Return what stands at places that are all before, or all behind, the samples of an axis; there may be none."""
    start, stop = interval
    count = max(0, stop - start)
    if CODES[padding] == FILL or not count:
        shape = (*x.shape[:axis], count, *x.shape[axis + 1 :])
        return xp.full(shape, value if padding == "constant" else 0, x.dtype)
    places = source_index(np.arange(start, stop), x.shape[axis], CODES[padding])
    return xp.take(x, xp.asarray(places), axis=axis)


def _put(results, y, lines: tuple[Line, Line], parts: tuple[range, range]) -> None:
    """Write what blocks have given, (B, G, M, blocks down, blocks across, points, points), to their places in y."""
    (rows, columns), strides = (line.cut for line in lines), [line.relation.stride for line in lines]
    kept = results[..., : rows.fresh : strides[0], : columns.fresh : strides[1]]
    kept = kept.transpose(0, 1, 2, 3, 5, 4, 6)
    kept = kept.reshape(*kept.shape[:3], kept.shape[3] * kept.shape[4], kept.shape[5] * kept.shape[6])
    o, u = (p.start * line.cut.fresh // line.relation.stride for p, line in zip(parts, lines, strict=True))
    target = y[..., o : o + kept.shape[3], u : u + kept.shape[4]]
    target[...] = kept[..., : target.shape[3], : target.shape[4]]


def _errors(y_bar, lines: tuple[Line, Line], parts: tuple[range, range], xp: Any):
    """Return the error signal in the places of blocks, where `_put` took the outputs from: its adjoint."""
    counts = [line.cut.fresh // line.relation.stride for line in lines]
    shape = (*y_bar.shape[:3], *(len(part) * count for part, count in zip(parts, counts, strict=True)))
    whole = xp.zeros(shape, y_bar.dtype)
    o, u = (part.start * count for part, count in zip(parts, counts, strict=True))
    given = y_bar[..., o : o + shape[3], u : u + shape[4]]
    whole[..., : given.shape[3], : given.shape[4]] = given
    split = whole.reshape(*shape[:3], len(parts[0]), counts[0], len(parts[1]), counts[1]).transpose(0, 1, 2, 3, 5, 4, 6)
    blocks = xp.zeros((*split.shape[:5], lines[0].cut.fresh, lines[1].cut.fresh), y_bar.dtype)
    blocks[..., :: lines[0].relation.stride, :: lines[1].relation.stride] = split
    return blocks

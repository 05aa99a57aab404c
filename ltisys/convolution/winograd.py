"""Banks of 3×3 responses at stride 1 by Winograd's F(4×4, 3×3): a quarter of the products, at bounded loss of accuracy.

Tiles of 6×6 samples d and responses g become Bᵀ·d·B and G·g·Gᵀ; their products, summed over the channels, become
tiles of 4×4 outputs by Aᵀ·(·)·A. The batch lies in the lanes: each transformation is arithmetic on whole vectors.

Source: A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from . import gemm, threads
from .compilation import kernel, part
from .geometry import Geometry
from .lines import room_on_a_line, zeros_on_a_line
from .rows import only_finite
from .simd import Emitter, lanes_of
from .slices import batch_is_innermost, lying, merged, put, stored, take
from .team import shared, task_of
from .tiles import MAPS, VECTORS, maps_of_tile, sum_of_taps

INPUT, OUTPUT, RESPONSE = 6, 4, 3
FREQUENCIES = INPUT * INPUT
BLOCK_BYTES = 512 << 10  # of transformed samples and sums: they stay in the second-level cache

# Costs on one core for float32, measured on banks of 8 to 128 maps.
PRODUCT = 0.024  # ns per product of transformed samples, float32
TRANSFORM = 0.1  # per transformed sample or sum
RUN = 30.0  # per tile of products
WEIGHT = 0.6  # per transformed weight
SAMPLE = 0.35  # bringing a sample into the lanes or a sum out of them
CALL = 100e3

SAMPLES = (  # Bᵀ
    (4, 0, -5, 0, 1, 0),
    (0, -4, -4, 1, 1, 0),
    (0, 4, -4, -1, 1, 0),
    (0, -2, -1, 2, 1, 0),
    (0, 2, -1, -2, 1, 0),
    (0, 4, 0, -5, 0, 1),
)
TAPS = (  # G
    (1 / 4, 0, 0),
    (-1 / 6, -1 / 6, -1 / 6),
    (-1 / 6, 1 / 6, -1 / 6),
    (1 / 24, 1 / 12, 1 / 6),
    (1 / 24, -1 / 12, 1 / 6),
    (0, 0, 1),
)
SUMS = (  # Aᵀ
    (1, 1, 1, 1, 1, 0),
    (0, 1, -1, 2, -2, 0),
    (0, 1, 1, 4, 4, 0),
    (0, 1, -1, 8, -8, 1),
)


def serves(shape, rows: Geometry, columns: Geometry) -> bool:
    """Tell whether a bank of this shape (G, M, C, KH, KW) is one of 3×3 responses at stride 1."""
    return tuple(shape[3:]) == (RESPONSE, RESPONSE) and all(
        g.stride == g.spread == abs(g.step) == 1 for g in (rows, columns)
    )


def transform_of(matrix, *, scattered: bool) -> Any:
    """Return the intrinsic that applies a matrix to both sides of a square of vectors.

    Input or output is `scattered`: its vectors lie where a table says.
    """
    size, given = len(matrix), len(matrix[0])

    @intrinsic
    def transform(typing_context, source, i, places, target, o, step):
        """Write a square of vectors at target from one at source.

        The scattered side, the source of a square or its target, holds its vector q at place places[q] + i or o; the
        other side holds them `step` apart from there on.
        """

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, source.dtype)
            of, to, table = emit.data(0, args[1]), emit.data(3, args[4]), emit.data(2)

            def along(pointer, q, from_table):
                offset = builder.load(emit.at(table, q)) if from_table else builder.mul(args[5], emit.index(q))
                return emit.at(pointer, offset)

            square = [[emit.load(along(of, r * given + c, scattered)) for c in range(given)] for r in range(given)]
            half = [[_combined(emit, row, [line[c] for line in square]) for c in range(given)] for row in matrix]
            for r in range(size):
                for c in range(size):
                    emit.store(_combined(emit, matrix[c], half[r]), along(to, r * size + c, not scattered))
            return emit.nothing()

        index = types.intp
        return types.void(source, index, places, target, index, index), generate

    return transform


def _combined(emit: Emitter, coefficients, vectors):
    """Return Σ coefficient·vector."""
    total = None
    for coefficient, vector in zip(coefficients, vectors, strict=True):
        if coefficient == 0:
            continue
        if total is None:
            total = vector if coefficient == 1 else emit.mul(vector, _constant(emit, coefficient))
        elif coefficient == 1:
            total = emit.add(total, vector)
        elif coefficient == -1:
            total = emit.sub(total, vector)
        else:
            total = emit.fma(vector, _constant(emit, coefficient), total)
    return total


def _constant(emit: Emitter, value: float):
    return ir.Constant(emit.vector, [float(value)] * emit.lanes)


_RESPONSES = np.array(TAPS)
transform_samples, _transform_sums = transform_of(SAMPLES, scattered=True), transform_of(SUMS, scattered=False)


@kernel
def pack_transforms(weights, shape, steps, forwards, matrix, packed, board, threads):
    """Write G·g·Gᵀ for all responses g of a bank, computed in double precision, in the order of the tiles.

    That is [group][frequency][block of maps][channel][map]. All channels of a block of maps are transformed side by
    side. Tells whether all is finite. For board and threads see `team.shared`.

    Parameters
    ----------
    weights : array (G·M·C·9,)
    shape, steps : tuples
        (G, M, C), and how far maps lie apart, and channels.
    forwards : tuple of bool
        Along which axes responses are not read backwards.
    matrix : array (6, 3)
        G.
    packed : array (G·36·M·C,)
    """
    n_blocks = shape[0] * ((shape[1] + MAPS - 1) // MAPS)
    return shared(_packed((weights, shape, steps, forwards, matrix, packed)), n_blocks, 1, board, threads)


@part
def pack_some_transforms(weights, shape, steps, forwards, matrix, packed, who, start, stop):
    """Do the blocks of MAPS maps start … stop − 1 of `pack_transforms`, those of all groups in one row."""
    n_maps, n_channels = shape[1:]
    n_taps = RESPONSE * RESPONSE
    taps, half = np.empty((n_taps, n_channels * MAPS)), np.empty((INPUT * RESPONSE, n_channels * MAPS))
    per_group, finite = (n_maps + MAPS - 1) // MAPS, True
    for block in range(start, stop):
        g, m = block // per_group, block % per_group * MAPS
        last = min(m + MAPS, n_maps)
        while m < last:
            height = maps_of_tile(last - m)
            n = n_channels * height
            for k in range(RESPONSE):
                for l in range(RESPONSE):
                    row, column = k if forwards[0] else RESPONSE - 1 - k, l if forwards[1] else RESPONSE - 1 - l
                    at = g * n_maps * n_channels * n_taps + m * steps[0] + row * RESPONSE + column
                    for c in range(n_channels):
                        for a in range(height):
                            taps[k * RESPONSE + l, c * height + a] = weights[at + a * steps[0] + c * steps[1]]
            for i in range(INPUT):
                for l in range(RESPONSE):
                    one, two, three = taps[l, :n], taps[RESPONSE + l, :n], taps[2 * RESPONSE + l, :n]
                    _combine(matrix[i], one, two, three, half[i * RESPONSE + l])
            for i in range(INPUT):
                one, two, three = (half[i * RESPONSE, :n], half[i * RESPONSE + 1, :n], half[i * RESPONSE + 2, :n])
                for j in range(INPUT):
                    to = ((g * FREQUENCIES + i * INPUT + j) * n_maps + m) * n_channels
                    _combine(matrix[j], one, two, three, packed[to : to + n])
                    finite &= only_finite(packed[to : to + n])
            m += height
    return finite


_packed: Any = task_of(pack_some_transforms)


@part
def _combine(factors, x, y, z, out):
    """Write factors[0]·x + factors[1]·y + factors[2]·z."""
    a, b, c = factors[0], factors[1], factors[2]
    for n in range(x.shape[0]):
        out[n] = a * x[n] + b * y[n] + c * z[n]


@kernel
def convolve_winograd(packed, x, y, shape, extents, n_tiles, board, threads):
    """Write y from x, both as `slices.Stored`, slice by slice of the batch; tell whether all of it is finite.

    A slice is one vector of signals; the last may repeat some of the one before. Tiles are transformed n_tiles at a
    time. For board and threads see `team.shared`.

    Parameters
    ----------
    shape : tuple (G, M, C)
        Of the bank.
    extents : tuple of pairs
        The first sample that output (0, 0) reads, the lengths (H, W) and (H', W').
    """
    lanes = lanes_of(packed.itemsize)
    n_slices = (x.n_batch + lanes - 1) // lanes
    unit = (n_slices + threads - 1) // threads  # one part for each thread: it needs much room
    return shared(_slices((packed, x, y, shape, extents, n_tiles)), n_slices, unit, board, threads)


@part
def convolve_some_slices(packed, x, y, shape, extents, n_tiles, who, start, stop):
    """Do the slices start … stop − 1 of `convolve_winograd`."""
    lanes = lanes_of(packed.itemsize)
    n_groups, n_maps, n_channels = shape
    offsets, given, wanted = extents
    channels, maps, n = n_groups * n_channels, n_groups * n_maps, n_tiles * lanes
    samples = zeros_on_a_line((x.n_pixels + 1) * channels * lanes, packed)  # after the last pixel one of zeros
    sums = room_on_a_line((y.n_pixels + 1) * maps * lanes, packed)  # and one that nobody reads
    # all frequencies of a channel lie together; one vector more, or channels would share few cache sets
    step = FREQUENCIES * n + lanes
    spectra, products = zeros_on_a_line(n_channels * step, packed), room_on_a_line(n_maps * step, packed)
    of, to = np.empty(FREQUENCIES, np.int64), np.empty((n_tiles, OUTPUT * OUTPUT), np.int64)
    whole = np.zeros((1, 3), np.int64)
    across = (wanted[1] + OUTPUT - 1) // OUTPUT
    all_tiles, finite = across * ((wanted[0] + OUTPUT - 1) // OUTPUT), True
    for number in range(start, stop):
        b = min(number * lanes, x.n_batch - lanes)
        take(x, b, lanes, (lanes, channels), samples)
        for first in range(0, all_tiles, n_tiles):
            count = min(n_tiles, all_tiles - first)
            for g in range(n_groups):
                for t in range(count):
                    row, column = divmod(first + t, across)
                    _list_pixels(row, column, offsets, given, channels * lanes, of)
                    _list_outputs(row, column, wanted, maps * lanes, to[t])
                    for c in range(n_channels):
                        at = (g * n_channels + c) * lanes
                        transform_samples(samples, at, of, spectra, c * step + t * lanes, n)
                for f in range(FREQUENCIES):
                    weights = (packed, (g * FREQUENCIES + f) * n_maps * n_channels)
                    source, target = (spectra, f * n), (products, f * n)
                    sum_of_taps(weights, source, whole, (n_maps, n_channels, 1), (step, step), target, n)
                for t in range(count):
                    for m in range(n_maps):
                        at = (g * n_maps + m) * lanes
                        _transform_sums(products, m * step + t * lanes, to[t], sums, at, n)
        finite &= only_finite(sums[: y.n_pixels * maps * lanes])
        put(sums, y, b, lanes)
    return finite


_slices = task_of(convolve_some_slices)


@part
def _list_pixels(row, column, offsets, shape, pitch, places):
    """Write where the samples of a tile lie; those outside the image are the zeros after its last pixel."""
    for r in range(INPUT):
        for c in range(INPUT):
            i, j = OUTPUT * row + r + offsets[0], OUTPUT * column + c + offsets[1]
            inside = 0 <= i < shape[0] and 0 <= j < shape[1]
            places[r * INPUT + c] = (i * shape[1] + j if inside else shape[0] * shape[1]) * pitch


@part
def _list_outputs(row, column, shape, pitch, places):
    """Write where the outputs of a tile lie; those outside the image go behind its last pixel."""
    for r in range(OUTPUT):
        for c in range(OUTPUT):
            o, p = OUTPUT * row + r, OUTPUT * column + c
            inside = o < shape[0] and p < shape[1]
            places[r * OUTPUT + c] = (o * shape[1] + p if inside else shape[0] * shape[1]) * pitch


def convolve(w, x, y, rows: Geometry, columns: Geometry) -> bool:
    """Write y (B, G, M, H', W') = w (G, M, C, 3, 3) applied to x (B, G, C, H, W); tell whether all is finite.

    What is not finite spreads over whole tiles, so the result is of no use then.
    """
    return gemm.in_real_numbers(lambda w, x, y: apply(w, rows, columns, *lying(merged(x)), merged(y)), w, x, y)


def apply(w, rows: Geometry, columns: Geometry, x, innermost: bool, y) -> bool:
    """Write y (B, G·M, H', W') for a real bank w (G, M, C, 3, 3) and x (B, G·C, H, W); tell as `convolve` does.

    Both are contiguous in one of the two orders of memory, x in that which is said.
    """
    lanes = lanes_of(x.itemsize)
    if len(x) < lanes:
        padded_x = np.zeros((lanes, *x.shape[1:]), x.dtype)
        padded_x[: len(x)] = x
        padded_y = np.empty((lanes, *y.shape[1:]), y.dtype)
        finite = apply(w, rows, columns, padded_x, False, padded_y)
        y[...] = padded_y[: len(x)]
        return finite
    form = _form(w.shape, len(x), rows, columns, w.itemsize)
    packed, (weights, steps) = np.empty(form.n_weights, w.dtype), gemm.as_it_lies(w)
    crew = threads.board_for(form.n_weights * WEIGHT)
    if not pack_transforms(weights, form.kernel[0], steps, form.forwards, _RESPONSES, packed, *crew):
        return False
    given, wanted = stored(x, innermost), stored(y, batch_is_innermost(y), frozen=False)
    return convolve_winograd(packed, given, wanted, *form.kernel, *threads.board_for(form.cost))


class _Form(NamedTuple):
    """All that follows from the shapes of a job: the size of the packed weights, the kernel's form, and the time.

    `kernel` is the shape of the bank, the extents, and how many tiles make a block; `cost` is an estimate of the time
    on one core, in ns.
    """

    n_weights: int
    forwards: tuple[bool, bool]
    kernel: tuple[tuple[int, int, int], tuple[tuple[int, int], tuple[int, int], tuple[int, int]], int]
    cost: float


@lru_cache(maxsize=256)
def _form(shape, n_batch: int, rows: Geometry, columns: Geometry, itemsize: int) -> _Form:
    n_groups, n_maps, n_channels = shape[:3]
    per_tile = FREQUENCIES * (n_maps + n_channels) * VECTORS * lanes_of(itemsize) * itemsize
    extents = first_sample(rows, columns), (rows.n_in, columns.n_in), (rows.n_out, columns.n_out)
    kernel = (n_groups, n_maps, n_channels), extents, VECTORS * max(1, BLOCK_BYTES // per_tile)
    n_weights = n_groups * n_maps * n_channels * FREQUENCIES
    return _Form(n_weights, (rows.step > 0, columns.step > 0), kernel, cost(shape, n_batch, rows, columns, itemsize))


def first_sample(rows: Geometry, columns: Geometry) -> tuple[int, int]:
    """Return the first row and column of samples that output (0, 0) reads."""
    first, other = (min(0, g.step * (RESPONSE - 1)) - g.offset for g in (rows, columns))
    return first, other


def cost(shape, n_batch: int, rows: Geometry, columns: Geometry, itemsize: int) -> float:
    """Return the time in ns on one core for a real bank of this shape (G, M, C, 3, 3)."""
    n_groups, n_maps, n_channels = shape[:3]
    lanes = lanes_of(itemsize)
    n_batch = -(-n_batch // lanes) * lanes
    n_tiles = -(-rows.n_out // OUTPUT) * -(-columns.n_out // OUTPUT)
    samples, sums = n_channels * rows.n_in * columns.n_in, n_maps * rows.n_out * columns.n_out
    each = FREQUENCIES * n_tiles * (n_maps * n_channels * PRODUCT + (n_maps + n_channels) * TRANSFORM)
    runs = FREQUENCIES * -(-n_tiles // VECTORS) * -(-n_maps // MAPS) * n_batch / lanes
    return CALL + n_groups * (runs * RUN + n_batch * (each + (samples + sums) * SAMPLE) * itemsize / 4)

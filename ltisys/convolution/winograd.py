"""Banks of 3×3 responses at stride 1 by Winograd's F(4×4, 3×3): a quarter of the products, at bounded loss of accuracy.

Tiles of 6×6 samples d and responses g become Bᵀ·d·B and G·g·Gᵀ; their products, summed over the channels, become
tiles of 4×4 outputs by Aᵀ·(·)·A. The batch lies in the lanes: each transformation is arithmetic on whole vectors.

Source: A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from . import gemm, threads
from .cache import kernel
from .geometry import Geometry
from .numerics import is_finite
from .simd import Emitter, lanes_of
from .team import shared, task_of
from .tiles import MAPS, VECTORS, pack_weights, sum_of_taps
from .transpose import into_lanes, out_of_lanes

INPUT, OUTPUT, RESPONSE = 6, 4, 3
FREQUENCIES = INPUT * INPUT
BLOCK_BYTES = 512 << 10  # of transformed samples and sums: they stay in the second-level cache

# Costs on one core for float32, measured on banks of 8 to 128 maps.
PRODUCT = 0.024  # ns per product of transformed samples, float32
TRANSFORM = 0.1  # per transformed sample or sum
RUN = 30.0  # per tile of products
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


def _square(matrix, scattered: bool) -> Any:
    """Return the intrinsic that applies a matrix to both sides of a square of vectors.

    Input or output, whichever has pixels, is `scattered`: its vectors lie where a table says.
    """
    size = len(matrix)

    @intrinsic
    def transform(typing_context, source, i, places, target, o, step):
        """Write a square of vectors at target from one at source.

        The scattered side, the source of a square of samples or the target of one of sums, holds its vector q at place
        places[q] + i or o; the other side holds them `step` apart from there on.
        """

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, source.dtype)
            of, to, table = emit.data(0, args[1]), emit.data(3, args[4]), emit.data(2)

            def along(pointer, q, from_table):
                offset = builder.load(emit.at(table, q)) if from_table else builder.mul(args[5], emit.index(q))
                return emit.at(pointer, offset)

            square = [[emit.load(along(of, r * INPUT + c, scattered)) for c in range(INPUT)] for r in range(INPUT)]
            half = [[_combined(emit, row, [line[c] for line in square]) for c in range(INPUT)] for row in matrix]
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


_transform_samples, _transform_sums = _square(SAMPLES, scattered=True), _square(SUMS, scattered=False)


@kernel
def transform_taps(w, matrix, out):
    """Write out[g, m, c] = G·w[g, m, c]·Gᵀ, computed in double precision."""
    half = np.empty((INPUT, RESPONSE))
    for g in range(w.shape[0]):
        for m in range(w.shape[1]):
            for c in range(w.shape[2]):
                taps = w[g, m, c]
                for i in range(INPUT):
                    for l in range(RESPONSE):
                        half[i, l] = matrix[i, 0] * taps[0, l] + matrix[i, 1] * taps[1, l] + matrix[i, 2] * taps[2, l]
                for i in range(INPUT):
                    for j in range(INPUT):
                        total = half[i, 0] * matrix[j, 0] + half[i, 1] * matrix[j, 1] + half[i, 2] * matrix[j, 2]
                        out[g, m, c, i, j] = total


@kernel
def convolve_winograd(packed, x, y, offsets, n_tiles, board, threads):
    """Write y (B, G, M, H', W') from x (B, G, C, H, W), slice by slice of the batch; return True.

    Output (o, p) reads the samples from (o + offsets[0], p + offsets[1]) on. A slice is one vector of signals; the last
    may repeat some of the one before. Tiles are transformed n_tiles at a time. For board and threads see `team.shared`.
    """
    lanes = lanes_of(x.itemsize)
    n_slices = (x.shape[0] + lanes - 1) // lanes
    unit = (n_slices + threads - 1) // threads  # one part for each thread: it needs much room
    return shared(_slices((packed, x, y, offsets, n_tiles)), n_slices, unit, board, threads)


@kernel
def convolve_some_slices(packed, x, y, offsets, n_tiles, who, start, stop):
    """Do the slices start … stop − 1 of `convolve_winograd`."""
    lanes = lanes_of(x.itemsize)
    n_groups, n_channels, n_maps = x.shape[1], x.shape[2], y.shape[2]
    n_in, n_out = x.shape[3] * x.shape[4], y.shape[3] * y.shape[4]
    channels, maps, n = n_groups * n_channels, n_groups * n_maps, n_tiles * lanes
    samples = np.zeros((n_in + 1) * channels * lanes, x.dtype)  # after the last pixel one of zeros
    sums = np.empty((n_out + 1) * maps * lanes, x.dtype)  # and one that nobody reads
    # one vector more, or the frequencies of a tile would all share few cache sets
    step, step_out = n_channels * n + lanes, n_maps * n + lanes
    spectra, products = np.zeros(FREQUENCIES * step, x.dtype), np.empty(FREQUENCIES * step_out, x.dtype)
    of, to = np.empty(FREQUENCIES, np.int64), np.empty((n_tiles, OUTPUT * OUTPUT), np.int64)
    whole = np.zeros((1, 3), np.int64)
    across = (y.shape[4] + OUTPUT - 1) // OUTPUT
    all_tiles = across * ((y.shape[3] + OUTPUT - 1) // OUTPUT)
    given, wanted = x.reshape(x.size), y.reshape(y.size)
    for number in range(start, stop):
        b = min(number * lanes, x.shape[0] - lanes)
        into_lanes(given, b * channels * n_in, channels * n_in, (n_in, channels, lanes, lanes), samples)
        for first in range(0, all_tiles, n_tiles):
            count = min(n_tiles, all_tiles - first)
            for g in range(n_groups):
                for t in range(count):
                    row, column = divmod(first + t, across)
                    _list_pixels(row, column, offsets, x.shape, channels * lanes, of)
                    _list_outputs(row, column, y.shape, maps * lanes, to[t])
                    for c in range(n_channels):
                        at = (g * n_channels + c) * lanes
                        _transform_samples(samples, at, of, spectra, c * n + t * lanes, step)
                for f in range(FREQUENCIES):
                    weights = (packed, (g * FREQUENCIES + f) * n_maps * n_channels)
                    source, target = (spectra, f * step), (products, f * step_out)
                    sum_of_taps(weights, source, whole, (n_maps, n_channels, 1), (n, n), target, n)
                for t in range(count):
                    for m in range(n_maps):
                        at = (g * n_maps + m) * lanes
                        _transform_sums(products, m * n + t * lanes, to[t], sums, at, step_out)
        out_of_lanes(sums, wanted, b * maps * n_out, maps * n_out, (n_out, maps, lanes))
    return True


_slices = task_of(convolve_some_slices)


@kernel
def _list_pixels(row, column, offsets, shape, pitch, places):
    """Write where the samples of a tile lie; those outside the image are the zeros after its last pixel."""
    for r in range(INPUT):
        for c in range(INPUT):
            i, j = OUTPUT * row + r + offsets[0], OUTPUT * column + c + offsets[1]
            inside = 0 <= i < shape[3] and 0 <= j < shape[4]
            places[r * INPUT + c] = (i * shape[4] + j if inside else shape[3] * shape[4]) * pitch


@kernel
def _list_outputs(row, column, shape, pitch, places):
    """Write where the outputs of a tile lie; those outside the image go behind its last pixel."""
    for r in range(OUTPUT):
        for c in range(OUTPUT):
            o, p = OUTPUT * row + r, OUTPUT * column + c
            inside = o < shape[3] and p < shape[4]
            places[r * OUTPUT + c] = (o * shape[4] + p if inside else shape[3] * shape[4]) * pitch


def convolve(w, x, y, rows: Geometry, columns: Geometry) -> bool:
    """Write y (B, G, M, H', W') = w (G, M, C, 3, 3) applied to x (B, G, C, H, W); tell whether all of it is finite."""
    gemm.in_real_numbers(lambda w, x, y: _apply(w, x, y, rows, columns), w, x, y)
    return is_finite(y)


def _apply(w, x, y, rows, columns):
    lanes = lanes_of(x.itemsize)
    if len(x) < lanes:
        padded_x = np.zeros((lanes, *x.shape[1:]), x.dtype)
        padded_x[: len(x)] = x
        padded_y = np.empty((lanes, *y.shape[1:]), y.dtype)
        _apply(w, padded_x, padded_y, rows, columns)
        y[...] = padded_y[: len(x)]
        return
    w = w[..., :: rows.step, :: columns.step]
    offsets = tuple(min(0, g.step * (RESPONSE - 1)) - g.offset for g in (rows, columns))
    n_groups, n_maps, n_channels = w.shape[:3]
    spectra, packed = (np.empty((n_groups, n_maps, n_channels, INPUT, INPUT), w.dtype) for _ in range(2))
    transform_taps(np.ascontiguousarray(w, np.float64), np.array(TAPS), spectra)
    spectra.flags.writeable = False
    packed = packed.reshape(-1)
    pack_weights(spectra, np.arange(FREQUENCIES), np.arange(FREQUENCIES + 1), packed)
    n_tiles = VECTORS * max(1, BLOCK_BYTES // (FREQUENCIES * (n_maps + n_channels) * VECTORS * lanes * w.itemsize))
    x = x.view()
    x.flags.writeable = False
    crew = threads.board_for(cost(w.shape, len(x), rows, columns, w.itemsize))
    convolve_winograd(packed, x, y, offsets, n_tiles, *crew)


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

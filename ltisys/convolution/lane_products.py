"""The gradient of a bank with the batch in the lanes: inner products over the pixels that meet a tap.

w̄[m, tap, c] = Σ over the pairs (output, input) that meet at the tap, and over the batch, of ȳ[output, m]·x[input, c].
A tile holds the products of a few maps with a few streams of samples, each a vector over the batch. The streams are the
channels of one tap; where there are few channels they are all channels of all taps, on samples with a border of zeros.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from .compilation import kernel, part
from .numerics import SUM_BLOCK
from .products import store_totals
from .rows import copy
from .simd import REGISTERS, Emitter, lanes_of
from .slices import take
from .taps import meeting, strides_of_meeting
from .team import shared, task_of

STREAMS = 6
MAPS = REGISTERS // 8  # 4 × 6 sums, 4 error signals and 1 vector of samples fit 32 registers, 2 × 6 fit 16
FEW_CHANNELS = 4  # with fewer, the streams are all taps


def _tile(n_maps: int) -> Any:
    """Return the intrinsic for the inner products of n_maps error signals with STREAMS streams of samples."""

    @intrinsic
    def tile(typing_context, errors, m, apart, samples, s, shifts, t, pairs, first, count, products):
        """Write products[a·STREAMS + d] = Σ errors[m + pairs[j, 0] + a·apart + v]·samples[i + v].

        Here i = s + pairs[j, 1] + shifts[t + d], a < n_maps, d < STREAMS, v < lanes and first ≤ j < first + count.
        """

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, samples.dtype)
            errors_at, moves = emit.data(0, args[1]), emit.data(5, args[6])
            streams = [emit.at(emit.data(3, args[4]), builder.load(emit.at(moves, d))) for d in range(STREAMS)]
            table = emit.data(7, builder.add(args[8], args[8]))

            def pair(j, sums):
                entry = emit.at(table, builder.add(j, j))
                error, place = emit.at(errors_at, builder.load(entry)), builder.load(emit.at(entry, 1))
                held = [emit.load(emit.at(error, builder.mul(args[2], emit.index(a)))) for a in range(n_maps)]
                for d, stream in enumerate(streams):
                    vector = emit.load(emit.at(stream, place))
                    for a in range(n_maps):
                        sums[a * STREAMS + d] = emit.fma(held[a], vector, sums[a * STREAMS + d])
                return sums

            sums = emit.loop(args[9], [emit.zero()] * (n_maps * STREAMS), pair)
            store_totals(emit, sums, emit.data(10))
            return emit.nothing()

        index = types.intp
        places = errors, index, index, samples, index, shifts, index
        return types.void(*places, pairs, index, index, products), generate

    return tile


_tile_4, _tile_2, _tile_1 = _tile(4), _tile(2), _tile(1)


@kernel
def correlate_shares(x, y_bar, shares, rows, columns, board, threads):
    """Add to each of the shares (S, G, M, KH·KW·C) what its part of the batch contributes; return True.

    x and y_bar are `slices.Stored`, rows and columns geometries as plain tuples. For board and threads see
    `team.shared`.
    """
    return shared(_shares((x, y_bar, shares, rows, columns)), shares.shape[0], 1, board, threads)


@part
def correlate_some_shares(x, y_bar, shares, rows, columns, who, start, stop):
    """Do the shares start … stop − 1 of `correlate_shares`."""
    n_slices, n_shares = -(-x.n_batch // lanes_of(x.samples.itemsize)), shares.shape[0]
    for share in range(start, stop):
        part = (n_slices * share // n_shares, n_slices * (share + 1) // n_shares)
        correlate_slices(x, y_bar, shares[share], rows, columns, part)
    return True


_shares = task_of(correlate_some_shares)


@part
def correlate_slices(x, y_bar, w_bar, rows, columns, part):
    """Add to w_bar (G, M, KH·KW·C) what the slices of the batch number part[0] … part[1] − 1 contribute."""
    lanes = lanes_of(x.samples.itemsize)
    if rows[1] * columns[1] == 1 and x.innermost and y_bar.innermost and x.n_batch % lanes == 0:
        # read once, and so best where they lie
        for number in range(part[0], part[1]):
            source, error = (x.samples, number * lanes, x.n_batch), (y_bar.samples, number * lanes, y_bar.n_batch)
            _tap_by_tap(source, error, (x.n_channels, y_bar.n_channels), w_bar, rows, columns)
        return
    rows_of_x, rows_of_y = _rows(x.n_channels), _rows(y_bar.n_channels)
    samples = np.zeros(x.n_pixels * rows_of_x * lanes, x.samples.dtype)
    errors = np.zeros(y_bar.n_pixels * rows_of_y * lanes, x.samples.dtype)
    few = x.n_channels < FEW_CHANNELS * w_bar.shape[0] and rows[5] == 1 and columns[5] == 1
    border = (_border(rows), _border(columns)) if few else ((0, 0), (0, 0))
    size = (border[0][0] + rows[2] + border[0][1], border[1][0] + columns[2] + border[1][1])
    canvas = np.zeros(size[0] * size[1] * rows_of_x * lanes if few else 0, x.samples.dtype)
    for number in range(part[0], part[1]):
        b = number * lanes
        n = min(lanes, x.n_batch - b)
        if n < lanes:
            samples[:], errors[:] = 0, 0
        take(x, b, n, (lanes, rows_of_x), samples)
        take(y_bar, b, n, (lanes, rows_of_y), errors)
        if few:
            line = columns[2] * rows_of_x * lanes
            for i in range(rows[2]):
                at = ((border[0][0] + i) * size[1] + border[1][0]) * rows_of_x * lanes
                copy(samples, i * line, canvas, at, line)
            _all_taps_at_once(canvas, errors, w_bar, (rows, columns), (border[0][0], border[1][0]), size[1])
        else:
            source, error = (samples, 0, lanes), (errors, 0, lanes)
            _tap_by_tap(source, error, (rows_of_x, rows_of_y), w_bar, rows, columns)


@part
def _rows(n):
    """Return how many rows a pixel takes: odd, so that neighbours do not share few cache sets."""
    return n + 1 - n % 2


@part
def _border(geometry):
    """Return how many zeros before and after the samples of an axis its taps read; spread is 1."""
    low, high = min(0, geometry[4] * (geometry[1] - 1)), max(0, geometry[4] * (geometry[1] - 1))
    last = geometry[3] * (geometry[0] - 1) + high - geometry[6]
    return max(0, geometry[6] - low), max(0, last - (geometry[2] - 1))


@part
def _all_taps_at_once(canvas, errors, w_bar, geometries, before, width):
    """Add what one vector of the batch contributes: canvas (…, width, G·C, lanes), errors (H'·W', G·M, lanes)."""
    rows, columns = geometries
    n_groups, n_maps, n_streams = w_bar.shape
    lanes = lanes_of(canvas.itemsize)
    n_channels = n_streams // (rows[1] * columns[1])
    pixel = _rows(n_groups * n_channels) * lanes
    shifts = np.zeros(n_streams + STREAMS, np.int64)
    for k in range(rows[1]):
        for l in range(columns[1]):
            i, j = rows[4] * k - rows[6] + before[0], columns[4] * l - columns[6] + before[1]
            for c in range(n_channels):
                shifts[(k * columns[1] + l) * n_channels + c] = (i * width + j) * pixel + c * lanes
    pairs = np.empty((rows[0] * columns[0], 2), np.int64)
    for o in range(rows[0]):
        for p in range(columns[0]):
            at = o * columns[0] + p
            pairs[at, 0] = at * _rows(n_groups * n_maps) * lanes
            pairs[at, 1] = (rows[3] * o * width + columns[3] * p) * pixel
    for g in range(n_groups):
        places = (g * n_maps * lanes, g * n_channels * lanes)
        _add_products(errors, canvas, places, lanes, shifts, pairs, w_bar[g], (0, n_streams))


@part
def _tap_by_tap(source, error, rows_of, w_bar, rows, columns):
    """Add what one vector of the batch contributes: samples (H·W, …), errors (H'·W', …).

    Source and error are tuples (array, place, distance): where the first channel of the first pixel begins, and how far
    apart channels lie; a pixel takes rows_of = (of samples, of errors) such distances.
    """
    samples, first_sample, apart = source
    errors, first_error, apart_errors = error
    n_groups, n_maps, n_streams = w_bar.shape
    n_channels = n_streams // (rows[1] * columns[1])
    shifts = np.zeros(n_channels + STREAMS, np.int64)
    for c in range(n_channels):
        shifts[c] = c * apart
    pairs = np.empty((rows[0] * columns[0], 2), np.int64)
    pixels = (rows_of[1] * apart_errors, rows_of[0] * apart)
    for k in range(rows[1]):
        for l in range(columns[1]):
            listed = pairs[: _list_pairs(k, l, rows, columns, pixels, pairs)]
            for g in range(n_groups):
                places = (first_error + g * n_maps * apart_errors, first_sample + g * n_channels * apart)
                run = ((k * columns[1] + l) * n_channels, n_channels)
                _add_products(errors, samples, places, apart_errors, shifts, listed, w_bar[g], run)


@part
def _list_pairs(k, l, rows, columns, pixels, pairs):
    """Write where the error signals and the samples that meet at tap (k, l) begin; return how many pairs there are.

    `pixels` is how far apart the pixels of the errors and of the samples lie.
    """
    n_rows, o_first, i_first = meeting(k, rows)
    n_columns, p_first, q_first = meeting(l, columns)
    o_step, i_step = strides_of_meeting(rows)
    p_step, q_step = strides_of_meeting(columns)
    n = 0
    for r in range(n_rows):
        for s in range(n_columns):
            output = (o_first + r * o_step) * columns[0] + p_first + s * p_step
            sample = (i_first + r * i_step) * columns[2] + q_first + s * q_step
            pairs[n, 0], pairs[n, 1] = output * pixels[0], sample * pixels[1]
            n += 1
    return n


@part
def _add_products(errors, samples, places, apart, shifts, pairs, w_bar, run):
    """Add to w_bar (M, …), from column run[0] on, the products of the pairs with run[1] streams.

    The error signals of the maps lie `apart`.
    """
    n_maps = w_bar.shape[0]
    products = np.empty(MAPS * STREAMS, samples.dtype)
    for first in range(0, pairs.shape[0], SUM_BLOCK):
        count = min(SUM_BLOCK, pairs.shape[0] - first)
        for t in range(0, run[1], STREAMS):
            m = 0
            while m < n_maps:
                error = places[0] + m * apart
                if MAPS >= 4 and n_maps - m >= 4:
                    n = 4
                    _tile_4(errors, error, apart, samples, places[1], shifts, t, pairs, first, count, products)
                elif n_maps - m >= 2:
                    n = 2
                    _tile_2(errors, error, apart, samples, places[1], shifts, t, pairs, first, count, products)
                else:
                    n = 1
                    _tile_1(errors, error, apart, samples, places[1], shifts, t, pairs, first, count, products)
                for a in range(n):
                    for d in range(min(STREAMS, run[1] - t)):
                        w_bar[m + a, run[0] + t + d] += products[a * STREAMS + d]
                m += n

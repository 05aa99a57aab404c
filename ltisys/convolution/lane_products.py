"""The gradient of a bank with the batch in the lanes: inner products over the pixels that meet a tap.

w̄[m, c, tap] = Σ over the pairs (output, input) that meet at the tap, and over the batch, of ȳ[output, m]·x[input, c].
A tile holds the products of a few maps and a few channels, each a vector over the batch.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from .cache import kernel
from .numerics import SUM_BLOCK
from .products import store_totals
from .simd import Emitter, lanes_of
from .taps import meeting, strides_of_meeting
from .team import shared, task_of
from .transpose import into_lanes

CHANNELS = 6
MAPS = 4  # 4 × 6 sums, 4 error signals and 1 vector of samples fit 32 registers


def _tile(n_maps: int, n_channels: int) -> Any:
    """Return the intrinsic for the inner products of n_maps error signals with n_channels channels."""

    @intrinsic
    def tile(typing_context, y_bar, m, x, c, pairs, first, count, products):
        """Write products[a·n_channels + d] = Σ y_bar[m + pairs[j, 0] + a·lanes + v]·x[c + pairs[j, 1] + d·lanes + v].

        Here a < n_maps, d < n_channels, v < lanes and first ≤ j < first + count.
        """

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, x.dtype)
            errors, samples = emit.data(0, args[1]), emit.data(2, args[3])
            table = emit.data(4, builder.add(args[5], args[5]))

            def pair(j, sums):
                entry = emit.at(table, builder.add(j, j))
                error, sample = (
                    emit.at(pointer, builder.load(emit.at(entry, side)))
                    for side, pointer in enumerate((errors, samples))
                )
                held = [emit.load(emit.at(error, a * emit.lanes)) for a in range(n_maps)]
                for d in range(n_channels):
                    vector = emit.load(emit.at(sample, d * emit.lanes))
                    for a in range(n_maps):
                        sums[a * n_channels + d] = emit.fma(held[a], vector, sums[a * n_channels + d])
                return sums

            sums = emit.loop(args[6], [emit.zero()] * (n_maps * n_channels), pair)
            store_totals(emit, sums, emit.data(7))
            return emit.nothing()

        index = types.intp
        return types.void(y_bar, index, x, index, pairs, index, index, products), generate

    return tile


_tile_4_6, _tile_1_6, _tile_4_1, _tile_1_1 = _tile(4, 6), _tile(1, 6), _tile(4, 1), _tile(1, 1)


@kernel
def correlate_slices(x, y_bar, w_bar, rows, columns, part):
    """Add to w_bar (G, KH, KW, M, C) what the slices of the batch number part[0] … part[1] − 1 contribute.

    x (B, G, C, H, W) and y_bar (B, G, M, H', W') are cut into slices of one vector; rows and columns are geometries as
    plain tuples.
    """
    lanes = lanes_of(x.itemsize)
    n_maps, n_channels = y_bar.shape[1] * y_bar.shape[2], x.shape[1] * x.shape[2]
    n_out, n_in = y_bar.shape[3] * y_bar.shape[4], x.shape[3] * x.shape[4]
    samples, errors = np.zeros(n_in * n_channels * lanes, x.dtype), np.zeros(n_out * n_maps * lanes, x.dtype)
    given_samples, given_errors = x.reshape(x.size), y_bar.reshape(y_bar.size)
    for number in range(part[0], part[1]):
        b = number * lanes
        n = min(lanes, x.shape[0] - b)
        if n < lanes:
            samples[:], errors[:] = 0, 0
        stride, y_stride = n_channels * n_in, n_maps * n_out
        into_lanes(given_samples, b * stride, stride, (n_in, n_channels, n, lanes), samples)
        into_lanes(given_errors, b * y_stride, y_stride, (n_out, n_maps, n, lanes), errors)
        _correlate_lanes(samples, errors, w_bar, rows, columns)


@kernel
def correlate_shares(x, y_bar, shares, rows, columns, board, threads):
    """Add to each of the shares (S, G, KH, KW, M, C) what its part of the batch contributes; return True.

    For board and threads see `team.shared`.
    """
    return shared(_shares((x, y_bar, shares, rows, columns)), shares.shape[0], 1, board, threads)


@kernel
def correlate_some_shares(x, y_bar, shares, rows, columns, who, start, stop):
    """Do the shares start … stop − 1 of `correlate_shares`."""
    n, n_shares = -(-x.shape[0] // lanes_of(x.itemsize)), shares.shape[0]
    for share in range(start, stop):
        part = (n * share // n_shares, n * (share + 1) // n_shares)
        correlate_slices(x, y_bar, shares[share], rows, columns, part)
    return True


_shares = task_of(correlate_some_shares)


@kernel
def _correlate_lanes(samples, errors, w_bar, rows, columns):
    """Add to w_bar what one vector of the batch contributes: samples (H·W, G·C, lanes), errors (H'·W', G·M, lanes)."""
    n_groups, n_kh, n_kw, n_maps, n_channels = w_bar.shape
    lanes = lanes_of(samples.itemsize)
    pairs = np.empty((rows[0] * columns[0], 2), np.int64)
    products = np.empty(MAPS * CHANNELS, samples.dtype)
    places = (n_groups * n_maps * lanes, n_groups * n_channels * lanes)
    for k in range(n_kh):
        for l in range(n_kw):
            n_pairs = _list_pairs(k, l, rows, columns, places, pairs)
            for g in range(n_groups):
                target = w_bar[g, k, l]
                for j in range(0, n_pairs, SUM_BLOCK):
                    listed = (pairs, j, min(SUM_BLOCK, n_pairs - j))
                    m, c = g * n_maps * lanes, g * n_channels * lanes
                    _add_products(errors, m, samples, c, listed, products, target)


@kernel
def _list_pairs(k, l, rows, columns, places, pairs):
    """Write where the error signals and the samples that meet at tap (k, l) begin; return how many pairs there are.

    `places` is how far apart the pixels of the errors and of the samples lie.
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
            pairs[n, 0], pairs[n, 1] = output * places[0], sample * places[1]
            n += 1
    return n


@kernel
def _add_products(errors, m_first, samples, c_first, listed, products, w_bar):
    """Add the products of the listed pairs to w_bar (M, C)."""
    pairs, first, count = listed
    n_maps, n_channels = w_bar.shape
    lanes = lanes_of(samples.itemsize)
    c = 0
    while c < n_channels:
        wide = CHANNELS if n_channels - c >= CHANNELS else 1
        m = 0
        while m < n_maps:
            high = MAPS if n_maps - m >= MAPS else 1
            error, sample = m_first + m * lanes, c_first + c * lanes
            if high == MAPS and wide == CHANNELS:
                _tile_4_6(errors, error, samples, sample, pairs, first, count, products)
            elif high == MAPS:
                _tile_4_1(errors, error, samples, sample, pairs, first, count, products)
            elif wide == CHANNELS:
                _tile_1_6(errors, error, samples, sample, pairs, first, count, products)
            else:
                _tile_1_1(errors, error, samples, sample, pairs, first, count, products)
            for i in range(high):
                for j in range(wide):
                    w_bar[m + i, c + j] += products[i * wide + j]
            m += high
        c += wide

"""The gradient of a bank of 3×3 responses by Winograd's F(4×4, 3×3): a quarter of the products of the definition.

Tiles of 6×6 samples d and of 4×4 error signals e become Bᵀ·d·B and A·e·Aᵀ. Their products, summed over all tiles of all
signals, become the gradient of a response by Gᵀ·(·)·G: `winograd` read backwards. Samples are transformed with the
batch in the lanes, error signals with the maps, and products are made as in `map_products`.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from . import threads
from .compilation import kernel, part
from .geometry import Geometry
from .lines import room_on_a_line, zeros_on_a_line
from .map_products import SHORT, add_blocks, turn_some_round, vectors_of_block, width_of
from .rows import copy, copy_vectors
from .simd import REGISTER_BYTES, lanes_of
from .slices import ordered, stored
from .team import shared, task_of
from .transpose import turn_and_fill
from .winograd import (
    FREQUENCIES,
    INPUT,
    OUTPUT,
    RESPONSE,
    SUMS,
    TAPS,
    first_sample,
    transform_of,
    transform_samples,
)

BLOCK_BYTES = 512 << 10  # of transformed samples and error signals
SHARES = 8  # independent sums
GRAIN = 4096  # elements of all sums that no two threads share
SHARE = 64  # tiles of signals that one of them is worth
FEWEST = 2  # so that two threads have work
ROOM = 2  # times the samples or the error signals, whichever are more, may all of them take

# Costs on one core in ns for float32, measured on banks of 5 to 256 maps.
PRODUCT = 0.032  # per product of transformed samples
TRANSFORM = 0.14  # per transformed sample or error signal
CALL = 20e3

_transform_errors = transform_of(tuple(zip(*SUMS, strict=True)), scattered=True)  # A
_transform_responses = transform_of(tuple(zip(*TAPS, strict=True)), scattered=False)  # Gᵀ


@kernel
def correlate(x, y_bar, shape, extents, n_tiles, shares, w_bar, board, threads):
    """Write the gradient w_bar (G, M, C, 9) of a bank; tell whether it is finite.

    Parameters
    ----------
    x, y_bar : Stored
        The samples and the error signals, both with the batch innermost.
    shape : tuple (G, M, C)
        Of the bank.
    extents : tuple of pairs
        The first sample that output (0, 0) reads, the lengths (H, W) and (H', W'), and whether responses are read
        forwards along each axis.
    n_tiles : int
        How many are transformed at a time.
    shares : array (S, G, 36, streams, maps)
        Room for independent sums; channels and maps are filled up to whole tiles.
    board, threads
        See `team.shared`.
    """
    n_groups, n_maps, n_channels = shape
    lanes, size = lanes_of(w_bar.itemsize), shares.size // shares.shape[0]
    shared(_correlated((x, y_bar, shares, shape, extents, n_tiles)), shares.shape[0], 1, board, threads)
    total = np.empty((n_groups, n_channels * RESPONSE * RESPONSE, shares.shape[4]), w_bar.dtype)
    shared(_summed((shares,)), size, GRAIN, board, threads)
    shared(_finished((shares, extents[3], total)), n_groups * n_channels, 1, board, threads)
    return shared(_turned((total, w_bar)), n_groups * ((n_maps + lanes - 1) // lanes), 1, board, threads)


@part
def correlate_some_shares(x, y_bar, shares, shape, extents, n_tiles, who, start, stop):
    """Write the shares start … stop − 1: each what its blocks of tiles contribute."""
    lanes, (offsets, given, wanted, _) = lanes_of(shares.itemsize), extents
    (n_groups, n_maps, n_channels), (_, _, _, n_streams, width) = shape, shares.shape
    # [channel][frequency][tile][signal] and [frequency][block of maps][tile][signal][map]; with one vector more between
    # channels, and frequencies, they do not share few cache sets, nor do pixels
    n = n_tiles * lanes
    step, other_step = FREQUENCIES * n + lanes, n * width + lanes
    spectra, others = zeros_on_a_line(n_channels * step, shares), zeros_on_a_line(FREQUENCIES * other_step, shares)
    samples, pitch = room_on_a_line(FREQUENCIES * (n_channels + 1) * lanes, shares), (n_channels + 1) * lanes
    errors, error_pitch = zeros_on_a_line(OUTPUT * OUTPUT * (width + 1) * lanes, shares), (width + 1) * lanes
    of, to = np.arange(INPUT * INPUT) * pitch, np.arange(OUTPUT * OUTPUT) * error_pitch
    shifts = np.empty(n_streams, np.int64)
    for c in range(n_streams):
        shifts[c] = min(c, n_channels - 1) * step
    runs = np.empty((n_tiles, 3), np.int64)
    across = (wanted[1] + OUTPUT - 1) // OUTPUT
    all_tiles = across * ((wanted[0] + OUTPUT - 1) // OUTPUT)
    per_slice = (all_tiles + n_tiles - 1) // n_tiles
    n_blocks, n_shares = (x.n_batch + lanes - 1) // lanes * per_slice, shares.shape[0]
    for share in range(start, stop):
        sums = shares[share].reshape(shares[share].size)
        sums[:] = 0
        for number in range(n_blocks * share // n_shares, n_blocks * (share + 1) // n_shares):
            b, first = number // per_slice * lanes, number % per_slice * n_tiles
            n_signals, count = min(lanes, x.n_batch - b), min(n_tiles, all_tiles - first)
            n_runs = _list_runs(count, n_signals, lanes, runs)
            for g in range(n_groups):
                for t in range(count):
                    row, column = OUTPUT * ((first + t) // across), OUTPUT * ((first + t) % across)
                    corner = row + offsets[0], column + offsets[1]
                    _take_samples(x, (b, n_signals), (g * n_channels, n_channels), (*corner, *given), samples, pitch)
                    for c in range(n_channels):
                        transform_samples(samples, c * lanes, of, spectra, c * step + t * lanes, n)
                    inside = row, column, *wanted
                    _take_errors(y_bar, (b, n_signals), (g * n_maps, n_maps), inside, errors, (error_pitch, width))
                    m = 0
                    while m < width:
                        size = vectors_of_block((width - m) // lanes) * lanes
                        for j in range(n_signals):
                            at, target = m * lanes + j * size, m * n + (t * lanes + j) * size
                            for v in range(0, size, lanes):
                                _transform_errors(errors, at + v, to, others, target + v, other_step)
                        m += size
                for f in range(FREQUENCIES):
                    places = f * other_step, f * n, (g * FREQUENCIES + f) * n_streams * width
                    add_blocks(others, spectra, shifts, (runs, n_runs), (n, width), (1, 1), places, sums)
    return True


@part
def _take_samples(x, signals, channels, inside, out, pitch):
    """Write out[q·pitch + c·lanes + j], the samples of the pixels q of a tile, for some channels and signals.

    Signals and channels are (first, number), the tile is (row, column, H, W); outside the image are zeros.
    """
    (b, n), (first, n_channels), lanes = signals, channels, lanes_of(out.itemsize)
    for q in range(INPUT * INPUT):
        pixel, to = _pixel(q, INPUT, inside), q * pitch
        at = (pixel * x.n_channels + first) * x.n_batch + b
        if pixel < 0:
            out[to : to + n_channels * lanes] = 0
        elif n == lanes:
            copy_vectors(x.samples, at, x.n_batch, out, to, lanes, n_channels)
        else:
            for c in range(n_channels):
                copy(x.samples, at + c * x.n_batch, out, to + c * lanes, n)


@part
def _take_errors(y_bar, signals, maps, inside, out, form):
    """Write out[q·pitch + block of maps + j·size + map], for form = (pitch, width), otherwise as `_take_samples`.

    Maps that do not exist hold anything: their sums are read by nobody.
    """
    (b, n), (first, n_maps), (pitch, width), lanes = signals, maps, form, lanes_of(out.itemsize)
    for q in range(OUTPUT * OUTPUT):
        pixel, m = _pixel(q, OUTPUT, inside), 0
        if pixel < 0:
            out[q * pitch : q * pitch + width * lanes] = 0
            continue
        while m < width:
            size = vectors_of_block((width - m) // lanes) * lanes
            at = (pixel * y_bar.n_channels + first + m) * y_bar.n_batch + b
            shape = min(size, n_maps - m), n
            turn_and_fill(y_bar.samples, at, y_bar.n_batch, out, q * pitch + m * lanes, size, shape)
            m += size


@part
def _pixel(q, size, inside):
    """Return the number of pixel q of a tile (row, column, H, W) of so many rows and columns, −1 for one outside."""
    row, column, height, width = inside
    i, j = row + q // size, column + q % size
    return i * width + j if 0 <= i < height and 0 <= j < width else -1


@part
def _list_runs(count, n_signals, lanes, runs):
    """Write which of the transformed tiles are of signals: all in one run, or those of each; return how many runs."""
    if n_signals == lanes:
        runs[0, 0], runs[0, 1], runs[0, 2] = 0, 0, count * lanes
        return 1
    for t in range(count):
        runs[t, 0], runs[t, 1], runs[t, 2] = t * lanes, t * lanes, n_signals
    return count


@part
def sum_some_up(shares, who, start, stop):
    """Add to the elements start … stop − 1 of the first share those of the others, in their order."""
    size = shares.size // shares.shape[0]
    sums = shares.reshape(shares.size)
    total = sums[start:stop]
    for share in range(1, shares.shape[0]):
        more = sums[share * size + start : share * size + stop]
        for i in range(total.shape[0]):
            total[i] += more[i]
    return True


@part
def finish_some(shares, forwards, total, who, start, stop):
    """Write the rows of total (G, C·9, maps) of the channels start … stop − 1, of all groups, from the first share."""
    n_streams, width = shares.shape[3], shares.shape[4]
    sums, wanted = shares.reshape(shares.size), total.reshape(total.size)
    n_channels, places = total.shape[1] // (RESPONSE * RESPONSE), np.empty(RESPONSE * RESPONSE, np.int64)
    for k in range(RESPONSE):
        for l in range(RESPONSE):
            at = k if forwards[0] else RESPONSE - 1 - k, l if forwards[1] else RESPONSE - 1 - l
            places[k * RESPONSE + l] = (at[0] * RESPONSE + at[1]) * width
    for number in range(start, stop):
        group, c = divmod(number, n_channels)
        at, to = (group * FREQUENCIES * n_streams + c) * width, number * RESPONSE * RESPONSE * width
        for m in range(0, width, lanes_of(total.itemsize)):
            _transform_responses(sums, at + m, places, wanted, to + m, n_streams * width)
    return True


_correlated: Any = task_of(correlate_some_shares)
_summed: Any = task_of(sum_some_up)
_finished: Any = task_of(finish_some)
_turned: Any = task_of(turn_some_round)


class _Form(NamedTuple):
    """All that follows from the shapes of a gradient: how work is cut, the shape of the room for it, and the time.

    `cost` is an estimate of the time on one core, in ns.
    """

    extents: tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[bool, bool]]
    n_tiles: int
    shares: tuple[int, int, int, int, int]
    cost: float


@lru_cache(maxsize=256)
def _form(shape, n_batch, rows: Geometry, columns: Geometry, itemsize) -> _Form:
    n_groups, n_maps, n_channels = shape
    lanes, width = lanes_of(itemsize), width_of(n_maps, itemsize)
    n_streams = -(-n_channels // SHORT) * SHORT
    n_slices, n_all = -(-n_batch // lanes), -(-rows.n_out // OUTPUT) * -(-columns.n_out // OUTPUT)
    # as many as the second-level cache holds, but not so few that the sums are most of what is read and written
    fitting = BLOCK_BYTES // (FREQUENCIES * (n_channels + width) * REGISTER_BYTES)
    n_tiles = max(1, min(n_all, max(fitting, n_channels * width // ((n_channels + width) * lanes))))
    n_blocks, of_signals = n_slices * -(-n_all // n_tiles), n_slices * n_all * lanes
    sums = n_groups, FREQUENCIES, n_streams, width
    largest = n_batch * n_groups * max(n_channels * rows.n_in * columns.n_in, n_maps * rows.n_out * columns.n_out)
    n_shares = max(1, min(SHARES, n_blocks, of_signals // SHARE, ROOM * largest // math.prod(sums)))
    each = FREQUENCIES * (n_streams * width * PRODUCT + (n_channels + width) * TRANSFORM)
    cost = CALL + n_groups * of_signals * each * itemsize / 4
    extents = first_sample(rows, columns), (rows.n_in, columns.n_in), (rows.n_out, columns.n_out)
    forwards = rows.step > 0, columns.step > 0
    return _Form((*extents, forwards), n_tiles, (n_shares, *sums), cost if n_shares >= FEWEST else math.inf)


def cost(shape, n_batch: int, rows: Geometry, columns: Geometry, itemsize: int) -> float:
    """Return the time in ns on one core for the gradient of a real bank of this shape (G, M, C); ∞ for few signals."""
    return _form(shape, n_batch, rows, columns, itemsize).cost if n_batch >= lanes_of(itemsize) else math.inf


def wrt_kernel(shape, x, y_bar, rows: Geometry, columns: Geometry):
    """Return w̄ (G, M, C, 3, 3), the correlation of y_bar (B, G·M, H', W') with x (B, G·C, H, W), both real.

    Shape is (G, M, C). The batch fills a vector at least. None stands for a gradient that is not finite.
    """
    form = _form(shape, len(x), rows, columns, x.itemsize)
    shares, w_bar = np.empty(form.shares, x.dtype), np.empty((*shape, RESPONSE * RESPONSE), x.dtype)
    given, errors = stored(ordered(x, True), True), stored(ordered(y_bar, True), True)
    form_of_kernel = shape, form.extents, form.n_tiles
    finite = correlate(given, errors, *form_of_kernel, shares, w_bar, *threads.board_for(form.cost))
    return w_bar.reshape(*shape, RESPONSE, RESPONSE) if finite else None

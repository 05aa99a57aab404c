"""The gradient of a bank with its maps in the lanes: error signals, each times one sample of a stream.

w̄[stream, m] = Σ over the pairs (position, sample) that meet of ȳ[position, m]·stream[sample]. A position is an output
of one signal of the batch, a stream the samples of a channel as a tap reads them. A tile holds the sums of a block of
maps, one to three vectors, for a few streams, so there are no lanes to be summed up in the end. The error signals are
laid out for it, [block of maps][position][map]; samples are read where they lie, one by one. With a batch that fills
the lanes sums go along the signals of an output, however the samples lie.

Positions are cut into chunks of at most SUM_BLOCK, whose sums are made in one go, and chunks into shares, both by shape
alone: the order of every sum is fixed, however many threads there are.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.extending import intrinsic

from .compilation import kernel, part
from .numerics import SUM_BLOCK
from .rows import only_finite
from .simd import REGISTERS, Emitter, lanes_of
from .taps import meeting, partner, strides_of_meeting
from .team import shared, task_of
from .transpose import turn, turn_and_fill

# streams of a tile of one, two and three vectors of maps: with the error signals its sums fill the registers
LONG_1, LONG_2, LONG_3 = (12, 12, 8) if REGISTERS == 32 else (12, 6, 4)
SHORT = 4  # what is left of the streams, whose number is a multiple of this


def _tile(n_vectors: int, n_streams: int) -> Any:
    """Return the intrinsic for the sums of n_vectors vectors of maps and n_streams streams."""

    @intrinsic
    def tile(typing_context, errors, e, samples, s, shifts, t, runs, n_runs, size, error_step, step, sums, at, width):
        """Add to sums[at + d·width + v] the products errors[e + runs[r, 0]·size + j·error_step + v]·samples[i].

        Here i = s + shifts[t + d] + runs[r, 1] + j·step for d < n_streams, v < n_vectors·lanes, r < n_runs and
        j < runs[r, 2].
        """

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, samples.dtype)
            errors_at, first, moves = emit.data(0, args[1]), emit.data(2, args[3]), emit.data(4, args[5])
            streams = [emit.at(first, builder.load(emit.at(moves, d))) for d in range(n_streams)]
            table, three = emit.data(6), emit.index(3)

            def run(r, state):
                entry = emit.at(table, builder.mul(r, three))
                error = emit.at(errors_at, builder.mul(builder.load(entry), args[8]))
                place, count = builder.load(emit.at(entry, 1)), builder.load(emit.at(entry, 2))

                def product(j, state):
                    here = emit.at(error, builder.mul(j, args[9]))
                    sample = builder.add(place, builder.mul(j, args[10]))
                    held = [emit.load(emit.at(here, v * emit.lanes)) for v in range(n_vectors)]
                    for d, stream in enumerate(streams):
                        given = emit.splat(emit.at(stream, sample))
                        for v in range(n_vectors):
                            state[d * n_vectors + v] = emit.fma(held[v], given, state[d * n_vectors + v])
                    return state

                return emit.loop(count, state, product)

            total = emit.loop(args[7], [emit.zero()] * (n_streams * n_vectors), run)
            target = emit.data(11, args[12])
            for d in range(n_streams):
                row = emit.at(target, builder.mul(args[13], emit.index(d)))
                for v in range(n_vectors):
                    wanted = emit.at(row, v * emit.lanes)
                    emit.store(emit.add(emit.load(wanted), total[d * n_vectors + v]), wanted)
            return emit.nothing()

        index = types.intp
        places = errors, index, samples, index, shifts, index, runs, *(index,) * 4, sums, index, index
        return types.void(*places), generate

    return tile


_tile_1_long, _tile_2_long, _tile_3_long = _tile(1, LONG_1), _tile(2, LONG_2), _tile(3, LONG_3)
_tile_1_short, _tile_2_short, _tile_3_short = _tile(1, SHORT), _tile(2, SHORT), _tile(3, SHORT)


class Field(NamedTuple):
    """How an array (B, G, C, H, W) lies in memory: its lengths and how far apart neighbours are, in elements."""

    innermost: bool
    n_batch: int
    n_groups: int
    n_channels: int
    n_pixels: int
    by_batch: int
    by_channel: int
    by_pixel: int


def field_of(shape: tuple[int, ...], innermost: bool) -> Field:
    """Return how an array of this shape lies in memory, with the batch innermost or in the ordinary order.

    Examples
    --------
    >>> field_of((2, 1, 3, 1, 4), False)
    Field(innermost=False, n_batch=2, n_groups=1, n_channels=3, n_pixels=4, by_batch=12, by_channel=4, by_pixel=1)
    """
    n_batch, n_groups, n_channels, height, width = shape
    n_pixels, channels = height * width, n_groups * n_channels
    steps = (1, n_batch, channels * n_batch) if innermost else (channels * n_pixels, n_pixels, 1)
    return Field(innermost, n_batch, n_groups, n_channels, n_pixels, *steps)


@part
def vectors_of_block(n):
    """Return how many of n remaining vectors of maps the next block has."""
    return 3 if n % 2 == 1 and n > 1 else min(2, n)


@kernel
def correlate(
    x, field, y_bar, error_field, along_signals, shifts, geometries, cut, errors, shares, w_bar, board, threads
):
    """Write the gradient w_bar (G, M, C, taps) of a bank; tell whether it is finite.

    Parameters
    ----------
    x, y_bar : arrays
        The samples and the error signals, raveled.
    field, error_field : Field
        How they lie.
    along_signals : bool
        Whether sums go along the signals of one output, else along the outputs of one signal.
    shifts : array (streams,)
        Where the streams begin: the channels, or where all taps are streams, the channels of all taps. The last one is
        repeated to fill a tile.
    geometries : tuple
        Of rows and columns.
    cut : tuple
        How many signals and outputs a chunk has.
    errors : array
        Room for the error signals, raveled [group][block][position][map], positions in the order of the samples.
    shares : array (S, G, taps, streams, maps)
        Room for independent sums; maps are filled up to whole vectors, see `width_of`.
    board, threads
        See `team.shared`.
    """
    n = error_field.n_pixels if error_field.innermost else error_field.n_batch
    shared(_laid_out((y_bar, error_field, along_signals, errors)), n, 1, board, threads)
    job = (x, field, along_signals, shifts, errors, shares, geometries, cut)
    shared(_correlated(job), shares.shape[0], 1, board, threads)
    n_groups, n_maps, n_channels, n_taps = w_bar.shape
    total = np.empty((n_groups, n_channels * n_taps, shares.shape[4]), w_bar.dtype)
    shared(_summed((shares, n_taps, total)), n_groups * n_channels * n_taps, 1, board, threads)
    lanes = lanes_of(x.itemsize)
    return shared(_turned((total, w_bar)), n_groups * ((n_maps + lanes - 1) // lanes), 1, board, threads)


@part
def lay_some_errors_out(y_bar, field, along_signals, errors, who, start, stop):
    """Write errors from y_bar with positions in one of the two orders: the pixels start … stop − 1, or the signals.

    Lanes for maps that do not exist hold anything: their sums are read by nobody.
    """
    lanes, n_positions = lanes_of(errors.itemsize), field.n_batch * field.n_pixels
    of_signal, of_pixel = (1, field.n_batch) if along_signals else (field.n_pixels, 1)
    if field.innermost:
        n, by_item, of_item, of_next = field.n_batch, field.by_pixel, of_pixel, of_signal
    else:
        n, by_item, of_item, of_next = field.n_pixels, field.by_batch, of_signal, of_pixel
    # pixels lie far apart among the errors: those of a stretch are written for one signal beside the other
    stretch = n if field.innermost else min(n, lanes)
    block = 0
    for group in range(field.n_groups):
        m = 0
        while m < field.n_channels:
            size = vectors_of_block((field.n_channels - m + lanes - 1) // lanes) * lanes
            first = (group * field.n_channels + m) * field.by_channel
            shape = (min(size, field.n_channels - m), stretch)
            for begin in range(0, n, stretch):
                i = min(begin, n - stretch)
                for item in range(start, stop):
                    target = block * n_positions + (item * of_item + i * of_next) * size
                    source = first + item * by_item + i
                    turn_and_fill(y_bar, source, field.by_channel, errors, target, of_next * size, shape)
            block += size
            m += size
    return True


@part
def correlate_some_shares(x, field, along_signals, shifts, errors, shares, geometries, cut, who, start, stop):
    """Write the shares start … stop − 1: each what its chunks of positions contribute."""
    n_outputs = geometries[0][0] * geometries[1][0]
    n_pieces = -(-field.n_batch // cut[0])
    n_chunks, n_shares = n_pieces * -(-n_outputs // cut[1]), shares.shape[0]
    runs = np.empty((SUM_BLOCK, 3), np.int64)
    for share in range(start, stop):
        shares[share].reshape(shares[share].size)[:] = 0
        for number in range(n_chunks * share // n_shares, n_chunks * (share + 1) // n_shares):
            u, b = number // n_pieces * cut[1], number % n_pieces * cut[0]
            chunk = (b, min(field.n_batch, b + cut[0]), u, min(n_outputs, u + cut[1]))
            add_chunk(x, field, along_signals, shifts, errors, shares[share], geometries, chunk, runs)
    return True


@part
def add_chunk(x, field, along_signals, shifts, errors, sums, geometries, chunk, runs):
    """Add to sums (G, taps, streams, maps) what the signals and outputs of a chunk contribute."""
    columns = geometries[1]
    n_groups, n_taps, n_streams, width = sums.shape
    n_positions = errors.size // (n_groups * width)
    wanted = sums.reshape(sums.size)
    steps = (1, field.by_batch) if along_signals else strides_of_meeting(columns)
    for tap in range(n_taps):
        n_runs = _list_runs(tap // columns[1], tap % columns[1], geometries, field, along_signals, chunk, runs)
        for group in range(n_groups if n_runs else 0):
            places = (
                group * width * n_positions,
                group * field.n_channels * field.by_channel,
                (group * n_taps + tap) * n_streams * width,
            )
            add_blocks(errors, x, shifts, (runs, n_runs), (n_positions, width), steps, places, wanted)


@part
def add_blocks(errors, samples, shifts, listed, shape, steps, places, sums):
    """Add the products of all maps with all streams to sums [stream][map] from a place on.

    Parameters
    ----------
    errors, samples : arrays
        Error signals, raveled [block of maps][position][map] from a place on, and what the streams read.
    shifts : array (streams,)
        Where the streams begin, after the place of the samples.
    listed : tuple (runs, number)
        First position, first sample and length of every run.
    shape : tuple
        How many positions a block of maps has in memory, and how many maps there are, filled up to whole vectors.
    steps : tuple
        How far the positions of a run lie apart, and its samples.
    places : tuple
        Of the error signals, the samples and the sums.
    """
    (n_positions, width), (position_step, step), lanes = shape, steps, lanes_of(samples.itemsize)
    e, s, at = places
    m = 0
    while m < width:
        n_vectors = vectors_of_block((width - m) // lanes)
        size = n_vectors * lanes
        of_block = (e + m * n_positions, s, at + m)
        _add_block(
            errors, samples, shifts, listed, n_vectors, (size, position_step * size, step, width), of_block, sums
        )
        m += size


@part
def _add_block(errors, samples, shifts, listed, n_vectors, steps, places, sums):
    """Add the products of a block of maps with all streams."""
    (runs, n_runs), (e, s, at), (size, error_step, step, width) = listed, places, steps
    long = LONG_3 if n_vectors == 3 else LONG_2 if n_vectors == 2 else LONG_1
    t, n = 0, shifts.shape[0]
    while t < n:
        o, is_long = at + t * width, (n - t) % long == 0
        if n_vectors == 3 and is_long:
            _tile_3_long(errors, e, samples, s, shifts, t, runs, n_runs, size, error_step, step, sums, o, width)
        elif n_vectors == 3:
            _tile_3_short(errors, e, samples, s, shifts, t, runs, n_runs, size, error_step, step, sums, o, width)
        elif n_vectors == 2 and is_long:
            _tile_2_long(errors, e, samples, s, shifts, t, runs, n_runs, size, error_step, step, sums, o, width)
        elif n_vectors == 2:
            _tile_2_short(errors, e, samples, s, shifts, t, runs, n_runs, size, error_step, step, sums, o, width)
        elif is_long:
            _tile_1_long(errors, e, samples, s, shifts, t, runs, n_runs, size, error_step, step, sums, o, width)
        else:
            _tile_1_short(errors, e, samples, s, shifts, t, runs, n_runs, size, error_step, step, sums, o, width)
        t += long if is_long else SHORT


@part
def _list_runs(k, l, geometries, field, along_signals, chunk, runs):
    """Write where the runs of tap (k, l) begin, position and sample, and how long they are; return their number.

    A run goes along the signals of one output, or along the outputs of a row.
    """
    rows, columns = geometries
    first, last, start, stop = chunk
    n, n_columns = 0, columns[0]
    if along_signals:
        for u in range(start, stop):
            i, q = partner(u // n_columns, k, rows), partner(u % n_columns, l, columns)
            if i >= 0 and q >= 0:
                runs[n, 0] = u * field.n_batch + first
                runs[n, 1] = (i * columns[2] + q) * field.by_pixel + first * field.by_batch
                runs[n, 2] = last - first
                n += 1
        return n
    n_meetings, p_first, q_first = meeting(l, columns)
    p_step, q_step = strides_of_meeting(columns)
    for b in range(first, last):
        for o in range(start // n_columns, (stop - 1) // n_columns + 1):
            i = partner(o, k, rows)
            # of the meetings those whose outputs lie in the chunk
            low = max(0, -((p_first - max(0, start - o * n_columns)) // p_step))
            high = min(n_meetings, -((p_first - min(n_columns, stop - o * n_columns)) // p_step))
            if i >= 0 and high > low:
                runs[n, 0] = (b * rows[0] + o) * n_columns + p_first + low * p_step
                runs[n, 1] = b * field.by_batch + i * columns[2] + q_first + low * q_step
                runs[n, 2] = high - low
                n += 1
    return n


@part
def sum_some_up(shares, n_taps, total, who, start, stop):
    """Write the rows start … stop − 1 of total (G, channels·taps, maps), in the order of the shares."""
    n_shares, n_groups, n_rounds, n_streams, width = shares.shape
    sums, wanted = shares.reshape(shares.size), total.reshape(total.size)
    n_channels, every = total.shape[1] // n_taps, n_groups * n_rounds * n_streams * width
    pitch = n_streams if n_rounds == n_taps else n_channels  # streams from one tap to the next
    for number in range(start, stop):
        group, rest = divmod(number, total.shape[1])
        k, c = divmod(rest, n_channels)  # as they lie in the shares
        at = (group * n_rounds * n_streams + k * pitch + c) * width
        to = (group * total.shape[1] + c * n_taps + k) * width
        row = wanted[to : to + width]
        row[:] = sums[at : at + width]
        for share in range(1, n_shares):
            more = sums[at + share * every : at + share * every + width]
            for m in range(width):
                row[m] += more[m]
    return True


@part
def turn_some_round(total, w_bar, who, start, stop):
    """Write w_bar (G, M, C, taps) from its transpose: the maps of the vectors start … stop − 1, of all groups.

    Tells whether they are finite.
    """
    n_maps, size = w_bar.shape[1], w_bar.shape[2] * w_bar.shape[3]
    lanes, width = lanes_of(w_bar.itemsize), total.shape[2]
    per_group, finite = (n_maps + lanes - 1) // lanes, True
    for vector in range(start, stop):
        group, place = divmod(vector, per_group)
        m = place * lanes
        at, to = group * size * width + m, (group * n_maps + m) * size
        wanted, n = w_bar.reshape(w_bar.size), min(lanes, n_maps - m)
        turn(total.reshape(total.size), at, width, wanted, to, size, (size, n))
        finite &= only_finite(wanted[to : to + n * size])
    return finite


_laid_out: Any = task_of(lay_some_errors_out)
_correlated: Any = task_of(correlate_some_shares)
_summed: Any = task_of(sum_some_up)
_turned: Any = task_of(turn_some_round)


def serves(n_maps: int, itemsize: int) -> bool:
    """Tell whether the maps of a group fill half a vector at least."""
    return 2 * n_maps >= lanes_of(itemsize)


def width_of(n_maps: int, itemsize: int) -> int:
    """Return how many maps the vectors for so many maps have."""
    lanes = lanes_of(itemsize)
    return -(-n_maps // lanes) * lanes


def cut_of(n_batch: int, n_outputs: int, along_signals: bool) -> tuple[int, int]:
    """Return how many signals and outputs a chunk has.

    Examples
    --------
    >>> cut_of(64, 49, True), cut_of(4, 49, False), cut_of(2, 1000, False)
    ((64, 4), (5, 49), (1, 256))
    """
    if along_signals:
        n = min(n_batch, SUM_BLOCK)
        return n, SUM_BLOCK // n
    n = min(n_outputs, SUM_BLOCK)
    return SUM_BLOCK // n, n

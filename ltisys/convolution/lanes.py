"""Banks of filters with the batch in the lanes: one vector holds the same pixel of many signals.

Slices of the batch lie as [pixel][channel][batch]. An output pixel meets the same taps in every signal of the batch, so
taps that would read beyond the border are left out, no zeros are multiplied, and nothing is shifted.
"""

import numpy as np

from .compilation import kernel, part
from .lattice import opened
from .lines import room_on_a_line
from .simd import lanes_of
from .slices import put, take
from .team import shared, task_of
from .tiles import BLOCK, SAMPLE, WEIGHT, sum_of_taps, taps_per_block


@part
def convolve_lanes(packed, source, target, shape, lattice, width, pixels):
    """Write outputs (H', W', G·M, …) of `width` signals, at least one vector, from samples (H, W, G·C, …).

    Shape is (G, M, C), of the bank; of the outputs the pixels number pixels[0] … pixels[1] − 1 are written. Source and
    target are tuples (array, place, distance): raveled, where the first signal begins, and how far apart channels lie.
    """
    n_groups, n_maps, n_channels = shape
    rows, columns = lattice.rows, lattice.columns
    samples, begin, between = source
    outputs, begin_to, between_to = target
    pitch = n_groups * n_channels * between
    inside, taps = np.empty((lattice.taps.shape[0], 3), np.int64), np.empty((lattice.taps.shape[0], 3), np.int64)
    reach = np.empty((lattice.classes.shape[0] - 1, 4), np.int64)
    _list_inside(lattice, n_channels, pitch, inside, reach)
    per_group = packed.size // n_groups
    for pixel in range(pixels[0], pixels[1]):
        o, p = divmod(pixel, columns.n_out)
        number = o % rows.d_o * columns.d_o + p % columns.d_o
        i, j = rows.d_i * (o // rows.d_o + rows.first), columns.d_i * (p // columns.d_o + columns.first)
        first, stop = lattice.classes[number], lattice.classes[number + 1]
        top, bottom, left, right = reach[number]
        if i + top >= 0 and i + bottom < rows.n_in and j + left >= 0 and j + right < columns.n_in:
            listed = inside[first:stop]
        else:
            listed = taps[: _list_meeting(lattice, inside[first:stop], first, (i, j), taps)]
        base = begin + (i * columns.n_in + j) * pitch
        for g in range(n_groups):
            weights = (packed, g * per_group + first * n_channels * n_maps)
            of = (samples, base + g * n_channels * between)
            to = (outputs, begin_to + (pixel * n_groups + g) * n_maps * between_to)
            sum_of_taps(weights, of, listed, (n_maps, n_channels, stop - first), (between, between_to), to, width)


@part
def _list_inside(lattice, n_channels, pitch, taps, reach):
    """Write the taps of all classes for a pixel that meets them all, samples `pitch` apart and counted from its cell.

    Row c of `reach` tells the first and the last row, and the first and the last column, that class c reads.
    """
    per_block = taps_per_block(n_channels)
    for number in range(reach.shape[0]):
        first, stop = lattice.classes[number], lattice.classes[number + 1]
        top, bottom, left, right = 0, 0, 0, 0
        for t in range(first, stop):
            i, j = _place(lattice, t)
            top, bottom = min(top, i) if t > first else i, max(bottom, i) if t > first else i
            left, right = min(left, j) if t > first else j, max(right, j) if t > first else j
            taps[t, WEIGHT] = (t - first) * n_channels
            taps[t, SAMPLE] = (i * lattice.columns.n_in + j) * pitch
            taps[t, BLOCK] = (t - first) // per_block
        reach[number, 0], reach[number, 1], reach[number, 2], reach[number, 3] = top, bottom, left, right


@part
def _list_meeting(lattice, inside, first, cell, taps):
    """Write the taps of a class that meet a sample from a cell at the border; return how many."""
    n = 0
    for t in range(inside.shape[0]):
        i, j = _place(lattice, first + t)
        if 0 <= cell[0] + i < lattice.rows.n_in and 0 <= cell[1] + j < lattice.columns.n_in:
            taps[n, WEIGHT], taps[n, SAMPLE], taps[n, BLOCK] = inside[t, WEIGHT], inside[t, SAMPLE], inside[t, BLOCK]
            n += 1
    return n


@part
def _place(lattice, t):
    """Return the row and the column that tap t reads, counted from the cell of an output."""
    plane = lattice.taps[t, 2]
    i = lattice.rows.d_i * lattice.taps[t, 3] + lattice.planes[plane, 0]
    return i, lattice.columns.d_i * lattice.taps[t, 4] + lattice.planes[plane, 1]


@kernel
def convolve_slices(packed, x, y, shape, width, form, board, threads):
    """Write y from x, both as `slices.Stored`, slice by slice of the batch; return True.

    A slice is `width` signals, a multiple of the lanes and at most B; the last may repeat some of the one before. What
    has the batch innermost is read and written where it lies; if both have, threads also share the pixels of a slice.
    Shape is (G, M, C), of the bank. For the form of the lattice see `lattice.form_of`, for board and threads
    `team.shared`.
    """
    lattice, lanes = opened(form), lanes_of(x.samples.itemsize)
    whole_slices = x.n_batch % width == 0  # slices that repeat others would disturb their sums
    if x.innermost and y.innermost and whole_slices:
        for vectors in (2, 4):  # two vectors share the weights that are loaded, four are whole lines of the cache
            if x.n_batch % (vectors * lanes) == 0:
                width = vectors * lanes
        job = (packed, x, y, shape, width, lattice)
        return shared(_pixels(job), x.n_batch // width * y.n_pixels, 1, board, threads)
    in_place = y.innermost and whole_slices
    n_of = 0 if x.innermost else x.n_pixels * x.n_channels * width
    n_to = 0 if in_place else y.n_pixels * y.n_channels * width
    of = room_on_a_line(threads * n_of, x.samples).reshape(threads, n_of)
    to = room_on_a_line(threads * n_to, x.samples).reshape(threads, n_to)
    rooms = (packed, x, y, shape, width, lattice, of, to, in_place)
    return shared(_slices(rooms), (x.n_batch + width - 1) // width, 1, board, threads)


@part
def convolve_some_slices(packed, x, y, shape, width, lattice, rooms_of, rooms_to, in_place, who, start, stop):
    """Do the slices start … stop − 1 of `convolve_slices`."""
    samples, sums = rooms_of[who], rooms_to[who]
    for number in range(start, stop):
        b = min(number * width, x.n_batch - width)
        if not x.innermost:
            take(x, b, width, (width, x.n_channels), samples)
        source = (x.samples, b, x.n_batch) if x.innermost else (samples, 0, width)
        target = (y.samples, b, y.n_batch) if in_place else (sums, 0, width)
        convolve_lanes(packed, source, target, shape, lattice, width, (0, y.n_pixels))
        if not in_place:
            put(sums, y, b, width)
    return True


@part
def convolve_some_pixels(packed, x, y, shape, width, lattice, who, start, stop):
    """Do the pixels start … stop − 1 of all slices, one after the other, where they lie."""
    while start < stop:
        number, first = divmod(start, y.n_pixels)
        last = min(y.n_pixels, first + stop - start)
        source, target = (x.samples, number * width, x.n_batch), (y.samples, number * width, y.n_batch)
        convolve_lanes(packed, source, target, shape, lattice, width, (first, last))
        start += last - first
    return True


_slices, _pixels = task_of(convolve_some_slices), task_of(convolve_some_pixels)

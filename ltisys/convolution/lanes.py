"""Banks of filters with the batch in the lanes: one vector holds the same pixel of many signals.

Arrays lie as [pixel][channel][batch]. An output pixel meets the same taps in every signal of the batch, so taps that
would read beyond the border are left out, no zeros are multiplied, and nothing is shifted.
"""

import numpy as np

from .cache import kernel
from .team import shared, task_of
from .tiles import BLOCK, SAMPLE, WEIGHT, sum_of_taps, taps_per_block
from .transpose import into_lanes, out_of_lanes


@kernel
def convolve_lanes(packed, x, y, shape, lattice, part):
    """Write the output pixels number part[0] … part[1] − 1 of y (H', W', G·M, B) from x (H, W, G·C, B).

    Shape is (G, M, C), of the bank; B is at least one vector.
    """
    n_groups, n_maps, n_channels = shape
    rows, columns = lattice.rows, lattice.columns
    n_batch = x.shape[3]
    samples, outputs = x.reshape(x.size), y.reshape(y.size)
    taps = np.empty((lattice.taps.shape[0], 3), np.int64)
    per_group = packed.size // n_groups
    for pixel in range(part[0], part[1]):
        o, p = divmod(pixel, columns.n_out)
        number = o % rows.d_o * columns.d_o + p % columns.d_o
        n_taps = _list_meeting(lattice, number, (o // rows.d_o, p // columns.d_o), n_channels, taps)
        for t in range(n_taps):
            taps[t, SAMPLE] *= n_groups * n_channels * n_batch
        first = lattice.classes[number]
        n_packed = lattice.classes[number + 1] - first
        for g in range(n_groups):
            weights = (packed, g * per_group + first * n_channels * n_maps)
            source = (samples, g * n_channels * n_batch)
            target = (outputs, (pixel * n_groups + g) * n_maps * n_batch)
            sizes, strides = (n_maps, n_channels, n_packed), (n_batch, n_batch)
            sum_of_taps(weights, source, taps[:n_taps], sizes, strides, target, n_batch)


@kernel
def _list_meeting(lattice, number, cell, n_channels, taps):
    """Write the taps of a class that meet an input pixel, SAMPLE in pixels; return how many."""
    rows, columns = lattice.rows, lattice.columns
    first = lattice.classes[number]
    per_block = taps_per_block(n_channels)
    n = 0
    for t in range(first, lattice.classes[number + 1]):
        plane = lattice.taps[t, 2]
        i = rows.d_i * (cell[0] + rows.first + lattice.taps[t, 3]) + lattice.planes[plane, 0]
        j = columns.d_i * (cell[1] + columns.first + lattice.taps[t, 4]) + lattice.planes[plane, 1]
        if 0 <= i < rows.n_in and 0 <= j < columns.n_in:
            taps[n, WEIGHT] = (t - first) * n_channels
            taps[n, SAMPLE] = i * columns.n_in + j
            taps[n, BLOCK] = (t - first) // per_block
            n += 1
    return n


@kernel
def convolve_slices(packed, x, y, width, lattice, board, threads):
    """Write y (B, G, M, H', W') from x (B, G, C, H, W), slice by slice of the batch; return True.

    A slice is `width` signals, a multiple of the lanes and at most B; the last may repeat some of the one before. For
    board and threads see `team.shared`.
    """
    channels, maps = x.shape[1] * x.shape[2], y.shape[1] * y.shape[2]
    of = np.empty((threads, x.shape[3], x.shape[4], channels, width), x.dtype)
    to = np.empty((threads, y.shape[3], y.shape[4], maps, width), x.dtype)
    n_slices = (x.shape[0] + width - 1) // width
    return shared(_slices((packed, x, y, width, lattice, of, to)), n_slices, 1, board, threads)


@kernel
def convolve_some_slices(packed, x, y, width, lattice, rooms_of, rooms_to, who, start, stop):
    """Do the slices start … stop − 1 of `convolve_slices`."""
    n_groups, n_channels, n_maps = x.shape[1], x.shape[2], y.shape[2]
    n_in, n_out = x.shape[3] * x.shape[4], y.shape[3] * y.shape[4]
    source, target = rooms_of[who], rooms_to[who]
    given, wanted = x.reshape(x.size), y.reshape(y.size)
    samples, sums = source.reshape(source.size), target.reshape(target.size)
    stride, y_stride = n_groups * n_channels * n_in, n_groups * n_maps * n_out
    for number in range(start, stop):
        b = min(number * width, x.shape[0] - width)
        into_lanes(given, b * stride, stride, (n_in, n_groups * n_channels, width, width), samples)
        convolve_lanes(packed, source, target, (n_groups, n_maps, n_channels), lattice, (0, n_out))
        out_of_lanes(sums, wanted, b * y_stride, y_stride, (n_out, n_groups * n_maps, width))
    return True


_slices = task_of(convolve_some_slices)

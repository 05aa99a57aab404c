"""Banks of filters over samples laid flat: every tap is one shift, and a panel is a run of neighbouring positions."""

import numpy as np

from .compilation import kernel, part
from .flat import lay_flat, piece_of, read_back, room_of
from .lattice import opened
from .simd import lanes_of
from .team import shared, task_of
from .tiles import BLOCK, SAMPLE, VECTORS, WEIGHT, sum_of_taps, taps_per_block

PANEL_BYTES = 16 << 10  # of sums: they stay in the first-level cache
LONGEST = 1024  # positions


@part
def list_taps(lattice, n_channels, pitch, room, taps):
    """Write the taps of all classes as `tiles` reads them, for planes `room` apart with lines `pitch` apart."""
    per_block = taps_per_block(n_channels)
    for number in range(lattice.classes.shape[0] - 1):
        first = lattice.classes[number]
        for t in range(first, lattice.classes[number + 1]):
            taps[t, WEIGHT] = (t - first) * n_channels
            taps[t, SAMPLE] = lattice.taps[t, 2] * room + lattice.taps[t, 3] * pitch + lattice.taps[t, 4]
            taps[t, BLOCK] = (t - first) // per_block


@kernel
def convolve_pieces(packed, x, y, form, cut, n_pieces, board, threads):
    """Write y (B, G, M, H', W') from x (B, G, C, H, W), piece by piece and group by group; return True.

    For the form of the lattice see `lattice.form_of`, for board and threads `team.shared`.
    """
    lattice = opened(form)
    n_channels, n_maps = x.shape[2], y.shape[2]
    tile = VECTORS * lanes_of(x.itemsize)
    most = max(1, min(LONGEST, PANEL_BYTES // (n_maps * x.itemsize)) // tile) * tile
    flat = np.empty((threads, n_channels * lattice.planes.shape[0], room_of(lattice, cut, most)), x.dtype)
    sums = np.empty((threads, n_maps * most), x.dtype)
    job = (packed, x, y, lattice, cut, flat, sums)
    return shared(_pieces(job), n_pieces * x.shape[1], 1, board, threads)


@part
def convolve_some_pieces(packed, x, y, lattice, cut, rooms_flat, rooms_sums, who, start_item, stop_item):
    """Do the pieces and groups number start_item … stop_item − 1 of `convolve_pieces`."""
    n_groups, n_channels, n_maps = x.shape[1], x.shape[2], y.shape[2]
    lanes, n_planes = lanes_of(x.itemsize), lattice.planes.shape[0]
    flat, sums = rooms_flat[who], rooms_sums[who]
    room, most = flat.shape[1], sums.shape[0] // n_maps
    samples, outputs = flat.reshape(flat.size), y.reshape(y.size)
    taps = np.empty((lattice.taps.shape[0], 3), np.int64)
    per_group = packed.size // n_groups
    for item in range(start_item, stop_item):
        number, group = divmod(item, n_groups)
        piece = piece_of(lattice, cut, number)
        lay_flat(x, group, lattice, piece, flat)
        list_taps(lattice, n_channels, piece.pitch, room, taps)
        n_positions = (piece.n_lines - 1) * piece.pitch + piece.n_cells
        for start in range(0, n_positions, most):
            width = min(most, (n_positions - start + lanes - 1) // lanes * lanes)
            for c in range(lattice.classes.shape[0] - 1):
                first, stop = lattice.classes[c], lattice.classes[c + 1]
                weights = (packed, group * per_group + first * n_channels * n_maps)
                shape, strides = (n_maps, n_channels, stop - first), (n_planes * room, width)
                sum_of_taps(weights, (samples, start), taps[first:stop], shape, strides, (sums, 0), width)
                remainders = divmod(c, lattice.columns.d_o)
                read_back(sums, (start, width, group), lattice, piece, remainders, outputs, y.shape)
    return True


_pieces = task_of(convolve_some_pieces)

"""Banks of filters over samples laid flat: every tap is one shift, and a panel is a run of neighbouring positions."""

import numpy as np

from .cache import kernel
from .flat import lay_flat, piece_of, read_back, room_of
from .simd import lanes_of
from .tiles import BLOCK, SAMPLE, VECTORS, WEIGHT, sum_of_taps, taps_per_block

PANEL_BYTES = 16 << 10  # of sums: they stay in the first-level cache
LONGEST = 1024  # positions


@kernel
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
def convolve_pieces(packed, x, y, lattice, cut, part):
    """Write y (B, G, M, H', W') from x (B, G, C, H, W) for pieces and groups number part[0] … part[1] − 1."""
    n_groups, n_channels, n_maps = x.shape[1], x.shape[2], y.shape[2]
    lanes, n_planes = lanes_of(x.itemsize), lattice.planes.shape[0]
    tile = VECTORS * lanes
    most = max(1, min(LONGEST, PANEL_BYTES // (n_maps * x.itemsize)) // tile) * tile
    room = room_of(lattice, cut, most)
    flat = np.empty((n_channels * n_planes, room), x.dtype)
    sums = np.empty(n_maps * most, x.dtype)
    samples, outputs = flat.reshape(flat.size), y.reshape(y.size)
    taps = np.empty((lattice.taps.shape[0], 3), np.int64)
    per_group = packed.size // n_groups
    for item in range(part[0], part[1]):
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

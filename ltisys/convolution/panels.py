"""Banks of filters as register tiles over samples laid flat: sums of several maps and vectors of outputs at once.

Every output position of a piece is Σ_t w[m, t]·flat[shift_t + position]. A tile holds the sums of a few maps times a
few vectors of positions in registers; per tap it loads those vectors once and broadcasts one weight per map.
Sums are closed every SUM_BLOCK products. The order of the products of an output depends on nothing but the bank.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from .cache import kernel
from .flat import lay_flat, piece_of, read_back, room_of
from .numerics import SUM_BLOCK
from .simd import REGISTERS, Emitter, lanes_of

MAPS = REGISTERS // 4  # 8 × 3 sums, 3 samples and a weight in 32 registers, 4 × 3 in 16
VECTORS = 3


def _tile(n_maps: int, n_vectors: int) -> Any:
    """Return the intrinsic for the sums of n_maps maps and n_vectors vectors of positions."""

    @intrinsic
    def tile(typing_context, w, k, flat, position, shifts, t, n_taps, sums, m, carries):
        """Write sums[m + a, v] = Σ_j w[k + j·n_maps + a]·flat[shifts[t + j] + position + v] for 0 ≤ j < n_taps.

        Here 0 ≤ a < n_maps and 0 ≤ v < n_vectors · lanes. Reads flat[shift + position + v] for those shifts and v,
        w[k … k + n_taps·n_maps), shifts[t … t + n_taps). `sums` has rows of VECTORS vectors; `position` may be chosen
        with any v < its row. If `carries` is 1 the sums are added to what is there.
        """

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, w.dtype)
            weights, samples, moves = emit.data(0, args[1]), emit.data(2, args[3]), emit.data(4, args[5])
            lanes = emit.lanes

            def products(j, totals):
                source = emit.at(samples, builder.load(emit.at(moves, j)))
                vectors = [emit.load(emit.at(source, v * lanes)) for v in range(n_vectors)]
                column = emit.at(weights, builder.mul(j, emit.index(n_maps)))
                for a in range(n_maps):
                    weight = emit.splat(emit.at(column, a))
                    for v in range(n_vectors):
                        totals[a * n_vectors + v] = emit.fma(weight, vectors[v], totals[a * n_vectors + v])
                return totals

            totals = emit.loop(args[6], [emit.zero()] * (n_maps * n_vectors), products)
            row = emit.index(VECTORS * lanes)
            target = emit.at(emit.data(7), args[8])
            places = [
                emit.at(emit.at(target, builder.mul(row, emit.index(a))), v * lanes)
                for a in range(n_maps)
                for v in range(n_vectors)
            ]
            held = emit.loop(
                args[9], totals, lambda _, s: [emit.add(x, emit.load(p)) for x, p in zip(s, places, strict=True)]
            )
            for total, place in zip(held, places, strict=True):
                emit.store(total, place)
            return emit.nothing()

        index = types.intp
        return types.void(w, index, flat, index, shifts, index, index, sums, index, index), generate

    return tile


_tile_8_3, _tile_4_3, _tile_2_3, _tile_1_3 = _tile(8, 3), _tile(4, 3), _tile(2, 3), _tile(1, 3)
_tile_8_1, _tile_4_1, _tile_2_1, _tile_1_1 = _tile(8, 1), _tile(4, 1), _tile(2, 1), _tile(1, 1)


@kernel
def block_of(n):
    """Return how many of n remaining maps the next tile takes."""
    if n >= MAPS:
        return MAPS
    return 4 if n >= 4 else 2 if n >= 2 else 1


@kernel
def pack_weights(w, taps, packed):
    """Write the weights w (G, M, C, KH, KW) in the order the tiles read them, class after class.

    Within a group, a class of taps and a block of maps the order is (channel, tap, map).
    """
    n_groups, n_maps, n_channels = w.shape[:3]
    k = 0
    for g in range(n_groups):
        for c in range(taps.classes.shape[0] - 1):
            m = 0
            while m < n_maps:
                n = block_of(n_maps - m)
                for channel in range(n_channels):
                    for t in range(taps.classes[c], taps.classes[c + 1]):
                        row, column = taps.taps[t, 0], taps.taps[t, 1]
                        for a in range(n):
                            packed[k] = w[g, m + a, channel, row, column]
                            k += 1
                m += n


@kernel
def shifts_of(lattice, n_channels, pitch, room, shifts):
    """Write how far each tap of each channel is shifted in a flat array, class after class."""
    n_planes = lattice.planes.shape[0]
    s = 0
    for c in range(lattice.classes.shape[0] - 1):
        for channel in range(n_channels):
            for t in range(lattice.classes[c], lattice.classes[c + 1]):
                plane = channel * n_planes + lattice.taps[t, 2]
                shifts[s] = plane * room + lattice.taps[t, 3] * pitch + lattice.taps[t, 4]
                s += 1


@kernel
def convolve_pieces(packed, x, y, lattice, cut, part):
    """Write y (B, G, M, H', W') from x (B, G, C, H, W) for pieces and groups number part[0] … part[1] − 1."""
    n_groups, n_channels, n_maps = x.shape[1], x.shape[2], y.shape[2]
    lanes = lanes_of(x.itemsize)
    width = VECTORS * lanes
    room = room_of(lattice, cut, width)
    flat = np.empty((n_channels * lattice.planes.shape[0], room), x.dtype)
    samples = flat.reshape(flat.size)
    shifts = np.empty(n_channels * lattice.taps.shape[0], np.int64)
    sums = np.empty((n_maps, width), x.dtype)
    row_of_sums, outputs = sums.reshape(sums.size), y.reshape(y.size)
    per_group = packed.size // n_groups
    for item in range(part[0], part[1]):
        number, group = divmod(item, n_groups)
        piece = piece_of(lattice, cut, number)
        lay_flat(x, group, lattice, piece, flat)
        shifts_of(lattice, n_channels, piece.pitch, room, shifts)
        n_positions = (piece.n_lines - 1) * piece.pitch + piece.n_cells
        for start in range(0, n_positions, width):
            n_vectors = min(VECTORS, (n_positions - start + lanes - 1) // lanes)
            for c in range(lattice.classes.shape[0] - 1):
                first = n_channels * lattice.classes[c]
                n_taps = n_channels * lattice.classes[c + 1] - first
                k = group * per_group + first * n_maps
                _panel(packed, k, samples, start, shifts[first : first + n_taps], sums, n_vectors)
                remainders = divmod(c, lattice.columns.d_o)
                read_back(row_of_sums, (start, width, group), lattice, piece, remainders, outputs, y.shape)


@kernel
def _panel(packed, k, samples, start, shifts, sums, n_vectors):
    """Write the sums of all maps for n_vectors vectors of positions from `start` on."""
    n_maps, n_taps = sums.shape[0], shifts.shape[0]
    lanes = sums.shape[1] // VECTORS
    m = 0
    while m < n_maps:
        n = block_of(n_maps - m)
        if n_taps == 0:
            sums[m : m + n] = 0
        for t in range(0, n_taps, SUM_BLOCK):
            count, carries, at = min(SUM_BLOCK, n_taps - t), int(t > 0), k + t * n
            row = m * sums.shape[1]
            if n_vectors == VECTORS:
                if n == 8:
                    _tile_8_3(packed, at, samples, start, shifts, t, count, sums, row, carries)
                elif n == 4:
                    _tile_4_3(packed, at, samples, start, shifts, t, count, sums, row, carries)
                elif n == 2:
                    _tile_2_3(packed, at, samples, start, shifts, t, count, sums, row, carries)
                else:
                    _tile_1_3(packed, at, samples, start, shifts, t, count, sums, row, carries)
                continue
            for v in range(0, n_vectors * lanes, lanes):
                if n == 8:
                    _tile_8_1(packed, at, samples, start + v, shifts, t, count, sums, row + v, carries)
                elif n == 4:
                    _tile_4_1(packed, at, samples, start + v, shifts, t, count, sums, row + v, carries)
                elif n == 2:
                    _tile_2_1(packed, at, samples, start + v, shifts, t, count, sums, row + v, carries)
                else:
                    _tile_1_1(packed, at, samples, start + v, shifts, t, count, sums, row + v, carries)
        k += n * n_taps
        m += n

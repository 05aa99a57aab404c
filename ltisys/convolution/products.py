"""The gradient of a bank: inner products of error signals with shifted samples, both laid flat.

w̄[m, t] = Σ over positions of ȳ[m, position]·flat[shift_t + position]. A tile holds the products of a few maps and a few
taps, each a vector of partial sums over every lanes-th position, so nothing is transposed. Positions that are no
outputs hold ȳ = 0. The batch is cut into pieces, and pieces into SHARES, by shape alone: the order of every sum is
fixed, however many threads there are.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from .compilation import kernel, part
from .flat import lay_flat, piece_of, room_of
from .lattice import opened
from .numerics import SUM_BLOCK
from .simd import REGISTER_BYTES, Emitter, lanes_of
from .team import shared, task_of

TAPS = 6
MAPS = 4 if REGISTER_BYTES == 64 else 2  # 4 × 6 sums, 4 error signals and 1 vector of samples fit 32 long registers


def _tile(n_maps: int) -> Any:
    """Return the intrinsic for the inner products of n_maps error signals with TAPS shifts."""

    @intrinsic
    def tile(typing_context, errors, m, row, flat, shifts, t, start, n_steps, products):
        """Write products[a·TAPS + j] = Σ_v errors[m + a·row + start + v]·flat[shifts[t + j] + start + v].

        Here 0 ≤ a < n_maps, 0 ≤ j < TAPS and 0 ≤ v < n_steps · lanes: nothing else is read.
        """

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, flat.dtype)
            begin, lanes = args[6], emit.lanes
            error = emit.at(emit.data(0, args[1]), begin)
            errors_at = [emit.at(error, builder.mul(args[2], emit.index(a))) for a in range(n_maps)]
            moves = emit.data(4, args[5])
            samples_at = [emit.at(emit.data(3, begin), builder.load(emit.at(moves, j))) for j in range(TAPS)]

            def step(i, sums):
                at = builder.mul(i, emit.index(lanes))
                held = [emit.load(emit.at(pointer, at)) for pointer in errors_at]
                for j, pointer in enumerate(samples_at):
                    vector = emit.load(emit.at(pointer, at))
                    for a in range(n_maps):
                        sums[a * TAPS + j] = emit.fma(held[a], vector, sums[a * TAPS + j])
                return sums

            sums = emit.loop(args[7], [emit.zero()] * (n_maps * TAPS), step)
            store_totals(emit, sums, emit.data(8))
            return emit.nothing()

        index = types.intp
        return types.void(errors, index, index, flat, shifts, index, index, index, products), generate

    return tile


def store_totals(emit: Emitter, vectors: list, target) -> None:
    """Write the sum of all lanes of each vector, one after the other.

    Vectors are added in pairs, each pair to one vector, so that most additions serve many totals.
    """
    lanes = emit.lanes
    for start in range(0, len(vectors), lanes):
        group = vectors[start : start + lanes]
        n, size = len(group), 1
        while size < lanes:
            group += [emit.zero()] * (len(group) % 2 if len(group) > 1 else 0)
            own = [c if not c & size else lanes + (c ^ size) for c in range(lanes)]
            other = [c | size if not c & size else lanes + c for c in range(lanes)]
            pairs = zip(group[::2], group[1::2] if len(group) > 1 else group, strict=True)
            group = [emit.add(emit.shuffle(a, b, own), emit.shuffle(a, b, other)) for a, b in pairs]
            size *= 2
        emit.store_first(group[0], emit.at(target, start), emit.index(n))


_tile_4, _tile_2, _tile_1 = _tile(4), _tile(2), _tile(1)


@part
def _list_shifts(lattice, n_channels, pitch, room, shifts):
    """Write how far each channel of each tap is shifted in a flat array."""
    n_planes = lattice.planes.shape[0]
    for channel in range(n_channels):
        for t in range(lattice.taps.shape[0]):
            plane = channel * n_planes + lattice.taps[t, 2]
            at = channel * lattice.taps.shape[0] + t
            shifts[at] = plane * room + lattice.taps[t, 3] * pitch + lattice.taps[t, 4]


@part
def correlate_pieces(x, y_bar, w_bar, lattice, cut, part):
    """Add to w_bar (G, M, C·T) what the pieces number part[0] … part[1] − 1 contribute, taps in the lattice's order."""
    n_groups, n_channels, n_maps = x.shape[1], x.shape[2], y_bar.shape[2]
    lanes = lanes_of(x.itemsize)
    room = room_of(lattice, cut, lanes)
    flat = np.empty((n_channels * lattice.planes.shape[0], room), x.dtype)
    samples = flat.reshape(flat.size)
    n_taps = n_channels * lattice.taps.shape[0]
    shifts = np.zeros((n_taps + TAPS - 1) // TAPS * TAPS, np.int64)
    errors = np.empty((n_maps, room), x.dtype)
    products = np.empty(MAPS * TAPS, x.dtype)
    for item in range(part[0] * n_groups, part[1] * n_groups):
        number, group = divmod(item, n_groups)
        piece = piece_of(lattice, cut, number)
        lay_flat(x, group, lattice, piece, flat)
        _list_shifts(lattice, n_channels, piece.pitch, room, shifts)
        n_positions = (piece.n_lines - 1) * piece.pitch + piece.n_cells
        n_steps = (n_positions + lanes - 1) // lanes
        _lay_errors(y_bar, group, lattice, piece, errors[:, : n_steps * lanes])
        for step in range(0, n_steps, SUM_BLOCK):
            add_products(errors, samples, shifts, step * lanes, min(SUM_BLOCK, n_steps - step), products, w_bar[group])


@kernel
def correlate_shares(x, y_bar, shares, form, cut, n_pieces, board, threads):
    """Add to each of the shares (S, G, M, C·T) what its part of the pieces contributes; return True.

    For the form of the lattice see `lattice.form_of`, for board and threads `team.shared`.
    """
    return shared(_shares((x, y_bar, shares, opened(form), cut, n_pieces)), shares.shape[0], 1, board, threads)


@part
def correlate_some_shares(x, y_bar, shares, lattice, cut, n_pieces, who, start, stop):
    """Do the shares start … stop − 1 of `correlate_shares`."""
    n_shares = shares.shape[0]
    for share in range(start, stop):
        part = (n_pieces * share // n_shares, n_pieces * (share + 1) // n_shares)
        correlate_pieces(x, y_bar, shares[share], lattice, cut, part)
    return True


_shares = task_of(correlate_some_shares)


@part
def add_products(errors, samples, shifts, start, n_steps, products, w_bar):
    """Add to w_bar (M, T) the inner products of errors (M, …) with shifted samples, over n_steps vectors from start on.

    There are shifts for a whole number of tiles; `products` is room for one.
    """
    n_maps, n_taps = w_bar.shape
    row = errors.shape[1]
    flat_errors = errors.reshape(errors.size)
    for t in range(0, n_taps, TAPS):
        m = 0
        while m < n_maps:
            if MAPS >= 4 and n_maps - m >= 4:
                n = 4
                _tile_4(flat_errors, m * row, row, samples, shifts, t, start, n_steps, products)
            elif n_maps - m >= 2:
                n = 2
                _tile_2(flat_errors, m * row, row, samples, shifts, t, start, n_steps, products)
            else:
                n = 1
                _tile_1(flat_errors, m * row, row, samples, shifts, t, start, n_steps, products)
            for a in range(n):
                for j in range(min(TAPS, n_taps - t)):
                    w_bar[m + a, t + j] += products[a * TAPS + j]
            m += n


@part
def _lay_errors(y_bar, group, lattice, piece, errors):
    """Write the error signals of a piece at their positions and zeros between them."""
    rows = lattice.rows
    errors[:] = 0
    for line in range(piece.n_lines):
        b, o = divmod(piece.line + line, rows.pitch)
        if o < rows.n_out:
            at = line * piece.pitch
            for m in range(y_bar.shape[2]):
                source = y_bar[b, group, m, o, piece.cell : piece.cell + piece.n_cells]
                target = errors[m, at : at + piece.n_cells]
                for j in range(piece.n_cells):
                    target[j] = source[j]

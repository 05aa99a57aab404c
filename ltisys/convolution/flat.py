"""Samples laid flat as a lattice says, a bounded piece at a time, and sums read back from there.

A piece is a run of lines, or a run of cells of one line where a line alone is large. Whatever a kernel reads beside
the samples of a piece are zeros written here.
"""

from typing import NamedTuple

from numba.extending import register_jitable

from .compilation import part
from .rows import copy, take_every_second
from .transpose import turn


class Cut(NamedTuple):
    """How the lines of all images of a batch are cut into pieces.

    Attributes
    ----------
    n_batch : int
        Images.
    lines, cells : int
        Lines per piece, and cells of each; cells < n_cells only where lines = 1.
    """

    n_batch: int
    lines: int
    cells: int


class Piece(NamedTuple):
    """Lines [line, line + n_lines) of the batch, cells [cell, cell + n_cells) of each, lines `pitch` apart."""

    line: int
    n_lines: int
    cell: int
    n_cells: int
    pitch: int


def cut_of(lattice, n_batch: int, n_positions: int, least: int = 1) -> Cut:
    """Cut a batch into pieces of about n_positions positions, with at least `least` outputs in each."""
    rows, columns = lattice.rows, lattice.columns
    n_lines = max(1, (n_batch - 1) * rows.pitch + rows.n_cells)
    filled = columns.n_cells * rows.n_cells / rows.pitch  # outputs per line
    lines = max(n_positions // columns.pitch - rows.reach, -int(-least // filled))
    if lines > 1 or columns.n_cells <= least:
        lines = min(max(lines, 1), n_lines)
        n_pieces = -(-n_lines // lines)
        return Cut(n_batch, -(-n_lines // n_pieces), columns.n_cells)
    cells = max(n_positions // (1 + rows.reach) - columns.reach, least, columns.reach // 2)
    n_pieces = -(-columns.n_cells // min(cells, columns.n_cells))
    return Cut(n_batch, 1, -(-columns.n_cells // n_pieces))


def n_pieces(lattice, cut: Cut) -> int:
    """Return into how many pieces a batch is cut."""
    n_lines = (cut.n_batch - 1) * lattice.rows.pitch + lattice.rows.n_cells
    return -(-n_lines // cut.lines) * -(-lattice.columns.n_cells // cut.cells)


@part
def piece_of(lattice, cut, number):
    """Return piece `number`."""
    rows, columns = lattice.rows, lattice.columns
    across = -(-columns.n_cells // cut.cells)
    line, cell = number // across * cut.lines, number % across * cut.cells
    n_lines = min(cut.lines, (cut.n_batch - 1) * rows.pitch + rows.n_cells - line)
    n_cells = min(cut.cells, columns.n_cells - cell)
    whole = cut.cells == columns.n_cells
    return Piece(line, n_lines, cell, n_cells, columns.pitch if whole else n_cells + columns.reach)


@part
def room_of(lattice, cut, slack):
    """Return how many elements the flat form of one plane needs, with `slack` zeros to read beyond its positions."""
    rows, columns = lattice.rows, lattice.columns
    pitch = max(columns.pitch, cut.cells + columns.reach)
    room = (cut.lines + rows.reach) * pitch + columns.reach + slack
    return (room + 15) // 16 * 16 + 16  # whole cache lines; 16 more keep planes off one another's cache sets


@part
def lay_flat(x, group, lattice, piece, flat):
    """Write flat[c·P + p] = plane p of channel c of x (B, G, C, H, W), zeros wherever there is no sample."""
    rows, columns = lattice.rows, lattice.columns
    n_planes, room = lattice.planes.shape[0], flat.shape[1]
    samples, target = x.reshape(x.size), flat.reshape(flat.size)
    flat[:] = 0
    n_channels, height, width = x.shape[2], x.shape[3], x.shape[4]
    plane = 0
    while plane < n_planes:
        n = _neighbours(lattice, plane)
        begin, count, source = _run(columns, piece, lattice.planes[plane, 1])
        b, u = divmod(piece.line, rows.pitch)
        for line in range(piece.n_lines + rows.reach if count > 0 else 0):
            i = rows.d_i * (u + rows.first) + lattice.planes[plane, 0]
            if b < x.shape[0] and 0 <= i < height:
                at = (((b * x.shape[1] + group) * n_channels) * height + i) * width + source
                to = plane * room + line * piece.pitch + begin
                for _ in range(n_channels):
                    if n > 1:
                        _take_neighbours(samples, (at, width - source), columns.d_i, target, to, (count, n, room))
                    else:
                        _take(samples, at, columns.d_i, target, to, count)
                    at += height * width
                    to += n_planes * room
            u += 1
            if u == rows.pitch:
                b, u = b + 1, 0
        plane += n


@register_jitable(inline="always")
def _neighbours(lattice, plane):
    """Return how many planes from one on hold neighbouring samples, where reading them together pays."""
    planes, n = lattice.planes, 1
    if lattice.columns.d_i > 2:
        while (
            plane + n < planes.shape[0]
            and planes[plane + n, 0] == planes[plane, 0]
            and planes[plane + n, 1] == planes[plane, 1] + n
        ):
            n += 1
    return n


@part
def _take_neighbours(x, given, step, target, o, sizes):
    """Write target[o + c·room + j] = x[i + step·j + c] for 0 ≤ j < count and 0 ≤ c < n, within the line of x.

    `given` is i and how many samples the line has from there, `sizes` is (count, n, room).
    """
    i, rest = given
    count, n, room = sizes
    whole = min(count, max(0, (rest - n) // step + 1))  # of these j every plane has a sample
    turn(x, i, step, target, o, room, (whole, n))
    for j in range(whole, count):
        for c in range(min(n, rest - j * step)):
            target[o + c * room + j] = x[i + step * j + c]


@register_jitable(inline="always")
def _run(columns, piece, remainder):
    """Return where in a line of a piece the samples begin, how many there are, and the first of them."""
    u = piece.cell + columns.first
    begin = max(0, -u)
    samples = -((remainder - columns.n_in) // columns.d_i)  # of this remainder
    stop = min(piece.pitch, samples - u)
    return begin, stop - begin, columns.d_i * (u + begin) + remainder


@register_jitable(inline="always")
def _take(x, i, step, target, o, n):
    """Write target[o + j] = x[i + step·j] for 0 ≤ j < n."""
    if step == 1:
        copy(x, i, target, o, n)
    elif step == 2:
        take_every_second(x, i, target, o, n)
    else:
        for j in range(n):
            target[o + j] = x[i + step * j]


@part
def read_back(sums, panel, lattice, piece, remainders, y, shape):
    """Write the sums of a panel of positions to the outputs of one class.

    Parameters
    ----------
    sums : array (M · width,)
        Row m holds the sums of map m.
    panel : tuple (start, width, group)
        The positions, and the group of the maps.
    remainders : tuple
        Of the class of outputs, along rows and columns.
    y : array
        Outputs (B, G, M, H', W') of this `shape`, raveled: reshaping here would cost more than a short row.
    """
    rows, columns = lattice.rows, lattice.columns
    start, width, group = panel
    n_groups, n_maps = shape[1], shape[2]
    position, stop = start, min(start + width, (piece.n_lines - 1) * piece.pitch + piece.n_cells)
    line, at = divmod(start, piece.pitch)
    b, j = divmod(piece.line + line, rows.pitch)
    while position < stop:
        count = min(piece.n_cells - at, stop - position)
        o_row = rows.d_o * j + remainders[0]
        o = columns.d_o * (piece.cell + at) + remainders[1]
        if columns.d_o > 1:
            count = min(count, -((o - columns.n_out) // columns.d_o))
        if count > 0 and j < rows.n_cells and o_row < rows.n_out:
            to = ((b * n_groups + group) * n_maps * rows.n_out + o_row) * columns.n_out + o
            of = position - start
            for _ in range(n_maps):
                _put(sums, of, y, to, columns.d_o, count)
                of += width
                to += rows.n_out * columns.n_out
        position += piece.pitch - at
        at, j = 0, j + 1
        if j == rows.pitch:
            b, j = b + 1, 0


@register_jitable(inline="always")
def _put(sums, i, y, o, step, n):
    """Write y[o + step·j] = sums[i + j] for 0 ≤ j < n."""
    if step == 1:
        copy(sums, i, y, o, n)
    else:
        for j in range(n):
            y[o + step * j] = sums[i + j]

"""Both axes laid flat, so that every tap of a geometry is one shift of a flat array.

The relation stride·o + step·k = spread·i + offset lets a tap meet every d_o-th output and every d_i-th input. Outputs
o = d_o·j + r with one remainder r, and inputs i = d_i·u + p with one remainder p, therefore meet by u = j + shift,
where r, p and the shift depend on the tap alone. Lines of such u, continued by zeros and set one after the other,
turn a convolution of any stride and dilation, and its gradients, into sums of shifted copies.
"""

import math
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

from .compilation import part
from .geometry import Geometry
from .taps import meeting, strides_of_meeting


class Axis(NamedTuple):
    """One axis of a lattice.

    Attributes
    ----------
    n_out, n_in : int
        Samples of output and input.
    d_o, d_i : int
        Distance of the outputs, and of the inputs, that a tap meets.
    n_cells : int
        Places j per line: outputs of the longest remainder class.
    first : int
        The u that stands at the beginning of a line.
    reach : int
        How far the largest shift lies beyond the smallest.
    pitch : int
        Length of a line. The zeros after one line may be those before the next.
    n_meetings : int
        Pairs of an output and a tap that meet a sample.
    """

    n_out: int
    n_in: int
    d_o: int
    d_i: int
    n_cells: int
    first: int
    reach: int
    pitch: int
    n_meetings: int


class Lattice(NamedTuple):
    """The flat form of a pair of geometries.

    Attributes
    ----------
    rows, columns : Axis
        The two axes.
    planes : ndarray, shape (P, 2)
        Remainders (row, column) of the inputs that are read; each makes a plane of its own.
    taps : ndarray, shape (T, 5)
        Kernel indices k, l, the plane read, and the shifts along both axes counted from the smallest.
    classes : ndarray, shape (d_o·d_o + 1,)
        The taps of output remainders (r, s) are taps[classes[c]:classes[c + 1]] with c = r·columns.d_o + s.
    """

    rows: Axis
    columns: Axis
    planes: np.ndarray
    taps: np.ndarray
    classes: np.ndarray


@lru_cache(maxsize=256)
def lattice_of(rows: Geometry, columns: Geometry) -> Lattice:
    """Return the flat form of a relation along two axes.

    Examples
    --------
    >>> lattice_of(Geometry(7, 3, 7, offset=-1), Geometry(7, 3, 7, offset=-1)).columns.pitch
    8
    """
    row_axis, row_taps = _axis(rows)
    column_axis, column_taps = _axis(columns)
    planes = sorted(product({row[2] for row in row_taps}, {column[2] for column in column_taps}))
    by_remainder: dict[int, list] = {}
    for column in column_taps:
        by_remainder.setdefault(column[1], []).append(column)
    number = {plane: n for n, plane in enumerate(planes)}
    classes, taps = [0], []
    for r in range(row_axis.d_o):
        for s in range(column_axis.d_o):
            rows_of_class = [row for row in row_taps if row[1] == r]
            columns_of_class = by_remainder.get(s, [])
            taps += [
                (row[0], column[0], number[row[2], column[2]], row[3], column[3])
                for row in rows_of_class
                for column in columns_of_class
            ]
            classes.append(len(taps))
    return Lattice(
        row_axis,
        column_axis,
        np.array(planes, np.int64).reshape(-1, 2),
        np.array(taps, np.int64).reshape(-1, 5),
        np.array(classes, np.int64),
    )


@lru_cache(maxsize=256)
def form_of(rows: Geometry, columns: Geometry) -> tuple[np.ndarray, ...]:
    """Return the lattice as plain arrays, which enter compiled code in a fraction of the time of nested names."""
    lattice = lattice_of(rows, columns)
    return np.array([*lattice.rows, *lattice.columns]), lattice.planes, lattice.taps, lattice.classes


@part
def opened(form):
    """Return the lattice that `form_of` turned into arrays."""
    n, planes, taps, classes = form
    rows = Axis(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8])
    columns = Axis(n[9], n[10], n[11], n[12], n[13], n[14], n[15], n[16], n[17])
    return Lattice(rows, columns, planes, taps, classes)


def _axis(g: Geometry):
    """Return the axis and its taps (k, output remainder, input remainder, shift beyond the smallest)."""
    d_o, d_i = strides_of_meeting(tuple(g))
    inverse = pow(d_i, -1, d_o)
    taps = []
    for k in range(g.n_kernel):
        # stride·r ≡ offset − step·k modulo spread has one solution r < d_o, or none
        quotient, rest = divmod(g.offset - g.step * k, g.spread // d_o)
        if rest == 0:
            r = quotient * inverse % d_o
            i = (g.stride * r + g.step * k - g.offset) // g.spread
            taps.append((k, r, i % d_i, i // d_i))
    shifts = [tap[3] for tap in taps] or [0]
    first, reach = min(shifts), max(shifts) - min(shifts)
    n_cells = -(-g.n_out // d_o)
    needed = reach + n_cells
    lead = min(max(0, -first), needed)
    stored_stop = min(math.ceil(g.n_in / d_i) - first, needed)
    shared = min(lead, max(0, needed - max(stored_stop, 0)))
    pitch = max(n_cells, needed - shared)
    n_meetings = sum(meeting(k, tuple(g))[0] for k in range(g.n_kernel))
    axis = Axis(g.n_out, g.n_in, d_o, d_i, n_cells, first, reach, pitch, n_meetings)
    return axis, [(k, r, p, shift - first) for k, r, p, shift in taps]

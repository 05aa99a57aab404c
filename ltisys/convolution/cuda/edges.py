"""The index relation along one axis as kernels take it, and where a position outside the signal reads.

A padded convolution runs on the signal extended by its reach, exactly as on the CPU, but the extended signal is never
stored: a kernel asks `reading` which sample stands at a position of it.
"""

from typing import NamedTuple

from numba.extending import register_jitable

from ..extension import CODES
from ..geometry import Geometry
from ..taps import FILL, source_index


class Axis(NamedTuple):
    """One axis of a padded convolution.

    Attributes
    ----------
    relation : Geometry
        On the extended signal.
    edge : tuple (before, n, padding)
        How many samples precede the signal, its length, and a code of `taps`.
    """

    relation: Geometry
    edge: tuple[int, int, int]

    @property
    def numbers(self) -> tuple[tuple[int, ...], tuple[int, int, int]]:
        """The axis as plain tuples."""
        return tuple(self.relation), self.edge

    @property
    def amounts(self) -> tuple[int, int]:
        """How many samples are added before and after the signal."""
        before, n, _ = self.edge
        return before, self.relation.n_in - before - n


def axis_of(g: Geometry, padding: str) -> Axis:
    """Return the axis of a relation on a signal that goes on as `padding` says; "zero" adds no samples."""
    before, after = (0, 0) if padding == "zero" else g.reach()
    return Axis(g.extended(before, after), (before, g.n_in, CODES[padding]))


def plain(g: Geometry) -> Axis:
    """Return the axis of a relation on a signal that is not extended."""
    return Axis(g, (0, g.n_in, FILL))


@register_jitable
def reading(position, edge):
    """Return which sample stands at a position of the extended signal, or −1 for the fill value."""
    i = position - edge[0]
    if 0 <= i < edge[1]:
        return i
    if edge[2] == FILL:
        return -1
    return source_index(i, edge[1], edge[2])


@register_jitable
def reading_within(position, n_extended, edge):
    """Return what `reading` does, or −2 where the extended signal has no such position and no tap meets a sample."""
    if position < 0 or position >= n_extended:
        return -2
    return reading(position, edge)

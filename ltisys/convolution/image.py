"""One response over images: register tiles over the interior in place, windows of the extended image at the borders.

y[o, p] = Σ_k Σ_l h[k, l]·X[o + k − a, p + l − c], X the infinite extension of x. Outputs whose taps all lie in x read
it in place; the strips along the borders, whose taps leave x, read a copied window of X with the same tiles. Each sum
is made in one order, whatever tile it falls into: a result does not depend on how the work is cut.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .calibration import price
from .compilation import kernel, part
from .geometry import Geometry
from .image_tile import ROWS, cover, cover_separably
from .lines import room_on_a_line
from .numerics import is_finite
from .simd import lanes_of
from .slices import frozen
from .team import shared, task_of
from .threads import board_for
from .window import Surroundings, copy_window, surroundings

WINDOW = 16  # vectors in a row of a window: with its taps it stays in the second-level cache
ROWS_AT_ONCE = 32  # the borders at the sides are done while the rows beside them are still in the cache
PASSES_AT_ONCE = 128, 8  # rows, and vectors in a row, of what the two passes of a separable response do at once


@kernel
def filter_images(h, factors, x, y, offsets, around, board, threads):
    """Write y[b, o, p] = Σ_k Σ_l h[k, l]·X[b, o + k − a, p + l − c]; return True.

    Parameters
    ----------
    h : array (KH, KW)
        The taps in the order of a correlation.
    factors : tuple of arrays (R, KH), (R, KW), or None
        Columns and rows whose outer products sum to h: then rows and columns are filtered one after the other.
    x, y : arrays (B, H, W), (B, H', W')
        Images, contiguous.
    offsets : tuple (a, c)
        Where output 0 begins to read, before sample 0.
    around : Surroundings
        What X is outside x.
    board, threads
        See `team.shared`.
    """
    return shared(_task((h, factors, x, y, offsets, around)), y.shape[0] * y.shape[1], ROWS, board, threads)


@part
def filter_part(h, factors, x, y, offsets, around, who, start, stop_row):
    """Do the rows of outputs start … stop_row − 1 of `filter_images`, counted through the whole batch."""
    height, width = y.shape[1:]
    n_kh, n_kw = h.shape
    flat_x, flat_y, taps = x.reshape(-1), y.reshape(-1), h.reshape(-1)
    lanes = lanes_of(x.itemsize)
    top, bottom = max(offsets[0], 0), min(x.shape[1] - n_kh + offsets[0] + 1, height)
    left, right = max(offsets[1], 0), min(x.shape[2] - n_kw + offsets[1] + 1, width)
    # a strip costs at least a vector: the interior leaves it whole vectors
    left, right = -(-left // lanes) * lanes, width + (right - width) // lanes * lanes
    n_rows, n_columns, most = ROWS_AT_ONCE, WINDOW * lanes, width
    if factors is not None:
        n_rows, most = PASSES_AT_ONCE[0], PASSES_AT_ONCE[1] * lanes
    window = room_on_a_line((n_rows + n_kh - 1) * (n_columns + n_kw - 1), x)
    result = room_on_a_line(n_rows * n_columns, x)
    between, term = window, result
    if factors is not None:
        between = room_on_a_line((n_rows + n_kh - 1) * max(n_columns, most), x)
        term = room_on_a_line(n_rows * max(n_columns, most), x)
    for b in range(start // height, (stop_row - 1) // height + 1):
        first, stop = max(start - b * height, 0), min(stop_row - b * height, height)
        inner, inner_stop = min(max(top, first), stop), max(min(bottom, stop), first)
        if inner_stop - inner < ROWS or right - left < lanes:
            inner = inner_stop = first
        across = ((0, width, False), (0, 0, False), (0, 0, False))
        beside = ((left, right, True), (0, left, False), (right, width, False))
        for o, o_stop, parts in ((first, inner, across), (inner, inner_stop, beside), (inner_stop, stop, across)):
            for r in range(o, o_stop, n_rows):
                for p, p_stop, is_inside in parts:
                    step = most if is_inside else n_columns
                    is_large = o_stop - o >= ROWS and p_stop - p >= lanes  # the last tile may overlap the one before
                    for c in range(p, p_stop, step):
                        row, column = (min(r, o_stop - ROWS), min(c, p_stop - lanes)) if is_large else (r, c)
                        wanted = min(n_rows, o_stop - row), min(step, p_stop - column)
                        size = max(wanted[0], ROWS), max(wanted[1], lanes)
                        source, pitch = flat_x, x.shape[2]
                        i = (b * x.shape[1] + row - offsets[0]) * pitch + column - offsets[1]
                        target, place_in_y, y_pitch = flat_y, (b * height + row) * width + column, width
                        if not is_inside:
                            source, i, pitch = window, 0, size[1] + n_kw - 1
                            corner, lines = (row - offsets[0], column - offsets[1]), (size[0] + n_kh - 1, pitch)
                            copy_window(x[b], corner, lines, around, window, pitch)
                        if not is_large:
                            target, place_in_y, y_pitch = result, 0, size[1]
                        place = i, pitch, place_in_y, y_pitch
                        if factors is None:
                            cover(taps, h.shape, source, target, place, size)
                        else:
                            cover_separably(factors, source, target, place, size, between, term)
                        if not is_large:
                            for line in range(wanted[0]):
                                for j in range(wanted[1]):
                                    y[b, row + line, column + j] = result[line * y_pitch + j]
    return True


_task = task_of(filter_part)


def serves(w, rows: Geometry, columns: Geometry) -> bool:
    """Tell whether a job is one real response over images, output by output."""
    return (
        w.shape[:3] == (1, 1, 1)
        and w.dtype.char in "fd"
        and all(g.stride == g.spread == abs(g.step) == 1 for g in (rows, columns))
    )


def correlation_of(w, rows: Geometry, columns: Geometry):
    """Return (taps, offsets) of y[o, p] = Σ taps[k, l]·x[o + k − offsets[0], p + l − offsets[1]]."""
    taps, offsets = w[0, 0, 0], []
    for axis, g in enumerate((rows, columns)):
        if g.step < 0:
            taps = np.flip(taps, axis)
            offsets.append(g.offset + g.n_kernel - 1)
        else:
            offsets.append(g.offset)
    return np.ascontiguousarray(taps), tuple(offsets)


def effort(n_taps: tuple[int, int], n_out: tuple[int, int], itemsize: int, n_terms: int = 0) -> tuple[float, ...]:
    """Return the work for one image: calls, bytes of outputs and of products; see `calibration`.

    With n_terms, the work of so many pairs of passes: calls, bytes of outputs of passes, of products down and along.
    """
    # outputs along the borders and at the ends of tiles are computed in whole vectors
    lanes = lanes_of(itemsize)
    size = (-(-n_out[0] // ROWS) * ROWS) * (-(-n_out[1] // lanes) * lanes + 2 * lanes) * itemsize
    if n_terms:
        return 1, 2 * n_terms * size, n_terms * size * n_taps[0], n_terms * size * n_taps[1]
    return 1, size, size * n_taps[0] * n_taps[1]


@lru_cache(maxsize=256)
def cost(n_taps: tuple[int, int], n_out: tuple[int, int], itemsize: int, n_terms: int = 0) -> float:
    """Return the time for an image of n_out outputs, in ns on one core; with n_terms, by so many pairs of passes."""
    return price("passes" if n_terms else "images", effort(n_taps, n_out, itemsize, n_terms))


@dataclass(frozen=True, eq=False)
class Images:
    """A response made ready for images.

    Attributes
    ----------
    taps : ndarray (KH, KW)
        In the order of a correlation.
    factors : pair of ndarray (R, KH), (R, KW), or None
        Columns and rows whose outer products sum to the taps.
    offsets : tuple
        Where output 0 begins to read, before sample 0, along both axes.
    around : Surroundings
        What lies outside the images.
    """

    taps: np.ndarray
    factors: tuple[np.ndarray, ...] | None
    offsets: tuple[int, ...]
    around: Surroundings

    def __call__(self, x, y) -> bool:
        """Write y = the response applied to the images x."""
        x, y = x.reshape(-1, *x.shape[-2:]), y.reshape(-1, *y.shape[-2:])
        x.flags.writeable = False  # this is a view: one compiled kernel serves all
        n_terms = 0 if self.factors is None else len(self.factors[0])
        crew = board_for(len(y) * cost(self.taps.shape, y.shape[1:], x.itemsize, n_terms))
        return filter_images(self.taps, self.factors, x, y, self.offsets, self.around, *crew)


def prepare(w, geometries: tuple[Geometry, Geometry], padding: tuple[str, str], value, terms=None) -> Images | None:
    """Return the response w ready for images, or None where that is not possible.

    Where the outside counts for nothing, taps that are not finite cannot be multiplied by the zeros there. With
    `terms`, pairs (column, row) whose outer products sum to w, the job is done by passes along columns and rows.
    """
    outside_is_nothing = any(g.reach() != (0, 0) for g, word in zip(geometries, padding, strict=True) if word == "zero")
    if outside_is_nothing and not is_finite(w):
        return None
    taps, offsets = correlation_of(w, *geometries)
    factors = None
    if terms is not None:
        vectors = (np.stack(part)[:, :: g.step] for part, g in zip(zip(*terms, strict=True), geometries, strict=True))
        factors = tuple(frozen(np.ascontiguousarray(part)) for part in vectors)
    return Images(frozen(taps), factors, offsets, surroundings(padding, value, w.dtype))

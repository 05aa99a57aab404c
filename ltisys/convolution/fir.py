"""One response along contiguous rows: y[o] = Σ_k h[k]·X[o + k − offset], X the infinite extension of x.

Outputs whose taps all meet x are computed by register tiles where x lies; those near the ends by the same tiles over a
short extended copy, so no output knows whether it lies near an end or where the work was cut.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from .calibration import price
from .compilation import kernel, part
from .extension import CODES
from .fir_tile import BRIEF, NARROW, SHIFTS, WIDE, brief, narrow, single, wide
from .geometry import Geometry
from .numerics import SUM_BLOCK
from .rows import only_finite, put
from .simd import lanes_of
from .slices import frozen
from .taps import FILL, source_index
from .team import shared, task_of
from .threads import board_for

UNIT = 1024  # outputs; the work is cut at multiples
BORDER = 4096  # outputs near the ends per extended copy


@kernel
def filter_rows(h, x, y, form, outside, board, threads):
    """Write y[b, o] = Σ_k h[k]·X[b, o + k − offset]; tell whether that could be done.

    Parameters
    ----------
    h : array (K,)
        The response.
    x, y : arrays (B, N), (B, N')
        Rows, contiguous.
    form : tuple (offset, backwards, finite)
        Where output 0 begins to read, before sample 0; whether the taps lie in the order of a convolution, the last one
        first; and whether nothing may be done if a tap is not finite.
    outside : tuple (padding, value)
        What X is outside x: a code of `taps` and its constant.
    board, threads
        See `team.shared`.
    """
    offset, backwards, finite = form
    taps = np.empty(h.shape[0], h.dtype)
    for k in range(h.shape[0]):
        taps[k] = h[h.shape[0] - 1 - k if backwards else k]
    if finite and not only_finite(taps):
        return False
    n, unit = (y.shape[1], UNIT) if x.shape[0] == 1 else (x.shape[0], 1)
    return shared(_task((taps, x, y, offset, outside)), n, unit, board, threads)


@part
def filter_part(h, x, y, offset, outside, who, start, stop):
    """Do the rows, or where there is but one its outputs, start … stop − 1 of `filter_rows`."""
    row, last_row, first = 0, 1, start
    if x.shape[0] != 1:
        row, last_row, first, stop = start, stop, 0, y.shape[1]
    padding, value = outside
    n_taps, n = h.shape[0], x.shape[1]
    lanes = lanes_of(x.itemsize)
    inner = min(max(offset, first), stop)
    inner_stop = max(min(n - n_taps + offset + 1, stop), inner)
    if inner_stop - inner < lanes:
        inner = inner_stop = stop
    room = max(min(BORDER, max(inner - first, stop - inner_stop)), lanes)
    extended, result = np.empty(room + n_taps - 1, x.dtype), np.empty(room, x.dtype)
    for b in range(row, last_row):
        o = first
        while o < stop:
            if inner <= o < inner_stop:
                source, i, target, to, count = x[b], o - offset, y[b], o, inner_stop - o
                size = count
            else:
                count = min(room, (inner if o < inner else stop) - o)
                size = max(count, lanes)
                source, i, target, to = extended, 0, result, 0
                copy_extended(x[b], o - offset, padding, value, extended[: size + n_taps - 1])
            correlate_row(h, source, i, target, to, size)
            if not inner <= o < inner_stop:
                put(result, y[b, o : o + count])
            o += count
    return True


_task = task_of(filter_part)


@part
def correlate_row(h, x, i, y, o, n):
    """Write y[o + j] = Σ_k h[k]·x[i + j + k] for 0 ≤ j < n; n is at least one vector."""
    lanes = lanes_of(x.itemsize)
    done = 0
    if SHIFTS and 1 < h.shape[0] <= lanes:
        size = BRIEF * lanes
        while done + size <= min(n, x.shape[0] - lanes - i):
            brief(h, h.shape[0], x, i + done, y, o + done)
            done += size
    vectors = WIDE if n >= WIDE * lanes else NARROW if n >= NARROW * lanes else 1
    size = vectors * lanes
    for start in range(done, n, size):
        j = min(start, n - size)  # the last tile overlaps the one before and writes the same there
        for k in range(0, h.shape[0], SUM_BLOCK):
            count, carries = min(SUM_BLOCK, h.shape[0] - k), int(k > 0)
            if vectors == WIDE:
                wide(h, k, count, x, i + j + k, y, o + j, carries)
            elif vectors == NARROW:
                narrow(h, k, count, x, i + j + k, y, o + j, carries)
            else:
                single(h, k, count, x, i + j + k, y, o + j, carries)


@part
def copy_extended(x, start, padding, value, out):
    """Write out[j] = X[start + j]."""
    n, wanted = x.shape[0], out.shape[0]
    before = min(max(-start, 0), wanted)
    after = min(max(n - start, before), wanted)
    for j in range(before, after):
        out[j] = x[start + j]
    for j in range(wanted - (after - before)):
        place = j if j < before else j + after - before
        out[place] = value if padding == FILL else x[source_index(start + place, n, padding)]


def serves(w, rows: Geometry, columns: Geometry) -> bool:
    """Tell whether a job is one real response along contiguous rows, output by output."""
    return (
        w.shape[:4] == (1, 1, 1, 1)
        and w.dtype.char in "fd"
        and columns.stride == columns.spread == abs(columns.step) == 1
        and rows.n_in == rows.n_out
        and (rows.stride, rows.spread, rows.offset) == (1, 1, 0)
    )


def effort(n_taps: int, n_outputs: int, itemsize: int) -> tuple[float, ...]:
    """Return the work of a job: calls, bytes of outputs, bytes of products; see `calibration`."""
    size = n_outputs * itemsize
    return 1, size, size * n_taps


@lru_cache(maxsize=256)
def cost(n_taps: int, n_outputs: int, itemsize: int) -> float:
    """Return what a job costs, in ns on one core."""
    return price("rows", effort(n_taps, n_outputs, itemsize))


def correlation_of(w, columns: Geometry):
    """Return (taps, offset) of y[o] = Σ_k taps[k]·x[o + k − offset]."""
    taps = w.reshape(-1)
    if columns.step < 0:
        return np.ascontiguousarray(taps[::-1]), columns.offset + columns.n_kernel - 1
    return taps, columns.offset


class Rows(NamedTuple):
    """Direct sums along rows, by whatever response: nothing has to be made ready for them.

    Attributes
    ----------
    form, outside : tuple
        See `filter_rows`.
    """

    form: tuple[int, bool, bool]
    outside: tuple[int, Any]

    @classmethod
    def of(cls, columns: Geometry, padding: str, value, dtype: np.dtype) -> "Rows":
        """Return the sums for a geometry and what lies outside the rows, in the words of compiled code.

        Where positions outside count for nothing, taps that are not finite cannot be multiplied by the zeros there.
        """
        backwards = columns.step < 0
        offset = columns.offset + (columns.n_kernel - 1 if backwards else 0)
        fill = dtype.type(value if padding == "constant" else 0)
        return cls((offset, backwards, padding == "zero"), (CODES[padding], fill))

    def __call__(self, h, x, y) -> bool:
        """Write y = the response h (K,) applied to the rows of x; tell whether that could be done."""
        x, y = (x[None], y[None]) if x.ndim == 1 else (x.reshape(-1, x.shape[-1]), y.reshape(-1, y.shape[-1]))
        x.setflags(False)  # these are views
        crew = board_for(cost(len(h), y.size, x.itemsize))
        return filter_rows(frozen(h), x, y, self.form, self.outside, *crew)

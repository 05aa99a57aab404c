"""Windows of an image that is continued without end, copied where a border is near.

An image filter reads its input in place. Only the outputs whose taps leave the image read such a window, so that the
padding costs what its strips cost, whichever it is, and no large image is copied.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from .compilation import part
from .extension import CODES
from .simd import Emitter
from .taps import FILL, source_index


class Surroundings(NamedTuple):
    """What an image is taken to be outside its support, in the words of compiled code.

    Attributes
    ----------
    rows, columns : int
        Codes of `taps`: how the image continues above and below, left and right.
    row_fill, column_fill : scalar
        What stands above and below, left and right, where the code is FILL.
    zero_rows : bool
        Above and below is nothing at all: zero, whatever stands left and right.
    """

    rows: int
    columns: int
    row_fill: float
    column_fill: float
    zero_rows: bool


def surroundings(padding: tuple[str, str], value, dtype: np.dtype) -> Surroundings:
    """Return the compiled form of a padding per axis, with `value` where it is "constant"."""
    fills = [dtype.type(value if word == "constant" else 0) for word in padding]
    return Surroundings(CODES[padding[0]], CODES[padding[1]], fills[0], fills[1], padding[0] == "zero")


def _copying(typing_context, x, i, out, o, n):
    """Write out[o : o + n] = x[i : i + n], two flat arrays that do not overlap."""

    def generate(context, builder, signature, args):
        emit = Emitter(context, builder, signature, args, x.dtype)
        cgutils.raw_memcpy(builder, emit.data(2, args[3]), emit.data(0, args[1]), args[4], x.dtype.bitwidth // 8)
        return emit.nothing()

    return types.void(x, types.intp, out, types.intp, types.intp), generate


_copy: Any = intrinsic(_copying)


@part
def copy_window(x, corner, size, around, out, pitch):
    """Write out[pitch·i + j] = X[top + i, left + j] for an image x (H, W), continued to X on all sides.

    Parameters
    ----------
    x : array (H, W)
    corner, size : tuples (top, left), (rows, columns)
        The window; it may lie anywhere, also far outside x.
    around : Surroundings
    out : array (≥ pitch·rows,)
        Flat; elements between the lines of the window are left alone.
    pitch : int
        Distance of lines in `out`, ≥ columns.
    """
    top, left = corner
    n_rows, n_columns = size
    height, width = x.shape
    flat = x.reshape(-1)
    begin = min(max(-left, 0), n_columns)
    stop = max(min(width - left, n_columns), begin)
    sources = np.empty(n_columns - (stop - begin), np.int64)
    places = np.empty_like(sources)
    for j in range(sources.shape[0]):
        places[j] = j if j < begin else j + stop - begin
        if around.columns != FILL:
            sources[j] = source_index(left + places[j], width, around.columns)
    for i in range(n_rows):
        row, o = top + i, pitch * i
        is_outside = row < 0 or row >= height
        if is_outside and around.rows == FILL:
            beside = around.row_fill
            if around.columns == FILL and not around.zero_rows:
                beside = around.column_fill
            for j in range(n_columns):
                out[o + j] = around.row_fill if begin <= j < stop else beside
            continue
        if is_outside:
            row = source_index(row, height, around.rows)
        _copy(flat, row * width + left + begin, out, o + begin, stop - begin)
        for j in range(sources.shape[0]):
            out[o + places[j]] = around.column_fill if around.columns == FILL else x[row, sources[j]]

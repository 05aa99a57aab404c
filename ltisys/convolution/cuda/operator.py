"""The padded bank of filters and its two adjoints on device arrays: which kernel runs, and on what."""

from typing import Any

import numpy as np

from ..geometry import Geometry
from ..operator import Operator
from . import bank_tile, direct, fir_tile, fold, image_tile, overlap, separable, weights, weights_tile
from .edges import Axis, axis_of, plain
from .libraries import Caller
from .memory import CONJUGATE, packed, strided
from .tile import KINDS

FEWEST_MAPS = 4  # of a bank for which a tile of maps pays


def axes_of(operator: Operator) -> tuple[Axis, Axis]:
    """Return both axes of an operator, with what lies outside the input."""
    return axis_of(operator.rows, operator.padding[0]), axis_of(operator.columns, operator.padding[1])


def forward(operator: Operator, w, x, y, caller: Caller, terms=None) -> None:
    """Fill y (B, G, M, H', W') from x (B, G, C, H, W) and w (G, M, C, KH, KW), contiguous and of one dtype.

    With `terms`, pairs (column, row) in main memory whose outer products sum to the only response, in two passes.
    """
    axes, value = axes_of(operator), _scalar(operator.value, y.dtype)
    if not y.size:
        return
    if terms is None:
        if operator.method != "fft" or not overlap.convolve(w, x, y, _given(operator), value, caller):
            _run(w, x, y, axes, value, caller)
    elif y.dtype.char in KINDS and separable.serves(w, axes):
        separable.run(terms, w.reshape(w.shape[3:]), _planes(x), _planes(y), axes, value, caller)
    else:
        _in_two_passes(terms, x, y, axes, value, caller)


def _run(w, x, y, axes: tuple[Axis, Axis], value, caller: Caller) -> None:
    """Apply a bank with the kernel that is made for its shape.

    The choice follows from arithmetic, not from timings. A tile reads a sample from memory once, where `direct` reads
    it once per tap; it needs floating point, and outputs at every place of one response per channel, or several maps
    among which gathered samples are shared.
    """
    rows, columns = axes
    n_maps, n_channels, n_kh, n_kw = w.shape[1:]
    alone = n_maps == n_channels == 1 and all(_is_dense(axis.relation) for axis in axes)
    if y.dtype.char not in KINDS:
        direct.run(w, x, y, axes, value, caller)
    elif alone and rows == plain(Geometry(y.shape[3], 1, y.shape[3], step=rows.relation.step)):
        fir_tile.run(w.reshape(w.shape[0], n_kw), _lines(x), _lines(y), columns, value, caller)
    elif alone:
        image_tile.run(w.reshape(w.shape[0], n_kh, n_kw), _planes(x), _planes(y), axes, value, caller)
    elif n_maps >= FEWEST_MAPS:
        bank_tile.run(w, x, y, axes, value, caller)
    else:
        direct.run(w, x, y, axes, value, caller)


def pays(n_terms: int, w_shape: tuple[int, ...]) -> bool:
    """Tell whether two passes beat one: up to 7 × 7 taps a plane takes the time to read and write it either way."""
    n_kh, n_kw = w_shape[3:]
    return n_kh * n_kw >= max(49, 2 * n_terms * (n_kh + n_kw))


def _in_two_passes(terms, x, y, axes: tuple[Axis, Axis], value, caller: Caller) -> None:
    """Apply a sum of outer products in any geometry: as many maps along the rows, summed down the columns."""
    rows, columns = axes
    across = np.stack([row for _, row in terms])[None, :, None, None, :].astype(y.dtype)
    down = np.stack([column for column, _ in terms])[None, None, :, :, None].astype(y.dtype)
    n_rows = rows.relation.n_in
    along = Axis(Geometry(n_rows, 1, n_rows), rows.edge), columns
    still = plain(Geometry(columns.relation.n_out, 1, columns.relation.n_out))
    between = caller.room((x.shape[0], 1, len(terms), n_rows, columns.relation.n_out), y.dtype)
    _run(caller.upload(across), x, between, along, value, caller)
    _run(caller.upload(down), between, y, (plain(rows.relation), still), _scalar(0, y.dtype), caller)


def wrt_input(operator: Operator, w, y_bar, caller: Caller):
    """Return x̄ = Extendᵀ · Hᴴ · ȳ."""
    axes = axes_of(operator)
    w = packed(_swapped(w), w.dtype, caller, CONJUGATE)
    shape = y_bar.shape[0], w.shape[0], w.shape[1], *(axis.relation.n_in for axis in axes)
    x_bar = caller.room(shape, y_bar.dtype)
    if not x_bar.size:
        return caller.room((*shape[:3], operator.rows.n_in, operator.columns.n_in), y_bar.dtype)
    transposed = plain(axes[0].relation.wrt_input()), plain(axes[1].relation.wrt_input())
    nothing = _scalar(0, y_bar.dtype)
    relations = (transposed[0].relation, "zero"), (transposed[1].relation, "zero")
    if operator.method != "fft" or not overlap.convolve(w, y_bar, x_bar, relations, nothing, caller):
        _run(w, y_bar, x_bar, transposed, nothing, caller)
    for place, axis, padding in ((4, axes[1], operator.padding[1]), (3, axes[0], operator.padding[0])):
        if axis.amounts != (0, 0):
            x_bar = fold.run(x_bar, place, axis.amounts, padding, caller)
    return x_bar


def wrt_kernel(operator: Operator, x, y_bar, caller: Caller):
    """Return w̄, summed over the batch."""
    n_groups, n_channels = x.shape[1:3]
    shape = n_groups, y_bar.shape[2], n_channels, operator.rows.n_kernel, operator.columns.n_kernel
    w_bar = caller.room(shape, x.dtype)
    value = _scalar(operator.value, x.dtype)
    if operator.method == "fft" and overlap.wrt_kernel(x, y_bar, w_bar, _given(operator), value, caller):
        return w_bar
    x = packed(x, x.dtype, caller, CONJUGATE)
    tiled = x.dtype.char in KINDS and y_bar.shape[2] >= FEWEST_MAPS and x.size
    kernel = weights_tile if tiled else weights
    kernel.run(x, y_bar, w_bar, axes_of(operator), np.conj(value), caller)
    return w_bar


def _given(operator: Operator) -> overlap.Axes:
    """Return both axes of an operator, not extended."""
    return (operator.rows, operator.padding[0]), (operator.columns, operator.padding[1])


def _is_dense(g: Geometry) -> bool:
    """Tell whether every output has a tap beside a tap and a sample beside a sample."""
    return g.stride == g.spread == abs(g.step) == 1


def _lines(array):
    """Return a contiguous array as rows (P, N)."""
    width = array.shape[4]
    return array.reshape(array.size // width, width)


def _planes(array):
    """Return a contiguous array as planes (P, H, W)."""
    height, width = array.shape[3], array.shape[4]
    return array.reshape(array.size // (height * width), height, width)


def _swapped(w):
    """Return the view of w with maps and channels exchanged."""
    (g, m, c, *taps), (by_g, by_m, by_c, *by_taps) = w.shape, w.strides
    return strided(w, (g, c, m, *taps), (by_g, by_c, by_m, *by_taps))


def _scalar(value: Any, dtype: np.dtype) -> Any:
    return dtype.type(value)

"""The padded bank of filters and its two adjoints on device arrays: which kernel runs, and on what."""

from typing import Any

import numpy as np

from ..operator import Operator
from . import direct, fold, overlap, weights
from .edges import Axis, axis_of, plain
from .libraries import Caller
from .memory import CONJUGATE, packed, strided


def axes_of(operator: Operator) -> tuple[Axis, Axis]:
    """Return both axes of an operator, with what lies outside the input."""
    return axis_of(operator.rows, operator.padding[0]), axis_of(operator.columns, operator.padding[1])


def forward(operator: Operator, w, x, y, caller: Caller) -> None:
    """Fill y (B, G, M, H', W') from x (B, G, C, H, W) and w (G, M, C, KH, KW), contiguous and of one dtype."""
    if not y.size:
        return
    value = _scalar(operator.value, y.dtype)
    if operator.method != "fft" or not overlap.convolve(w, x, y, _given(operator), value, caller):
        direct.run(w, x, y, axes_of(operator), value, caller)


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
        direct.run(w, y_bar, x_bar, transposed, nothing, caller)
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
    weights.run(x, y_bar, w_bar, axes_of(operator), np.conj(value), caller)
    return w_bar


def _given(operator: Operator) -> overlap.Axes:
    """Return both axes of an operator, not extended."""
    return (operator.rows, operator.padding[0]), (operator.columns, operator.padding[1])


def _swapped(w):
    """Return the view of w with maps and channels exchanged."""
    (g, m, c, *taps), (by_g, by_m, by_c, *by_taps) = w.shape, w.strides
    return strided(w, (g, c, m, *taps), (by_g, by_c, by_m, *by_taps))


def _scalar(value: Any, dtype: np.dtype) -> Any:
    return dtype.type(value)

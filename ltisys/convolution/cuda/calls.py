"""The public functions for arrays on a GPU: the same checks, the same layout, the device's kernels.

Samples stay on the device and results are allocated by the caller's library, on its stream. Responses may also come
from main memory. Direct sums of floating point do not wait for the device. Integers do, once, because a result that
might not fit is refused before it is computed; transforms do, because what is not finite they would spread.
"""

from typing import Any

import numpy as np

from ..layout import Layout, Operand, laid_out, lay_out_bank, lay_out_filter
from ..numerics import precision_of, refuse_integer_gradient
from ..residence import on_gpu
from ..separable import factors
from . import integers
from . import operator as device
from .choice import on_device
from .libraries import Caller, borrowed, caller_of
from .memory import CONJUGATE, REAL, copy, is_contiguous, moved, packed, share


def filter_along(x, h, words: tuple, axes, out=None):
    """Filter x along one axis by h (K,), or along two axes by h (KH, KW)."""
    return _filter(lay_out_filter, ("x", "h"), x, h, words, axes, out)


def filter_bank(x, bank, words: tuple, groups, out=None):
    """Apply a bank (M, C/groups, …) to x (B, C, …)."""
    return _filter(lay_out_bank, ("x", "bank"), x, bank, words, groups, out)


def filter_along_vjp(x, h, y_bar, words: tuple, axes):
    """Return (x̄, h̄) of `filter_along`."""
    return _vjp(lay_out_filter, ("x", "h"), x, h, y_bar, words, axes)


def filter_bank_vjp(x, bank, y_bar, words: tuple, groups):
    """Return (x̄, bank̄) of `filter_bank`."""
    return _vjp(lay_out_bank, ("x", "bank"), x, bank, y_bar, words, groups)


def _filter(lay_out, names, x, h, words, where, out):
    caller = caller_for(names[0], x)
    with caller.on_device():
        source, taps = borrowed(x), response(names[1], h, caller)
        layout = _laid_out(lay_out, source, taps, words, where)
        return run(layout, caller, source, taps, out, terms_of(layout, h))


def run(layout: Layout, caller: Caller, x, h, out=None, terms=None):
    """Apply a response to samples, both on the device, and deliver the result; for `terms` see `terms_of`."""
    work, result = layout.precision
    if work.kind == "i":
        integers.refuse_overflow(x, h, layout.w_shape, layout.operator.value, caller)
    w, batch = _kernel(layout, h, caller), _arranged(layout, x, layout.x_shape, caller)
    target, view = _target(layout, caller, out)
    shape = layout.x_shape[0], *layout.w_shape[:2], layout.operator.rows.n_out, layout.operator.columns.n_out
    ready = moved_back(layout, view)
    in_place = work == result and is_contiguous(ready) and (out is None or not share(ready, x))
    y = ready if in_place else caller.room(tuple(ready.shape), work)
    device.forward(layout.operator, w, batch, y.reshape(shape), caller, terms)
    if not in_place:
        copy(y, ready, caller)
    return target


def terms_of(layout: Layout, h):
    """Return pairs (column, row) whose outer products sum to a response where two passes are asked for, or pay.

    Unasked only a response in main memory is looked at: reading one from the device would wait for it.
    """
    forced = layout.operator.method == "separable"
    tried = layout.is_auto and not on_gpu(h) and device.pays(1, layout.w_shape)
    if not forced and not (tried and layout.precision.work.kind != "i"):
        return None
    kernel = layout.kernel(borrowed(h).copy_to_host() if on_gpu(h) else np.asarray(h))
    if forced:
        layout.operator.refuse_method(kernel)
    terms = factors(kernel[0, 0, 0])
    return terms if terms and (forced or device.pays(len(terms), layout.w_shape)) else None


def _vjp(lay_out, names, x, h, y_bar, words, where):
    caller = caller_for(names[0], x)
    with caller.on_device():
        source, taps = borrowed(x), response(names[1], h, caller)
        error = borrowed(y_bar) if on_gpu(y_bar) else _uploaded(np.asarray(y_bar), caller)
        refuse_integer_gradient(source, taps, error)
        layout = _laid_out(lay_out, source, taps, words, where)
        y_bar = error_signal(layout, error, caller)
        return wrt_input(layout, source, taps, y_bar, caller), wrt_kernel(layout, source, taps, y_bar, caller)


def error_signal(layout: Layout, error, caller: Caller):
    """Return an error signal of the output, on the device, in the operator's order."""
    if tuple(error.shape) != layout.result_shape:
        given = tuple(error.shape)
        raise ValueError(f"y_bar must have the shape of the output, {layout.result_shape}, got {given}")
    rows, columns = layout.operator.rows, layout.operator.columns
    return _arranged(layout, error, (layout.x_shape[0], *layout.w_shape[:2], rows.n_out, columns.n_out), caller)


def wrt_input(layout: Layout, source, taps, y_bar, caller: Caller):
    """Return x̄ as the caller's array; of the samples only shape and dtype count."""
    x_bar = device.wrt_input(layout.operator, _kernel(layout, taps, caller), y_bar, caller)
    return _gradient(x_bar, source, caller, lambda view: moved_back(layout, view))


def wrt_kernel(layout: Layout, source, taps, y_bar, caller: Caller):
    """Return h̄ as the caller's array; of the response only shape and dtype count."""
    w_bar = device.wrt_kernel(layout.operator, _arranged(layout, source, layout.x_shape, caller), y_bar, caller)
    if layout.operator.correlates:  # a correlation reads conj(h): the gradient comes back through the conjugation
        w_bar = packed(w_bar, w_bar.dtype, caller, CONJUGATE)
    return _gradient(w_bar, taps, caller, lambda view: view)


def _gradient(gradient, operand, caller: Caller, arrange):
    """Return a gradient as the caller's array, with shape and dtype of its operand: the real part of real ones."""
    given = caller.empty(tuple(operand.shape), operand.dtype)
    view = arrange(borrowed(given))
    kind = REAL if operand.dtype.kind != "c" else 0
    copy(gradient.reshape(tuple(view.shape)), view, caller, kind if gradient.dtype.kind == "c" else 0)
    return caller.returned(given)


def caller_for(name: str, array: Any) -> Caller:
    """Tell who owns samples; they have to lie on a GPU."""
    if not on_gpu(array):
        raise TypeError(f"the response lies on a GPU and {name} does not: move {name} there, or the response here")
    return caller_of(array)


def response(name: str, h: Any, caller: Caller):
    """Return a response on the device, copied there if it lies in main memory."""
    return borrowed(h) if on_gpu(h) else _uploaded(np.asarray(h), caller)


def _uploaded(array: np.ndarray, caller: Caller):
    """Copy an array of main memory to the device."""
    precision_of(array.dtype, array.dtype)  # refuses what no kernel computes
    return caller.upload(array.astype(array.dtype.newbyteorder("="), copy=False))


def laid_out_bank(x, bank, words: tuple, groups) -> Layout:
    """Return the layout of a bank; of the arrays only shapes and dtypes count."""
    return _laid_out(lay_out_bank, x, bank, words, groups)


def _laid_out(lay_out, x, h, words: tuple, where) -> Layout:
    layout = laid_out(lay_out, Operand(tuple(x.shape), x.dtype), Operand(tuple(h.shape), h.dtype), words, where)
    return on_device(layout)


def _kernel(layout: Layout, h, caller: Caller):
    """Return the response in the operator's order: contiguous, in the working dtype, conjugated to correlate."""
    kind = CONJUGATE if layout.operator.correlates else 0
    return packed(h, layout.precision.work, caller, kind).reshape(layout.w_shape)


def _arranged(layout: Layout, array, shape, caller):
    """Return samples in the operator's order, contiguous and in the working dtype."""
    return packed(moved_front(layout, array), layout.precision.work, caller).reshape(shape)


def moved_front(layout: Layout, array):
    """Return the view of an array with the filtered axes last."""
    ndim = len(layout.y_shape)
    return moved(array, layout.axes, range(ndim - len(layout.axes), ndim)) if layout.axes else array


moved_back = moved_front  # a result of the caller's shape is written through the same view


def _target(layout: Layout, caller: Caller, out):
    """Return the array the caller gets and numba's view of it."""
    shape, dtype = layout.result_shape, layout.precision.result
    if out is None:
        made = caller.empty(shape, dtype)
        return caller.returned(made), borrowed(made)
    if not on_gpu(out) or tuple(out.shape) != shape or borrowed(out).dtype != dtype:
        given = f"{out.dtype} {tuple(out.shape)}" if hasattr(out, "dtype") else type(out).__name__
        raise ValueError(f"out must be an array on the GPU of dtype {dtype} and shape {shape}, got {given}")
    return out, borrowed(out)

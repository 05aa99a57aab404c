"""Responses made ready: what follows from a call and its response is found once, and then only applied.

Recent responses are found by their content, so that a filter which is applied again pays its set-up once.
"""

import os
import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from .costs import choose
from .layout import Layout
from .operator import Bound
from .passes import Passes
from .slices import batch_is_innermost, empty, into_batch_innermost, lying

RECENT_FILTERS = 32
LARGEST_KEPT = 1 << 20  # bytes of a response; larger ones are made ready anew
END = 128  # bytes of a long response, at either end, by which it is looked up


@dataclass(frozen=True, eq=False)
class Prepared:
    """A layout with its response, and everything that follows from both: what is left to do is the work itself.

    Attributes
    ----------
    layout : Layout
        The call.
    bound : Bound
        The operator with the response.
    """

    layout: Layout
    bound: Bound

    def __call__(self, x, out=None, order="K"):
        """Return the result for an array of the layout's shape and dtype."""
        layout = self.layout
        x = layout.worked(x)
        if layout.precision.work.kind == "i":
            self.bound.refuse_rounding(x)
        innermost = order == "K" and out is None and layout.takes_either_order and self.bound.fills_lanes(x)
        y = target_for(layout, x, out, innermost)
        self.bound(x, y)
        return delivered(layout, y, out)

    def arranged(self, x):
        """Return x as the filter and its gradients best read it: as it is."""
        return x

    def wrt_input(self, x, y_bar):
        """Return x̄ for the error signal of the output; of x only the shape, dtype and order in memory count."""
        layout, operator = self.layout, self.bound.operator
        innermost = layout.takes_either_order and batch_is_innermost(x)
        x_bar = operator.wrt_input(self.bound.w, self._arranged(y_bar), innermost).reshape(layout.moved(x).shape)
        return _like(x_bar if innermost else layout.restore(x_bar), x)

    def wrt_kernel(self, x, y_bar, h):
        """Return h̄ for the error signal of the output, of the shape and dtype of h."""
        operator = self.bound.operator
        h_bar = operator.wrt_kernel(self.layout.arrange(x), self._arranged(y_bar)).reshape(h.shape)
        # a correlation reads conj(h): the gradient comes back through the conjugation
        return _like(h_bar.conj() if operator.correlates else h_bar, h)

    def _arranged(self, y_bar):
        layout, operator, w = self.layout, self.bound.operator, self.bound.w
        refuse_shape(layout, y_bar)
        shape = (layout.x_shape[0], *w.shape[:2], operator.rows.n_out, operator.columns.n_out)
        return layout.arrange(y_bar, shape)


@dataclass(eq=False, slots=True)
class PreparedBank:
    """A layout with its bank where `passes` does the work, with what `Prepared` offers.

    What they cannot sum, because it is not finite, is left to that.

    Attributes
    ----------
    layout : Layout
        The call.
    passes : Passes
        Of the layout.
    w : ndarray
        The responses in the operator's order.
    kept : bool
        Whether they stay as they are, and are packed once.
    """

    layout: Layout
    passes: Passes
    w: np.ndarray
    kept: bool
    packed: np.ndarray | None = None

    def __post_init__(self):
        if self.kept:
            self.packed = self.passes.packed(self.w)

    def __call__(self, x, out=None, order="K"):
        """Return the result for an array of the layout's shape and dtype."""
        layout, passes = self.layout, self.passes
        samples, innermost = lying(layout.converted(x))
        y = target_for(layout, samples, out, order == "K" and out is None and passes.fills_lanes(innermost))
        if not passes.forward(self.w, samples, innermost, y, self.packed):
            return self._otherwise()(x, out, order)
        return y if out is None else delivered(layout, y, out)

    def arranged(self, x):
        """Return x in the order of memory in which the filter and its gradients read it, itself where that is so."""
        samples, innermost = lying(self.layout.converted(x))
        if innermost or not self.passes.fills_lanes(innermost):
            return x
        return into_batch_innermost(samples)

    def wrt_input(self, x, y_bar):
        """Return x̄ for the error signal of the output; of x only the shape, dtype and order in memory count."""
        x_bar = self.passes.wrt_input(self.w, self._converted(y_bar), batch_is_innermost(x))
        return self._otherwise().wrt_input(x, y_bar) if x_bar is None else _like(x_bar, x)

    def wrt_kernel(self, x, y_bar, h):
        """Return h̄ for the error signal of the output, of the shape and dtype of h."""
        h_bar = self.passes.wrt_kernel(self.layout.converted(x), self._converted(y_bar))
        return self._otherwise().wrt_kernel(x, y_bar, h) if h_bar is None else _like(h_bar.reshape(h.shape), h)

    def _converted(self, y_bar):
        refuse_shape(self.layout, y_bar)
        return self.layout.converted(y_bar)

    @property
    def bound(self) -> Bound:
        """The operator with the responses."""
        return self.layout.operator.bind(self.w, kept=False)

    def _otherwise(self) -> Prepared:
        return Prepared(self.layout, self.bound)


ON_CPU = Prepared, PreparedBank


def refuse_shape(layout: Layout, y_bar) -> None:
    """Raise ValueError for an error signal that has not the shape of the output."""
    if y_bar.shape != layout.result_shape:
        raise ValueError(f"y_bar must have the shape of the output, {layout.result_shape}, got {y_bar.shape}")


def bind(layout: Layout, h, *, copy: bool = True) -> Prepared | PreparedBank:
    """Make a response ready; a method that cannot apply to it is refused."""
    w = layout.kernel(h)
    if copy and (w.base is not None or w is h):
        w = w.copy()  # what the caller does to h afterwards is nothing to this filter
    operator = layout.operator
    if operator.method == "auto":
        operator = operator.by(choose(layout.methods, w, layout.x_shape[0], operator.rows, operator.columns))
    else:
        operator.refuse_method(w)
    if layout.passes is not None:
        return PreparedBank(layout, layout.passes, w, copy)
    return Prepared(layout, operator.bind(w, kept=copy))


_filters: OrderedDict[tuple[Layout, bytes], tuple[bytes, Prepared | PreparedBank]] = OrderedDict()
_lock = threading.Lock()


def recent_filter(layout: Layout, h) -> Prepared | PreparedBank:
    """Return the filter of a layout and a response, a recent one where the content of the response is the same."""
    content = h.tobytes()
    if len(content) > LARGEST_KEPT:
        return bind(layout, h)
    # a hash over all of a long response would take longer than comparing it with the one that looks the same
    key = layout, content if len(content) <= 2 * END else content[:END] + content[-END:]
    with _lock:
        known = _filters.get(key)
        if known is not None and known[0] == content:
            _filters.move_to_end(key)
            return known[1]
    made = bind(layout, h)
    with _lock:
        _filters[key] = content, made
        while len(_filters) > RECENT_FILTERS:
            _filters.popitem(last=False)
    return made


def _forget() -> None:
    """Start with a lock of its own in a forked process: whoever held the other one does not exist there."""
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def _like(gradient, operand):
    """Return a gradient in the dtype of its operand: the real part where the operand is real."""
    if operand.dtype.kind != "c":
        gradient = gradient.real
    gradient = lying(gradient)[0]
    if gradient.dtype == operand.dtype and operand.dtype.isnative:
        return gradient
    with np.errstate(over="ignore"):  # float16 may round to ±Inf
        return gradient.astype(operand.dtype.newbyteorder("="), copy=False)


def target_for(layout: Layout, x, out, innermost: bool = False):
    """Return where the result for x is to be written: `out` if that can be."""
    if out is not None and layout.can_fill(out, x):
        return out
    return empty(layout.y_shape, layout.precision.work, innermost)


def delivered(layout: Layout, y, out):
    """Return what was written to the target as the caller wants it."""
    if y is out:
        return y
    y, dtype = layout.restore(y), layout.precision.result
    if out is None and y.dtype == dtype:
        return y
    with np.errstate(over="ignore"):  # float16 may round to ±Inf
        if out is None:
            return y.astype(dtype)
        if not isinstance(out, np.ndarray) or out.shape != y.shape or out.dtype != dtype:
            given = f"{out.dtype} {out.shape}" if isinstance(out, np.ndarray) else type(out).__name__
            raise ValueError(f"out must be an array of dtype {dtype} and shape {y.shape}, got {given}")
        np.copyto(out, y, casting="same_kind")
    return out

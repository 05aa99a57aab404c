"""From what the caller typed to the operator and back: a response is made ready once, and then only applied.

Recent responses are found by their content, so that a filter which is applied again pays its set-up once. Direct sums
along rows have no set-up: they take any response as it comes.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .costs import choose
from .layout import Layout, Words, laid_out, lay_out_bank, lay_out_filter
from .numerics import refuse_integer_gradient
from .operator import Bound
from .passes import Passes
from .residence import on_gpu
from .slices import batch_is_innermost, empty, into_batch_innermost

if TYPE_CHECKING:
    from .cuda.prepared import PreparedOnDevice

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
        y = _target(layout, x, out, innermost)
        self.bound(x, y)
        return _deliver(layout, y, out)

    def arranged(self, x):
        """Return x in the order of memory in which the filter and its gradients read it, itself where that is so."""
        layout, bound = self.layout, self.bound
        if not layout.takes_either_order or bound.operator.amounts or batch_is_innermost(x) or not bound.fills_lanes(x):
            return x
        return into_batch_innermost(layout.worked(x))

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
        x = layout.worked(x)
        y = _target(layout, x, out, order == "K" and out is None and passes.fills_lanes(x))
        if not passes.forward(self.w, x, y, self.packed):
            return self._otherwise()(x, out, order)
        return y if out is None else _deliver(layout, y, out)

    def arranged(self, x):
        """Return x in the order of memory in which the filter and its gradients read it, itself where that is so."""
        if batch_is_innermost(x) or not self.passes.fills_lanes(x):
            return x
        return into_batch_innermost(self.layout.worked(x))

    def wrt_input(self, x, y_bar):
        """Return x̄ for the error signal of the output; of x only the shape, dtype and order in memory count."""
        x_bar = self.passes.wrt_input(self.w, self._worked(y_bar), batch_is_innermost(x))
        return self._otherwise().wrt_input(x, y_bar) if x_bar is None else _like(x_bar, x)

    def wrt_kernel(self, x, y_bar, h):
        """Return h̄ for the error signal of the output, of the shape and dtype of h."""
        h_bar = self.passes.wrt_kernel(self.layout.worked(x), self._worked(y_bar))
        return self._otherwise().wrt_kernel(x, y_bar, h) if h_bar is None else _like(h_bar.reshape(h.shape), h)

    def _worked(self, y_bar):
        refuse_shape(self.layout, y_bar)
        return self.layout.worked(y_bar)

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


def filter_along(x, h, words: tuple, axes, out=None):
    """Filter x along one axis by h (K,), or along two axes by h (KH, KW)."""
    if type(x) is not np.ndarray or type(h) is not np.ndarray:
        if device := _device_of(x, h):
            return device.filter_along(x, h, words, axes, out)
        x, h = on_cpu("x", x), on_cpu("h", h)
    layout = laid_out(lay_out_filter, x, h, words, axes)
    if layout.sums is not None:
        samples = layout.worked(x)
        y = _target(layout, samples, out)
        if layout.sums(layout.taps(h), samples, y):
            return _deliver(layout, y, out)
    return recent_filter(layout, h)(x, out)


def filter_along_vjp(x, h, y_bar, words: tuple, axes):
    """Return (x̄, h̄) of `filter_along`."""
    if device := _device_of(x, h, y_bar):
        return device.filter_along_vjp(x, h, y_bar, words, axes)
    x, h = on_cpu("x", x), on_cpu("h", h)
    return _vjp(lambda: laid_out(lay_out_filter, x, h, words, axes), x, h, np.asarray(y_bar))


def filter_bank(x, bank, words: tuple, groups, out=None, order="K"):
    """Apply a bank (M, C/groups, …) to x (B, C, …)."""
    if order not in ("K", "C"):
        raise ValueError(f"unknown order {order!r}: use 'K' (as the engine likes) or 'C' (contiguous)")
    if device := _device_of(x, bank):
        return device.filter_bank(x, bank, words, groups, out)
    x, bank = on_cpu("x", x), on_cpu("bank", bank)
    return recent_filter(laid_out(lay_out_bank, x, bank, words, groups), bank)(x, out, order)


def filter_bank_vjp(x, bank, y_bar, words: tuple, groups):
    """Return (x̄, bank̄) of `filter_bank`."""
    if device := _device_of(x, bank, y_bar):
        return device.filter_bank_vjp(x, bank, y_bar, words, groups)
    x, bank = on_cpu("x", x), on_cpu("bank", bank)
    return _vjp(lambda: laid_out(lay_out_bank, x, bank, words, groups), x, bank, np.asarray(y_bar))


def prepare_bank(x, bank, mode="same", *, groups=1, **words) -> "Prepared | PreparedBank | PreparedOnDevice":
    """Return the filter for one step of training: neither kept nor copied, so a change of the bank changes it.

    Parameters
    ----------
    x : ndarray, shape (B, C, N) or (B, C, H, W)
        Of which only shape and dtype count, and where it lies.
    bank : ndarray, shape (M, C//groups, K) or (M, C//groups, KH, KW)
        The responses, on the device where x lies.
    mode, groups, **words
        As in `convolve_bank`.

    Returns
    -------
    Prepared
        Call it with x for the outputs; `wrt_input` and `wrt_kernel` give one error signal each.

    Raises
    ------
    ValueError, TypeError
        As `convolve_bank`.

    Examples
    --------
    >>> x, bank = np.array([[[1.0, 2.0]]]), np.array([[[3.0]]])
    >>> filters = prepare_bank(x, bank)
    >>> filters(x), filters.wrt_input(x, np.ones((1, 1, 2)))
    (array([[[3., 6.]]]), array([[[3., 3.]]]))
    """
    words = Words(mode, **words)
    if _on_gpu(x, bank):
        from .cuda import prepared

        return prepared.prepare_bank(x, bank, words, groups)
    return bind(laid_out(lay_out_bank, x, bank, words, groups), bank, copy=False)


def bind(layout: Layout, h, *, copy: bool = True) -> Prepared | PreparedBank:
    """Make a response ready; a method that cannot apply to it is refused."""
    w = layout.kernel(h)
    if copy and (w.base is not None or w is h):
        w = w.copy()  # what the caller does to h afterwards is nothing to this filter
    if layout.passes is not None:
        return PreparedBank(layout, layout.passes, w, copy)
    operator = layout.operator
    if operator.method == "auto":
        operator = operator.by(choose(layout.methods, w, layout.x_shape[0], operator.rows, operator.columns))
    else:
        operator.refuse_method(w)
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


def _vjp(lay_out: Callable[[], Layout], x, h, y_bar):
    refuse_integer_gradient(x, h, y_bar)
    prepared = recent_filter(lay_out(), h)
    return prepared.wrt_input(x, y_bar), prepared.wrt_kernel(x, y_bar, h)


def pair_of_axes(axes):
    """Keep a single axis given to a two-dimensional function from being read as a one-dimensional call."""
    return axes if isinstance(axes, tuple | list) else (axes,)


def _device_of(*operands):
    """Return what computes on a GPU where one of the operands lies there, else None."""
    if not _on_gpu(*operands):
        return None
    from .cuda import calls  # with all that it needs, which few have installed

    return calls


def _on_gpu(*operands):
    return any(type(each) is not np.ndarray and on_gpu(each) for each in operands)


def on_cpu(name, given):
    """Return an operand as an array in main memory."""
    if type(given) is np.ndarray:
        return given
    if on_gpu(given):
        raise TypeError(f"{name} lies on a GPU and is wanted in main memory: copy it there first")
    return np.asarray(given)


def _like(gradient, operand):
    """Return a gradient in the dtype of its operand: the real part where the operand is real."""
    if operand.dtype.kind != "c":
        gradient = gradient.real
    if not batch_is_innermost(gradient):
        gradient = np.ascontiguousarray(gradient)
    if gradient.dtype == operand.dtype and operand.dtype.isnative:
        return gradient
    with np.errstate(over="ignore"):  # float16 may round to ±Inf
        return gradient.astype(operand.dtype.newbyteorder("="), copy=False)


def _target(layout: Layout, x, out, innermost: bool = False):
    """Return where the result for x is to be written: `out` if that can be."""
    if out is not None and layout.can_fill(out, x):
        return out
    return empty(layout.y_shape, layout.precision.work, innermost)


def _deliver(layout: Layout, y, out):
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

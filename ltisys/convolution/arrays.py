"""From what the caller typed to the operator and back, on the device where the operands lie.

Direct sums along rows have no set-up: they take any response as it comes. For the others see `prepared`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from .layout import Layout, Words, laid_out, lay_out_bank, lay_out_filter
from .numerics import refuse_integer_gradient
from .prepared import Prepared, PreparedBank, bind, delivered, recent_filter, target_for
from .residence import on_gpu

if TYPE_CHECKING:
    from .cuda.prepared import PreparedOnDevice


def filter_along(x, h, words: tuple, axes, out=None):
    """Filter x along one axis by h (K,), or along two axes by h (KH, KW)."""
    if type(x) is not np.ndarray or type(h) is not np.ndarray:
        if device := _device_of(x, h):
            return device.filter_along(x, h, words, axes, out)
        x, h = on_cpu("x", x), on_cpu("h", h)
    layout = laid_out(lay_out_filter, x, h, words, axes)
    if layout.sums is not None:
        samples = layout.worked(x)
        y = target_for(layout, samples, out)
        if layout.sums(layout.taps(h), samples, y):
            return delivered(layout, y, out)
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

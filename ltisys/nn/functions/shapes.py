"""Sums and changes of shape."""

import numpy as np

from ...convolution.residence import on_gpu
from ...convolution.slices import batch_is_innermost, empty, ordered, outermost
from ..graph import Array, Pullback, primitive


@primitive
def reshape(x: Array, *, shape: tuple[int, ...]) -> tuple[Array, Pullback]:
    """The same numbers in another shape.

    Examples
    --------
    >>> reshape([1.0, 2.0], shape=(2, 1)).shape
    (2, 1)
    """
    innermost = not on_gpu(x) and batch_is_innermost(x)
    y = (outermost(x) if innermost else x).reshape(shape)

    def pullback(y_bar: Array) -> tuple[Array]:
        x_bar = y_bar.reshape(x.shape)
        return (ordered(x_bar, True) if innermost else x_bar,)

    return y, pullback


@primitive
def transpose(x: Array) -> tuple[Array, Pullback]:
    """The axes in reverse order.

    Examples
    --------
    >>> transpose([[1.0, 2.0]]).shape
    (2, 1)
    """
    return x.T, lambda y_bar: (y_bar.T,)


@primitive
def concatenate(*parts: Array, axis: int = 1) -> tuple[Array, Pullback]:
    """The parts one after the other along an axis; each takes its own stretch of the error signal.

    Examples
    --------
    >>> concatenate([[1.0]], [[2.0, 3.0]])
    Variable([[1., 2., 3.]])
    """
    ends = np.cumsum([part.shape[axis] for part in parts[:-1]]).tolist()
    return np.concatenate(parts, axis=axis), lambda y_bar: tuple(np.split(y_bar, ends, axis=axis))


@primitive
def crop(x: Array, *, before: int, after: int) -> tuple[Array, Pullback]:
    """All but the first and the last samples along the last axis; no error signal comes back to those.

    Examples
    --------
    >>> crop([[1.0, 2.0, 3.0, 4.0]], before=1, after=2)
    Variable([[2.]])
    """
    stop, innermost = x.shape[-1] - after, not on_gpu(x) and batch_is_innermost(x)

    def pullback(y_bar: Array) -> tuple[Array]:
        x_bar = empty(x.shape, x.dtype, True) if innermost else np.empty_like(x)
        x_bar[..., :before] = 0
        x_bar[..., before:stop] = y_bar
        x_bar[..., stop:] = 0
        return (x_bar,)

    kept = x[..., before:stop]
    if not innermost:
        return kept, pullback
    y = empty(kept.shape, kept.dtype, True)  # a copy: a layer that takes it would make one in another order
    y[...] = kept
    return y, pullback


@primitive
def sum(x: Array, *, axis: int | tuple[int, ...] | None = None) -> tuple[Array, Pullback]:
    """The sum over the given axes, over all by default.

    Examples
    --------
    >>> sum([[1.0, 2.0], [3.0, 4.0]], axis=0)
    Variable([4., 6.])
    """
    return x.sum(axis=axis), lambda y_bar: (_repeat(y_bar, x.shape, axis),)


@primitive
def mean(x: Array, *, axis: int | tuple[int, ...] | None = None) -> tuple[Array, Pullback]:
    """The mean over the given axes, over all by default.

    Examples
    --------
    >>> mean([[1.0, 2.0], [3.0, 4.0]], axis=0)
    Variable([2., 3.])
    """
    y = x.mean(axis=axis)
    return y, lambda y_bar: (_repeat(y_bar / (x.size // y.size), x.shape, axis),)


def _repeat(y_bar: Array, shape: tuple[int, ...], axis: int | tuple[int, ...] | None) -> Array:
    """Broadcast along the summed axes: the adjoint of the sum."""
    if axis is not None:
        y_bar = np.expand_dims(y_bar, axis)
    return np.broadcast_to(y_bar, shape)

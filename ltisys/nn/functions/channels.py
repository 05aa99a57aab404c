"""What is done to every channel of an array (B, C, …) in one pass, in whichever order the array lies in memory.

Arrays on a GPU take operations on whole arrays instead of the compiled loops.
"""

import numpy as np

from ...convolution import threads
from ...convolution.residence import on_gpu
from ...convolution.slices import batch_is_innermost, by_channel, empty_like, lying_like
from .. import compiled, vectorised
from ..graph import Array


def channel_sums(x: Array) -> Array:
    """The sum over all axes but the channels'.

    Examples
    --------
    >>> channel_sums(np.ones((2, 3, 4)))
    array([8., 8., 8.])
    """
    if on_gpu(x):
        return vectorised.channel_sums(x)
    sums = _sums_of(x)
    compiled.add_up(by_channel(x), batch_is_innermost(x), sums, *_crew(x))
    return sums.sum(axis=0)


def channel_products(x: Array, y: Array, offsets: Array) -> Array:
    """The sum of (x − offsets[0]) · (y − offsets[1]) over all axes but the channels', for offsets (2, C).

    Examples
    --------
    >>> channel_products(np.array([[[1.0, 2.0]]]), np.array([[[3.0, 4.0]]]), np.array([[0.0], [3.0]]))
    array([2.])
    """
    if on_gpu(y):
        return vectorised.channel_products(x, y, offsets)
    given, sums = by_channel(lying_like(x, y)), _sums_of(y)
    compiled.add_products(given, batch_is_innermost(y), by_channel(y), offsets, sums, *_crew(y))
    return sums.sum(axis=0)


def scaled(x: Array, scale: Array, shift: Array) -> Array:
    """The array scale · x + shift with one scale and one shift per channel.

    Examples
    --------
    >>> scaled(np.ones((1, 2, 2)), np.array([2.0, 3.0]), np.array([0.0, 1.0]))
    array([[[2., 2.],
            [4., 4.]]])
    """
    if on_gpu(x):
        return vectorised.scaled(x, scale, shift)
    y, factors = empty_like(x), np.stack([scale, shift]).astype(x.dtype)
    compiled.scale(by_channel(x), batch_is_innermost(x), factors, by_channel(y), *_crew(x))
    return y


def combined(x: Array, y: Array, factors: Array) -> Array:
    """The array a · x + b · y + s with factors (a, b, s) of shape (3, C).

    Examples
    --------
    >>> combined(np.ones((1, 1, 2)), np.array([[[3.0, 4.0]]]), np.array([[2.0], [1.0], [0.5]]))
    array([[[5.5, 6.5]]])
    """
    if on_gpu(y):
        return vectorised.combined(x, y, factors)
    out = empty_like(y)
    given, factors = by_channel(lying_like(x, y)), factors.astype(y.dtype)
    compiled.combine(given, batch_is_innermost(y), by_channel(y), factors, by_channel(out), *_crew(y))
    return out


def rectified(x: Array) -> Array:
    """The larger of 0 and x, NaN where x is NaN, of an array of any shape.

    Examples
    --------
    >>> rectified(np.array([-1.0, 2.0]))
    array([0., 2.])
    """
    if on_gpu(x):
        return vectorised.rectified(x)
    y = empty_like(x)
    compiled.rectify(_raveled(x), _raveled(y))
    return y


def rectified_error(y: Array, y_bar: Array) -> Array:
    """The error signal ȳ where y > 0, else 0.

    Examples
    --------
    >>> rectified_error(np.array([0.0, 2.0]), np.array([3.0, 4.0]))
    array([0., 4.])
    """
    if on_gpu(y):
        return vectorised.rectified_error(y, y_bar)
    x_bar = empty_like(y)
    compiled.rectify_error(_raveled(y), _raveled(lying_like(y_bar, y)), _raveled(x_bar))
    return x_bar


def _raveled(x: Array) -> Array:
    """All elements in the order they lie in memory."""
    return x.ravel("K") if batch_is_innermost(x) else np.ascontiguousarray(x).reshape(-1)


def _sums_of(x: Array) -> Array:
    return np.zeros((-(-len(x) // compiled.BLOCK), x.shape[1]))


def _crew(x: Array):
    return threads.board_for(x.size * compiled.ELEMENT)

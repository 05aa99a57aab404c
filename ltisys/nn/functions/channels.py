"""What is done to every channel of an array (B, C, …) in one pass, in whichever order the array lies in memory.

Arrays on a GPU take operations on whole arrays instead of the compiled loops.
"""

import math

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
    compiled.add_up(by_channel(x), sums, *_crew(x))
    return sums.sum(axis=0)


def channel_moments(x: Array) -> tuple[Array, Array]:
    """The mean and the (biased) variance of every channel, in float64.

    Examples
    --------
    >>> channel_moments(np.array([[[1.0, 3.0]]]))
    (array([2.]), array([1.]))
    """
    count = x.size // x.shape[1]
    if on_gpu(x):
        return vectorised.channel_moments(x)
    given, sums = by_channel(x), _sums_of(x, 2)
    near = given[0, :, 0].astype(np.float64)  # sums of squares about 0 would cancel
    compiled.measure(given, near, sums, *_crew(x))
    total, squares = sums.sum(axis=0)
    return near + total / count, (squares - total * total / count) / count


def channel_errors(y_bar: Array, x: Array, offsets: Array, gate: Array) -> tuple[Array, Array]:
    """Σ e and Σ e·(x − offset) of every channel, where e is ȳ where a·x + b > 0, else 0, for the gate (a, b).

    Examples
    --------
    >>> y_bar, x = np.array([[[1.0, 2.0]]]), np.array([[[-3.0, 4.0]]])
    >>> channel_errors(y_bar, x, np.array([1.0]), np.array([[1.0], [0.0]]))
    (array([2.]), array([6.]))
    """
    gate = gate.astype(x.dtype)
    if on_gpu(x):
        return vectorised.channel_errors(y_bar, x, offsets, gate)
    given, sums = by_channel(lying_like(y_bar, x)), _sums_of(x, 2)
    compiled.measure_errors(given, by_channel(x), gate, offsets, sums, *_crew(x))
    total, products = sums.sum(axis=0)
    return total, products


def scaled(x: Array, scale: Array, shift: Array, least: float = -math.inf) -> Array:
    """The array scale · x + shift with one scale and one shift per channel; what is less than `least` becomes that.

    Examples
    --------
    >>> scaled(np.ones((1, 2, 2)), np.array([2.0, 3.0]), np.array([0.0, -4.0]), least=0.0)
    array([[[2., 2.],
            [0., 0.]]])
    """
    if on_gpu(x):
        return vectorised.scaled(x, scale, shift, least)
    y, factors = empty_like(x), np.stack([scale, shift]).astype(x.dtype)
    compiled.scale(by_channel(x), factors, least, by_channel(y), *_crew(x))
    return y


def lifted(x: Array, shift: Array, least: float = -math.inf) -> Array:
    """The array x + shift with one shift per channel; what is less than `least` becomes that.

    In main memory it takes the place of x, which lies contiguous in one of the two orders and is nobody else's.

    Examples
    --------
    >>> lifted(np.ones((1, 2, 2)), np.array([2.0, -4.0]), least=0.0)
    array([[[3., 3.],
            [0., 0.]]])
    """
    if on_gpu(x):
        return vectorised.scaled(x, np.ones_like(shift), shift, least)
    compiled.lift(by_channel(x), shift[np.newaxis], least, *_crew(x))
    return x


def combined(y_bar: Array, x: Array, factors: Array, gate: Array) -> Array:
    """The array a · e + b · x + s with factors (a, b, s) of shape (3, C), and e as in `channel_errors`.

    Examples
    --------
    >>> y_bar, x = np.array([[[1.0, 2.0]]]), np.array([[[-3.0, 4.0]]])
    >>> combined(y_bar, x, np.array([[10.0], [1.0], [0.5]]), np.array([[1.0], [0.0]]))
    array([[[-2.5, 24.5]]])
    """
    if on_gpu(x):
        return vectorised.combined(y_bar, x, factors.astype(x.dtype), gate.astype(x.dtype))
    out, given = empty_like(x), by_channel(lying_like(y_bar, x))
    compiled.combine(given, by_channel(x), np.concatenate([factors, gate]).astype(x.dtype), by_channel(out), *_crew(x))
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
    compiled.rectify(_raveled(x), _raveled(y), *_crew(x))
    return y


def rectified_sum(x: Array, y: Array) -> Array:
    """The larger of 0 and x + y, for arrays of one shape.

    Examples
    --------
    >>> rectified_sum(np.array([-1.0, 2.0]), np.array([0.5, 0.5]))
    array([0. , 2.5])
    """
    if on_gpu(x) or x.dtype != y.dtype:
        return rectified(x + y)
    x, y = lying_alike(x, y)
    z = empty_like(x)
    compiled.rectify_sum(_raveled(x), _raveled(y), _raveled(z), *_crew(x))
    return z


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
    compiled.rectify_error(_raveled(y), _raveled(lying_like(y_bar, y)), _raveled(x_bar), *_crew(y))
    return x_bar


def lying_as(array: Array, model: Array) -> Array:
    """An array (B, C, …) in the order of memory of another one, itself where it lies so or on a GPU.

    Examples
    --------
    >>> lying_as(np.zeros((2, 1, 3)), np.zeros((3, 1, 2)).T).strides
    (8, 16, 16)
    """
    return array if on_gpu(array) or on_gpu(model) else lying_like(array, model)


def lying_alike(x: Array, y: Array) -> tuple[Array, Array]:
    """Two arrays as they are, or with the batch innermost in both if one of the same shape lies so.

    Examples
    --------
    >>> [each.strides for each in lying_alike(np.zeros((2, 1, 3)), np.zeros((3, 1, 2)).T)]
    [(8, 16, 16), (8, 16, 16)]
    """
    if on_gpu(x) or on_gpu(y) or np.ndim(x) < 3 or np.shape(x) != np.shape(y):
        return x, y
    if batch_is_innermost(y):
        return lying_like(x, y), y
    return x, lying_like(y, x) if batch_is_innermost(x) else y


def _raveled(x: Array) -> Array:
    """All elements in the order they lie in memory."""
    return x.ravel("K") if batch_is_innermost(x) else np.ascontiguousarray(x).reshape(-1)


def _sums_of(x: Array, *kinds: int) -> Array:
    """Zeros for the sums of every share of an array, so many kinds, and every channel."""
    rows = x.size // (x.shape[1] * len(x)) if batch_is_innermost(x) else len(x)
    return np.zeros((min(rows, compiled.SHARES), *kinds, x.shape[1]))


def _crew(x: Array):
    return threads.board_for(x.size * compiled.ELEMENT)

"""What is done to every channel of an array (B, C, …) in one pass, in whichever order the array lies in memory.

Arrays on a GPU take operations on whole arrays instead of the compiled loops.
"""

import math

import numpy as np

from ...convolution import threads
from ...convolution.residence import on_gpu
from ...convolution.slices import batch_is_innermost, by_channel, empty, lying, ordered
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
    total = np.empty(x.shape[1], x.dtype)
    compiled.add_up(by_channel(*lying(x)), total, *_crew(x))
    return total


def normalised(x: Array, weight: Array, bias: Array, eps: float, least: float = -math.inf) -> tuple[Array, Array]:
    """The channels of x with mean `bias` and standard deviation `weight`, and their statistics (4, C), in float64.

    What is less than `least` becomes that. The statistics are mean m, (biased) variance v, 1 / √(v + eps) and
    bias − m · weight / √(v + eps).

    Examples
    --------
    >>> y, statistics = normalised(np.array([[[1.0, 3.0]]]), np.array([2.0]), np.array([5.0]), 0.0)
    >>> y, statistics.ravel()
    (array([[[3., 7.]]]), array([2., 1., 1., 1.]))
    """
    if on_gpu(x):
        return vectorised.normalised(x, weight, bias, eps, least)
    x, innermost = lying(x)
    y, statistics = empty(x.shape, x.dtype, innermost), np.empty((4, x.shape[1]))
    given, wanted = by_channel(x, innermost), by_channel(y, innermost)
    compiled.normalise(given, weight, bias, eps, least, statistics, wanted, *_crew(x))
    return y, statistics


def update_running(running: Array, value: Array, momentum: float) -> None:
    """A moving average of statistics (C,), in place: running ← (1 − momentum) · running + momentum · value.

    Examples
    --------
    >>> running = np.array([0.0, 4.0])
    >>> update_running(running, np.array([1.0, 0.0]), 0.25)
    >>> running
    array([0.25, 3.  ])
    """
    if on_gpu(running):
        running += momentum * (value - running)
    else:
        compiled.update_running(running, value, float(momentum))


def normalised_errors(
    y_bar: Array, x: Array, weight: Array, statistics: Array, relu: bool
) -> tuple[Array, Array, Array]:
    """The error signals of x, weight and bias for that of the output of `normalised`, with `least` 0 or without.

    With n values per channel, d = x − mean, r = 1 / √(variance + eps), and e, which is ȳ, or 0 where relu has made
    the output 0: bias_bar = Σ e, weight_bar = r Σ e d, x̄ = weight · r · (e − Σ e / n − d r² Σ e d / n).

    Examples
    --------
    >>> x, weight = np.array([[[1.0, 3.0]]]), np.array([2.0])
    >>> _, statistics = normalised(x, weight, np.zeros(1), 0.0)
    >>> normalised_errors(np.array([[[1.0, 0.0]]]), x, weight, statistics, False)
    (array([[[0., 0.]]]), array([-1.]), array([1.]))
    """
    if on_gpu(x):
        return vectorised.normalised_errors(y_bar, x, weight, statistics, relu)
    x, innermost = lying(x)
    x_bar, errors = empty(x.shape, x.dtype, innermost), np.empty((2, x.shape[1]), x.dtype)
    given, of_x, wanted = (by_channel(each, innermost) for each in (ordered(y_bar, innermost), x, x_bar))
    compiled.normalise_errors(given, of_x, weight, statistics, relu, errors, wanted, *_crew(x))
    return x_bar, errors[0], errors[1]


def channel_products(y_bar: Array, x: Array, offsets: Array) -> Array:
    """Σ ȳ·(x − offset) of every channel.

    Examples
    --------
    >>> y_bar, x = np.array([[[1.0, 2.0]]]), np.array([[[-3.0, 4.0]]])
    >>> channel_products(y_bar, x, np.array([1.0]))
    array([2.])
    """
    if on_gpu(x):
        return vectorised.channel_products(y_bar, x, offsets)
    x, innermost = lying(x)
    given, errors = by_channel(x, innermost), by_channel(ordered(y_bar, innermost), innermost)
    total = np.empty(x.shape[1], x.dtype)
    compiled.multiply_up(errors, given, offsets, total, *_crew(x))
    return total


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
    x, innermost = lying(x)
    y, factors = empty(x.shape, x.dtype, innermost), np.stack([scale, shift]).astype(x.dtype)
    compiled.scale(by_channel(x, innermost), factors, least, by_channel(y, innermost), *_crew(x))
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
    compiled.lift(by_channel(*lying(x)), shift[np.newaxis], least, *_crew(x))
    return x


def biased(y: Array, bias: Array | None, relu: bool) -> Array:
    """The array y + bias, or max(0, y + bias), with one bias per channel, where y is nobody else's.

    Examples
    --------
    >>> biased(np.ones((1, 2, 1)), np.array([2.0, -4.0]), relu=True).ravel()
    array([3., 0.])
    """
    if bias is None:
        return rectified(y) if relu else y
    if bias.dtype != y.dtype:
        y = y + bias.reshape(-1, *(1,) * (y.ndim - 2))
        return rectified(y) if relu else y
    return lifted(y, bias, 0.0 if relu else -math.inf)


def rectified(x: Array) -> Array:
    """The larger of 0 and x, NaN where x is NaN, of an array of any shape.

    Examples
    --------
    >>> rectified(np.array([-1.0, 2.0]))
    array([0., 2.])
    """
    if on_gpu(x):
        return vectorised.rectified(x)
    x, innermost = lying(x)
    y = empty(x.shape, x.dtype, innermost)
    compiled.rectify(x.ravel("K"), y.ravel("K"), *_crew(x))
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
    x, innermost = lying(lying_alike(x, y)[0])
    z = empty(x.shape, x.dtype, innermost)
    compiled.rectify_sum(x.ravel("K"), ordered(y, innermost).ravel("K"), z.ravel("K"), *_crew(x))
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
    y, innermost = lying(y)
    x_bar = empty(y.shape, y.dtype, innermost)
    compiled.rectify_error(y.ravel("K"), ordered(y_bar, innermost).ravel("K"), x_bar.ravel("K"), *_crew(y))
    return x_bar


def rectified_error_and_sums(y: Array, y_bar: Array) -> tuple[Array, Array]:
    """The error signal ȳ where y > 0, else 0, of an array (B, C, …), and its channel sums, in one pass over memory.

    Examples
    --------
    >>> rectified_error_and_sums(np.array([[[0.0, 2.0]]]), np.array([[[3.0, 4.0]]]))
    (array([[[0., 4.]]]), array([4.]))
    """
    if on_gpu(y):
        x_bar = vectorised.rectified_error(y, y_bar)
        return x_bar, vectorised.channel_sums(x_bar)
    y, innermost = lying(y)
    x_bar, total = empty(y.shape, y.dtype, innermost), np.empty(y.shape[1], y.dtype)
    outputs, errors, wanted = (by_channel(each, innermost) for each in (y, ordered(y_bar, innermost), x_bar))
    compiled.rectify_and_add_up(outputs, errors, wanted, total, *_crew(y))
    return x_bar, total


def lying_alike(x: Array, y: Array) -> tuple[Array, Array]:
    """Two arrays as they are, or with the batch innermost in both if one of the same shape lies so.

    Examples
    --------
    >>> [each.strides for each in lying_alike(np.zeros((2, 1, 3)), np.zeros((3, 1, 2)).T)]
    [(8, 16, 16), (8, 16, 16)]
    """
    if on_gpu(x) or on_gpu(y) or np.ndim(x) < 3 or np.shape(x) != np.shape(y):
        return x, y
    if x.strides == y.strides:
        return x, y
    if batch_is_innermost(y):
        return ordered(x, True), y
    return x, ordered(y, True) if batch_is_innermost(x) else y


def _crew(x: Array):
    return threads.board_for(x.size * compiled.ELEMENT)

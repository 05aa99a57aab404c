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
    y, statistics = empty_like(x), np.empty((4, x.shape[1]))
    compiled.normalise(by_channel(x), weight, bias, eps, least, statistics, by_channel(y), *_crew(x))
    return y, statistics


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
    x_bar, errors = empty_like(x), np.empty((2, x.shape[1]))
    given = by_channel(lying_like(y_bar, x))
    compiled.normalise_errors(given, by_channel(x), weight, statistics, relu, errors, by_channel(x_bar), *_crew(x))
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
    given, sums = by_channel(lying_like(y_bar, x)), _sums_of(x)
    compiled.multiply_up(given, by_channel(x), offsets, sums, *_crew(x))
    return sums.sum(axis=0)


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


def _sums_of(x: Array) -> Array:
    """Zeros for the sums of every share of an array and every channel."""
    rows = x.size // (x.shape[1] * len(x)) if batch_is_innermost(x) else len(x)
    return np.zeros((compiled.shares_of(rows), x.shape[1]))


def _crew(x: Array):
    return threads.board_for(x.size * compiled.ELEMENT)

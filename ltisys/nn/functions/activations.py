"""Activation functions: the nonlinearity between two convolutions, without which they would be one."""

import numpy as np

from ..devices import as_array
from ..graph import Array, Pullback, primitive
from .channels import rectified, rectified_error


@primitive
def relu(x: Array) -> tuple[Array, Pullback]:
    """max(0, x), with derivative 0 at 0.

    Examples
    --------
    >>> relu([-1.0, 2.0])
    Variable([0., 2.])
    """
    x = as_array(x).astype(np.result_type(x, np.float32), copy=False)
    y = rectified(x)
    return y, lambda y_bar: (rectified_error(y, y_bar),)


@primitive
def leaky_relu(x: Array, *, slope: float = 0.01) -> tuple[Array, Pullback]:
    """max(x, slope · x) for slopes below 1: x where positive, slope · x elsewhere.

    Examples
    --------
    >>> leaky_relu([-1.0, 2.0], slope=0.1)
    Variable([-0.1,  2. ])
    """
    gain = np.where(np.greater(x, 0), 1, slope).astype(np.result_type(x))
    return x * gain, lambda y_bar: (y_bar * gain,)


@primitive
def elu(x: Array, *, alpha: float = 1.0) -> tuple[Array, Pullback]:
    """X where positive, α (e^x − 1) elsewhere.

    References
    ----------
    Clevert et al., Fast and Accurate Deep Network Learning by Exponential Linear Units, 2016.

    Examples
    --------
    >>> elu([-1.0, 2.0]).value.round(4)
    array([-0.6321,  2.    ])
    """
    below = alpha * np.expm1(np.minimum(x, 0))  # large x would overflow where the other case holds
    positive = np.greater(x, 0)
    return np.where(positive, x, below), lambda y_bar: (y_bar * np.where(positive, 1, below + alpha),)


@primitive
def maxout(x: Array, *, pieces: int, axis: int = 1) -> tuple[Array, Pullback]:
    """The largest of every ``pieces`` neighbours along an axis; the error signal goes to it, to the first of equals.

    Examples
    --------
    >>> maxout([[1.0, 3.0, 2.0, 0.0]], pieces=2)
    Variable([[3., 2.]])
    """
    x = as_array(x)
    axis %= x.ndim
    groups = x.reshape(*x.shape[:axis], -1, pieces, *x.shape[axis + 1 :])
    largest = np.expand_dims(groups.argmax(axis=axis + 1), axis + 1)

    def pullback(y_bar: Array) -> tuple[Array]:
        x_bar = np.zeros_like(groups)
        np.put_along_axis(x_bar, largest, np.expand_dims(y_bar, axis + 1), axis + 1)
        return (x_bar.reshape(x.shape),)

    return np.take_along_axis(groups, largest, axis + 1).squeeze(axis + 1), pullback


@primitive
def sigmoid(x: Array) -> tuple[Array, Pullback]:
    """σ(x) = 1 / (1 + e^{−x}), with σ' = (1 − σ) σ.

    Examples
    --------
    >>> sigmoid([0.0])
    Variable([0.5])
    """
    # tanh cannot overflow: σ(x) = (1 + tanh(x/2)) / 2
    y = 0.5 * np.tanh(0.5 * as_array(x)) + 0.5
    return y, lambda y_bar: (y_bar * (1 - y) * y,)


@primitive
def tanh(x: Array) -> tuple[Array, Pullback]:
    """The hyperbolic tangent.

    Examples
    --------
    >>> tanh([0.0])
    Variable([0.])
    """
    y = np.tanh(x)
    return y, lambda y_bar: (y_bar * (1 - y * y),)


@primitive
def softmax(x: Array, *, axis: int = 1) -> tuple[Array, Pullback]:
    """e^{x_i} / Σ_j e^{x_j} along an axis.

    Examples
    --------
    >>> softmax([[0.0, 0.0]])
    Variable([[0.5, 0.5]])
    """
    y = np.exp(x - np.max(x, axis=axis, keepdims=True))
    y /= y.sum(axis=axis, keepdims=True)

    def pullback(y_bar: Array) -> tuple[Array]:
        return (y * (y_bar - (y * y_bar).sum(axis=axis, keepdims=True)),)

    return y, pullback

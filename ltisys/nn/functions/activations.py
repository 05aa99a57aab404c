"""Activation functions: the nonlinearity between two convolutions, without which they would be one."""

import numpy as np

from ..graph import Array, Pullback, primitive


@primitive
def relu(x: Array) -> tuple[Array, Pullback]:
    """max(0, x), with derivative 0 at 0.

    Examples
    --------
    >>> relu([-1.0, 2.0])
    Variable([0., 2.])
    """
    y = np.maximum(x, 0)
    return y, lambda y_bar: (y_bar * (y > 0),)


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
def sigmoid(x: Array) -> tuple[Array, Pullback]:
    """σ(x) = 1 / (1 + e^{−x}), with σ' = (1 − σ) σ.

    Examples
    --------
    >>> sigmoid([0.0])
    Variable([0.5])
    """
    # tanh cannot overflow: σ(x) = (1 + tanh(x/2)) / 2
    y = 0.5 * np.tanh(0.5 * np.asarray(x)) + 0.5
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

"""Arithmetic: sums, products, powers, and the matrix product."""

import numpy as np

from ..graph import Array, Pullback, primitive


@primitive
def add(x: Array, y: Array) -> tuple[Array, Pullback]:
    """X + y; the error signal is handed to both.

    Examples
    --------
    >>> add([1.0, 2.0], 3.0)
    Variable([4., 5.])
    """
    return np.add(x, y), lambda z_bar: (z_bar, z_bar)


@primitive
def subtract(x: Array, y: Array) -> tuple[Array, Pullback]:
    """X − y.

    Examples
    --------
    >>> subtract(1.0, [1.0, 2.0])
    Variable([ 0., -1.])
    """
    return np.subtract(x, y), lambda z_bar: (z_bar, lambda: -z_bar)


@primitive
def multiply(x: Array, y: Array) -> tuple[Array, Pullback]:
    """X · y; each argument's error signal is scaled by the other one.

    Examples
    --------
    >>> multiply([1.0, 2.0], 3.0)
    Variable([3., 6.])
    """
    return np.multiply(x, y), lambda z_bar: (lambda: z_bar * y, lambda: z_bar * x)


@primitive
def divide(x: Array, y: Array) -> tuple[Array, Pullback]:
    """X / y.

    Examples
    --------
    >>> divide([1.0, 2.0], 4.0)
    Variable([0.25, 0.5 ])
    """
    z = np.divide(x, y)
    return z, lambda z_bar: (lambda: z_bar / y, lambda: -z_bar * z / y)


@primitive
def power(x: Array, y: Array) -> tuple[Array, Pullback]:
    """X to the power y; a variable exponent needs positive x.

    Examples
    --------
    >>> power([2.0, 3.0], 2)
    Variable([4., 9.])
    """
    z = np.power(x, y)
    return z, lambda z_bar: (lambda: z_bar * y * np.power(x, y - 1), lambda: z_bar * z * np.log(x))


@primitive
def exp(x: Array) -> tuple[Array, Pullback]:
    """The exponential.

    Examples
    --------
    >>> exp([0.0])
    Variable([1.])
    """
    y = np.exp(x)
    return y, lambda y_bar: (y_bar * y,)


@primitive
def log(x: Array) -> tuple[Array, Pullback]:
    """The natural logarithm.

    Examples
    --------
    >>> log([1.0])
    Variable([0.])
    """
    return np.log(x), lambda y_bar: (y_bar / x,)


@primitive
def matmul(x: Array, y: Array) -> tuple[Array, Pullback]:
    """The matrix product x @ y with NumPy's rules for vectors and stacks.

    Examples
    --------
    >>> matmul([[1.0, 2.0], [3.0, 4.0]], [1.0, 1.0])
    Variable([3., 7.])
    """

    def pullback(z_bar: Array) -> tuple:
        rows = x if x.ndim > 1 else x[np.newaxis, :]
        columns = y if y.ndim > 1 else y[:, np.newaxis]
        error = z_bar if y.ndim > 1 else z_bar[..., np.newaxis]
        error = error if x.ndim > 1 else np.expand_dims(error, -2)

        def x_bar() -> Array:
            bar = error @ columns.mT
            return bar if x.ndim > 1 else bar[..., 0, :]

        def y_bar() -> Array:
            bar = rows.mT @ error
            return bar if y.ndim > 1 else bar[..., 0]

        return x_bar, y_bar

    return x @ y, pullback

"""Arithmetic, element by element."""

import numpy as np

from ..graph import Array, Pullback, primitive
from .channels import lying_alike, rectified_error, rectified_sum


@primitive
def add(x: Array, y: Array) -> tuple[Array, Pullback]:
    """The sum x + y; the error signal is handed to both.

    Examples
    --------
    >>> add([1.0, 2.0], 3.0)
    Variable([4., 5.])
    """
    return np.add(*lying_alike(x, y)), lambda z_bar: (z_bar, z_bar)


@primitive
def add_relu(x: Array, y: Array) -> tuple[Array, Pullback]:
    """max(0, x + y) for arrays of one shape, in one pass over memory.

    Examples
    --------
    >>> add_relu([-1.0, 2.0], [0.5, 0.5])
    Variable([0. , 2.5])
    """
    z = rectified_sum(x, y)

    def pullback(z_bar: Array) -> tuple[Array, Array]:
        passed = rectified_error(z, z_bar)
        return passed, passed

    return z, pullback


@primitive
def subtract(x: Array, y: Array) -> tuple[Array, Pullback]:
    """The difference x − y.

    Examples
    --------
    >>> subtract(1.0, [1.0, 2.0])
    Variable([ 0., -1.])
    """
    return np.subtract(x, y), lambda z_bar: (z_bar, lambda: -z_bar)


@primitive
def multiply(x: Array, y: Array) -> tuple[Array, Pullback]:
    """The product x · y; each argument's error signal is scaled by the other one.

    Examples
    --------
    >>> multiply([1.0, 2.0], 3.0)
    Variable([3., 6.])
    """
    return np.multiply(x, y), lambda z_bar: (lambda: z_bar * y, lambda: z_bar * x)


@primitive
def divide(x: Array, y: Array) -> tuple[Array, Pullback]:
    """The quotient x / y.

    Examples
    --------
    >>> divide([1.0, 2.0], 4.0)
    Variable([0.25, 0.5 ])
    """
    z = np.divide(x, y)
    return z, lambda z_bar: (lambda: z_bar / y, lambda: -z_bar * z / y)


@primitive
def power(x: Array, y: Array) -> tuple[Array, Pullback]:
    """The power x^y; a variable exponent needs positive x.

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

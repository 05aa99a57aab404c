"""Clipping: no step is longer than the error signals' norm allows."""

import math
from collections.abc import Iterable

import numpy as np

from .devices import as_array
from .graph import Variable


def clip_gradients(parameters: Iterable[Variable], most: float) -> float:
    """Scale all error signals by one factor so that their norm, over all parameters together, is at most ``most``.

    Parameters
    ----------
    parameters : iterable of Variable
        Those without an error signal are left out.
    most : float
        The largest norm √(Σ w̄²).

    Returns
    -------
    float
        The norm before; it is left alone, to be looked at, if it is not finite.

    Raises
    ------
    ValueError
        If most is not positive.

    References
    ----------
    Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, 2013, algorithm 1.

    Examples
    --------
    >>> from ltisys import nn
    >>> w, b = nn.Variable([3.0, 0.0]), nn.Variable(4.0)
    >>> w.grad, b.grad = np.array([3.0, 0.0]), np.array(4.0)
    >>> clip_gradients([w, b], 1.0)
    5.0
    >>> w.grad.round(6), float(b.grad.round(6))
    (array([0.6, 0. ]), 0.8)
    """
    if not most > 0:
        raise ValueError(f"the largest norm must be positive, got {most}")
    moving = [(parameter, parameter.grad) for parameter in parameters if parameter.grad is not None]
    # in float64: the square of a float32 above 1.8e19 is infinite
    norm = math.sqrt(sum(float(np.square(error, dtype=np.float64).sum()) for _, error in moving))
    if most < norm < math.inf:
        for parameter, error in moving:
            # a new array: an error signal may be shared with, or a view of, another one
            parameter.grad = as_array(error * error.dtype.type(most / norm))
    return norm

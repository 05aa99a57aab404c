"""Activation layers."""

from typing import Any

from .. import functions
from ..graph import Array, Variable
from .layer import Layer


class ReLU(Layer):
    """max(0, x).

    Examples
    --------
    >>> ReLU()(Variable([-1.0, 2.0]))
    Variable([0., 2.])
    """

    def __call__(self, x: Variable | Array) -> Variable:
        """The positive part."""
        return functions.relu(x)


class LeakyReLU(Layer):
    """x where positive, slope · x elsewhere.

    Parameters
    ----------
    slope : float
        The gain for negative x.

    Examples
    --------
    >>> LeakyReLU(0.1)(Variable([-1.0, 2.0]))
    Variable([-0.1,  2. ])
    """

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {"slope": self.slope}

    def __call__(self, x: Variable | Array) -> Variable:
        """The leaky positive part."""
        return functions.leaky_relu(x, slope=self.slope)


class Sigmoid(Layer):
    """1 / (1 + e^{−x}).

    Examples
    --------
    >>> Sigmoid()(Variable([0.0]))
    Variable([0.5])
    """

    def __call__(self, x: Variable | Array) -> Variable:
        """Numbers between 0 and 1."""
        return functions.sigmoid(x)


class Tanh(Layer):
    """The hyperbolic tangent.

    Examples
    --------
    >>> Tanh()(Variable([0.0]))
    Variable([0.])
    """

    def __call__(self, x: Variable | Array) -> Variable:
        """Numbers between −1 and 1."""
        return functions.tanh(x)


class Softmax(Layer):
    """Positive numbers that sum to 1 along an axis; ``cross_entropy`` takes the logits before it.

    Parameters
    ----------
    axis : int
        The axis of the classes.

    Examples
    --------
    >>> Softmax()(Variable([[0.0, 0.0]]))
    Variable([[0.5, 0.5]])
    """

    def __init__(self, axis: int = 1) -> None:
        self.axis = axis

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {"axis": self.axis}

    def __call__(self, x: Variable | Array) -> Variable:
        """Probabilities."""
        return functions.softmax(x, axis=self.axis)

"""Activation layers."""

from typing import Any

from ...convolution.arguments import quantity
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


class ELU(Layer):
    """x where positive, α (e^x − 1) elsewhere: smooth for α = 1, and never below −α.

    Parameters
    ----------
    alpha : float
        α.

    Examples
    --------
    >>> ELU()(Variable([-1.0, 2.0])).value.round(4)
    array([-0.6321,  2.    ])
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {"alpha": self.alpha}

    def __call__(self, x: Variable | Array) -> Variable:
        """The exponential linear units."""
        return functions.elu(x, alpha=self.alpha)


class Maxout(Layer):
    """The largest of every few neighbouring channels: max(w₁ᵀx + b₁, w₂ᵀx + b₂) behind a layer that computes both.

    Parameters
    ----------
    pieces : int
        How many channels compete.
    axis : int
        The axis of the channels.

    Raises
    ------
    ValueError
        If pieces is below 1, or does not divide the number of channels.

    References
    ----------
    Goodfellow et al., Maxout Networks, 2013.

    Examples
    --------
    >>> Maxout(2)(Variable([[1.0, 3.0, 2.0, 0.0]]))
    Variable([[3., 2.]])
    """

    def __init__(self, pieces: int = 2, axis: int = 1) -> None:
        self.pieces = quantity("pieces", pieces, least=1)
        self.axis = axis

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {"pieces": self.pieces, "axis": self.axis}

    def __call__(self, x: Variable | Array) -> Variable:
        """The winners: a pieces-th of the channels."""
        channels = x.shape[self.axis]
        if channels % self.pieces:
            raise ValueError(f"pieces={self.pieces} must divide the {channels} channels of an x of shape {x.shape}")
        return functions.maxout(x, pieces=self.pieces, axis=self.axis)


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

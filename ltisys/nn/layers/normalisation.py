"""Layers that keep activations in range or hide some: normalisation by the batch, by neighbours, and dropout."""

import math
from typing import Any

import numpy as np

from ...convolution.arguments import quantity
from .. import functions
from ..devices import brought, device_of
from ..functions.channels import update_running
from ..graph import Array, Variable
from .layer import Layer, Randomness


class BatchNorm(Layer):
    """Each channel brought to mean ``bias`` and standard deviation ``weight``, for x (B, C, ...).

    Training uses the statistics of the batch and remembers running ones, which evaluation uses:
    running ← (1 − momentum) · running + momentum · batch, with the unbiased variance.

    Parameters
    ----------
    channels : int
        C.
    momentum : float
        How fast the running statistics follow.
    eps : float
        Added to the variance.

    Attributes
    ----------
    weight, bias : Variable (C,)
        Scale and shift, 1 and 0 at first.
    running_mean, running_var : array (C,)
        The remembered statistics.

    Raises
    ------
    ValueError
        If channels is below 1, or x has another number of channels.

    Examples
    --------
    >>> BatchNorm(1)(Variable([[1.0], [3.0]])).value.round(3)
    array([[-1.],
           [ 1.]])
    """

    def __init__(self, channels: int, momentum: float = 0.1, eps: float = 1e-5) -> None:
        if channels < 1:
            raise ValueError(f"BatchNorm needs at least 1 channel, got {channels}")
        self.momentum = momentum
        self.eps = eps
        self.weight = Variable(np.ones(channels, dtype=np.float32), "weight")
        self.bias = Variable(np.zeros(channels, dtype=np.float32), "bias")
        self.running_mean = np.zeros(channels, dtype=np.float32)
        self.running_var = np.ones(channels, dtype=np.float32)

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {"channels": self.weight.shape[0], "momentum": self.momentum, "eps": self.eps}

    def __call__(self, x: Variable | Array) -> Variable:
        """The normalised channels."""
        return self._normalised(x, relu=False)

    def rectified(self, x: Variable | Array) -> Variable:
        """max(0, ·) of the normalised channels."""
        return self._normalised(x, relu=True)

    def _normalised(self, x: Variable | Array, relu: bool) -> Variable:
        if len(x.shape) < 2 or x.shape[1] != self.weight.shape[0]:
            raise ValueError(f"BatchNorm({self.weight.shape[0]}) takes (B, {self.weight.shape[0]}, ...), got {x.shape}")
        if not self.training:
            statistics = {"mean": self.running_mean, "variance": self.running_var}
            return functions.normalise(x, self.weight, self.bias, **statistics, eps=self.eps, relu=relu)
        count = math.prod(x.shape) // x.shape[1]

        def observe(mean: Array, variance: Array) -> None:
            update_running(self.running_mean, mean, self.momentum)
            update_running(self.running_var, variance * (count / max(count - 1, 1)), self.momentum)

        return functions.batch_norm(x, self.weight, self.bias, eps=self.eps, relu=relu, observe=observe)


class LocalResponseNorm(Layer):
    """x_c / (k + α/size · Σ x_j²)^β, the sum over the ``size`` channels around c, for x (B, C, ...).

    Parameters
    ----------
    size : int
        Channels that inhibit each other.
    alpha, beta, k : float
        As in the equation.

    Raises
    ------
    ValueError
        If size is below 1, or x has no axis of channels.

    References
    ----------
    Krizhevsky et al., ImageNet Classification with Deep Convolutional Neural Networks, 2012, section 3.3: size 5,
    α/size = 10⁻⁴, β = 0.75, k = 2.

    Examples
    --------
    >>> LocalResponseNorm(1, alpha=1.0, beta=0.5, k=0.0)(Variable([[3.0, -4.0]]))
    Variable([[ 1., -1.]])
    """

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        self.size = quantity("size", size, least=1)
        self.alpha, self.beta, self.k = alpha, beta, k

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {"size": self.size, "alpha": self.alpha, "beta": self.beta, "k": self.k}

    def __call__(self, x: Variable | Array) -> Variable:
        """The normalised channels."""
        if len(x.shape) < 2:
            raise ValueError(f"LocalResponseNorm takes (B, C, ...), got shape {x.shape}")
        return functions.local_response_norm(x, **self.arguments())


class Dropout(Layer):
    """In training, each number is set to 0 with probability p and the others are divided by 1 − p.

    Parameters
    ----------
    p : float
        Probability, 0 ≤ p < 1.
    rng : generator, int or None
        Draws what is dropped; ``fit`` replaces it by one that follows from its seed.

    Raises
    ------
    ValueError
        If p is outside [0, 1).

    Examples
    --------
    >>> Dropout(0.5).eval()(Variable([1.0, 2.0]))
    Variable([1., 2.])
    """

    def __init__(self, p: float = 0.5, *, rng: Randomness = None) -> None:
        if not 0 <= p < 1:
            raise ValueError(f"p of Dropout must lie in [0, 1), got {p}")
        self.p = p
        self.rng = np.random.default_rng(rng)

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {"p": self.p}

    def __call__(self, x: Variable | Array) -> Variable:
        """What is left."""
        if not self.training or self.p == 0:
            return x if isinstance(x, Variable) else Variable(x)
        kept = self.rng.random(x.shape, dtype=np.float32) >= self.p  # drawn here on every device: one seed, one network
        gain = kept * x.dtype.type(1 / (1 - self.p))
        return functions.multiply(x, brought(gain, device_of(x.value if isinstance(x, Variable) else x)))

"""What the layers of a network answer, and the inputs that they answer most to."""

from collections.abc import Callable

import numpy as np

from ..graph import Array, Variable
from ..layers import Layer, Linear, Sequential


def activations(net: Sequential, x: Array) -> dict[str, Array]:
    """The output of every layer of a network in evaluation mode.

    Parameters
    ----------
    net : Sequential
        The network.
    x : array (B, ...)
        A batch.

    Returns
    -------
    dict of str to array
        By place and kind, ``"0 Conv2d"`` first.

    Examples
    --------
    >>> from ltisys import nn
    >>> net = nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), nn.ReLU())
    >>> {name: y.shape for name, y in activations(net, np.zeros((1, 1, 4, 4), np.float32)).items()}
    {'0 Conv2d': (1, 2, 4, 4), '1 ReLU': (1, 2, 4, 4)}
    """
    found, y = {}, np.asarray(x, dtype=net.dtype)
    with net.evaluating():
        for n, layer in enumerate(net):
            y = layer(y).value
            found[f"{n} {type(layer).__name__}"] = y
    return found


def ascend(
    net: Layer,
    shape: tuple[int, ...],
    score: Callable[[Variable], Variable],
    *,
    steps: int = 200,
    rate: float = 0.1,
    decay: float = 0.01,
    seed: int = 0,
) -> Array:
    """An input that makes a score large, found by gradient ascent from faint noise.

    Each step follows the error signal, scaled to a root mean square of `rate`, and shrinks the input by the fraction
    `decay`, so that only what raises the score stays.

    Parameters
    ----------
    net : Layer
        The network; evaluation mode is used and its mode restored.
    shape : tuple of int
        Of one input, without the batch axis.
    score : callable
        From the network's outputs for a batch of one to a scalar, such as ``lambda y: (y * one_hot).sum()``.
    steps : int
        How many.
    rate, decay : float
        Length of a step, and how much is forgotten in each.
    seed : int
        Of the noise.

    Returns
    -------
    array
        Of the given shape.

    Raises
    ------
    ValueError
        If steps is below 1.

    References
    ----------
    Simonyan, Vedaldi and Zisserman, Deep Inside Convolutional Networks, 2014.

    Examples
    --------
    >>> from ltisys import nn
    >>> net = nn.Linear(2, 1, rng=0)
    >>> net.weight.value[:] = [[3.0, -4.0]]
    >>> x = ascend(net, (2,), lambda y: y.sum())
    >>> bool(np.allclose(x / np.linalg.norm(x), [0.6, -0.8], atol=0.01))
    True
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    x = (0.01 * np.random.default_rng(seed).standard_normal((1, *shape))).astype(net.dtype)
    modes = [(layer, layer.training) for layer in net.layers()]
    net.eval()
    try:
        for _ in range(steps):
            given = Variable(x)
            score(net(given)).backward(keep_errors=False)
            assert given.grad is not None  # the score depends on the input, or backward would have refused
            x = x * (1 - decay) + given.grad * (rate / (np.sqrt(np.mean(np.square(given.grad))) + 1e-12))
            x = x.astype(net.dtype)
    finally:
        for layer, training in modes:
            layer.training = training
        for parameter in net.parameters():
            parameter.grad = None
    return x[0]


def templates(net: Layer, shape: tuple[int, ...]) -> Array:
    """The weights of a linear classifier as one input per class: each score is the inner product with its template.

    Parameters
    ----------
    net : Layer
        A ``Linear`` layer, or a network with no other layer that has parameters.
    shape : tuple of int
        Of one input.

    Returns
    -------
    array (classes, *shape)

    Raises
    ------
    ValueError
        If the network is not linear, or its weights do not have this shape.

    Examples
    --------
    >>> from ltisys import nn
    >>> templates(nn.zoo.softmax_regression(), (28, 28)).shape
    (10, 28, 28)
    """
    linear = [layer for layer in net.layers() if isinstance(layer, Linear)]
    if len(linear) != 1 or len(net.parameters()) != len(linear[0].parameters()):
        raise ValueError(
            f"templates are those of a linear classifier, one Linear layer and none else with parameters, got {net!r}"
        )
    weight = linear[0].weight.value
    if weight.shape[1] != np.prod(shape):
        raise ValueError(
            f"inputs of shape {shape} have {np.prod(shape)} samples, the classifier takes {weight.shape[1]}"
        )
    return weight.reshape(-1, *shape)

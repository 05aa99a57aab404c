"""How many multiply-adds a network costs: the usual measure of its energy."""

from functools import reduce
from typing import Any

import numpy as np

from . import layers
from .devices import moved
from .graph import Array
from .layers import Layer


def macs(net: Layer, shape: tuple[int, ...]) -> int:
    """Multiply-adds of the convolutions and dense layers of a network, for one example.

    Each output of a convolution counts all its taps, also those that meet padding, as the literature does. Pools,
    activations, additions and normalisation, which is folded into the convolution before it, are left out.

    Parameters
    ----------
    net : Layer
        A network.
    shape : tuple of int
        The shape of an input, batch included.

    Returns
    -------
    int
        Papers that count operations have twice as many.

    Raises
    ------
    ValueError
        Whatever the layers say about an input of this shape.

    Examples
    --------
    >>> from ltisys import nn
    >>> macs(nn.Sequential(nn.Conv2d(1, 10, 5, stride=2), nn.Flatten(), nn.Linear(1960, 50)), (1, 1, 28, 28))
    147000
    """
    with net.evaluating():
        count, _ = _count(net, moved(np.zeros((1, *shape[1:]), net.dtype), net.device))
    return count


def _count(layer: Layer, x: Array) -> tuple[int, Array]:
    """The multiply-adds of a layer, and its output."""
    match layer:
        case layers.Sequential():
            return reduce(_and_then, layer, (0, x))
        case layers.Residual():
            beside = 0 if layer.shortcut is None else _count(layer.shortcut, x)[0]
            return _count(layer.body, x)[0] + beside, layer(x).value
        case layers.Parallel():
            return sum(_count(branch, x)[0] for branch in layer.branches), layer(x).value
    y = layer(x).value
    return _own(layer, x, y), y


def _and_then(so_far: tuple[int, Array], step: Layer) -> tuple[int, Array]:
    count, y = _count(step, so_far[1])
    return so_far[0] + count, y


def _own(layer: Any, x: Array, y: Array) -> int:
    match layer:
        case layers.Linear():
            return y.size // y.shape[-1] * layer.weight.value.size
        case layers.ConvTranspose1d() | layers.ConvTranspose2d():
            return x.size // x.shape[1] * layer.weight.value.size
        case layers.Conv1d() | layers.Conv2d() | layers.FilterBank():
            return y.size // y.shape[1] * layer.weight.value.size
        case layers.LocallyConnected2d():
            return layer.weight.value.size  # every output has taps of its own
    return 0

"""Two linear maps with nothing between them are one: normalisations folded into the convolutions before them."""

import numpy as np

from . import layers
from .graph import Variable
from .layers import Layer

_LINEAR = layers.Conv1d | layers.Conv2d | layers.Linear


def folded(net: Layer) -> Layer:
    """A network that computes the same in evaluation, without the normalisations behind convolutions and dense layers.

    A normalisation is a gain a and a shift s for each channel then, and a (w ∗ x + b) + s = (a w) ∗ x + a b + s.
    Dropouts, which do nothing then, are left out.

    Parameters
    ----------
    net : Layer
        A network; it is left as it is. Layers that are not changed are shared with it.

    Returns
    -------
    Layer
        In evaluation mode.

    Examples
    --------
    >>> from ltisys import nn
    >>> net = nn.Sequential(nn.Conv1d(1, 2, 3), nn.BatchNorm(2), nn.ReLU(), nn.Dropout())
    >>> [type(layer).__name__ for layer in folded(net)]
    ['Conv1d', 'ReLU']
    """
    return _fold(net).eval()


def _fold(net: Layer) -> Layer:
    match net:
        case layers.Sequential():
            steps: list[Layer] = []
            for step in net:
                last = steps[-1] if steps else None
                if isinstance(step, layers.BatchNorm) and isinstance(last, _LINEAR):
                    steps[-1] = _normalised(last, step)
                elif isinstance(step, layers.Sequential):
                    steps += _fold(step)  # pyright: ignore  (a Sequential again)
                elif not isinstance(step, layers.Dropout):
                    steps.append(_fold(step))
            return layers.Sequential(*steps)
        case layers.Residual():
            return layers.Residual(_fold(net.body), None if net.shortcut is None else _fold(net.shortcut))
        case layers.Parallel():
            return layers.Parallel(*map(_fold, net.branches))
    return net


def _normalised(linear: layers.Conv1d | layers.Conv2d | layers.Linear, norm: layers.BatchNorm) -> Layer:
    """One layer for the two."""
    gain = norm.weight.value / np.sqrt(norm.running_var + norm.eps)
    weight = linear.weight.value
    before = 0 if linear.bias is None else linear.bias.value
    both = type(linear)(**{**linear.arguments(), "bias": True}, rng=0)
    both.weight = Variable(weight * gain.reshape(-1, *[1] * (weight.ndim - 1)), "weight")
    both.bias = Variable(gain * (before - norm.running_mean) + norm.bias.value, "bias")
    return both

"""The pieces of a data set that a map of a layer answers most to."""

from typing import NamedTuple

import numpy as np

from ..graph import Array
from ..layers import Layer
from ..receptive_field import receptive_field


class Patch(NamedTuple):
    """A piece of an example.

    Attributes
    ----------
    example : int
        Which one.
    place : tuple of int
        The output that answered, along each axis.
    value : float
        How much.
    samples : ndarray (C, ...)
        All the output sees; zeros where that is outside the example.
    """

    example: int
    place: tuple[int, ...]
    value: float
    samples: np.ndarray


def maximally_activating(net: Layer, x: Array, channel: int, count: int = 9) -> list[Patch]:
    """The patches that make one channel of a network's output largest, at most one for each example.

    Parameters
    ----------
    net : Layer
        Convolutions, pools and pointwise layers, such as ``net[:4]``.
    x : array (B, C, ...)
        Examples to look through.
    channel : int
        Of the output.
    count : int
        How many patches.

    Returns
    -------
    list of Patch
        The largest first.

    Raises
    ------
    ValueError
        If there is no such channel, count is below 1, or the network sees its whole input.

    References
    ----------
    Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, 2014.

    Examples
    --------
    >>> from ltisys import nn
    >>> net = nn.Conv1d(1, 1, 3, bias=False)
    >>> net.weight.value[:] = [[[1.0, 1.0, 1.0]]]
    >>> x = np.zeros((2, 1, 8), np.float32)
    >>> x[1, 0, 4] = 5
    >>> best = maximally_activating(net, x, 0, count=1)[0]
    >>> best.example, best.place, best.value, best.samples.tolist()
    (1, (3,), 5.0, [[0.0, 0.0, 5.0]])
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count}")
    field = receptive_field(net)
    y = net.predict(x)
    if not 0 <= channel < y.shape[1]:
        raise ValueError(f"channel must be 0 to {y.shape[1] - 1}, got {channel}")
    answers = y[:, channel].reshape(len(y), -1)
    best = np.argsort(-answers.max(axis=1), kind="stable")[:count]
    patches = []
    for example in best:
        at = int(answers[example].argmax())
        place = tuple(int(i) for i in np.unravel_index(at, y.shape[2:]))
        corner = tuple(s + d * o for s, d, o in zip(field.start, field.stride, place, strict=True))
        patches.append(
            Patch(int(example), place, float(answers[example, at]), _cut(np.asarray(x[example]), corner, field.size))
        )
    return patches


def _cut(example: Array, corner: tuple[int, ...], size: tuple[int, ...]) -> Array:
    """The samples from a corner on, zeros where that is outside."""
    patch = np.zeros((len(example), *size), example.dtype)
    inside, of = [slice(None)], [slice(None)]
    for first, length, n in zip(corner, size, example.shape[1:], strict=True):
        start, stop = max(0, first), min(n, first + length)
        inside.append(slice(start - first, max(start, stop) - first))
        of.append(slice(start, max(start, stop)))
    patch[tuple(inside)] = example[tuple(of)]
    return patch

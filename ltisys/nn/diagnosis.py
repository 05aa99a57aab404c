"""What to say when a loss is no finite number: where in the network the first such number arose, and out of what."""

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from .devices import as_array
from .graph import Array, Variable, no_grad
from .layers import Dropout, Layer, Parallel, Residual, Sequential
from .loading import Batch
from .randomness import State, set_state, state_of
from .state import copy_into


@dataclass(frozen=True)
class Origin:
    """The first layer, in the order of computation, whose output is not finite.

    Attributes
    ----------
    name : str
        Its place in the network as in ``state()``, ``"3"`` or ``"3.body.0"``; empty for the network itself.
    layer : Layer
        The layer.
    x, y : array
        What went in and what came out.
    """

    name: str
    layer: Layer
    x: Array
    y: Array

    def __str__(self) -> str:
        weights = "".join(
            f", its {name} {described(parameter.value)}" for name, parameter in self.layer.named_parameters()
        )
        place = f"layer {self.name}, " if self.name else ""
        return f"{place}{self.layer!r}: in {described(self.x)}{weights}, out {described(self.y)}"


def randomness_of(net: Layer) -> list[State]:
    """The states of the generators from which dropout is drawn, in network order."""
    return [state_of(layer.rng) for layer in net.layers() if isinstance(layer, Dropout)]


def set_randomness(net: Layer, states: Sequence[State]) -> None:
    """Go on where ``randomness_of`` was taken."""
    dropouts = [layer for layer in net.layers() if isinstance(layer, Dropout)]
    for layer, state in zip(dropouts, states, strict=True):
        set_state(layer.rng, state)


def origin_of(net: Layer, x: Array) -> Origin | None:
    """The first layer of which finite numbers come out as others; None if all are finite.

    The network computes the batch again, in the mode it is in; its statistics and generators are left as they were.
    """
    with _left_alone(net), no_grad(), np.errstate(all="ignore"):
        return _origin("", net, Variable(x))


def explanation(net: Layer, batch: Batch, loss: float, randomness: Sequence[State]) -> str:
    """Why the loss of a batch is not finite, and what helps.

    Parameters
    ----------
    net : Layer
        As it was when it computed the batch.
    batch : Batch
        What went in.
    loss : float
        What came out.
    randomness : sequence
        ``randomness_of(net)`` from before the batch.
    """
    if not_finite(batch.x):
        which = ", ".join(str(i) for i, x in zip(batch.index, batch.x, strict=True) if not_finite(x))
        return (
            f"the loss became {loss} because the batch itself is not finite: {described(batch.x)}. "
            f"Look at example {which} of the data, and at the augmentation if there is one"
        )
    with _left_alone(net):
        set_randomness(net, randomness)
        origin = origin_of(net, batch.x)
    if origin is None:
        targets = as_array(batch.t)
        return (
            f"the loss became {loss} although all layers give finite numbers: look at the targets, "
            f"{described(targets)}, and at the loss function"
        )
    if any(not_finite(parameter.value) for parameter in origin.layer.parameters()):
        advice = (
            "Its weights were broken before this step: lower the learning rate, or clip the error signals (clip=1.0)"
        )
    else:
        advice = "Its numbers have outgrown their dtype: lower the learning rate, clip, or scale the inputs down"
    return f"the loss became {loss}; the first layer that gives no finite numbers is {origin}. {advice}"


def described(array: Array) -> str:
    """Shape, range and how many numbers are not finite, in a few words.

    Examples
    --------
    >>> described(np.array([[1.0, np.nan], [-2.0, 0.5]]))
    '(2, 2) from -2 to 1 (1 of 4 not finite)'
    """
    if array.dtype.kind not in "fiub" or array.size == 0:
        return f"{array.shape} of dtype {array.dtype}"
    finite = array[np.isfinite(array)]
    span = f" from {float(finite.min()):.3g} to {float(finite.max()):.3g}" if finite.size else ""
    rest = array.size - finite.size
    return f"{array.shape}{span}" + (f" ({rest} of {array.size} not finite)" if rest else "")


def not_finite(array: Array) -> bool:
    """Whether any number is nan or infinite."""
    return array.dtype.kind == "f" and not np.isfinite(array).all()


def _origin(name: str, layer: Layer, x: Variable) -> Origin | None:
    """The origin within a layer of finite input x; descends into the layers that are made of layers."""
    with _left_alone(layer):
        y = layer(x).value
    if not not_finite(y):
        return None
    if isinstance(layer, Sequential):
        for index, step in enumerate(layer):
            if (found := _origin(_within(name, index), step, x)) is not None:
                return found
            x = step(x)
    if isinstance(layer, Residual | Parallel):
        for part, branch in layer._named_children():
            if (found := _origin(_within(name, part), branch, x)) is not None:
                return found
            branch(x)  # its dropout has drawn before that of the next one
    return Origin(name, layer, x.value, y)


def _within(name: str, part: int | str) -> str:
    return f"{name}.{part}" if name else str(part)


@contextmanager
def _left_alone(net: Layer):
    """Whatever is computed inside, the network's buffers and generators are afterwards as before."""
    parameters = {name for name, _ in net.named_parameters()}  # which no computation changes
    buffers = {name: array for name, array in net.state().items() if name not in parameters}
    before = {name: array.copy() for name, array in buffers.items()}
    randomness = randomness_of(net)
    try:
        yield
    finally:
        copy_into(buffers, before)
        set_randomness(net, randomness)

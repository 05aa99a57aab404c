"""Layers made of layers."""

from collections.abc import Iterator
from typing import Any, overload

from .. import functions
from ..graph import Array, Variable
from .activations import ReLU
from .layer import Layer


class Sequential(Layer):
    """One layer after the other.

    Parameters
    ----------
    *steps : Layer
        In the order in which they are applied.

    Examples
    --------
    >>> from ltisys import nn
    >>> net = Sequential(nn.Linear(4, 3, rng=0), nn.ReLU(), nn.Linear(3, 2, rng=0))
    >>> len(net), net.n_parameters, net[1]
    (3, 23, ReLU())
    """

    def __init__(self, *steps: Layer) -> None:
        self.steps = _all_layers("Sequential", steps)

    def __call__(self, x: Variable | Array) -> Variable:
        """The output of the last layer; a ReLU is left to the layer before it."""
        steps = iter((*self.steps, None))
        step = next(steps)
        while step is not None:
            following = next(steps)
            if type(following) is ReLU:
                x, step = step.rectified(x), next(steps)
            else:
                x, step = step(x), following
        return x if isinstance(x, Variable) else Variable(x)

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.steps)

    @overload
    def __getitem__(self, index: int) -> Any: ...  # the caller knows which layer stands there
    @overload
    def __getitem__(self, index: slice) -> "Sequential": ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Sequential(*self.steps[index])
        return self.steps[index]


class Residual(Layer):
    """body(x) + shortcut(x): the error signal also flows past the body.

    Parameters
    ----------
    body : Layer
        What is learned in addition.
    shortcut : Layer or None
        Brings x to the shape of the body's output; None for x itself.

    Examples
    --------
    >>> from ltisys import nn
    >>> Residual(nn.ReLU())(Variable([-1.0, 2.0]))
    Variable([-1.,  4.])
    """

    def __init__(self, body: Layer, shortcut: Layer | None = None) -> None:
        _all_layers("Residual", (body,) if shortcut is None else (body, shortcut))
        self.body = body
        self.shortcut = shortcut

    def __call__(self, x: Variable | Array) -> Variable:
        """The sum."""
        return functions.add(*self._branches(x))

    def rectified(self, x: Variable | Array) -> Variable:
        """max(0, ·) of the sum."""
        return functions.add_relu(*self._branches(x))

    def _branches(self, x: Variable | Array) -> tuple[Variable, Variable | Array]:
        y = self.body(x)
        beside = x if self.shortcut is None else self.shortcut(x)
        if y.shape != beside.shape:
            raise ValueError(f"the body of Residual gives shape {y.shape}, its shortcut {beside.shape}")
        return y, beside


class Parallel(Layer):
    """Branches side by side on the same x, their channels (axis 1) one after the other.

    Parameters
    ----------
    *branches : Layer
        At least one; their outputs agree in all axes but the channels'.

    Raises
    ------
    ValueError
        If there is no branch, or the outputs do not fit together.

    Examples
    --------
    >>> from ltisys import nn
    >>> Parallel(nn.ReLU(), nn.Sequential())(Variable([[-1.0, 2.0]]))
    Variable([[ 0.,  2., -1.,  2.]])
    """

    def __init__(self, *branches: Layer) -> None:
        if not branches:
            raise ValueError("Parallel needs at least one branch, got none")
        self.branches = _all_layers("Parallel", branches)

    def __call__(self, x: Variable | Array) -> Variable:
        """All channels."""
        outputs = [branch(x) for branch in self.branches]
        if len({(y.shape[:1], y.shape[2:]) for y in outputs}) > 1:
            raise ValueError(
                f"the branches of Parallel differ in more than channels: {', '.join(str(y.shape) for y in outputs)}"
            )
        return functions.concatenate(*outputs)


def _all_layers(owner: str, steps: tuple[Layer, ...]) -> tuple[Layer, ...]:
    for step in steps:
        if not isinstance(step, Layer):
            raise TypeError(f"{owner} is made of layers, got {step!r}")
    return steps

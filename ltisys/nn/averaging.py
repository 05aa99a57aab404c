"""A moving average of the weights, which often generalises better than the last ones."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from .graph import Array
from .layers import Layer
from .state import copy_into, must_match, named


class EMA:
    """The exponential moving average of a network's parameters: average ← d · average + (1 − d) · parameters.

    Given to ``fit`` as a callback it follows every step; given as ``average=`` it is also what is validated, and what
    the network ends with. Early on d is smaller, min(decay, (1 + n) / (10 + n)), so that the first weights are
    forgotten.

    Parameters
    ----------
    net : Layer
        The network to follow.
    decay : float
        How much of the average is kept in each step.

    Raises
    ------
    ValueError
        If decay is outside [0, 1).

    Examples
    --------
    >>> from ltisys import nn
    >>> net = nn.Linear(1, 1, rng=0)
    >>> ema = EMA(net, decay=0.5)
    >>> before = net.weight.item()
    >>> net.weight.value += 1
    >>> for _ in range(20):
    ...     ema.after_step()
    >>> with ema.averaged():
    ...     print(round(net.weight.item() - before, 3))
    1.0
    """

    def __init__(self, net: Layer, decay: float = 0.999) -> None:
        if not 0 <= decay < 1:
            raise ValueError(f"decay must lie in [0, 1), got {decay}")
        self.decay = decay
        self.steps = 0
        self._parameters = net.parameters()
        self._averages = [parameter.value.copy() for parameter in self._parameters]
        self._scratch = [np.empty_like(average) for average in self._averages]

    def after_step(self) -> None:
        """Follow the parameters by one step."""
        self.steps += 1
        rest = 1 - min(self.decay, (1 + self.steps) / (10 + self.steps))
        for parameter, average, scratch in zip(self._parameters, self._averages, self._scratch, strict=True):
            np.subtract(parameter.value, average, out=scratch)
            scratch *= rest
            average += scratch

    def __call__(self, epoch: object) -> None:
        """Nothing happens at the end of an epoch."""

    def state(self) -> dict[str, Array]:
        """The average and how many steps it has followed."""
        return {"steps": np.array(self.steps), **named("average", self._averages)}

    def set_state(self, state: dict[str, Array]) -> None:
        """Go on with what ``state`` of an average of the same network has given.

        Raises
        ------
        ValueError
            If a name is missing or unknown, or a shape differs. Nothing is changed then.
        """
        must_match(self.state(), state)
        self.steps = state["steps"].item()
        copy_into(named("average", self._averages), state)

    def swap(self) -> None:
        """Exchange the parameters with their average."""
        for parameter, average, scratch in zip(self._parameters, self._averages, self._scratch, strict=True):
            scratch[...] = parameter.value
            parameter.value[...] = average
            average[...] = scratch

    def apply(self) -> None:
        """Give the network the averaged weights for good."""
        for parameter, average in zip(self._parameters, self._averages, strict=True):
            parameter.value[...] = average

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """The network has the averaged parameters inside this block."""
        self.swap()
        try:
            yield
        finally:
            self.swap()

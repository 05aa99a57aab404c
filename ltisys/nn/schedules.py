"""Schedules: the learning rate as a function of the step."""

import math
from abc import ABC, abstractmethod

from .graph import Array
from .optimisers import Optimiser
from .state import set_state_of_attributes, state_of_attributes


class Schedule(ABC):
    """Sets an optimiser's learning rate before every step.

    Parameters
    ----------
    optimiser : Optimiser
        Whose ``lr`` is set, to ``rate(0)`` at once.
    steps : int
        How many steps the whole schedule takes; afterwards the rate stays as it is.

    Raises
    ------
    ValueError
        If steps is below 1.
    """

    def __init__(self, optimiser: Optimiser, steps: int) -> None:
        if steps < 1:
            raise ValueError(f"a schedule needs at least 1 step, got {steps}")
        self.optimiser = optimiser
        self.steps = steps
        self.done = 0
        optimiser.lr = self.rate(0)

    @abstractmethod
    def rate(self, step: int) -> float:
        """The learning rate of a step, counted from 0."""

    def step(self) -> None:
        """Go on by one step."""
        self.done += 1
        self.optimiser.lr = self.rate(min(self.done, self.steps - 1))

    def state(self) -> dict[str, Array]:
        """The numbers among the attributes, as arrays: how far it is, and what its rates follow from."""
        return state_of_attributes(self)

    def set_state(self, state: dict[str, Array]) -> None:
        """Go on with what ``state`` of a schedule of the same kind has given.

        Raises
        ------
        ValueError
            If a name is missing or unknown. Nothing is changed then.
        """
        set_state_of_attributes(self, state)


class OneCycle(Schedule):
    """From max_lr/25 up to max_lr and down to almost nothing, both along half a cosine.

    Parameters
    ----------
    optimiser : Optimiser
        Whose ``lr`` is set.
    max_lr : float
        The largest rate, reached after the fraction ``warmup`` of the steps.
    steps : int
        Epochs times batches per epoch.
    warmup : float
        Fraction of the steps on the way up.
    start, end : float
        The first and the last rate are max_lr / start and max_lr / start / end.

    Raises
    ------
    ValueError
        If max_lr is not positive, warmup is outside [0, 1] or start or end is not positive.

    References
    ----------
    Smith and Topin, Super-Convergence, 2018; the values are those of PyTorch's OneCycleLR.

    Examples
    --------
    >>> from ltisys import nn
    >>> optimiser = nn.SGD([nn.Variable(0.0)], lr=1.0)
    >>> schedule = OneCycle(optimiser, max_lr=1.0, steps=11)
    >>> [round(schedule.rate(step), 3) for step in (0, 2, 10)]
    [0.04, 0.96, 0.0]
    """

    def __init__(
        self,
        optimiser: Optimiser,
        max_lr: float,
        steps: int,
        *,
        warmup: float = 0.3,
        start: float = 25.0,
        end: float = 1e4,
    ) -> None:
        if not max_lr > 0:
            raise ValueError(f"max_lr must be positive, got {max_lr}")
        if not 0 <= warmup <= 1:
            raise ValueError(f"warmup must lie in [0, 1], got {warmup}")
        if not (start > 0 and end > 0):
            raise ValueError(f"start and end must be positive, got {start} and {end}")
        self.max_lr, self.warmup, self.start, self.end = max_lr, warmup, start, end
        super().__init__(optimiser, steps)

    def rate(self, step: int) -> float:
        """The learning rate of a step, counted from 0."""
        top = self.warmup * self.steps - 1
        first, last = self.max_lr / self.start, self.max_lr / self.start / self.end
        if step <= top:
            return _half_cosine(first, self.max_lr, step / top if top > 0 else 1.0)
        return _half_cosine(self.max_lr, last, min(1.0, (step - top) / max(self.steps - 1 - top, 1e-12)))


class Cosine(Schedule):
    """From the optimiser's rate down to ``final`` along half a cosine, after a straight way up if wanted.

    Parameters
    ----------
    optimiser : Optimiser
        Whose ``lr`` is the largest rate.
    steps : int
        Epochs times batches per epoch.
    final : float
        The last rate.
    warmup : int
        Steps on the way up.

    Raises
    ------
    ValueError
        If final is negative or warmup is not one of 0 … steps − 1.

    Examples
    --------
    >>> from ltisys import nn
    >>> optimiser = nn.SGD([nn.Variable(0.0)], lr=1.0)
    >>> schedule = Cosine(optimiser, steps=5)
    >>> [round(schedule.rate(step), 3) for step in range(5)]
    [1.0, 0.854, 0.5, 0.146, 0.0]
    """

    def __init__(self, optimiser: Optimiser, steps: int, *, final: float = 0.0, warmup: int = 0) -> None:
        if final < 0:
            raise ValueError(f"final must not be negative, got {final}")
        if not 0 <= warmup < max(steps, 1):
            raise ValueError(f"warmup must be 0 to steps − 1 = {steps - 1}, got {warmup}")
        self.max_lr, self.final, self.warmup = optimiser.lr, final, warmup
        super().__init__(optimiser, steps)

    def rate(self, step: int) -> float:
        """The learning rate of a step, counted from 0."""
        if step < self.warmup:
            return self.max_lr * (step + 1) / (self.warmup + 1)
        return _half_cosine(self.max_lr, self.final, (step - self.warmup) / max(self.steps - 1 - self.warmup, 1))


def _half_cosine(first: float, last: float, fraction: float) -> float:
    return last + (first - last) * (1 + math.cos(math.pi * fraction)) / 2

"""Optimisers: how parameters follow their error signals, in place, and on the CPU without allocating anything."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..convolution import threads
from ..convolution.residence import on_gpu
from . import moves, vectorised
from .devices import device_of, moved
from .graph import Array, Variable
from .state import set_state_of_attributes, state_of_attributes


class Optimiser(ABC):
    """Moves parameters against their error signals.

    Parameters
    ----------
    parameters : iterable of Variable
        What to learn, usually ``net.parameters()``.
    lr : float
        Learning rate; a schedule may change the attribute of this name between steps.
    weight_decay : float
        Strength of the pull towards zero.

    Raises
    ------
    ValueError
        If there are no parameters, lr is not positive or weight_decay is negative.
    """

    def __init__(self, parameters: Iterable[Variable], lr: float, weight_decay: float) -> None:
        self.parameters = list(parameters)
        if not self.parameters:
            raise ValueError("an optimiser needs at least one parameter, got none")
        if not lr > 0:
            raise ValueError(f"lr must be positive, got {lr}")
        if not weight_decay >= 0:
            raise ValueError(f"weight_decay must not be negative, got {weight_decay}")
        self.lr = lr
        self.weight_decay = weight_decay

    def zero_grad(self) -> None:
        """Forget the error signals, which would add up otherwise."""
        for parameter in self.parameters:
            parameter.grad = None

    def step(self) -> None:
        """Move every parameter that has an error signal."""
        for index, parameter in enumerate(self.parameters):
            if parameter.grad is not None:
                value = parameter.value.reshape(-1)  # a copy where it is not contiguous
                self._move(index, value, parameter.grad.reshape(-1))
                if not parameter.value.flags.c_contiguous:
                    parameter.value[...] = value.reshape(parameter.value.shape)

    def state(self) -> dict[str, Array]:
        """All that steps depend on beside parameters and error signals, as arrays, numbers included.

        It is found in the attributes, as that of a layer: numbers, arrays and lists of arrays, such as moments.
        """
        return state_of_attributes(self)

    def set_state(self, state: dict[str, Array]) -> None:
        """Go on with what ``state`` of an optimiser of the same kind, over the same parameters, has given.

        Raises
        ------
        ValueError
            If a name is missing or unknown, or a shape differs. Nothing is changed then.
        """
        set_state_of_attributes(self, state)

    @abstractmethod
    def _move(self, index: int, value: Array, grad: Array) -> None:
        """Change the raveled value of one parameter in place; grad must stay as it is."""

    def _memory(self) -> list[Array]:
        """Zeros, as many as every parameter has elements."""
        return [np.zeros_like(parameter.value, shape=parameter.value.size) for parameter in self.parameters]


def _beside(value: Array, memory: list[Array], index: int) -> Array:
    """What is remembered of one parameter; it follows where that was moved to."""
    if type(memory[index]) is not type(value):
        memory[index] = moved(memory[index], device_of(value))
    return memory[index]


def _move_by(loop: Any, on_arrays: Any, value: Array, *rest: Any) -> None:
    """Move a parameter where it lies: by a compiled loop, or on a GPU by operations on whole arrays."""
    if on_gpu(value):
        on_arrays(value, *rest)
    else:
        loop(value, *rest, *threads.board_for(value.size * moves.WEIGHT))


class SGD(Optimiser):
    """Stochastic gradient descent: v ← momentum · v + w̄ + weight_decay · w, then w ← w − lr · v.

    Parameters
    ----------
    parameters : iterable of Variable
        What to learn.
    lr : float
        Learning rate.
    momentum : float
        How much of the last step is kept.
    nesterov : bool
        Look one step of momentum ahead.
    weight_decay : float
        The L2 penalty's factor.

    Raises
    ------
    ValueError
        If a number is out of its range, or nesterov is asked for without momentum.

    Examples
    --------
    >>> w = Variable(1.0)
    >>> (w * w).backward()
    >>> SGD([w], lr=0.25).step()
    >>> w
    Variable(0.5)
    """

    def __init__(
        self,
        parameters: Iterable[Variable],
        lr: float,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum must lie in [0, 1), got {momentum}")
        if nesterov and not momentum:
            raise ValueError("nesterov=True needs momentum > 0, got momentum=0")
        self.momentum = momentum
        self.nesterov = nesterov
        self._velocity = self._memory()

    def _move(self, index: int, value: Array, grad: Array) -> None:
        rates = float(self.lr), float(self.momentum), float(self.weight_decay)
        velocity = _beside(value, self._velocity, index)
        rule = moves.follow_velocity, vectorised.follow_velocity
        _move_by(*rule, value, grad, velocity, rates, self.nesterov)


class _Adaptive(Optimiser):
    """What Adam and AdamW share: all but the defaults."""

    def __init__(
        self,
        parameters: Iterable[Variable],
        lr: float,
        betas: tuple[float, float],
        eps: float,
        weight_decay: float,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        if not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas must lie in [0, 1), got {betas}")
        self.betas = betas
        self.eps = eps
        self.steps = 0
        self._first = self._memory()
        self._second = self._memory()

    def step(self) -> None:
        """Move every parameter that has an error signal."""
        self.steps += 1
        super().step()

    def _move(self, index: int, value: Array, grad: Array) -> None:
        beta1, beta2 = self.betas
        corrections = self.lr / (1 - beta1**self.steps), 1 / (1 - beta2**self.steps)
        memory = _beside(value, self._first, index), _beside(value, self._second, index)
        shrinking = 1 - self.lr * self.weight_decay
        rule = moves.follow_moments, vectorised.follow_moments
        _move_by(*rule, value, grad, *memory, self.betas, corrections, self.eps, shrinking)


class Adam(_Adaptive):
    """Steps of the mean error signal over the root of its mean square.

    m ← β₁ m + (1 − β₁) w̄ and v ← β₂ v + (1 − β₂) w̄² are both corrected for starting at zero;
    w ← w − lr m̂ / (√v̂ + eps).

    Parameters
    ----------
    parameters : iterable of Variable
        What to learn.
    lr : float
        Learning rate.
    betas : (float, float)
        β₁ and β₂.
    eps : float
        Keeps the quotient finite.

    Raises
    ------
    ValueError
        If a number is out of its range.

    References
    ----------
    Kingma and Ba, Adam, 2015.

    Examples
    --------
    >>> w = Variable(1.0)
    >>> (w * w).backward()
    >>> Adam([w], lr=0.25).step()
    >>> round(w.item(), 6)
    0.75
    """

    def __init__(
        self,
        parameters: Iterable[Variable],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        super().__init__(parameters, lr, betas, eps, weight_decay=0.0)


class AdamW(_Adaptive):
    """Adam with weight decay that acts on the weights themselves: w ← (1 − lr · weight_decay) w before the step.

    Parameters
    ----------
    parameters : iterable of Variable
        What to learn.
    lr : float
        Learning rate.
    betas : (float, float)
        β₁ and β₂.
    eps : float
        Keeps the quotient finite.
    weight_decay : float
        Fraction, times lr, by which weights shrink in each step.

    Raises
    ------
    ValueError
        If a number is out of its range.

    References
    ----------
    Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019.

    Examples
    --------
    >>> w = Variable(1.0)
    >>> (w * w).backward()
    >>> AdamW([w], lr=0.25, weight_decay=0.4).step()
    >>> round(w.item(), 6)
    0.65
    """

    def __init__(
        self,
        parameters: Iterable[Variable],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(parameters, lr, betas, eps, weight_decay)

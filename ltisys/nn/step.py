"""One step of training: forward, backward, clip, move; and a clear word as soon as a number is not finite."""

import math
from collections.abc import Callable, Iterable

import numpy as np

from .clipping import clip_gradients
from .diagnosis import described, explanation, not_finite, randomness_of
from .evaluation import Score
from .layers import Layer
from .loading import Batch, Loss
from .optimisers import Optimiser


class Step:
    """What is done with every batch.

    Parameters
    ----------
    net : Layer
        In training mode.
    loss : callable
        ``loss(outputs, targets) -> scalar Variable``.
    optimiser : Optimiser
        Moves the parameters.
    clip : float or None
        The largest norm of the error signals.
    after : iterable of callables
        Called once the parameters have moved.
    """

    def __init__(
        self,
        net: Layer,
        loss: Loss,
        optimiser: Optimiser,
        clip: float | None,
        after: Iterable[Callable[[], object]],
    ) -> None:
        self._net, self._loss, self._optimiser, self._clip = net, loss, optimiser, clip
        self._after = tuple(after)

    def __call__(self, batch: Batch, score: Score, place: str) -> None:
        """Learn from a batch and add it to the score; raise a ValueError that names the place if it blows up."""
        randomness = randomness_of(self._net)
        self._optimiser.zero_grad()
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # what comes of it is explained here
            outputs = self._net(batch.x)
            cost = self._loss(outputs, batch.t)
            if not math.isfinite(cost.item()):
                raise ValueError(f"{place}: {explanation(self._net, batch, cost.item(), randomness)}")
            score.add(cost, outputs, batch.t)
            cost.backward(keep_errors=False)
            if self._clip is not None and not math.isfinite(clip_gradients(self._optimiser.parameters, self._clip)):
                self._refuse_error_signals(place)
            self._optimiser.step()
        for action in self._after:
            action()

    def check_weights(self, place: str) -> None:
        """Raise a ValueError if a parameter is not finite: a network like that is not worth keeping."""
        for name, parameter in self._net.named_parameters():
            if not_finite(parameter.value):
                raise ValueError(
                    f"{place}: the last step has left {name!r} {described(parameter.value)}: "
                    f"lower the learning rate {self._optimiser.lr:g}, or clip the error signals (clip=1.0)"
                )

    def _refuse_error_signals(self, place: str) -> None:
        for name, parameter in self._net.named_parameters():
            if parameter.grad is not None and not_finite(parameter.grad):
                raise ValueError(
                    f"{place}: the loss is finite, but the error signal of {name!r} is not: "
                    f"{described(parameter.grad)}, for values {described(parameter.value)}; lower the learning rate "
                    f"{self._optimiser.lr:g}, or scale the inputs down"
                )

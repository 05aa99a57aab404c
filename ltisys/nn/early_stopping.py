"""Early stopping: training ends once nothing gets better, with the weights that were best."""

import math

import numpy as np

from .graph import Array
from .history import Epoch
from .layers import Layer
from .state import copy_into, must_match

QUANTITIES = {"loss": 1, "validation_loss": 1, "accuracy": -1, "validation_accuracy": -1}
"""What can be followed, and the sign with which less is better."""


class EarlyStopping:
    """Ends the training when a quantity has not improved for a number of epochs; the best weights come back.

    Given to ``fit`` as a callback. The weights of the best epoch are put back however the training ends, unless by an
    error.

    Parameters
    ----------
    net : Layer
        The network that is trained.
    patience : int
        How many epochs without improvement are borne.
    quantity : {"validation_loss", "validation_accuracy", "loss", "accuracy"}
        What has to improve: losses fall, accuracies rise.
    least : float
        By how much an epoch has to be better to count.

    Attributes
    ----------
    best : float
        The best value so far, nan before there is one.
    best_epoch : int
        Its epoch, 0 before there is one.

    Raises
    ------
    ValueError
        If the quantity is none of these, patience is below 1 or least is negative.

    References
    ----------
    Prechelt, Early Stopping — But When?, 1998.

    Examples
    --------
    >>> from ltisys import nn
    >>> x, t = np.array([[-1.0], [1.0]]), np.array([0, 1])
    >>> net = nn.Linear(1, 2, rng=0)
    >>> stopping = nn.EarlyStopping(net, patience=2)
    >>> history = nn.fit(net, (x, t), validation=(x, 1 - t), loss=nn.cross_entropy, callbacks=[stopping],
    ...               optimiser=nn.SGD(net.parameters(), lr=0.1), epochs=50, batch_size=2, progress=False)
    >>> len(history.loss), stopping.best_epoch
    (3, 1)
    """

    def __init__(
        self, net: Layer, patience: int = 10, *, quantity: str = "validation_loss", least: float = 0.0
    ) -> None:
        if quantity not in QUANTITIES:
            raise ValueError(f"quantity must be one of {', '.join(QUANTITIES)}, got {quantity!r}")
        if patience < 1:
            raise ValueError(f"patience must be at least 1 epoch, got {patience}")
        if not least >= 0:
            raise ValueError(f"least must not be negative, got {least}")
        self.patience, self.quantity, self.least = patience, quantity, least
        self.best = math.nan
        self.best_epoch = 0
        self._net = net
        self._weights = {name: array.copy() for name, array in net.state().items()}

    def __call__(self, epoch: Epoch) -> bool:
        """Look at an epoch; tells whether it should be the last."""
        value = getattr(epoch.history, self.quantity)[-1]
        sign = QUANTITIES[self.quantity]
        if math.isnan(self.best) or sign * value < sign * self.best - self.least:
            self.best, self.best_epoch = value, epoch.number
            copy_into(self._weights, self._net.state())
        return epoch.number - self.best_epoch >= self.patience

    def finish(self) -> None:
        """Put the best weights back."""
        if self.best_epoch:
            copy_into(self._net.state(), self._weights)

    def state(self) -> dict[str, Array]:
        """The best weights, and when and how good they were."""
        return {"best": np.array(self.best), "best_epoch": np.array(self.best_epoch), **self._prefixed()}

    def set_state(self, state: dict[str, Array]) -> None:
        """Go on with what ``state`` for the same network has given.

        Raises
        ------
        ValueError
            If a name is missing or unknown, or a shape differs. Nothing is changed then.
        """
        must_match(self.state(), state)
        self.best, self.best_epoch = state["best"].item(), state["best_epoch"].item()
        copy_into(self._prefixed(), state)

    def _prefixed(self) -> dict[str, Array]:
        return {f"weights.{name}": array for name, array in self._weights.items()}

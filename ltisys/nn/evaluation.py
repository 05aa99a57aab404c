"""How well a network does: loss and accuracy over examples."""

import math

import numpy as np

from .devices import brought, device_of
from .graph import Array, Variable
from .layers import Layer
from .loading import Data, Loss, checked, examples_at


def evaluate(net: Layer, data: Data, *, loss: Loss, batch_size: int = 256) -> tuple[float, float]:
    """Loss and accuracy of a network in evaluation mode, without a graph.

    Parameters
    ----------
    net : Layer
        The network; its mode is restored afterwards.
    data : (x, t)
        Examples and targets.
    loss : callable
        As for ``fit``.
    batch_size : int
        How many examples to compute at a time.

    Returns
    -------
    loss, accuracy : float
        Means over all examples; the accuracy is nan where targets are not classes.

    Raises
    ------
    ValueError
        If lengths differ or there are no examples.

    Examples
    --------
    >>> from ltisys import nn
    >>> net = nn.Linear(1, 2, rng=0)
    >>> net.weight.value[:] = [[-1.0], [1.0]]
    >>> evaluate(net, (np.array([[-3.0], [3.0]]), np.array([0, 0])), loss=nn.cross_entropy)[1]
    0.5
    """
    x, t = checked("data", data)
    score = Score()
    with net.evaluating():
        for start in range(0, len(x), batch_size):
            index = np.arange(start, min(start + batch_size, len(x)))
            outputs, targets = net(brought(examples_at(x, index), net.device, net.dtype)), examples_at(t, index)
            score.add(loss(outputs, targets), outputs, targets)
    return score.loss, score.accuracy


class Score:
    """Running means over examples."""

    def __init__(self, examples: int = 0, total_loss: float = 0.0, correct: float = 0.0) -> None:
        self.examples = examples
        self.total_loss = total_loss
        self.correct = correct

    def sums(self) -> tuple[int, float, float]:
        """What it was made of, and can be made of again."""
        return self.examples, self.total_loss, self.correct

    def add(self, cost: Variable, outputs: Variable, t: Array) -> None:
        """Count a batch in, with the mean of its losses."""
        batch = len(outputs.value)
        self.examples += batch
        self.total_loss += cost.item() * batch
        self.correct += _correct(outputs.value, brought(t, device_of(outputs.value)))

    @property
    def loss(self) -> float:
        """The mean over the examples so far."""
        return self.total_loss / self.examples

    @property
    def accuracy(self) -> float:
        """The fraction of right answers so far, nan where there are none."""
        return self.correct / self.examples


def _correct(outputs: Array, t: Array) -> float:
    """How many outputs are largest at the target class; nan where targets are not classes."""
    if outputs.ndim != 2 or outputs.shape[1] < 2:
        return math.nan
    if t.ndim == 1 and t.dtype.kind in "iu":
        return float(np.count_nonzero(outputs.argmax(axis=1) == t))
    if t.shape == outputs.shape and t.min() >= 0 and np.allclose(t.sum(axis=1), 1, atol=1e-3):
        return float(np.count_nonzero(outputs.argmax(axis=1) == t.argmax(axis=1)))
    return math.nan

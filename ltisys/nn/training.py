"""Training: epochs of batches, forward, backward, step."""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from .graph import Array, Variable
from .layers import Dropout, Layer
from .optimisers import Optimiser
from .progress import Progress
from .schedules import Schedule


class Examples(Protocol):
    """Anything with a length that takes an integer array as index: an array, or a loader that computes on demand."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: Any, /) -> Any: ...


Data = tuple[Examples, Examples]
Loss = Callable[[Variable, Any], Variable]


@dataclass
class History:
    """What happened in each epoch: lists of equal length (the validation's are empty without one).

    Attributes
    ----------
    loss, accuracy : list of float
        Means over the batches of the epoch, as they were trained (augmented, with dropout). The accuracy is nan where
        targets are not classes.
    validation_loss, validation_accuracy : list of float
        In evaluation mode, after the epoch.
    seconds : list of float
        Wall time, validation included.
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Epoch:
    """The epoch just finished, as callbacks see it.

    Attributes
    ----------
    number, epochs : int
        Which one, from 1, of how many.
    net : Layer
        The network, in evaluation mode.
    history : History
        Everything so far, this epoch included.
    """

    number: int
    epochs: int
    net: Layer
    history: History


def fit(
    net: Layer,
    data: Data,
    *,
    loss: Loss,
    optimiser: Optimiser,
    epochs: int,
    batch_size: int,
    validation: Data | None = None,
    seed: int = 0,
    callbacks: Iterable[Callable[[Epoch], object]] = (),
    schedule: Schedule | None = None,
    augment: Callable[[Any, np.random.Generator], Any] | None = None,
    progress: bool = True,
) -> History:
    """Train a network on examples and their targets.

    Every epoch visits all examples in a random order. The same network, data and seed give the same weights bit for
    bit; the randomness of an epoch depends only on the seed and the epoch's number.

    Parameters
    ----------
    net : Layer
        The network; it is left in evaluation mode.
    data : (x, t)
        Examples and targets: arrays, or anything with ``len`` that takes an integer array as index.
    loss : callable
        ``loss(outputs, targets) -> scalar Variable``, for instance ``nn.cross_entropy``.
    optimiser : Optimiser
        Moves the parameters.
    epochs, batch_size : int
        How often all examples are visited, and how many make a step. The last batch of an epoch may be smaller.
    validation : (x, t) or None
        What to evaluate on after each epoch.
    seed : int
        Decides order, augmentation and dropout.
    callbacks : iterable of callables
        Each is called with the ``Epoch`` just finished; where it has a method ``after_step()``, that is called after
        every step of the optimiser too.
    schedule : Schedule or None
        Goes on by one after every step.
    augment : callable or None
        ``augment(x_batch, rng)`` gives the batch to train on, or a pair of it and other targets.
    progress : bool
        Show a bar, and a line for every epoch.

    Returns
    -------
    History
        Losses, accuracies and times of the epochs.

    Raises
    ------
    ValueError
        If lengths differ, there are no examples, a count is below 1, or the loss stops being a finite number.

    Examples
    --------
    >>> from ltisys import nn
    >>> x = np.array([[-1.0], [-2.0], [1.0], [2.0]])
    >>> t = np.array([0, 0, 1, 1])
    >>> net = nn.Linear(1, 2, rng=0)
    >>> history = fit(net, (x, t), loss=nn.cross_entropy, optimiser=nn.SGD(net.parameters(), lr=1.0),
    ...               epochs=5, batch_size=2, progress=False)
    >>> history.accuracy[-1]
    1.0
    """
    data = _checked("data", data)
    validation = None if validation is None else _checked("validation", validation)
    for name, count in (("epochs", epochs), ("batch_size", batch_size)):
        if count < 1:
            raise ValueError(f"{name} must be at least 1, got {count}")
    callbacks = tuple(callbacks)
    after_step = [callback.after_step for callback in callbacks if hasattr(callback, "after_step")]  # pyright: ignore
    if schedule is not None:
        after_step.append(schedule.step)
    history = History()
    steps_per_epoch = -(-len(data[0]) // batch_size)
    try:
        with Progress(epochs, steps_per_epoch, visible=progress) as bar:
            for number in range(1, epochs + 1):
                start = time.perf_counter()
                batches = _shuffled_batches(net, data, batch_size, np.random.default_rng((seed, number)), augment)
                score = _train_epoch(net, bar.epoch(number, batches), loss, optimiser, after_step)
                history.loss.append(score.loss)
                history.accuracy.append(score.accuracy)
                if validation is not None:
                    validation_loss, validation_accuracy = evaluate(net, validation, loss=loss, batch_size=batch_size)
                    history.validation_loss.append(validation_loss)
                    history.validation_accuracy.append(validation_accuracy)
                history.seconds.append(time.perf_counter() - start)
                bar.report(number, history)
                for callback in callbacks:
                    callback(Epoch(number, epochs, net, history))
    finally:
        net.eval()
        optimiser.zero_grad()
    return history


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
    x, t = _checked("data", data)
    score = _Score()
    with net.evaluating():
        for start in range(0, len(x), batch_size):
            index = np.arange(start, min(start + batch_size, len(x)))
            outputs, targets = net(np.asarray(x[index], dtype=net.dtype)), t[index]
            score.add(loss(outputs, targets), outputs, targets)
    return score.loss, score.accuracy


class _Score:
    """Running means over examples."""

    def __init__(self) -> None:
        self.examples = 0
        self.total_loss = 0.0
        self.correct = 0.0

    def add(self, cost: Variable, outputs: Variable, t: Array) -> None:
        batch = len(outputs.value)
        self.examples += batch
        self.total_loss += cost.item() * batch
        self.correct += _correct(outputs.value, np.asarray(t))

    @property
    def loss(self) -> float:
        return self.total_loss / self.examples

    @property
    def accuracy(self) -> float:
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


def _shuffled_batches(
    net: Layer,
    data: Data,
    batch_size: int,
    rng: np.random.Generator,
    augment: Callable[[Any, np.random.Generator], Any] | None,
) -> Iterator[tuple[Array, Any]]:
    """The batches of one epoch; order, augmentation and dropout all follow from one generator."""
    x, t = data
    for layer in net.layers():
        if isinstance(layer, Dropout):
            layer.rng = rng.spawn(1)[0]
    order = rng.permutation(len(x))
    for start in range(0, len(order), batch_size):
        index = order[start : start + batch_size]
        examples, targets = x[index], t[index]
        if augment is not None:
            augmented = augment(examples, rng)
            examples, targets = augmented if isinstance(augmented, tuple) else (augmented, targets)
        yield np.asarray(examples, dtype=net.dtype), targets


def _train_epoch(
    net: Layer,
    batches: Iterable[tuple[Array, Any]],
    loss: Loss,
    optimiser: Optimiser,
    after_step: Iterable[Callable[[], object]],
) -> _Score:
    """Forward, backward and a step for every batch; the network is left in evaluation mode."""
    score = _Score()
    net.train()
    for x, t in batches:
        optimiser.zero_grad()
        outputs = net(x)
        cost = loss(outputs, t)
        score.add(cost, outputs, t)
        if not math.isfinite(score.loss):
            raise ValueError(f"the loss became {cost.item()}: lower the learning rate, or look for nan in the data")
        cost.backward(keep_errors=False)
        optimiser.step()
        for action in after_step:
            action()
    net.eval()
    return score


def _checked(name: str, data: Data) -> Data:
    x, t = (np.asarray(part) if isinstance(part, list | tuple) else part for part in data)
    if len(x) != len(t):
        raise ValueError(f"{name} needs one target per example, got {len(x)} examples and {len(t)} targets")
    if len(x) == 0:
        raise ValueError(f"{name} holds no examples")
    return x, t

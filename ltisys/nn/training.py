"""Training: epochs of batches, forward, backward, step."""

import os
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import closing, nullcontext
from dataclasses import asdict, replace

import numpy as np

from .averaging import EMA
from .checkpoint import Checkpoint, Moment, description_of
from .diagnosis import randomness_of, set_randomness
from .early_stopping import EarlyStopping
from .evaluation import Score, evaluate
from .history import Epoch, History
from .layers import Dropout, Layer
from .loading import Augment, Batch, Data, Loss, checked, in_order
from .memory import freed_memory_kept
from .optimisers import Optimiser
from .progress import Progress
from .randomness import set_state
from .schedules import Schedule
from .state import Stateful
from .step import Step


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
    augment: Augment | None = None,
    clip: float | None = None,
    average: EMA | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    every: int | None = None,
    progress: bool = True,
) -> History:
    """Train a network on examples and their targets.

    Every epoch visits all examples in a random order. The same network, data and seed give the same weights bit for
    bit, whatever the number of threads; the randomness of an epoch depends only on the seed and the epoch's number.
    Batches that take work (augmented, or computed on demand) are made one ahead on a thread, as by ``nn.batches``.

    With ``checkpoint`` a run that was killed goes on when it is started again, and ends with the same weights, bit for
    bit, as if nothing had happened. The file holds all that matters: weights, buffers, the optimiser's moments, the
    schedule, the average, callbacks that have ``state()`` and ``set_state(state)``, generators, and the history. It is
    replaced as a whole: at no moment is there half a file.

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
        Each is called with the ``Epoch`` just finished, and training ends if it returns True. Where it has a method
        ``after_step()``, that is called after every step of the optimiser too; where it has ``finish()``, at the end.
    schedule : Schedule or None
        Goes on by one after every step.
    augment : callable or None
        ``augment(x_batch, rng)`` gives the batch to train on, or a pair of it and other targets.
    clip : float or None
        The largest norm of all error signals together; longer ones are scaled down to it.
    average : EMA or None
        Follows every step. Validation and callbacks see the averaged weights, and the network ends with them.
    checkpoint : path or None
        The file that the run is kept in, at the end of every epoch, and from which it goes on if it exists.
    every : int or None
        Keep it after so many steps, too.
    progress : bool
        Show a bar, and a line for every epoch.

    Returns
    -------
    History
        Losses, accuracies and times of the epochs.

    Raises
    ------
    ValueError
        If lengths differ, there are no examples, or a number is out of its range; if the checkpoint is damaged or that
        of another run; if the loss, an error signal or a weight stops being a finite number: the message names the
        layer where that began, with what went in and what came out.
    FileNotFoundError
        If the folder of the checkpoint does not exist.

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
    data = checked("data", data)
    validation = None if validation is None else checked("validation", validation)
    callbacks = tuple(callbacks)
    _check_numbers(epochs=epochs, batch_size=batch_size, every=every, clip=clip)
    _check_together(callbacks, validation, average)
    if every is not None and checkpoint is None:
        raise ValueError(f"every={every} goes with a checkpoint, got checkpoint=None")
    parts = _parts(net, optimiser, schedule, average, callbacks)
    file, moment = None, Moment()
    if checkpoint is not None:
        run = {"batch_size": batch_size, "seed": seed, "clip": clip}
        file = Checkpoint(checkpoint, parts, description_of(net, data, parts, run))
        moment = file.load() or moment
        if moment.epoch - 1 > epochs:
            raise ValueError(f"{file.path}: holds {moment.epoch - 1} epochs already, more than epochs={epochs}")
    history = History(**moment.history)
    followers = [*callbacks, *([average] if average else [])]
    after_step = [follower.after_step for follower in followers if hasattr(follower, "after_step")]  # pyright: ignore
    step = Step(net, loss, optimiser, clip, (*after_step, *([schedule.step] if schedule else [])))
    steps_per_epoch = -(-len(data[0]) // batch_size)
    try:
        with Progress(epochs, steps_per_epoch, visible=progress) as bar, freed_memory_kept():
            if file is not None and moment != Moment():
                over = moment.stopped or moment.epoch > epochs
                bar.note(
                    f"{file.path}: " + ("over" if over else f"goes on at epoch {moment.epoch}, step {moment.step}")
                )
            while moment.epoch <= epochs and not moment.stopped:
                number, began, score = moment.epoch, time.perf_counter() - moment.seconds, Score(*moment.sums)
                net.train()
                with closing(_batches(net, data, moment, batch_size, seed, augment)) as batches:
                    for done, batch in enumerate(bar.epoch(number, batches, moment.step), moment.step + 1):
                        step(batch, score, f"epoch {number}, step {done}")
                        if file is not None and every and ((number - 1) * steps_per_epoch + done) % every == 0:
                            step.check_weights(f"epoch {number}, step {done}")
                            file.save(_within_epoch(moment, net, done, batch, score, time.perf_counter() - began))
                net.eval()
                step.check_weights(f"epoch {number}")
                history.loss.append(score.loss)
                history.accuracy.append(score.accuracy)
                with average.averaged() if average else nullcontext():
                    if validation is not None:
                        judged = evaluate(net, validation, loss=loss, batch_size=batch_size)
                        history.validation_loss.append(judged[0])
                        history.validation_accuracy.append(judged[1])
                    history.seconds.append(time.perf_counter() - began)
                    bar.report(number, history)
                    answers = [callback(Epoch(number, epochs, net, history)) for callback in callbacks]
                stopped = any(answer is True for answer in answers)
                moment = Moment(number + 1, history=asdict(history), stopped=stopped)
                if file is not None:
                    file.save(moment)
        _finish(average, callbacks)
    finally:
        net.eval()
        optimiser.zero_grad()
    return history


def _batches(
    net: Layer, data: Data, moment: Moment, batch_size: int, seed: int, augment: Augment | None
) -> Generator[Batch, None, None]:
    """What is left of an epoch; order, augmentation and dropout all follow from one generator."""
    rng = np.random.default_rng((seed, moment.epoch))
    for layer in net.layers():
        if isinstance(layer, Dropout):
            layer.rng = rng.spawn(1)[0]
    order = rng.permutation(len(data[0]))
    if moment.batches is not None:
        set_state(rng, moment.batches)
        set_randomness(net, moment.dropout)
    rest = order[moment.step * batch_size :]
    return in_order(data, rest, batch_size, rng=rng, augment=augment, dtype=net.dtype, device=net.device)


def _within_epoch(moment: Moment, net: Layer, step: int, batch: Batch, score: Score, seconds: float) -> Moment:
    """The moment after a step."""
    return replace(
        moment,
        step=step,
        sums=score.sums(),
        seconds=seconds,
        batches=batch.randomness,
        dropout=randomness_of(net),
    )


def _finish(average: EMA | None, callbacks: Iterable[object]) -> None:
    """Give the network the weights that it is to end with."""
    if average is not None:
        average.apply()
    for callback in callbacks:
        if hasattr(callback, "finish"):
            callback.finish()  # pyright: ignore


def _parts(
    net: Layer,
    optimiser: Optimiser,
    schedule: Schedule | None,
    average: EMA | None,
    callbacks: Iterable[object],
) -> dict[str, Stateful]:
    """All that changes in training and can be kept, by the names that a checkpoint has for them."""
    stateful = [callback for callback in callbacks if isinstance(callback, Stateful)]
    parts: dict[str, Stateful | None] = {
        "net": net, "optimiser": optimiser, "schedule": schedule, "average": average,
        **{f"callback {index}": callback for index, callback in enumerate(stateful)},
    }  # fmt: skip
    return {name: part for name, part in parts.items() if part is not None}


def _check_numbers(**numbers: float | None) -> None:
    for name, number in numbers.items():
        if number is None:
            continue
        if name == "clip" and not number > 0:
            raise ValueError(f"clip must be positive, got {number}")
        if name != "clip" and number < 1:
            raise ValueError(f"{name} must be at least 1, got {number}")


def _check_together(callbacks: tuple[object, ...], validation: Data | None, average: EMA | None) -> None:
    if average is not None and average in callbacks:
        raise ValueError("the average follows every step already: give it as average= or as a callback, not as both")
    for callback in callbacks:
        if isinstance(callback, EarlyStopping) and callback.quantity.startswith("validation") and validation is None:
            raise ValueError(
                f"EarlyStopping follows {callback.quantity!r}, but there is no validation: give validation=(x, t)"
            )

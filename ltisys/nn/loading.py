"""Batches: examples in random order, varied by chance, made one ahead while the network learns from the last."""

from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike

from ..convolution.residence import on_gpu
from .devices import CPU, as_array, brought, is_array
from .graph import Array, Variable
from .randomness import State, state_of


class Examples(Protocol):
    """Anything with a length that takes an integer array as index: an array, or a loader that computes on demand."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: Any, /) -> Any: ...


Data = tuple[Examples, Examples]
Loss = Callable[[Variable, Any], Variable]
Augment = Callable[[Any, np.random.Generator], Any]


@dataclass(frozen=True)
class Batch:
    """What a step learns from.

    Attributes
    ----------
    x : array (B, ...)
        Examples, varied if there was an augmentation.
    t : array (B, ...)
        Their targets.
    index : array of int (B,)
        Where they stand in the data.
    randomness : dict
        The state of the generator once the batch was made: whoever goes on from here makes the same next batch.
    """

    x: Array
    t: Any
    index: Array
    randomness: State


def batches(
    data: Data,
    batch_size: int,
    *,
    rng: np.random.Generator | int = 0,
    augment: Augment | None = None,
    dtype: DTypeLike = np.float32,
    device: str = CPU,
) -> Generator[Batch, None, None]:
    """All examples once, in random order, in batches; those of ``fit``, for a training loop of one's own.

    While one batch is learned from, a thread makes the next one, as far as that is work: with an augmentation, or for
    data that is computed or read on demand. A single thread draws everything in order, so that the batches do not
    depend on who is faster.

    Parameters
    ----------
    data : (x, t)
        Examples and targets: arrays, or anything with ``len`` that takes an integer array as index.
    batch_size : int
        How many examples make a batch; the last one may be smaller.
    rng : numpy.random.Generator or int
        Decides the order and then the augmentation.
    augment : callable or None
        ``augment(x_batch, rng)`` gives other examples, or a pair of them and other targets.
    dtype : dtype
        Of the examples, usually ``net.dtype``.
    device : str
        Where the batches are wanted, "cpu" or "gpu", usually ``net.device``.

    Yields
    ------
    Batch
        With ``x``, ``t`` and the ``index`` of the examples.

    Raises
    ------
    ValueError
        If lengths differ, there are no examples or batch_size is below 1; and whatever the data or the augmentation
        raises, when their batch is due.

    Examples
    --------
    >>> x, t = np.arange(10.0).reshape(5, 2), np.arange(5)
    >>> for batch in batches((x, t), 2, rng=0):
    ...     print(batch.t, batch.x[:, 0])
    [2 4] [4. 8.]
    [3 0] [6. 0.]
    [1] [2.]
    """
    data = checked("data", data)
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    rng = np.random.default_rng(rng)
    return in_order(
        data, rng.permutation(len(data[0])), batch_size, rng=rng, augment=augment, dtype=dtype, device=device
    )


def in_order(
    data: Data,
    order: Array,
    batch_size: int,
    *,
    rng: np.random.Generator,
    augment: Augment | None,
    dtype: DTypeLike,
    device: str = CPU,
) -> Generator[Batch, None, None]:
    """The batches of examples in this order; close it if it is not run to its end."""

    def make(start: int) -> Batch:
        index = order[start : start + batch_size]
        examples, targets = (examples_at(part, index) for part in data)
        if augment is not None:
            augmented = augment(examples, rng)
            examples, targets = augmented if isinstance(augmented, tuple) else (augmented, targets)
        if device != CPU and is_array(targets):
            targets = brought(targets, device)
        return Batch(brought(examples, device, dtype), targets, index, state_of(rng))

    starts = range(0, len(order), batch_size)
    # picking rows of an array in memory takes less time than handing it to a thread
    in_memory = all(type(part) is np.ndarray or on_gpu(part) for part in data)
    return (make(start) for start in starts) if augment is None and in_memory else _one_ahead(make, starts)


def _one_ahead(make: Callable[[int], Batch], starts: range) -> Generator[Batch, None, None]:
    """make(start) for each start, the next one being made on a thread meanwhile."""
    with ThreadPoolExecutor(1, thread_name_prefix="ltisys-batches") as thread:

        def order(start: int) -> Future[Batch]:
            # in a copy of the caller's context: np.errstate and no_grad hold on the thread, too
            return thread.submit(copy_context().run, make, start)

        due = [order(start) for start in starts[:1]]
        for following in starts[1:]:
            batch = due.pop().result()
            due.append(order(following))
            yield batch
        if due:
            yield due.pop().result()


def examples_at(examples: Examples, index: Array) -> Any:
    """The examples at these places."""
    beside: Any = examples
    return examples[np.asarray(index, like=beside) if on_gpu(examples) else index]


def checked(name: str, data: Data) -> Data:
    """The data with lists made arrays; raises unless there is one target per example, and at least one."""
    x, t = (as_array(part) if isinstance(part, list | tuple) else part for part in data)
    if len(x) != len(t):
        raise ValueError(f"{name} needs one target per example, got {len(x)} examples and {len(t)} targets")
    if len(x) == 0:
        raise ValueError(f"{name} holds no examples")
    return x, t

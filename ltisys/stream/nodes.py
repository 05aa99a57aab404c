"""What streams are made of: small machines that turn the next samples into the next outputs and remember the rest.

A node takes arrays (channels, n) of any length and gives as many outputs of dtype `result`. All it remembers are the
arrays of `memory`; they hold zeros when nothing has been seen, and writing into them restores it. Counters among them
must stay between 0 and `limits`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import final

import numpy as np

Memory = Mapping[str, np.ndarray]


class Node(ABC):
    """One machine: see the module."""

    result: np.dtype
    memory: Memory
    limits: Memory

    @abstractmethod
    def process(self, x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """The next outputs (channels, n), written into `out` if it is given; both are contiguous."""


def empty_for(x: np.ndarray, dtype: np.dtype, out: np.ndarray | None) -> np.ndarray:
    """The place for the outputs: `out`, or a new array."""
    return np.empty(x.shape, dtype) if out is None else out


@final
class Delay(Node):
    """The last samples in a ring: y[n] = x[n - by].

    Parameters
    ----------
    by : int
        At least 1.
    """

    def __init__(self, by: int, channels: int, dtype: np.dtype):
        self.result = dtype
        self._ring, self._place = np.zeros((channels, by), dtype), np.zeros(1, np.int64)
        self.memory, self.limits = {"ring": self._ring, "place": self._place}, {"place": np.array(by - 1)}

    def process(self, x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """The samples that came so many before."""
        y = empty_for(x, self.result, out)
        by, place, first = self._ring.shape[1], int(self._place[0]), 0
        while first < x.shape[1]:
            stop = min(first + by - place, x.shape[1])
            kept = self._ring[:, place : place + stop - first]
            arrived = x[:, first:stop].copy()  # x and y may be the same array
            y[:, first:stop] = kept
            kept[...] = arrived
            place, first = (place + stop - first) % by, stop
        self._place[0] = place
        return y


@final
class Recursion(Node):
    """Second-order sections and their states, in double precision: `scipy.signal.sosfilt`."""

    def __init__(self, sos: np.ndarray, channels: int, dtype: np.dtype):
        from scipy.signal import sosfilt

        self._run, self._sos = sosfilt, sos.copy()  # sosfilt refuses read-only sections
        self.result = np.result_type(sos, dtype)
        self._states = np.zeros((len(sos), channels, 2), self.result)
        self.memory, self.limits = {"states": self._states}, {}

    def process(self, x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """The recursion, taken up where it was left."""
        y = empty_for(x, self.result, out)
        if x.shape[1]:
            y[...], self._states[...] = self._run(self._sos, x, axis=-1, zi=self._states)
        return y


@final
class Chain(Node):
    """Nodes one after another."""

    def __init__(self, nodes: Sequence[Node]):
        self._nodes = nodes
        self.result = nodes[-1].result
        self.memory, self.limits = joined({str(i): node for i, node in enumerate(nodes)})

    def process(self, x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """What the last node makes of what the others made."""
        for node in self._nodes[:-1]:
            x = node.process(x)
        return self._nodes[-1].process(x, out)


@final
class Sum(Node):
    """Nodes side by side, their outputs added."""

    def __init__(self, nodes: Sequence[Node]):
        self._nodes = nodes
        self.result = np.result_type(*(node.result for node in nodes))
        self.memory, self.limits = joined({str(i): node for i, node in enumerate(nodes)})

    def process(self, x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """The sum of what each node makes of the same samples."""
        y = empty_for(x, self.result, out)
        y[...] = reduce(np.add, [node.process(x) for node in self._nodes])
        return y


def joined(nodes: Mapping[str, Node]) -> tuple[Memory, Memory]:
    """Memory and limits of several nodes, their names put before those of the arrays."""
    memory, limits = {}, {}
    for name, node in nodes.items():
        memory |= {f"{name}.{key}": array for key, array in node.memory.items()}
        limits |= {f"{name}.{key}": array for key, array in node.limits.items()}
    return memory, limits

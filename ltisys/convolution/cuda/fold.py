"""The adjoint of an extension on the device: each sample gathers what arrived at its copies, in order of position.

The table of copies comes from the same index map that extends a signal; a gather needs no atomic additions.
"""

from functools import lru_cache

import numpy as np

from ..extension import CODES
from ..taps import FILL, source_index
from .libraries import Caller
from .target import BLOCKS, THREADS, compiled, cover, cuda


@compiled
def gather(extended, x_bar, before, starts, places):
    """Write x_bar[p, i, q] = extended[p, before + i, q] + Σ over the other places of sample i.

    Parameters
    ----------
    extended, x_bar : arrays (P, before + n + after, Q), (P, n, Q)
    before : int
    starts, places : arrays (n + 1,), (before + after,)
        The other places of sample i are places[starts[i] : starts[i + 1]]; empty where there are none.
    """
    n, inner = x_bar.shape[1], x_bar.shape[2]
    for at in range(cuda.grid(1), x_bar.size, cuda.gridsize(1)):
        q = at % inner
        rest = at // inner
        i, p = rest % n, rest // n
        total = extended[p, before + i, q]
        for s in range(starts[i], starts[i + 1]):
            total += extended[p, places[s], q]
        x_bar[p, i, q] = total


@lru_cache(maxsize=64)
def copies(n: int, before: int, after: int, padding: str) -> tuple[np.ndarray, np.ndarray]:
    """Return (starts, places): where an extended signal repeats each of its n samples.

    Examples
    --------
    >>> copies(3, 2, 1, "circular")
    (array([0, 1, 2, 3]), array([5, 0, 1]))
    """
    places = np.concatenate([np.arange(before), np.arange(before + n, before + n + after)])
    if CODES[padding] == FILL:
        return np.zeros(n + 1, np.int64), np.zeros(1, np.int64)
    sources = source_index(places - before, n, CODES[padding])
    order = np.argsort(sources, kind="stable")
    starts = np.searchsorted(sources[order], np.arange(n + 1))
    return starts, places[order]


def run(extended, axis: int, amounts: tuple[int, int], padding: str, caller: Caller):
    """Return the adjoint of the extension of one axis of a contiguous array, a new array."""
    before, after = amounts
    shape = extended.shape
    n = shape[axis] - before - after
    outer, inner = int(np.prod(shape[:axis])), int(np.prod(shape[axis + 1 :]))
    folded = caller.room((*shape[:axis], n, *shape[axis + 1 :]), extended.dtype)
    starts, places = (caller.upload(table) for table in copies(n, before, after, padding))
    gather[cover(folded.size, THREADS, BLOCKS), THREADS, caller.stream](
        extended.reshape(outer, shape[axis], inner), folded.reshape(outer, n, inner), before, starts, places
    )
    return folded

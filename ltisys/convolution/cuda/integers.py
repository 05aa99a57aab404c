"""Integers on the device: exact or refused, which takes one look at the largest samples before the work begins."""

import numpy as np

from .. import numerics
from .libraries import Caller
from .memory import packed
from .target import BLOCKS, THREADS, compiled, cover, cuda


@compiled
def extremes(x, found):
    """Write the smallest and the largest of the samples x[t], x[t + T], … to found[t], for thread t of T."""
    me, n_threads = cuda.grid(1), cuda.gridsize(1)
    smallest = largest = x[me if me < x.shape[0] else 0]
    for at in range(me, x.shape[0], n_threads):
        smallest, largest = min(smallest, x[at]), max(largest, x[at])
    found[me, 0], found[me, 1] = smallest, largest


def refuse_overflow(x, h, w_shape: tuple[int, ...], value, caller: Caller) -> None:
    """Raise OverflowError where samples, or a bound on the sums, do not fit int64."""
    if not x.size:
        return
    reach = numerics.to_work(_extremes(x, caller), np.dtype(np.int64))
    taps = numerics.to_work(packed(h, h.dtype, caller).copy_to_host(), np.dtype(np.int64))
    numerics.refuse_overflow(reach, taps.reshape(w_shape[0] * w_shape[1], -1), value)


def _extremes(x, caller: Caller) -> np.ndarray:
    n_blocks = cover(x.size, 64 * THREADS, BLOCKS)
    kind = np.dtype(np.uint8) if x.dtype.kind == "b" else x.dtype
    found = caller.room((n_blocks * THREADS, 2), kind)
    samples = packed(x, kind, caller)
    extremes[n_blocks, THREADS, caller.stream](samples.reshape(x.size), found)
    return found.copy_to_host()

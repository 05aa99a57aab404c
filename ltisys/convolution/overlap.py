"""Long real responses along rows by overlap-save with a transform of our own (see `butterflies`).

Two blocks of a signal are the real and the imaginary part of one complex transform: a real response keeps them apart,
so there is nothing to untangle. Blocks inside a row are read where they lie; those at its ends from a short copy of the
infinite extension. How the rows are cut into blocks depends on the job alone, so results do not depend on threads.
"""

import math
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from . import fir
from .butterflies import enter, leave
from .calibration import price
from .compilation import kernel, part
from .extension import CODES
from .geometry import Geometry
from .lanefft import Transform, filter_positions, shortest_transform, spectrum_of, transform_of
from .lines import on_a_line
from .numerics import is_finite
from .rows import only_zeros, put
from .simd import lanes_of
from .team import shared, task_of
from .threads import board_for

LONGEST_RESPONSE = 1 << 19  # taps
LONGEST_BLOCK = 2 * LONGEST_RESPONSE
DOUBLED = 4096  # bytes of a block from which on longer ones cost more per point
NEAR = 4 << 20  # bytes of samples, read and written, that lie in caches: beyond, short runs are not fetched ahead
KEPT_BYTES = 8 << 20  # a larger workspace is given back


@dataclass(frozen=True, eq=False)
class Blocks:
    """A response made ready for rows cut into blocks of one length.

    Attributes
    ----------
    n_taps : int
        Length of the response.
    transform : Transform
        The transform of its blocks.
    spectrum : ndarray (2·n,)
        The conjugate spectrum of the taps in the order of a correlation, divided by n, in lane layout.
    offset : int
        Where output 0 begins to read, before sample 0.
    outside : tuple (padding, value)
        What lies outside the rows, in the words of compiled code.
    """

    n_taps: int
    transform: Transform
    spectrum: np.ndarray
    offset: int
    outside: tuple[int, Any]

    def __call__(self, x, y) -> bool:
        """Write y = the response applied to the rows of x; tell whether all results are finite.

        Where they are not, a sample or a sum in a transform was not, and y is not to be used.
        """
        x, y = x.reshape(-1, x.shape[-1]), y.reshape(-1, y.shape[-1])
        x.flags.writeable = False  # this is a view: one compiled kernel serves all
        n, fresh = self.transform.n, fresh_outputs(self.transform.n, self.n_taps, x.itemsize)
        n_pairs = -(-len(x) * -(-y.shape[1] // fresh) // 2)
        board, threads = board_for(n_pairs * pair_cost(n, x.itemsize))
        room = _workspace(threads, 4 * n + 2 * fresh, x.dtype)
        shape = (self.n_taps, self.transform.m, fresh)
        job = shape, self.transform.constants, self.spectrum, self.offset, self.outside
        return filter_blocks(x, y, *job, n_pairs, room, board, threads)


def fresh_outputs(n: int, n_taps: int, itemsize: int) -> int:
    """Return how many outputs a block of n points gives: whole vectors of those that do not wrap around."""
    lanes = lanes_of(itemsize)
    return (n - n_taps + 1) // lanes * lanes


def effort(n: int, n_pairs: int, itemsize: int, n_out: int = 0, n_calls: int = 1) -> tuple[float, ...]:
    """Return the work of pairs of blocks of n points, for n_out outputs in all.

    Calls, pairs, bytes of points, those by doublings, and bytes of samples beyond NEAR.
    """
    size, far = n * itemsize, max(0, 2 * n_out * itemsize - NEAR)
    return n_calls, n_pairs, n_pairs * size, n_pairs * size * math.log2(max(1, size / DOUBLED)), far


@lru_cache(maxsize=256)
def pair_cost(n: int, itemsize: int) -> float:
    """Return what a pair of blocks of n points costs, in ns on one core."""
    return price(f"blocks{itemsize}", effort(n, 1, itemsize, n_calls=0))


@lru_cache(maxsize=256)
def cheapest(n_taps: int, n_rows: int, n_out: int, itemsize: int) -> tuple[int, float]:
    """Return the cheapest block length for a job of at most LONGEST_RESPONSE taps, and its cost in ns on one core."""
    best, least = 0, math.inf
    n = shortest_transform(itemsize)
    while n <= LONGEST_BLOCK:
        if (fresh := fresh_outputs(n, n_taps, itemsize)) > 0:
            cost = -(-n_rows * -(-n_out // fresh) // 2) * pair_cost(n, itemsize)
            if cost < least:
                best, least = n, cost
        n *= 2
    return best, least


def cost(n_taps: int, n_rows: int, n_out: int, itemsize: int) -> float:
    """Return what a job costs, in ns on one core, with a response that may be new: one call of one pair more."""
    n, _ = cheapest(n_taps, n_rows, n_out, itemsize)
    n_blocks = n_rows * -(-n_out // fresh_outputs(n, n_taps, itemsize))
    return price(f"blocks{itemsize}", effort(n, 1 + -(-n_blocks // 2), itemsize, n_rows * n_out, n_calls=2))


def serves(w, rows: Geometry, columns: Geometry) -> bool:
    """Tell whether a job is one real response along contiguous rows, and short enough for one transform."""
    return fir.serves(w, rows, columns) and columns.n_kernel <= LONGEST_RESPONSE


def prepare(w, columns: Geometry, padding: str, value, job: tuple[int, int]) -> Blocks | None:
    """Return the response w ready for a job of (rows, outputs of a row), or None where a tap is not finite."""
    if not is_finite(w):
        return None
    taps, offset = fir.correlation_of(w, columns)
    outside = (CODES[padding], w.dtype.type(value if padding == "constant" else 0))
    return blocks_of(taps, cheapest(len(taps), *job, w.itemsize)[0], offset, outside)


def blocks_of(taps: np.ndarray, n: int, offset: int, outside: tuple[int, Any]) -> Blocks:
    """Return taps, in the order of a correlation, ready for blocks of n points."""
    transform = transform_of(n, taps.dtype)
    return Blocks(len(taps), transform, spectrum_of(taps, transform), offset, outside)


_local = threading.local()


def _workspace(threads, size, dtype):
    """Return (threads, size) elements for this call to work in; fresh pages would cost more than a short job itself."""
    n_bytes = threads * size * dtype.itemsize
    if n_bytes > KEPT_BYTES:
        return on_a_line((threads, size), dtype)
    held = getattr(_local, "bytes", None)
    if held is None or held.size < n_bytes:
        held = _local.bytes = on_a_line((n_bytes,), np.dtype(np.uint8))
    return held[:n_bytes].view(dtype).reshape(threads, size)


@kernel
def filter_blocks(x, y, shape, constants, spectrum, offset, outside, n_pairs, room, board, threads):
    """Write y = the response applied to the rows of x; tell whether all results are finite.

    Parameters
    ----------
    x, y : arrays (B, N), (B, N')
        Rows, contiguous.
    shape : tuple (taps, positions, outputs of a block)
    constants : tuple (turns, twiddles, passes)
    spectrum : array (2·n,)
    offset : int
        Where output 0 begins to read, before sample 0.
    outside : tuple (padding, value)
        What X is outside x.
    n_pairs : int
        Pairs of blocks.
    room : array (threads, 4·n + 2·outputs of a block)
        Workspace.
    board, threads
        See `team.shared`.
    """
    job = (x, y, shape, constants, spectrum, offset, outside, room)
    return shared(_task(job), n_pairs, 1, board, threads)


@part
def filter_pairs(x, y, shape, constants, spectrum, offset, outside, rooms, who, start, stop):
    """Do the pairs of blocks start … stop − 1 of `filter_blocks`."""
    n_taps, m, fresh = shape
    turns, room = constants[0], rooms[who]
    lanes = lanes_of(x.itemsize)
    n = m * lanes
    per_row = -(-y.shape[1] // fresh)
    n_blocks = per_row * x.shape[0]
    sick = np.zeros(lanes, x.dtype)
    z, copied, results = room[: 2 * n], room[2 * n : 4 * n].reshape(2, n), room[4 * n :].reshape(2, fresh)
    copied[:, fresh + n_taps - 1 :] = 0
    for pair in range(start, stop):
        source_a, i = _source(x, 2 * pair, per_row, fresh, offset, outside, copied[0], n_taps)
        source_b, j = _source(x, min(2 * pair + 1, n_blocks), per_row, fresh, offset, outside, copied[1], n_taps)
        enter(source_a, i, source_b, j, m, turns, z)
        filter_positions(z, m, constants, spectrum)
        target_a, to_a = _target(y, 2 * pair, per_row, fresh, results[0])
        target_b, to_b = _target(y, min(2 * pair + 1, n_blocks), per_row, fresh, results[1])
        leave(z, m, turns, fresh, target_a, to_a, target_b, to_b, sick)
        for c in range(2):
            row, o = divmod(2 * pair + c, per_row)
            o *= fresh
            if row < x.shape[0] and o + fresh > y.shape[1]:
                put(results[c], y[row, o:])
    return only_zeros(sick)


_task = task_of(filter_pairs)


@part
def _source(x, block, per_row, fresh, offset, outside, copied, n_taps):
    """Return (array, index) from where the n samples of a block are to be read."""
    row, o = divmod(block, per_row)
    start = o * fresh - offset
    if row < x.shape[0]:
        if start >= 0 and start + copied.shape[0] <= x.shape[1]:
            return x[row], start
        fir.copy_extended(x[row], start, outside[0], outside[1], copied[: fresh + n_taps - 1])
    else:
        copied[:] = 0
    return copied, 0


@part
def _target(y, block, per_row, fresh, result):
    """Return (array, index) where the results of a block are to be written."""
    row, o = divmod(block, per_row)
    if row < y.shape[0] and (o + 1) * fresh <= y.shape[1]:
        return y[row], o * fresh
    return result, 0

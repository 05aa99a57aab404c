"""Long real responses along rows by overlap-save with a transform of our own (see `butterflies`).

Two blocks of a signal are the real and the imaginary part of one complex transform: a real response keeps them apart,
so there is nothing to untangle. Blocks inside a row are read where they lie; those at its ends from a short copy of the
infinite extension. How the rows are cut into blocks depends on the job alone, so results do not depend on threads.
"""

import math
import threading
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numba.extending import register_jitable

from . import fir
from .butterflies import enter, leave
from .cache import kernel
from .extension import CODES
from .geometry import Geometry
from .lanefft import Transform, filter_positions, shortest_transform, spectrum_of, transform_of
from .numerics import is_finite
from .simd import lanes_of
from .threads import in_parts

LONGEST_RESPONSE = 1 << 19  # taps
LONGEST_BLOCK = 2 * LONGEST_RESPONSE
# ns on one core: per pair of blocks, and per point and byte of a sample, fixed and per doubling beyond DOUBLED bytes
PAIR, POINT, DOUBLING, DOUBLED = 700.0, {4: 0.4, 8: 0.28}, {4: 0.07, 8: 0.05}, 4096
KEPT_POINTS = 1 << 16  # longer responses are not kept between calls, and their workspace is given back


@dataclass(frozen=True)
class Response:
    """A response made ready for blocks of one length: its spectrum, in the order of the passes.

    Attributes
    ----------
    n_taps : int
        Length of the response.
    transform : Transform
        The transform of its blocks.
    spectrum : ndarray
        The conjugate spectrum of the taps in the order of a correlation, divided by n, in lane layout.
    """

    n_taps: int
    transform: Transform
    spectrum: np.ndarray

    @property
    def fresh(self) -> int:
        """How many outputs a block gives."""
        return fresh_outputs(self.transform.n, self.n_taps, self.spectrum.itemsize)


def fresh_outputs(n: int, n_taps: int, itemsize: int) -> int:
    """Return how many outputs a block of n points gives: whole vectors of those that do not wrap around."""
    lanes = lanes_of(itemsize)
    return (n - n_taps + 1) // lanes * lanes


def pair_cost(n: int, itemsize: int) -> float:
    """Return what a pair of blocks of n points costs, in ns on one core."""
    size = n * itemsize
    return PAIR + size * (POINT[itemsize] + DOUBLING[itemsize] * math.log2(max(1, size / DOUBLED)))


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
    """Return what a job costs, in ns on one core, its spectrum included."""
    n, blocks = cheapest(n_taps, n_rows, n_out, itemsize)
    return blocks + pair_cost(n, itemsize)


def prepare(taps: np.ndarray, n: int) -> Response:
    """Return taps, in the order of a correlation, ready for blocks of n points."""
    transform = transform_of(n, taps.dtype)
    return Response(len(taps), transform, spectrum_of(taps, transform))


@lru_cache(maxsize=16)
def _kept(taps: bytes, dtype: np.dtype, n: int) -> Response:
    return prepare(np.frombuffer(taps, dtype), n)


def serves(w, rows: Geometry, columns: Geometry) -> bool:
    """Tell whether a job is one real response along contiguous rows, and short enough for one transform."""
    return fir.serves(w, rows, columns) and columns.n_kernel <= LONGEST_RESPONSE


def convolve_rows(w, x, y, columns: Geometry, padding: str, value) -> bool:
    """Write y = w applied to the rows of x, and what lies outside them; tell whether all results are finite.

    Where they are not, a sample or a sum in a transform was not, and y is not to be used.
    """
    if not is_finite(w):
        return False
    taps, offset = fir.correlation_of(w, columns)
    rows, results = x.reshape(-1, x.shape[-1]), y.reshape(-1, y.shape[-1])
    n, _ = cheapest(len(taps), len(rows), results.shape[1], x.itemsize)
    response = _kept(taps.tobytes(), taps.dtype, n) if n <= KEPT_POINTS else prepare(taps, n)
    outside = (CODES[padding], x.dtype.type(value if padding == "constant" else 0))
    return apply(response, rows, results, offset, outside)


def apply(response: Response, x, y, offset: int, outside) -> bool:
    """Write y[b, o] = Σ_k taps[k]·X[b, o + k − offset] for contiguous rows; tell whether all results are finite."""
    transform = response.transform
    x = x.view()
    x.flags.writeable = False
    n_blocks = len(x) * -(-y.shape[1] // response.fresh)
    n_pairs = -(-n_blocks // 2)
    size = 2 * transform.n * 2 + 2 * response.fresh
    shape = (response.n_taps, transform.m, response.fresh)
    return in_parts(
        lambda first, stop: filter_blocks(
            x,
            y,
            shape,
            transform.constants,
            response.spectrum,
            offset,
            outside,
            (first, stop),
            _workspace(size, x.dtype),
        ),
        n_pairs,
        n_pairs * pair_cost(transform.n, x.itemsize),
    )


_local = threading.local()


def _workspace(size, dtype):
    """Return an array of this thread to work in; fresh pages would cost more than a short job itself."""
    if size > 8 * KEPT_POINTS:
        return np.empty(size, dtype)
    held = getattr(_local, "bytes", None)
    if held is None or held.size < size * dtype.itemsize:
        held = _local.bytes = np.empty(size * dtype.itemsize, np.uint8)
    return held[: size * dtype.itemsize].view(dtype)


@kernel
def filter_blocks(x, y, shape, constants, spectrum, offset, outside, part, room):
    """Compute the pairs of blocks part = (first, stop) of y; tell whether all results are finite.

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
    part : tuple (first pair, stop pair)
    room : array (4·n + 2·outputs of a block,)
        Workspace.
    """
    n_taps, m, fresh = shape
    turns = constants[0]
    lanes = lanes_of(x.itemsize)
    n = m * lanes
    per_row = -(-y.shape[1] // fresh)
    n_blocks = per_row * x.shape[0]
    sick = np.zeros(lanes, x.dtype)
    z, copied, results = room[: 2 * n], room[2 * n : 4 * n].reshape(2, n), room[4 * n :].reshape(2, fresh)
    copied[:, fresh + n_taps - 1 :] = 0
    for pair in range(part[0], part[1]):
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
                y[row, o:] = results[c, : y.shape[1] - o]
    return not np.any(sick != 0)


@register_jitable
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


@register_jitable
def _target(y, block, per_row, fresh, result):
    """Return (array, index) where the results of a block are to be written."""
    row, o = divmod(block, per_row)
    if row < y.shape[0] and (o + 1) * fresh <= y.shape[1]:
        return y[row], o * fresh
    return result, 0

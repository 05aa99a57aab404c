"""Transforms that keep sub-transforms side by side in the vector lanes: their constants, and the passes in order."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .butterflies import (
    enter,
    finish4,
    finish8,
    forward4,
    forward8,
    inverse4,
    inverse8,
    multiply4,
    multiply8,
)
from .compilation import kernel, part
from .lines import on_a_line
from .simd import lanes_of

LEAF = 64  # positions whose passes are run together: they stay in the first-level cache


@dataclass(frozen=True)
class Transform:
    """The constants of a transform of n points.

    Attributes
    ----------
    n, m : int
        Points of a block, and positions in lane layout: n divided by the lanes.
    turns : ndarray
        The factors between the transform over the rows and the passes.
    twiddles : ndarray
        The factors of the passes.
    passes : ndarray of int64, shape (passes + 1, 3)
        Size and radix of every pass, largest first, and where its twiddles start; the last pass needs none.
    """

    n: int
    m: int
    turns: np.ndarray
    twiddles: np.ndarray
    passes: np.ndarray

    @property
    def constants(self) -> tuple:
        """The arrays, as the kernels take them."""
        return self.turns, self.twiddles, self.passes


def shortest_transform(itemsize: int) -> int:
    """Return the smallest number of points: a square of lanes, and at least one pass."""
    lanes = lanes_of(itemsize)
    return lanes * max(lanes, 4)


@lru_cache(maxsize=16)
def transform_of(n: int, dtype: np.dtype) -> Transform:
    """Return the constants of a transform of n points, a power of two not below `shortest_transform`."""
    lanes = lanes_of(dtype.itemsize)
    m = n // lanes
    t, a = np.arange(m).reshape(-1, 1, lanes), np.arange(1, lanes)[:, None]
    turns = _parts(np.exp(-2j * np.pi / n * (t * a % n)), 2)
    sizes, radices = _radices(m)
    tables = [_pass_factors(size, radix) for size, radix in zip(sizes[:-1], radices[:-1], strict=True)]
    twiddles = np.concatenate([table.ravel() for table in tables] or [np.zeros(0)])
    starts = np.cumsum([0, *(table.size for table in tables)])
    passes = np.stack([sizes, radices, starts], 1)
    return Transform(n, m, _fixed(turns.ravel(), dtype), _fixed(twiddles, dtype), _fixed(passes, np.dtype(np.int64)))


def _radices(m):
    """Return sizes and radices of the fewest passes of radix 8 and 4 that transform m points."""
    power = m.bit_length() - 1
    fours = -power % 3  # 2·fours + 3·eights = power
    radices = [8] * ((power - 2 * fours) // 3) + [4] * fours
    return [m // math.prod(radices[:i]) for i in range(len(radices))], radices


def _pass_factors(size, radix):
    """Return exp(−2πi·j·s/size) for j < size/radix and 0 < s < radix, real parts beside imaginary ones."""
    return _parts(np.exp(-2j * np.pi / size * np.outer(np.arange(size // radix), np.arange(1, radix))), 2)


def _parts(z, axis):
    return np.stack([z.real, z.imag], axis)


def _fixed(array, dtype):
    array = np.ascontiguousarray(array, dtype)
    array.flags.writeable = False
    return array


def spectrum_of(taps: np.ndarray, transform: Transform) -> np.ndarray:
    """Return the conjugate spectrum of real taps, divided by n, in lane layout and in the order of the passes."""
    block, spectrum = np.zeros(transform.n, taps.dtype), on_a_line((2 * transform.n,), taps.dtype)
    block[: len(taps)] = taps
    _transform_response(_fixed(block, taps.dtype), transform.m, transform.constants, spectrum)
    spectrum.flags.writeable = False
    return spectrum


@part
def filter_positions(z, m, constants, spectrum):
    """Transform along the positions, multiply by the spectrum and transform back, one leaf after the other.

    A pass over a size runs just before its first leaf and, backwards, just after its last one.
    """
    _, twiddles, passes = constants
    last = passes.shape[0] - 1
    leaf = m
    for level in range(last + 1):
        if passes[level, 0] > LEAF and level < last:
            leaf = passes[level + 1, 0]
    for s in range(0, m, leaf):
        for level in range(last):
            size, radix, at = passes[level]
            if s % size == 0 or size <= leaf:
                for first in range(s, max(s + size, s + leaf), size):
                    if radix == 8:
                        forward8(z, first, size // 8, twiddles, at)
                    else:
                        forward4(z, first, size // 4, twiddles, at)
        if passes[last, 1] == 8:
            multiply8(z, s, leaf // 8, spectrum)
        else:
            multiply4(z, s, leaf // 4, spectrum)
        for level in range(last - 1, -1, -1):
            size, radix, at = passes[level]
            if (s + leaf) % size == 0 or size <= leaf:
                for first in range(min(s, s + leaf - size), s + leaf, size):
                    if radix == 8:
                        inverse8(z, first, size // 8, twiddles, at)
                    else:
                        inverse4(z, first, size // 4, twiddles, at)


@kernel
def _transform_response(block, m, constants, spectrum):
    """Write the conjugate spectrum of a block, divided by its length, in the order of the passes."""
    n = block.shape[0]
    turns, twiddles, passes = constants
    enter(block, 0, np.zeros_like(block), 0, m, turns, spectrum)
    last = passes.shape[0] - 1
    for level in range(last):
        size, radix, at = passes[level]
        for first in range(0, m, size):
            if radix == 8:
                forward8(spectrum, first, size // 8, twiddles, at)
            else:
                forward4(spectrum, first, size // 4, twiddles, at)
    if passes[last, 1] == 8:
        finish8(spectrum, 0, m // 8, block)
    else:
        finish4(spectrum, 0, m // 4, block)
    lanes = lanes_of(block.itemsize)
    for p in range(m):
        for lane in range(lanes):
            spectrum[2 * p * lanes + lane] /= n
            spectrum[(2 * p + 1) * lanes + lane] /= -n

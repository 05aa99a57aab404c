"""Verdicts about sums and factors: additive, homogeneous, affine, and linear but for whole numbers."""

from collections.abc import Iterable, Iterator

import numpy as np

from .blackbox import BlackBox
from .laws import Sides, additive, homogeneous, largest

Pairs = list[tuple[np.ndarray, np.ndarray]]


def signal_pairs(box: BlackBox, length: int, seed: int) -> Pairs:
    """Two random signals of every amplitude, a large one with a small one, and short bursts in silence."""
    rng = np.random.default_rng(seed)
    small, large = min(box.amplitudes), max(box.amplitudes)
    sizes = [(size, size) for size in box.amplitudes] + [(large, box.amplitudes[0]), (large, small)]
    pairs = [(box.random(rng, length, first), box.random(rng, length, second)) for first, second in sizes]
    third = np.arange(length) * 3 // length
    x1, x2 = pairs[0]
    return pairs + [(np.where(third == 1, x1, 0), np.where(third == 2, x2, 0))]


def is_additive(box: BlackBox, pairs: Pairs) -> bool:
    """Whether the output for a sum is the sum of the outputs."""
    return _hold(box, (additive(box, x1, x2) for x1, x2 in pairs))


def is_homogeneous(box: BlackBox, pairs: Pairs) -> bool:
    """Whether a factor, a negative one included, passes through."""
    return _hold(box, (homogeneous(box, factor, x) for factor, x in scalings(box, pairs)))


def is_affine(box: BlackBox, pairs: Pairs) -> bool:
    """Whether f(x) - f(0) obeys both laws."""
    offset = box(np.zeros_like(pairs[0][0]))
    least = largest(offset)

    def centred(x: np.ndarray) -> np.ndarray:
        return box(x) - offset

    sums = (additive(centred, x1, x2, least) for x1, x2 in pairs)
    return _hold(box, sums) and _hold(box, (homogeneous(centred, a, x, least) for a, x in scalings(box, pairs)))


def is_truncated(box: BlackBox, pairs: Pairs) -> bool:
    """Whether the output is whole numbers, and sums differ by no more than rounding to whole numbers explains.

    Only large signals are judged, in which that is little. An unsigned output is judged for signals from 0 to 60.
    """
    margin = 0.02
    if box.raw(pairs[0][0]).dtype.kind == "u":
        rng = np.random.default_rng(pairs[0][0].size)
        pairs, margin = [tuple(np.rint(60 * rng.random((2, pairs[0][0].size))))], 0.1
    every = [additive(box, x1, x2) for x1, x2 in pairs if max(largest(x1), largest(x2)) > 20]
    return bool(every) and all(
        sides.scale >= 8 and sides.deviation <= margin and np.array_equal(sides.left, np.rint(sides.left))
        for sides in every
    )


def scalings(box: BlackBox, pairs: Pairs) -> Iterator[tuple[float, np.ndarray]]:
    """The first signal of every pair with every factor that leaves it inside the dtype."""
    factors = (2.0, 3.0) if box.whole else (2.0, 1 / 3, 100.0)
    top = 4 * max(box.amplitudes)
    for x, _ in pairs:
        if box.dtype.kind != "u":
            yield -1.0, x
        yield from ((factor, x) for factor in factors if factor < 10 or factor * largest(x) < top)


def _hold(box: BlackBox, every: Iterable[Sides]) -> bool:
    """Whether all sides agree; what is not finite for finite signals obeys no linear law."""
    return all(sides.deviation <= box.tolerance and bool(np.all(np.isfinite(sides.left))) for sides in every)

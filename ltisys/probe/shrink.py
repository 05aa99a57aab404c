"""From signals that break a law to the smallest ones that still do: few samples, small whole numbers."""

from collections.abc import Callable, Iterator

import numpy as np

_STEPS = (1.0, 0.5, 0.1, 0.01)
_MAGNITUDES = (1, 2, 3, 4, 5, 7, 10, 20, 50, 100, 200, 500, 1000)
_MOST_TRIES = 400

Breaks = Callable[[np.ndarray], bool]


def shrunk(x: np.ndarray, breaks: Breaks) -> np.ndarray:
    """A vector near `x` that still breaks the law, with few samples that are not zero, of small whole numbers.

    Parameters
    ----------
    x : ndarray
        Breaks the law.
    breaks : callable
        Whether a vector breaks it.

    Notes
    -----
    Samples are first rounded, to whole numbers if the law stays broken, then set to zero in ever smaller groups (the
    delta debugging of Zeller and Hildebrandt, IEEE Trans. Software Eng. 28, 2002), then replaced by smaller ones.
    At most a few hundred vectors are tried.
    """
    tries = iter(range(_MOST_TRIES))

    def still(candidate: np.ndarray) -> bool:
        return next(tries, None) is not None and breaks(candidate)

    step, x = _rounded(x, still)
    while True:
        simpler = _smaller(_fewer(x, still), still, step)
        if np.array_equal(simpler, x):
            return x
        x = simpler


def _rounded(x: np.ndarray, still: Breaks) -> tuple[float, np.ndarray]:
    for step in _STEPS:
        candidate = np.rint(x / step) * step
        if still(candidate):
            return step, candidate
    return _STEPS[-1], x


def _fewer(x: np.ndarray, still: Breaks) -> np.ndarray:
    """Fewer samples: groups are set to zero as long as the law stays broken, halves first, single samples last."""
    size = int(np.count_nonzero(x))
    while size:
        for group in _groups(np.flatnonzero(x), size):
            candidate = x.copy()
            candidate[group] = 0
            if still(candidate):
                x = candidate
        size = size // 2
    return x


def _groups(indices: np.ndarray, size: int) -> Iterator[np.ndarray]:
    yield from (indices[first : first + size] for first in range(0, indices.size, size))


def _smaller(x: np.ndarray, still: Breaks, step: float) -> np.ndarray:
    """Smaller samples: the least multiple of `step` that will do, positive if possible."""
    for k in np.flatnonzero(x):
        for magnitude in _MAGNITUDES:
            if magnitude * step >= abs(x[k]) and not (magnitude * step == abs(x[k]) and x[k] < 0):
                break
            candidates = [x.copy(), x.copy()]
            for candidate, sign in zip(candidates, (1, -1), strict=True):
                candidate[k] = sign * magnitude * step
            better = next((candidate for candidate in candidates if still(candidate)), None)
            if better is not None:
                x = better
                break
    return x

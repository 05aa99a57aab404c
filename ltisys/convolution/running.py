"""A response applied to signals as they arrive: its arrays, and how they are cut."""

import math

import numpy as np

from . import folding, partitions

DIRECT_TAPS = 512  # up to so many taps are applied as the samples come; beyond, transforms cost less
BLOCK_PER_ROOT = 2.0  # the length of a partition that balances its direct part against its products, over √K
LONGEST_BLOCK = 8192
PIECE = 1024  # samples that the history of a direct filter takes at a time


class RunningFilter:
    """A real response along several channels, which remembers what it has seen.

    Parameters
    ----------
    h : ndarray (K,) of float32 or float64
        The unit sample response; h[0] meets the newest sample.
    channels : int
        How many signals run side by side.
    method : str
        "direct", "fft", or "auto" for the faster one.

    Attributes
    ----------
    memory : dict of str to ndarray
        Everything it remembers: zeros when nothing has been seen; writing into these arrays restores it.

    Raises
    ------
    ValueError
        method="fft" for a response that fits into its first partition or is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> running = RunningFilter(np.array([1.0, 0.5]), 1)
    >>> y = np.empty((1, 2))
    >>> running.apply(np.array([[1.0, 0.0]]), y)
    >>> y
    array([[1. , 0.5]])
    """

    memory: dict[str, np.ndarray]

    def __init__(self, h: np.ndarray, channels: int, method: str = "auto"):
        length = partition_length(h, method)
        backward = np.ascontiguousarray(h[::-1])
        self._response: tuple | None = None
        clock = np.zeros(partitions.CLOCK, np.int64)
        if length == 0:
            self._head = backward
            room = partitions.history_length(len(h), PIECE, h.itemsize)
            self.memory = {"history": np.zeros((channels, room), h.dtype), "clock": clock}
        else:
            self._head = backward[-length:].copy()
            late = h[length:].copy()
            points = folding.constants(length, h.dtype)
            spectra = partitions.spectra_of(late, length, points)
            self._response = self._head, spectra, late, points
            n_blocks = len(spectra) + 1
            room = partitions.history_length(length, length, h.itemsize)
            self.memory = {
                "history": np.zeros((channels, room), h.dtype),
                "blocks": np.zeros((channels, n_blocks, 2, length), h.dtype),
                "lines": np.zeros((channels, n_blocks, length), h.dtype),
                "faulty": np.zeros((channels, n_blocks), np.int64),
                "sums": np.zeros((channels, 2, length), h.dtype),
                "ahead": np.zeros((channels, 2, length), h.dtype),
                "clock": clock,
            }
        self._arrays = tuple(self.memory.values())[:-1]
        self._clock = clock

    def apply(self, x: np.ndarray, y: np.ndarray) -> None:
        """Write into y (C, n) the outputs for the next samples x (C, n), both contiguous, of the dtype of h.

        x and y may be the same array.
        """
        if self._response is None:
            partitions.filter_directly(x, y, self._head, self._arrays[0], self._clock)
        else:
            partitions.filter_in_partitions(x, y, self._response, self._arrays, self._clock)


def partition_length(h: np.ndarray, method: str) -> int:
    """Return how many taps a partition has, 0 if all are applied directly."""
    n_taps, finite = len(h), bool(np.isfinite(h).all())
    if method == "fft" and not (finite and n_taps > folding.SHORTEST):
        what = f"{n_taps}" if finite else f"{n_taps} that are not all finite"
        raise ValueError(f'method="fft" streams more than {folding.SHORTEST} finite taps, got {what}')
    if method == "direct" or not finite or (method == "auto" and n_taps <= DIRECT_TAPS):
        return 0
    wanted = 2 ** round(math.log2(BLOCK_PER_ROOT * math.sqrt(n_taps)))
    return min(max(folding.SHORTEST, wanted), LONGEST_BLOCK)

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
    limits : dict of str to ndarray
        The largest values that its counters may be given, from 0 on: the kernels check no bounds.

    Raises
    ------
    ValueError
        Taps that are not finite: their products with the zeros around a signal, which count for nothing, would be NaN.
        method="fft" for a response that fits into its first partition.

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
    limits: dict[str, np.ndarray]

    def __init__(self, h: np.ndarray, channels: int, method: str = "auto"):
        if not np.isfinite(h).all():
            raise ValueError(f"a response that runs must be finite, got {h}")
        length = partition_length(len(h), method)
        direct = length or len(h)
        room = partitions.history_length(direct, length or PIECE)
        self._head = np.ascontiguousarray(h[:direct][::-1])
        self._response: tuple | None = None
        self._work = np.empty((3, max(length, partitions.WIDEST)), h.dtype)
        self._clock = np.zeros(partitions.CLOCK, np.int64)
        self.memory = {"history": np.zeros((channels, room), h.dtype)}
        self.limits = {"clock": np.array([room - direct + 1, 0, 0, 0, 0])}
        if length:
            late, constants = h[length:].copy(), folding.constants(length, h.dtype)
            spectra = partitions.spectra_of(late, length, constants)
            self._response = self._head, spectra, late, constants
            n_blocks = len(spectra) + 1
            self.memory |= {
                "blocks": np.zeros((channels, n_blocks, 2, length), h.dtype),
                "lines": np.zeros((channels, n_blocks, length), h.dtype),
                "faulty": np.zeros((channels, n_blocks), np.int64),
                "sums": np.zeros((channels, 2, length), h.dtype),
                "ahead": np.zeros((channels, 2, length), h.dtype),
            }
            self.limits = {
                "faulty": np.array(1),
                "clock": np.array([room - direct + 1, length - 1, n_blocks - 2, n_blocks - 1, channels * n_blocks]),
            }
        self._arrays = tuple(self.memory.values())
        self.memory["clock"] = self._clock

    def apply(self, x: np.ndarray, y: np.ndarray) -> None:
        """Write into y (C, n) the outputs for the next samples x (C, n), both contiguous, of the dtype of h.

        x and y may be the same array.
        """
        if self._response is None:
            partitions.filter_directly(x, y, self._head, self._arrays[0], self._clock, self._work)
        else:
            partitions.filter_in_partitions(x, y, self._response, self._arrays, self._clock, self._work)


def partition_length(n_taps: int, method: str) -> int:
    """Return how many taps a partition has, 0 if all are applied directly."""
    if method == "fft" and n_taps <= folding.SHORTEST:
        raise ValueError(f'method="fft" streams more than {folding.SHORTEST} taps, got {n_taps}')
    if method == "direct" or (method == "auto" and n_taps <= DIRECT_TAPS):
        return 0
    wanted = 2 ** round(math.log2(BLOCK_PER_ROOT * math.sqrt(n_taps)))
    return min(max(folding.SHORTEST, wanted), LONGEST_BLOCK)

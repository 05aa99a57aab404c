"""Finite responses as nodes: real ones, complex ones out of real ones, and exact ones for integers."""

from typing import final

import numpy as np

from ..convolution import convolve
from .nodes import Node, empty_for, joined


def taps_node(h: np.ndarray, channels: int, dtype: np.dtype, method: str) -> Node:
    """The node that applies h to samples of a dtype; samples and taps have one precision.

    Raises
    ------
    ValueError
        A method that is unknown or cannot apply.
    """
    if method not in ("auto", "direct", "fft"):
        raise ValueError(f"unknown method {method!r}: a stream takes 'auto', 'direct' or 'fft'")
    if dtype.kind == "i":
        return IntegerTaps(h, channels, method)
    if "c" in (dtype.kind, h.dtype.kind):
        return ComplexTaps(h, channels, dtype, method)
    return RealTaps(h, channels, method)


@final
class RealTaps(Node):
    """Real taps on real samples, in one call of the engine per block and without allocating anything."""

    def __init__(self, h: np.ndarray, channels: int, method: str):
        from ..convolution.running import RunningFilter  # numba is loaded by the first stream that needs it

        self._running = RunningFilter(h, channels, method)
        self.result, self.memory, self.limits = h.dtype, self._running.memory, self._running.limits

    def process(self, x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """The next outputs."""
        y = empty_for(x, self.result, out)
        self._running.apply(x, y)
        return y


@final
class ComplexTaps(Node):
    """Complex samples as two real channels, complex taps as two real responses."""

    def __init__(self, h: np.ndarray, channels: int, dtype: np.dtype, method: str):
        self.result = np.result_type(h, dtype)
        rows = 2 * channels if dtype.kind == "c" else channels
        parts = {"real": np.real(h)} | ({"imaginary": np.imag(h)} if h.dtype.kind == "c" else {})
        self._filters = {part: RealTaps(np.ascontiguousarray(taps), rows, method) for part, taps in parts.items()}
        self.memory, self.limits = joined(self._filters)

    def process(self, x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """(a + ib)(x + iy) = (ax - by) + i(ay + bx), for each pair of tap and sample."""
        y = empty_for(x, self.result, out)
        rows = np.concatenate((np.real(x), np.imag(x))) if x.dtype.kind == "c" else x
        parts = {part: node.process(rows) for part, node in self._filters.items()}
        if x.dtype.kind != "c":
            y[...] = _complex(parts["real"], parts["imaginary"])
            return y
        y[...] = _complex(*np.split(parts["real"], 2))
        if "imaginary" in parts:
            of_real, of_imaginary = np.split(parts["imaginary"], 2)
            y += _complex(-of_imaginary, of_real)
        return y


def _complex(real: np.ndarray, imaginary: np.ndarray) -> np.ndarray:
    """The complex array of two parts; a product with i would turn infinite parts into NaN."""
    z = np.empty(real.shape, np.result_type(real, np.complex64))
    z.real, z.imag = real, imaginary
    return z


@final
class IntegerTaps(Node):
    """Integer taps on integers, exact in int64 or refused."""

    def __init__(self, h: np.ndarray, channels: int, method: str):
        if method == "fft":
            raise ValueError(
                'method="fft" rounds, and integers stream exactly: use method="direct" or a floating dtype'
            )
        self._h, self.result = h, np.dtype(np.int64)
        self._history = np.zeros((channels, len(h) - 1), np.int64)
        self.memory, self.limits = {"history": self._history}, {}

    def process(self, x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """The valid part of the convolution of what went before and what came now."""
        y = empty_for(x, self.result, out)
        if x.shape[1]:
            seen = np.concatenate((self._history, x), axis=1)
            y[...] = convolve(seen, self._h, "valid", method="direct")
            self._history[...] = seen[:, x.shape[1] :]
        return y

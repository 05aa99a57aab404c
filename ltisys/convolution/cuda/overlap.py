"""Overlap-save on the device: CuPy's transforms on arrays of any library, on the stream that the call works on.

What is not finite is spread by transforms over whole blocks. So each call looks, once it is done, whether all results
are finite, and says so; that waits for the device.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np

from ..geometry import Geometry
from . import spectra
from .libraries import Caller
from .target import SIMULATED

Axes = tuple[tuple[Geometry, str], tuple[Geometry, str]]
"""The relation along both axes, on the input as it is given, and what lies outside of it."""


def convolve(w, x, y, axes: Axes, value, caller: Caller) -> bool:
    """Fill y (B, G, M, H', W') from x (B, G, C, H, W) and w (G, M, C, KH, KW); tell whether all results are finite.

    Where they are not, y is not to be used.
    """
    with _library(caller) as (xp, view):
        result = view(y)
        spectra.convolve(view(w), view(x), result, spectra.lines_of(axes), value, xp)
        return bool(xp.isfinite(result).all())


def wrt_kernel(x, y_bar, w_bar, axes: Axes, value, caller: Caller) -> bool:
    """Fill w_bar (G, M, C, KH, KW) with Σ ȳ · conj(x) over batch and outputs; tell whether all results are finite."""
    with _library(caller) as (xp, view):
        result = view(w_bar)
        result[...] = spectra.wrt_kernel(view(x), view(y_bar), spectra.lines_of(axes), value, xp)
        return bool(xp.isfinite(result).all())


@contextmanager
def _library(caller: Caller) -> Iterator[tuple[Any, Callable[[Any], Any]]]:
    """Give the library of transforms, and how it sees an array of numba; NumPy takes the part in the simulator."""
    if SIMULATED:
        yield np, lambda array: array._ary
        return
    cupy: Any = import_module("cupy")
    with cupy.cuda.ExternalStream(int(caller.stream)):
        yield cupy, cupy.asarray

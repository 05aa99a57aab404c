"""Linear time-invariant systems: finite and recursive ones, and their algebra."""

from .combine import Parallel, Series, delay
from .exchange import from_scipy
from .fir import FIR
from .iir import IIR, Anticausal
from .system import System

z = FIR([1], start=-1)
"""Looking one sample ahead: ``z**-1`` is a delay, and ``(1 + z**-1) / (1 - 0.5 * z**-1)`` a recursive system."""

__all__ = ["FIR", "IIR", "Anticausal", "Parallel", "Series", "System", "delay", "from_scipy", "z"]

"""Linear time-invariant systems."""

from .fir import FIR
from .iir import IIR

__all__ = ["FIR", "IIR"]

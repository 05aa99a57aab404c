"""Measuring the response of what cannot be opened: play an excitation, record the answer, get h[n] and its error."""

from .measured import Measured
from .sequence import MaximumLengthSequence
from .sweep import Sweep

__all__ = ["MaximumLengthSequence", "Measured", "Sweep"]

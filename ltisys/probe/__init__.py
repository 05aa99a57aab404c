"""Is a black box linear, is it time-invariant, and what is its unit sample response."""

from .counterexample import Counterexample
from .regression import Identification, identify
from .report import Report
from .response import Measurement, measure
from .verdicts import check

__all__ = ["Counterexample", "Identification", "Measurement", "Report", "check", "identify", "measure"]

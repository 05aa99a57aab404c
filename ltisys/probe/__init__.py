"""Black boxes: is it linear, is it time-invariant, what is its unit sample response?"""

from .counterexample import Counterexample
from .report import Report
from .verdicts import check

__all__ = ["Counterexample", "Report", "check"]

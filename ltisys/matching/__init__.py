"""Where in a signal or an image is this pattern? Normalised correlation, matched filters, and the peaks of either."""

from .filter import matched_filter
from .peaks import Peak, find_peaks
from .template import match_template

__all__ = ["Peak", "find_peaks", "match_template", "matched_filter"]

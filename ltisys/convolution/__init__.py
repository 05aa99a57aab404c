"""The engine: convolution of arrays in one and two dimensions, with every mode and padding, and its adjoints."""

from .arrays import prepare_bank
from .extension import extend
from .functions import convolve, convolve2d, convolve_bank, correlate, correlate2d
from .geometry import Geometry
from .gradients import convolve2d_vjp, convolve_bank_vjp, convolve_vjp
from .plan import plan

__all__ = [
    "Geometry",
    "convolve",
    "convolve2d",
    "convolve2d_vjp",
    "convolve_bank",
    "convolve_bank_vjp",
    "convolve_vjp",
    "correlate",
    "correlate2d",
    "extend",
    "plan",
    "prepare_bank",
]

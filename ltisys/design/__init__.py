"""Filter design: thin, well-named fronts over scipy.signal that return systems.

Frequencies are in hertz where a rate is given, and in cycles per sample where it is not. The rate stays with the system
and must agree with that of the signals it filters. Finite filters begin at time 0 unless they are `centred`.
"""

from .ideal import differentiator, fractional_delay, hilbert
from .optimal import firls, remez
from .recursive import bessel, butterworth, chebyshev1, chebyshev2, elliptic
from .resonant import allpass, comb, notch, peak
from .smoothing import moving_average, savitzky_golay
from .windowed import bandpass, bandstop, highpass, lowpass

__all__ = [
    "allpass",
    "bandpass",
    "bandstop",
    "bessel",
    "butterworth",
    "chebyshev1",
    "chebyshev2",
    "comb",
    "differentiator",
    "elliptic",
    "firls",
    "fractional_delay",
    "highpass",
    "hilbert",
    "lowpass",
    "moving_average",
    "notch",
    "peak",
    "remez",
    "savitzky_golay",
]

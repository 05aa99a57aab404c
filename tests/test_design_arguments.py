import re
from typing import Any

import pytest

from ltisys import design

CYCLES = "0.5 cycles per sample (hertz need a rate)"
WINDOW = "must be one that scipy.signal.get_window makes"
ODD = "must be odd, an even number has no response at half the rate"


def asked(*given: Any, **options: Any) -> tuple[Any, Any]:
    return given, options


REFUSED: dict[str, list[tuple[Any, str]]] = {
    "lowpass": [
        (asked(0, 0.1), "taps must be at least 1, got 0"),
        (asked(5.5, 0.1), "taps must be an integer, got 5.5"),
        (asked(5, 5000, rate=8000), "cutoff must lie between 0 and rate / 2 = 4000 hertz, got 5000"),
        (asked(5, 0.5), f"cutoff must lie between 0 and {CYCLES}, got 0.5"),
        (asked(5, float("nan")), f"cutoff must lie between 0 and {CYCLES}, got nan"),
        (asked(5, 0.1, rate=-1), "rate must be positive, got -1"),
        (asked(5, 0.1, window="hum"), f"window {WINDOW}, got 'hum'"),
    ],
    "highpass": [
        (asked(4, 0.1), f"taps of a highpass {ODD}, got 4"),
    ],
    "bandstop": [
        (asked(4, 0.1, 0.2), f"taps of a bandstop {ODD}, got 4"),
    ],
    "bandpass": [
        (asked(5, 0.2, 0.1), "low must be below high, got low=0.2, high=0.1"),
        (asked(5, -10, 100, rate=1000), "low must lie between 0 and rate / 2 = 500 hertz, got -10"),
        (asked(5, 10, 501, rate=1000), "high must lie between 0 and rate / 2 = 500 hertz, got 501"),
    ],
    "remez": [
        (asked(5, [0, 0.1, 0.2], [1, 0]), "bands must hold two edges per band, got 3 of them"),
        (asked(5, [0, 0.2, 0.1, 0.5], [1, 0]), f"bands must rise from 0 to at most {CYCLES}, got [0.0, 0.2, 0.1, 0.5]"),
        (
            asked(5, [0, 10, 20, 60], [1, 0], rate=100),
            "bands must rise from 0 to at most rate / 2 = 50 hertz, got [0.0, 10.0, 20.0, 60.0]",
        ),
        (asked(5, [0, 0.1, 0.2, 0.5], [1]), "desired must hold one value per band, 2, got (1,)"),
        (asked(5, [0, 0.1, 0.2, 0.5], [1, 0], weight=[1]), "weight must hold one value per band, 2, got (1,)"),
        (
            asked(5, [0.1, 0.4], [1], kind="lowpass"),
            'kind must be "bandpass", "differentiator" or "hilbert", got \'lowpass\'',
        ),
        (asked(2, [0, 0.1, 0.2, 0.5], [1, 0]), "taps must be at least 3, got 2"),
    ],
    "firls": [
        (asked(5, [0, 0.1, 0.2, 0.5], [1, 0]), "desired must hold one value per edge, 4, got (2,)"),
        (asked(5, [0, 0.1, 0.2, 0.5], [1, 1, 0, 0], weight=[1]), "weight must hold one value per band, 2, got (1,)"),
        (asked(4, [0, 0.1, 0.2, 0.5], [1, 1, 0, 0]), "taps must be odd, got 4"),
    ],
    "butterworth": [
        (asked(0, 0.1), "order must be at least 1, got 0"),
        (asked(2, 0.6), f"cutoff must lie between 0 and {CYCLES}, got 0.6"),
        (asked(2, 0.1, "bandpass"), "cutoff of a bandpass must be a pair of frequencies, got 0.1"),
        (
            asked(2, (0.1, 0.2, 0.3), "bandpass"),
            "cutoff of a bandpass must be a pair of frequencies, got (0.1, 0.2, 0.3)",
        ),
        (asked(2, (0.1, 0.2), "highpass"), "cutoff of a highpass must be one frequency, got (0.1, 0.2)"),
        (asked(2, 0.1, "low"), 'kind must be "lowpass", "highpass", "bandpass" or "bandstop", got \'low\''),
    ],
    "chebyshev1": [
        (asked(2, 0, 0.1), "ripple must be positive, got 0"),
    ],
    "chebyshev2": [
        (asked(2, -60, 0.1), "attenuation must be positive, got -60"),
    ],
    "elliptic": [
        (asked(2, 3, 3, 0.1), "attenuation must be more than the ripple of 3 decibels, got 3"),
    ],
    "bessel": [
        (asked(2, 0.1, norm="magnitude"), 'norm must be "phase", "delay" or "mag", got \'magnitude\''),
    ],
    "notch": [
        (asked(60, rate=100), "frequency must lie between 0 and rate / 2 = 50 hertz, got 60"),
        (asked(0.3, 0.5), "the width frequency / quality must be below half the rate, got 0.3 / 0.5"),
    ],
    "peak": [
        (asked(0.1, 0), "quality must be positive, got 0"),
    ],
    "allpass": [
        (asked(0.3, 0.5), "the width frequency / quality must be below half the rate, got 0.3 / 0.5"),
    ],
    "comb": [
        (asked(60, rate=1000), "the rate of 1000 hertz must be a whole multiple of the frequency, got 60"),
        (asked(0.15), "1 must be a whole multiple of the frequency, got 0.15"),
        (asked(0.1, kind="hum"), 'kind must be "notch" or "peak", got \'hum\''),
        (asked(0.1, 1), "quality of a comb must be above 1, or its teeth would touch, got 1"),
    ],
    "hilbert": [
        (asked(1), "taps must be at least 2, got 1"),
        (asked(5, window="hum"), f"window {WINDOW}, got 'hum'"),
    ],
    "differentiator": [
        (asked(1), "taps must be at least 2, got 1"),
    ],
    "fractional_delay": [
        (asked(0.5, 1), "taps must be at least 2, got 1"),
        (asked(float("inf")), "delay must be a finite number of samples, got inf"),
        (asked(0.5, beta=-1), "beta must not be negative, got -1"),
    ],
    "moving_average": [
        (asked(0), "taps must be at least 1, got 0"),
    ],
    "savitzky_golay": [
        (asked(5, 5), "order must be below the number of taps, 5, got 5"),
        (asked(5, -1), "order must be at least 0, got -1"),
        (asked(5, 2, derivative=-1), "derivative must be at least 0, got -1"),
    ],
}
CASES = [(name, *case) for name, cases in REFUSED.items() for case in cases]


@pytest.mark.parametrize(("name", "asked_for", "message"), CASES)
def test_what_cannot_be_designed_is_refused_in_words(name, asked_for, message):
    given, options = asked_for
    with pytest.raises(TypeError if "an integer" in message else ValueError, match=re.escape(message)):
        getattr(design, name)(*given, **options)


def test_every_design_refuses_something():
    assert set(REFUSED) == set(design.__all__)

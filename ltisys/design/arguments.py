"""What a design is asked for, checked before any work, and the response it returns."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..signal import checked_rate
from ..systems import FIR

Window = str | tuple[Any, ...] | float
"""A window as for `scipy.signal.get_window`: a name, a name with its parameters, or the beta of a Kaiser window."""


def cycles(frequency: float, rate: float | None, name: str) -> float:
    """A frequency strictly between 0 and half the rate, in cycles per sample.

    Examples
    --------
    >>> cycles(1000, 8000, "cutoff"), cycles(0.125, None, "cutoff")
    (0.125, 0.125)
    """
    value = frequency / (checked_rate(rate) or 1)
    if not 0 < value < 0.5:
        raise ValueError(f"{name} must lie between 0 and {_half(rate)}, got {frequency}")
    return float(value)


def band(low: float, high: float, rate: float | None) -> tuple[float, float]:
    """The two edges of a band, in cycles per sample."""
    edges = cycles(low, rate, "low"), cycles(high, rate, "high")
    if edges[0] >= edges[1]:
        raise ValueError(f"low must be below high, got low={low}, high={high}")
    return edges


def band_edges(bands: Sequence[float], rate: float | None) -> np.ndarray:
    """The edges of several bands, two of each, from 0 to half the rate at most, in cycles per sample."""
    edges = np.asarray(bands, float).ravel()
    if len(edges) < 2 or len(edges) % 2:
        raise ValueError(f"bands must hold two edges per band, got {len(edges)} of them")
    inside = edges / (checked_rate(rate) or 1)
    if inside[0] < 0 or inside[-1] > 0.5 or np.any(np.diff(inside) < 0):
        raise ValueError(f"bands must rise from 0 to at most {_half(rate)}, got {edges.tolist()}")
    return inside


def _half(rate: float | None) -> str:
    """Half the rate in words, in the unit that frequencies are given in."""
    return "0.5 cycles per sample (hertz need a rate)" if rate is None else f"rate / 2 = {rate / 2:g} hertz"


def window_values(window: Any, taps: int) -> np.ndarray:
    """A symmetric window, (taps,)."""
    from scipy.signal import get_window

    try:
        return np.asarray(get_window(window, taps, fftbins=False))
    except (ValueError, TypeError) as error:
        raise ValueError(f"window must be one that scipy.signal.get_window makes, got {window!r} ({error})") from None


def centre(taps: int) -> int:
    """The position of the tap that a centred response puts at time 0: the middle one, of two the earlier."""
    return (taps - 1) // 2


def finite(h: Any, rate: float | None, centred: bool) -> FIR:
    """The system with these taps, from time 0 on or with the middle at time 0."""
    return FIR(h, -centre(len(h)) if centred else 0, checked_rate(rate))

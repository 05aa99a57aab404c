"""Recursive filters about one frequency: notch, peak, comb and allpass."""

import math
from typing import Literal

import numpy as np

from ..bounds import positive
from ..signal import checked_rate
from ..systems import IIR
from .arguments import cycles


def notch(frequency: float, quality: float = 30.0, *, rate: float | None = None) -> IIR:
    """A filter that removes one frequency and leaves the others.

    Parameters
    ----------
    frequency : float
        In hertz with a rate, else in cycles per sample; below half the rate.
    quality : float, default 30
        The frequency divided by the width of the notch, where the gain is 1 / √2.
    rate : float, optional
        Samples per second.

    Returns
    -------
    IIR
        One second-order section, as `scipy.signal.iirnotch` makes it.

    Raises
    ------
    ValueError
        A frequency outside 0 ... rate / 2, a quality that is not positive.

    Examples
    --------
    >>> S = notch(50, rate=1000)
    >>> abs(S.frequency_response(2 * np.pi * np.array([0, 50, 100]) / 1000)[1]).round(3)
    array([1., 0., 1.])
    """
    from scipy.signal import iirnotch

    return _section(*iirnotch(*_band_of(frequency, quality, rate), fs=1.0), rate)


def peak(frequency: float, quality: float = 30.0, *, rate: float | None = None) -> IIR:
    """A resonator: a filter that keeps one frequency, with gain 1, and removes the others.

    Parameters
    ----------
    frequency, rate
        As for `notch`.
    quality : float, default 30
        The frequency divided by the width of the peak, where the gain is 1 / √2.

    Raises
    ------
    ValueError
        A frequency outside 0 ... rate / 2, a quality that is not positive.

    Examples
    --------
    >>> S = peak(50, rate=1000)
    >>> abs(S.frequency_response(2 * np.pi * np.array([0, 50, 500]) / 1000)[1]).round(3)
    array([0., 1., 0.])
    >>> S + notch(50, rate=1000) == IIR([1.0], rate=1000)
    True
    """
    from scipy.signal import iirpeak

    return _section(*iirpeak(*_band_of(frequency, quality, rate), fs=1.0), rate)


def comb(
    frequency: float,
    quality: float = 30.0,
    kind: Literal["notch", "peak"] = "notch",
    *,
    rate: float | None = None,
) -> IIR:
    """A filter that removes, or keeps, a frequency, all its multiples, and frequency 0.

    With N = rate / frequency: H(z) = b (1 ∓ z⁻ᴺ) / (1 - a z⁻ᴺ). It is kept as sections, so it costs about N
    multiplications per sample.

    Parameters
    ----------
    frequency : float
        In hertz with a rate, else in cycles per sample; the rate must be a multiple of it.
    quality : float, default 30
        The frequency divided by the width of each notch or peak, where the gain is 1 / √2.
    kind : {"notch", "peak"}
        Remove the multiples or keep them.
    rate : float, optional
        Samples per second.

    Raises
    ------
    ValueError
        A frequency outside 0 ... rate / 2 or of which the rate is no multiple, a quality that is not positive, an
        unknown kind.

    Examples
    --------
    >>> S = comb(50, rate=1000)
    >>> abs(S.frequency_response(2 * np.pi * np.array([0, 25, 50, 100]) / 1000)[1]).round(3)
    array([0., 1., 0., 0.])
    """
    f = cycles(frequency, rate, "frequency")
    period = round(1 / f)
    if abs(1 / f - period) > 1e-9 * period:
        whole = "1" if rate is None else f"the rate of {rate} hertz"
        raise ValueError(f"{whole} must be a whole multiple of the frequency, got {frequency}")
    if kind not in ("notch", "peak"):
        raise ValueError(f'kind must be "notch" or "peak", got {kind!r}')
    if quality <= 1:
        raise ValueError(f"quality of a comb must be above 1, or its teeth would touch, got {quality}")
    beta = math.tan(math.pi / (2 * quality))
    pole, sign = (1 - beta) / (1 + beta), -1 if kind == "notch" else 1
    gain = (1 if kind == "notch" else beta) / (1 + beta)
    # The roots of z^N = c are known exactly, which those that a polynomial solver finds are not.
    zeros = _roots_of(-sign, period)
    return IIR.from_zpk(zeros, _roots_of(pole, period), gain, checked_rate(rate))


def allpass(frequency: float, quality: float | None = None, *, rate: float | None = None) -> IIR:
    """A filter of gain 1 everywhere, which turns the phase.

    Without a quality of order 1: the phase falls from 0 to -π and is -π/2 at the frequency. With one of order 2: it
    falls from 0 to -2π and is -π at the frequency, the faster the higher the quality.

    Parameters
    ----------
    frequency : float
        In hertz with a rate, else in cycles per sample; below half the rate.
    quality : float, optional
        The frequency divided by the width over which the phase goes from -π/2 to -3π/2.
    rate : float, optional
        Samples per second.

    Raises
    ------
    ValueError
        A frequency outside 0 ... rate / 2, a quality that is not positive.

    References
    ----------
    Regalia, Mitra and Vaidyanathan, "The digital all-pass filter: a versatile signal processing building block", 1988.

    Examples
    --------
    >>> S = allpass(1000, rate=8000)
    >>> S.frequency_response([0, np.pi / 4, np.pi])[1].round(6) + 0
    array([ 1.+0.j,  0.-1.j, -1.+0.j])
    """
    if quality is None:
        omega = 2 * math.pi * cycles(frequency, rate, "frequency")
        c = (math.tan(omega / 2) - 1) / (math.tan(omega / 2) + 1)
        a = np.array([1.0, c])
    else:
        f, quality = _band_of(frequency, quality, rate)
        omega = 2 * math.pi * f
        alpha = math.tan(omega / (2 * quality))
        c = (1 - alpha) / (1 + alpha)
        a = np.array([1.0, -math.cos(omega) * (1 + c), c])
    return _section(a[::-1], a, rate)


def _band_of(frequency: float, quality: float, rate: float | None) -> tuple[float, float]:
    """The frequency in cycles per sample and the quality, if the band they make fits below half the rate."""
    f = cycles(frequency, rate, "frequency")
    if f / positive(quality, "quality") >= 0.5:
        raise ValueError(f"the width frequency / quality must be below half the rate, got {frequency} / {quality}")
    return f, quality


def _section(b: np.ndarray, a: np.ndarray, rate: float | None) -> IIR:
    return IIR(b, a, rate=checked_rate(rate))


def _roots_of(c: float, period: int) -> np.ndarray:
    """All z with z^period = c, in exactly conjugate pairs."""
    radius = abs(c) ** (1 / period)
    turns = np.arange(period) / period + (0 if c >= 0 else 0.5 / period)
    upper = radius * np.exp(2j * np.pi * turns[(turns > 0) & (turns < 0.5)])
    alone = [radius * (1 if t == 0 else -1) for t in turns if t in (0, 0.5)]
    return np.concatenate((upper, upper.conj(), alone))

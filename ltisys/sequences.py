"""The sequences that signals are tried with: unit sample, unit step, sinusoid, chirp, noise.

Frequencies are in hertz where a rate is given, and in cycles per sample where it is not.
"""

import operator
from typing import Any

import numpy as np

from .signal import Signal, checked_rate


def unit_sample(at: int | tuple[int, int] = 0, *, rate: float | None = None) -> Signal:
    """The unit sample δ[n - at]: one at index `at`, zero elsewhere; a pair makes it an image.

    Examples
    --------
    >>> unit_sample(3)
    Signal([1], start=3)
    """
    return Signal(np.ones((1, 1) if isinstance(at, tuple | list) else 1, np.int64), at, rate)


def unit_step(length: int, *, rate: float | None = None, start: int = 0) -> Signal:
    """The unit step u[n - start] as far as it is known: ones on ``start .. start + length - 1``.

    Examples
    --------
    >>> unit_step(3)
    Signal([1, 1, 1], start=0)
    """
    return Signal(np.ones(_checked_length(length), np.int64), start, rate)


def sinusoid(
    frequency: float,
    length: int,
    *,
    rate: float | None = None,
    amplitude: float = 1.0,
    phase: float = 0.0,
    start: int = 0,
) -> Signal:
    """The sinusoid x[n] = amplitude · cos(2π frequency n / rate + phase).

    Parameters
    ----------
    frequency : float
        In hertz if there is a rate, else in cycles per sample.
    length : int
        Number of samples.
    rate : float, optional
        Samples per second.
    phase : float, default 0
        In radians, at n = 0; ``-pi / 2`` makes it a sine.
    start : int, default 0
        Index n of the first sample.

    Examples
    --------
    >>> sinusoid(1000, 4, rate=8000).samples.round(3)
    array([ 1.   ,  0.707,  0.   , -0.707])
    """
    cycles = frequency / (checked_rate(rate) or 1) * (start + np.arange(_checked_length(length)))
    return Signal(amplitude * np.cos(2 * np.pi * (cycles % 1) + phase), start, rate)


def chirp(
    first: float,
    last: float,
    length: int,
    *,
    sweep: str = "linear",
    rate: float | None = None,
    amplitude: float = 1.0,
    phase: float = 0.0,
    start: int = 0,
) -> Signal:
    """A cosine whose frequency moves from `first`, at its first sample, to `last`, at its last one.

    Parameters
    ----------
    first, last : float
        In hertz if there is a rate, else in cycles per sample.
    length : int
        Number of samples, at least 2.
    sweep : str, default "linear"
        "linear", equally many hertz per second, or "exponential", equally many octaves.
    rate : float, optional
        Samples per second.
    phase : float, default 0
        In radians, at the first sample.
    start : int, default 0
        Index of the first sample.

    Raises
    ------
    ValueError
        An unknown sweep, or an exponential one from or to a frequency that is not positive.

    Examples
    --------
    >>> chirp(0, 0.5, 5).samples.round(3)
    array([ 1.   ,  0.924,  0.   , -0.924,  1.   ])
    """
    f, g = (frequency / (checked_rate(rate) or 1) for frequency in (first, last))
    steps = _checked_length(length, least=2) - 1
    n = np.arange(steps + 1)
    if sweep == "linear" or (sweep == "exponential" and f == g > 0):
        cycles = f * n + (g - f) * n**2 / (2 * steps)
    elif sweep == "exponential":
        if not (f > 0 and g > 0):
            raise ValueError(f"an exponential sweep needs positive frequencies, got {first} and {last}")
        octaves = np.log(g / f) / steps
        cycles = f * np.expm1(octaves * n) / octaves
    else:
        raise ValueError(f'sweep must be "linear" or "exponential", got {sweep!r}')
    return Signal(amplitude * np.cos(2 * np.pi * (cycles % 1) + phase), start, rate)


def noise(
    length: int,
    *,
    seed: int | np.random.Generator | None = None,
    deviation: float = 1.0,
    rate: float | None = None,
    start: int = 0,
) -> Signal:
    """White Gaussian noise of mean 0: independent samples with the given standard deviation.

    Parameters
    ----------
    length : int
        Number of samples.
    seed : int or numpy.random.Generator, optional
        Equal seeds give equal noise; a generator is drawn from; None gives other noise every time.
    deviation : float, default 1
        Standard deviation.

    Examples
    --------
    >>> noise(3, seed=0) == noise(3, seed=0)
    True
    """
    samples = np.random.default_rng(seed).normal(0.0, deviation, _checked_length(length))
    return Signal(samples, start, rate)


def _checked_length(length: Any, least: int = 1) -> int:
    number = operator.index(length)
    if number < least:
        raise ValueError(f"length must be at least {least}, got {length}")
    return number

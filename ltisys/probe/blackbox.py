"""A function asked with care: copies go in, plain vectors come out; its precision and its clock are found by asking."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, final

import numpy as np
from numpy.typing import DTypeLike

Function = Callable[[Any], Any]

LONGEST = 64
"""How many times the nominal length a function is asked for, where the ends reach too far into a shorter signal."""

_TIMED = 16  # how many times the nominal length tells the rate
_MOST_STEPS = 16  # clocks are told apart up to so many samples, out or in, until both begin anew


class Refused(Exception):
    """What a function did instead of giving a signal, in words."""


@final
@dataclass(frozen=True)
class BlackBox:
    """A function from array to array, and what is known of its arithmetic.

    Attributes
    ----------
    function : callable
        What is asked.
    dtype : numpy.dtype
        Of the arrays it is fed with.
    precision : numpy.dtype
        The floating point format that it rounds to, inside or at its output.
    """

    function: Function
    dtype: np.dtype
    precision: np.dtype

    @classmethod
    def opened(cls, function: Function, dtype: DTypeLike, length: int) -> "BlackBox":
        """The box around a function, its precision found: it is the format whose rounding of the input it ignores."""
        box = cls(function, np.dtype(dtype), np.dtype(np.float64))
        rng = np.random.default_rng(length)
        x = box.random(rng, length, 1.0) * (1.0 if box.whole else 10.0 ** rng.uniform(-2, 3, length))
        y = box.raw(x)
        if y.dtype.kind not in "fc":
            return box
        for precision in (np.float16, np.float32):
            rounded = np.finfo(y.dtype).eps >= np.finfo(precision).eps
            if rounded or box.dtype == precision or np.array_equal(box.raw(x.astype(precision).astype(float)), y):
                return replace(box, precision=np.dtype(precision))
        return box

    @property
    def tolerance(self) -> float:
        """Largest difference, relative to the largest sample of what is compared, that counts as rounding: √eps."""
        return float(np.sqrt(np.finfo(self.precision).eps))

    @property
    def whole(self) -> bool:
        """Whether it is fed with integers."""
        return self.dtype.kind in "iu"

    @property
    def amplitudes(self) -> tuple[float, ...]:
        """Sizes of the signals it is tried with, the plainest first; the largest sums stay inside the dtype."""
        if self.whole:
            return (3.0, min(300.0, np.iinfo(self.dtype).max // 8))
        return (1.0, 0.01, 100.0) if self.precision == np.float16 else (1.0, 0.001, 300.0)

    def random(self, rng: np.random.Generator, length: int, amplitude: float) -> np.ndarray:
        """A random signal: Gaussian, or whole numbers where it is fed with integers."""
        if self.whole:
            least = 0 if self.dtype.kind == "u" else -int(amplitude)
            return rng.integers(least, int(amplitude) + 1, length).astype(float)
        return amplitude * rng.standard_normal(length)

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """The output for a vector of real numbers, in double precision; `Refused` if there is none."""
        y = self.raw(x)
        return y.astype(np.complex128 if y.dtype.kind == "c" else np.float64)

    def raw(self, x: np.ndarray) -> np.ndarray:
        """The output in the dtype that it came in; `Refused` unless it is a vector of numbers."""
        fed = x.astype(self.dtype)
        if self.whole and not np.array_equal(fed, x):
            raise Refused(f"{self.dtype} cannot hold what f was to be fed with")
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                y = np.array(self.function(fed))
        except Exception as error:
            raise Refused(f"f raised {type(error).__name__} for {x.size} samples: {_one_line(error)}") from error
        if y.ndim != 1 or y.size == 0:
            raise Refused(f"f gave an array of shape {y.shape} for {x.size} samples, which is no signal")
        if y.dtype.kind not in "biufc":
            raise Refused(f"f gave an array of dtype {y.dtype}, which holds no numbers")
        return y


@final
@dataclass(frozen=True)
class Clock:
    """How many samples come out for those that go in.

    Attributes
    ----------
    rate : Fraction
        Samples out per sample in, apart from a constant number more or less. Output m belongs to time m / rate.
    free : bool
        Whether the function takes signals of any length, with as many samples out as the rate says.
    """

    rate: Fraction
    free: bool

    @classmethod
    def of(cls, box: BlackBox, length: int) -> "Clock":
        """The clock, from the numbers of samples that come out for one length and for longer ones."""
        rng = np.random.default_rng(length)
        first = box(box.random(rng, length, 1.0)).size
        try:
            middle, last = (box(box.random(rng, n * length, 1.0)).size for n in (2, _TIMED))
        except Refused:
            return cls(_rate_of_one(first, length), False)
        slope = Fraction(last - first, (_TIMED - 1) * length)
        margin = Fraction(2, (_TIMED - 1) * length)
        rate = _simplest(slope, margin)
        if rate is None or abs(middle - first - rate * length) > 2:
            return cls(_rate_of_one(first, length), False)
        return cls(rate, True)

    def lengths(self, nominal: int) -> tuple[int, ...]:
        """The lengths that the function may be tried with."""
        count = LONGEST.bit_length() if self.free else 1
        return tuple(nominal << doubling for doubling in range(count))

    def keeps(self, shift: int) -> bool:
        """Whether an output can be late by a whole number of samples for an input that is `shift` late."""
        return (shift * self.rate).denominator == 1

    def delay(self, shift: int) -> int:
        """By how many samples the output must be late for an input that is `shift` late."""
        return int(shift * self.rate)


def _rate_of_one(out: int, length: int) -> Fraction:
    """The rate that one length tells: a small factor up or down if it fits to the sample, else none."""
    for factor in range(2, 9):
        if -(-length // factor) == out:
            return Fraction(1, factor)
        if length * factor == out:
            return Fraction(factor)
    return Fraction(1)


def _simplest(slope: Fraction, margin: Fraction) -> Fraction | None:
    for steps in range(1, _MOST_STEPS + 1):
        rate = Fraction(round(slope * steps), steps)
        if abs(rate - slope) <= margin and 0 < rate.numerator <= _MOST_STEPS:
            return rate
    return None


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= 120 else text[:117] + "..."

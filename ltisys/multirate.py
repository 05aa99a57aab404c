"""Other rates: spreading, filtering and thinning out samples, in one.

What comes out is linear, but not time-invariant, so a `Resampler` is no `System`; its filter is one.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, final

import numpy as np

from .bounds import at_least
from .design import lowpass
from .intervals import window
from .signal import Signal, checked_numbers, common_rate
from .systems import FIR, System
from .systems.apply import convolved


@final
@dataclass(frozen=True, init=False)
class Resampler:
    """Spread by `up`, filter, keep every `down`-th: y[m] = Σ_k h[m·down - k·up] x[k].

    Index 0 stays index 0, so sample m of the output lies at the time m / (rate · up / down). No product with a zero
    between spread samples and no output that is thrown away is ever computed: the filter is taken apart into `up`
    phases, and each is applied at the stride `down`.

    Parameters
    ----------
    up, down : int
        At least 1; common factors are kept, as h is meant for the rate between them.
    filter : System, default the unit sample
        The finite h, at `up` times the rate of the input. Its rate, if it has one, must be that.

    Raises
    ------
    TypeError
        Factors that are not integers.
    ValueError
        Factors below 1, a filter that is not finite or not in time.

    Examples
    --------
    >>> hold = Resampler(3, 1, FIR([1, 1, 1]))
    >>> hold(Signal([4, 2], start=1, rate=1000))
    Signal([4, 4, 4, 2, 2, 2], start=3, rate=3000)
    >>> hold([4, 2])
    array([4, 4, 4, 2, 2, 2])
    >>> hold.H(Signal([4, 4, 4, 2, 2, 2]))
    Signal([12,  6], start=0)
    """

    up: int
    down: int
    filter: FIR

    __array_ufunc__: ClassVar[None] = None

    def __init__(self, up: int, down: int, filter: System | None = None) -> None:
        h: System = FIR([1]) if filter is None else filter
        if not isinstance(h, System) or not h.is_fir or h.ndim != 1:
            raise ValueError(f"filter must be a finite system in time, got {h!r}")
        object.__setattr__(self, "up", at_least(1, up, "up"))
        object.__setattr__(self, "down", at_least(1, down, "down"))
        object.__setattr__(self, "filter", h.fuse())

    @property
    def ratio(self) -> Fraction:
        """Output samples per input sample, up / down."""
        return Fraction(self.up, self.down)

    @property
    def H(self) -> "Resampler":
        """The adjoint: ⟨y, R x⟩ = ⟨R.H y, x⟩. Spreading and thinning out change places, and the filter is reversed."""
        return Resampler(self.down, self.up, self.filter.H)

    def __call__(self, x: Any, *, axis: int = -1) -> Any:
        """The output for a signal on its exact support, for an array on the time that the array spans.

        Parameters
        ----------
        x : Signal or array_like, (..., N, ...)
            The input. A float32 input gives a float32 output; integers through integer taps are exact.
        axis : int, default -1
            Where time is, for arrays.

        Returns
        -------
        Signal or ndarray, (..., ceil(N · up / down), ...)
            Of a signal a signal at the rate · up / down, an integer where that is whole.

        Raises
        ------
        ValueError
            An empty array, an image, a rate that is not that of the filter divided by `up`.
        """
        if not isinstance(x, Signal):
            samples = checked_numbers(np.asarray(x), "x")
            if samples.size == 0 or samples.ndim == 0:
                raise ValueError(f"x needs at least one sample, got shape {samples.shape}")
            along = np.moveaxis(samples, axis, -1)
            return np.moveaxis(self._values(along, 0, 0, -(-along.shape[-1] * self.up // self.down)), -1, axis)
        if axis != -1:
            raise ValueError(f"axis belongs to arrays, got axis={axis} with a signal")
        if x.ndim != 1:
            raise ValueError(f"time has one axis, got a signal with {x.ndim}")
        first, stop = self.filter.support
        low = -(-(x.start * self.up + first) // self.down)
        high = max(low, ((x.stop - 1) * self.up + stop - 1) // self.down) + 1
        return Signal(self._values(x.samples, x.start, low, high), low, self._rate_after(x.rate))

    def _rate_after(self, rate: Any) -> Any:
        """The rate of the output: whole if it can be, for whole rates."""
        between = common_rate(None if rate is None else rate * self.up, self.filter.rate)
        if between is None:
            return None
        if float(between).is_integer() and int(between) % self.down == 0:
            return int(between) // self.down
        return between / self.down

    def _values(self, x: np.ndarray, start: int, low: int, high: int) -> np.ndarray:
        """Output on ``low .. high - 1`` for an input (..., N) that begins at `start` and is zero outside."""
        h = self.filter
        first, stop = h.support
        # Everything that any output meets, cut out or surrounded by zeros once.
        bottom, top = (low * self.down - stop) // self.up, -(((1 - high) * self.down + first) // self.up) + 1
        met = window(x, (start,), (bottom,), (top,))
        outputs = []
        for phase in range(min(self.up, high - low)):
            # Outputs m = low + phase + q·up have m·down = (at + q·down)·up + r, so they meet the taps h[r + i·up].
            at, r = divmod((low + phase) * self.down, self.up)
            count = -(-(high - low - phase) // self.up)
            i = -((r - first) // self.up)
            taps = h.h[r + self.up * i - first :: self.up]
            if taps.size == 0:
                taps = np.zeros(1, h.h.dtype)
            begin = at - i - taps.size + 1 - bottom
            reach = self.down * (count - 1) + taps.size
            outputs.append(convolved(met[..., begin : begin + reach], taps, "valid", stride=self.down))
        y = np.empty(x.shape[:-1] + (high - low,), outputs[0].dtype)
        for phase, values in enumerate(outputs):
            y[..., phase :: self.up] = values
        return y


def resample(up: int, down: int, filter: System | None = None) -> Resampler:
    """A change of the rate by up / down, without images of the spectrum and without aliases.

    Parameters
    ----------
    up, down : int
        At least 1. Without a filter common factors are divided out.
    filter : System, optional
        A finite lowpass for `up` times the rate of the input, with gain `up` at frequency 0. By default that of
        `scipy.signal.resample_poly`: 20 · max(up, down) + 1 taps under a Kaiser window, zero phase.

    Raises
    ------
    ValueError
        As for `Resampler`.

    Examples
    --------
    >>> x = Signal(np.ones(441), rate=44100)
    >>> y = resample(160, 441)(x)
    >>> y.rate, y[80].round(3)
    (16000, np.float64(1.0))
    """
    if filter is not None:
        return Resampler(up, down, filter)
    common = math.gcd(at_least(1, up, "up"), at_least(1, down, "down"))
    up, down = up // common, down // common
    most = max(up, down)
    if most == 1:
        return Resampler(1, 1)
    h = lowpass(20 * most + 1, 0.5 / most, window=("kaiser", 5.0), centred=True)
    return Resampler(up, down, h.scaled(up))


def decimate(factor: int, filter: System | None = None) -> Resampler:
    """A lower rate: what lies above half the new rate is filtered out, then every factor-th sample kept.

    Parameters
    ----------
    factor : int
        At least 1.
    filter : System, optional
        A finite lowpass; by default that of `resample`. A recursive filter is applied first, ``decimate(...)(S(x))``.

    Examples
    --------
    >>> decimate(2, FIR([0.25, 0.5, 0.25], start=-1))([1, 1, 1, 1, 1])
    array([0.75, 1.  , 0.75])
    """
    return resample(1, factor, filter)


def interpolate(factor: int, filter: System | None = None) -> Resampler:
    """A higher rate: factor - 1 samples between each two of the input.

    Parameters
    ----------
    factor : int
        At least 1.
    filter : System, optional
        A finite lowpass with gain `factor` at frequency 0; by default that of `resample`.

    Examples
    --------
    >>> interpolate(2, FIR([0.5, 1, 0.5], start=-1))([2, 4, 8])
    array([2., 3., 4., 6., 8., 4.])
    """
    return resample(factor, 1, filter)

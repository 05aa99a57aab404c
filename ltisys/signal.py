"""A signal: samples that know when they start."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from numbers import Number, Real
from typing import TYPE_CHECKING, Any, ClassVar, final

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .convolution import convolve, convolve2d
from .intervals import as_indices, interval_of, per_axis, window

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@final
@dataclass(frozen=True, init=False, eq=False, repr=False)
class Signal:
    """A discrete-time signal x[n]: known on its support, zero everywhere else.

    Parameters
    ----------
    samples : array_like
        Booleans, integers, real or complex floating point numbers; copied. The index axes are the last ones: one for
        a signal in time, two for an image. Axes before them are channels, so stereo sound is ``(2, n)``.
    start : int or (int, int), default 0
        Index of the first sample. A pair makes the last two axes index axes: ``start=(0, 0)`` is an image.
    rate : float, optional
        Samples per second. Signals meet only if their rates agree; a signal without a rate meets any.

    Raises
    ------
    ValueError
        No samples, too few axes, or a rate that is not positive.
    TypeError
        Samples that are no numbers of at most double precision, or a start that is not an integer.

    Notes
    -----
    ``x * y`` is the convolution of two signals; at most one of them has channels. A number is a gain. Sums of integers
    are exact in int64 or refused. The number 0 may be added, so that ``sum(x.unit_samples())`` is x; another number is
    a sequence without end, not a signal. Signals are compared by ``==`` as whole sequences and are not hashable.

    Examples
    --------
    >>> x = Signal([3, 1, 2])
    >>> x * Signal([3, 2, 1])
    Signal([ 9,  9, 11,  5,  2], start=0)
    >>> x[2], x[-7]
    (np.int64(2), np.int64(0))
    >>> x.shift(3) - x
    Signal([-3, -1, -2,  3,  1,  2], start=0)
    """

    samples: np.ndarray
    start: Any  # an int, or a pair of them for an image
    rate: float | None

    __array_ufunc__: ClassVar[None] = None  # so that np.float64(2) * x asks x
    __iter__: ClassVar[None] = None  # indexing never runs out of zeros, so iterating would never end

    def __init__(self, samples: ArrayLike, start: int | tuple[int, int] = 0, rate: float | None = None) -> None:
        starts = as_indices(start, "start")
        values = checked_numbers(np.array(samples), "samples")
        if values.ndim < len(starts):
            raise ValueError(f"samples must have at least {len(starts)} axes for start={start}, got {values.shape}")
        if values.size == 0:
            raise ValueError(f"a signal needs at least one sample, got shape {values.shape}")
        values = values.astype(values.dtype.newbyteorder("="), copy=False)
        values.setflags(write=False)
        object.__setattr__(self, "samples", values)
        object.__setattr__(self, "start", per_axis(starts))
        object.__setattr__(self, "rate", checked_rate(rate))

    # ------------------------------------------------------------------------------------------------ where it lies

    @property
    def starts(self) -> tuple[int, ...]:
        """Index of the first sample along each index axis, always a tuple."""
        return as_indices(self.start, "start")

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of samples along each index axis."""
        return self.samples.shape[-self.ndim :]

    @property
    def ndim(self) -> int:
        """Number of index axes: 1, or 2 for an image."""
        return len(self.starts)

    @property
    def channels(self) -> tuple[int, ...]:
        """Shape of the axes before the index axes: ``()`` for a single channel."""
        return self.samples.shape[: -self.ndim]

    @property
    def stops(self) -> tuple[int, ...]:
        """Index after the last sample along each index axis, always a tuple."""
        return tuple(start + length for start, length in zip(self.starts, self.shape, strict=True))

    @property
    def stop(self) -> Any:
        """Index after the last sample: an int, or a pair of them for an image."""
        return per_axis(self.stops)

    @property
    def support(self) -> tuple[Any, Any]:
        """The index interval ``(start, stop)``, stop excluded; one such pair per axis for an image."""
        return per_axis(zip(self.starts, self.stops, strict=True))

    @property
    def n(self) -> Any:
        """The index of every sample, an integer array; a pair of them for an image."""
        return per_axis(np.arange(start, stop) for start, stop in zip(self.starts, self.stops, strict=True))

    def __len__(self) -> int:
        return self.shape[0]

    # ------------------------------------------------------------------------------------------------------ reading

    def __getitem__(self, index: Any) -> Any:
        """x[n], zero outside the support, or x[a:b], the signal on exactly that interval."""
        wanted = index if isinstance(index, tuple) else (index,)
        if len(wanted) != self.ndim:
            raise IndexError(f"a signal with {self.ndim} index axes takes as many indices, got {index!r}")
        axes = zip(wanted, self.starts, self.stops, strict=True)
        lows, highs = zip(*(interval_of(i, start, stop) for i, start, stop in axes), strict=True)
        values = window(self.samples, self.starts, lows, highs)
        kept = [low for i, low in zip(wanted, lows, strict=True) if isinstance(i, slice)]
        single = tuple(slice(None) if isinstance(i, slice) else 0 for i in wanted)
        values = values[(..., *single)]
        return Signal(values, per_axis(kept), self.rate) if kept else values[()]

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.samples, dtype=dtype, copy=copy)

    def __repr__(self) -> str:
        return as_call("Signal", self)

    # --------------------------------------------------------------------------------------------------- arithmetic

    def __add__(self, other: Any) -> "Signal":
        if is_scalar(other) and other == 0:
            return self
        return self._combine(other, np.add) if isinstance(other, Signal) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Any) -> "Signal":
        if is_scalar(other) and other == 0:
            return self
        return self._combine(other, np.subtract) if isinstance(other, Signal) else NotImplemented

    def __rsub__(self, other: Any) -> "Signal":
        return -self + other

    def __mul__(self, other: Any) -> "Signal":
        if isinstance(other, Signal):
            return self._convolve(other)
        if is_scalar(other):
            return self._with(scaled(self.samples, other))
        return NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> "Signal":
        return self._with(exact(self.samples) / other) if is_scalar(other) else NotImplemented

    def __neg__(self) -> "Signal":
        return self * -1

    def __pos__(self) -> "Signal":
        return self

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Signal):
            return NotImplemented
        if self.rate != other.rate or self.ndim != other.ndim or self.channels != other.channels:
            return False
        return _same(self.trim(), other.trim())

    def isclose(self, other: "Signal", *, rtol: float = 1e-5, atol: float = 1e-8) -> bool:
        """Whether no sample of the difference exceeds ``atol + rtol * max(|x|, |y|)``, the maximum over all samples.

        The tolerance is relative to the largest sample of both, because that is how rounding spreads in a convolution.

        Examples
        --------
        >>> Signal([1.0, 2.0]).isclose(Signal([0, 1 + 1e-9, 2], start=-1))
        True
        """
        difference = self - other
        scale = max(np.abs(self.samples).max(), np.abs(other.samples).max())
        return bool(np.all(np.abs(difference.samples) <= atol + rtol * scale))

    # ----------------------------------------------------------------------------------------------- moved and turned

    def shift(self, by: int | tuple[int, int]) -> "Signal":
        """The signal x[n - by]: later for a positive shift.

        Examples
        --------
        >>> Signal([3, 1, 2]).shift(3)
        Signal([3, 1, 2], start=3)
        """
        steps = as_indices(by, "shift")
        if len(steps) != self.ndim:
            raise ValueError(f"a signal with {self.ndim} index axes is shifted along each of them, got {by!r}")
        starts = (start + step for start, step in zip(self.starts, steps, strict=True))
        return Signal(self.samples, per_axis(starts), self.rate)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the samples as stems, on the axes given or on a new figure; see `ltisys.plots.stem`.

        Examples
        --------
        >>> Signal([3, 1, 2]).plot().get_xlabel()
        'n (samples)'
        """
        from .plots import stem  # matplotlib is loaded by whoever wants a picture

        return stem(self, ax=ax)

    def reverse(self) -> "Signal":
        """The signal x[-n], turned around index 0 of every index axis.

        Examples
        --------
        >>> Signal([3, 1, 2]).reverse()
        Signal([2, 1, 3], start=-2)
        """
        turned = self.samples[(..., *(slice(None, None, -1),) * self.ndim)]
        return Signal(turned, per_axis(1 - stop for stop in self.stops), self.rate)

    def conj(self) -> "Signal":
        """The complex conjugate of every sample."""
        return self._with(np.conj(self.samples))

    def trim(self) -> "Signal":
        """The same sequence without the zeros at its ends; the zero signal keeps one zero, at index 0.

        Examples
        --------
        >>> Signal([0, 0, 3, 0]).trim()
        Signal([3], start=2)
        """
        used = [np.flatnonzero(self._used(axis)) for axis in range(self.ndim)]
        if used[0].size == 0:
            zero = np.zeros(self.channels + (1,) * self.ndim, self.samples.dtype)
            return Signal(zero, per_axis((0,) * self.ndim), self.rate)
        inside = tuple(slice(k[0], k[-1] + 1) for k in used)
        starts = (start + int(k[0]) for start, k in zip(self.starts, used, strict=True))
        return Signal(self.samples[(..., *inside)], per_axis(starts), self.rate)

    def unit_samples(self) -> Iterator["Signal"]:
        """The unit sample decomposition x[n] = Σ_k x[k] δ[n - k]: its terms, one signal of one sample for every k.

        Examples
        --------
        >>> list(Signal([3, 1], start=4).unit_samples())
        [Signal([3], start=4), Signal([1], start=5)]
        """
        for k in np.ndindex(self.shape):
            at = per_axis(start + i for start, i in zip(self.starts, k, strict=True))
            yield Signal(self.samples[(..., *(slice(i, i + 1) for i in k))], at, self.rate)

    # ------------------------------------------------------------------------------------------------------- within

    def _with(self, samples: np.ndarray) -> "Signal":
        return Signal(samples, self.start, self.rate)

    def _used(self, axis: int) -> np.ndarray:
        """Which indices along an index axis hold something other than zero."""
        kept = self.samples.ndim - self.ndim + axis
        return np.any(self.samples != 0, axis=tuple(a for a in range(self.samples.ndim) if a != kept))

    def _meet(self, other: "Signal") -> float | None:
        """The rate of a result of two signals that must fit together."""
        if self.ndim != other.ndim:
            raise ValueError(f"signals must have equally many index axes, got {self.ndim} and {other.ndim}")
        return common_rate(self.rate, other.rate)

    def _combine(self, other: "Signal", operation: Callable[..., np.ndarray]) -> "Signal":
        rate = self._meet(other)
        if self.channels != other.channels and self.channels != () and other.channels != ():
            raise ValueError(f"channels must be equal or absent, got {self.channels} and {other.channels}")
        lows = tuple(map(min, self.starts, other.starts))
        highs = tuple(map(max, self.stops, other.stops))
        x, y = exact(self.samples), exact(other.samples)
        if x.dtype == y.dtype == np.int64:
            _check_int64(_peak(x) + _peak(y), "the sum of two signals")
        values = operation(window(x, self.starts, lows, highs), window(y, other.starts, lows, highs))
        return Signal(values, per_axis(lows), rate)

    def _convolve(self, other: "Signal") -> "Signal":
        rate = self._meet(other)
        if self.channels and other.channels:
            raise ValueError(
                f"one of two convolved signals has no channels, got {self.channels} and {other.channels}: "
                "convolve channel by channel"
            )
        x, h = (other, self) if other.channels else (self, other)
        engine = convolve if self.ndim == 1 else convolve2d
        starts = (a + b for a, b in zip(self.starts, other.starts, strict=True))
        return Signal(engine(x.samples, h.samples), per_axis(starts), rate)


def _same(x: Signal, y: Signal) -> bool:
    return x.start == y.start and np.array_equal(x.samples, y.samples)


def as_call(name: str, x: Signal) -> str:
    """The call that makes a signal, or a system that is one, from its samples; long ones are abridged.

    Examples
    --------
    >>> print(as_call("FIR", Signal([[1, 2], [3, 4]], start=(0, 0))))
    FIR([[1, 2],
         [3, 4]], start=(0, 0))
    """
    with np.printoptions(threshold=12, edgeitems=3):
        values = np.array2string(x.samples, separator=", ", prefix=f"{name}(")
    rate = "" if x.rate is None else f", rate={x.rate}"
    return f"{name}({values}, start={x.start}{rate})"


def is_scalar(value: Any) -> bool:
    """Whether a value is one number: Python's, NumPy's or an array without axes."""
    return isinstance(value, Number | np.number | np.bool_) or (isinstance(value, np.ndarray) and value.ndim == 0)


def checked_numbers(array: np.ndarray, name: str) -> np.ndarray:
    """The array itself, if it holds booleans, integers or floating point numbers of at most double precision."""
    if array.dtype.char not in "?bBhHiIlLqQefdFD":
        raise TypeError(f"{name} must be numbers of at most double precision, got dtype {array.dtype}")
    return array


def checked_rate(rate: Any) -> Any:
    """The rate itself, if it is None or a positive finite number."""
    if rate is None:
        return None
    if isinstance(rate, bool) or not isinstance(rate, Real):
        raise TypeError(f"rate must be a number of samples per second or None, got {rate!r}")
    if not 0 < float(rate) < np.inf:
        raise ValueError(f"rate must be positive, got {rate}")
    return rate


def common_rate(*rates: Any) -> Any:
    """The one rate among those given, None if there is none; two different ones are an error."""
    known = [rate for rate in rates if rate is not None]
    for rate in known:
        if rate != known[0]:
            raise ValueError(f"rates must agree, got {known[0]} and {rate}")
    return known[0] if known else None


def exact(samples: np.ndarray) -> np.ndarray:
    """Booleans and integers as int64, in which they are exact; other samples as they are."""
    if samples.dtype.kind not in "biu":
        return samples
    if samples.dtype == np.uint64:
        _check_int64(_peak(samples), "a sample")
    return samples.astype(np.int64, copy=False)


def scaled(samples: np.ndarray, gain: Any) -> np.ndarray:
    """Samples times a number; integers times an integer are exact or refused."""
    values = exact(samples)
    if values.dtype == np.int64 and np.asarray(gain).dtype.kind in "biu":
        _check_int64(_peak(values) * abs(int(gain)), "the product of a signal and a gain")
        return values * int(gain)
    return values * gain


def _peak(samples: np.ndarray) -> int:
    """The largest magnitude among integers, as an integer without a limit."""
    return max(abs(int(samples.min())), abs(int(samples.max())))


def _check_int64(bound: int, what: str) -> None:
    if bound > np.iinfo(np.int64).max:
        raise OverflowError(f"{what} may reach {bound}, beyond int64; use floating point samples")

"""The unit sample response of a black box, measured: its start, its taps, and how much of it was cut off."""

import operator
from dataclasses import dataclass
from typing import Any, Literal, final, overload

import numpy as np
from numpy.typing import DTypeLike

from ..systems import FIR
from .blackbox import BlackBox, Clock, Function, Refused
from .laws import largest, placed

_SHORTEST = 32


@final
@dataclass(frozen=True, eq=False)
class Measurement:
    """A measured unit sample response.

    Attributes
    ----------
    system : FIR
        The taps that were kept, with their start.
    bound : float
        Bound on Σ|h[n]| over all n that were cut off: what was seen and dropped, and beyond the ends of the window the
        geometric tail that continues the decay seen inside. Infinite where no such decay is to be seen. An input whose
        samples are at most 1 in magnitude changes no output by more than this.
    misfit : float
        Largest difference between f and the system on noise, away from the ends, relative to the largest output.
    """

    system: FIR
    bound: float
    misfit: float


@overload
def measure(f: Function, length: int = ..., *, dtype: DTypeLike = ..., full: Literal[False] = ...) -> FIR: ...
@overload
def measure(f: Function, length: int = ..., *, dtype: DTypeLike = ..., full: Literal[True]) -> Measurement: ...
def measure(f: Function, length: int = 1024, *, dtype: DTypeLike = np.float64, full: bool = False) -> Any:
    """The unit sample response of a black box, as a system that has the same one.

    A unit sample in the middle of silence is put in. The response may begin before it: the start of the system says so.
    Taps that together weigh less than rounding, eps^(3/4) of Σ|h|, are dropped at both ends.

    Parameters
    ----------
    f : callable
        A linear time-invariant function of vectors of real numbers, with as many samples out as in, or a constant
        number more or less. Output m belongs to time m.
    length : int, default 1024
        Samples of the vectors it is asked with, at least 32. Taps are seen from -length/2 to length/2 - 1.
    dtype : dtype, default float64
        Of the arrays it is fed with.
    full : bool, default False
        Whether to tell also what was cut off.

    Returns
    -------
    FIR or Measurement
        The system; with ``full=True`` a value with `system`, `bound` (on the magnitudes of all that was cut off) and
        `misfit`.

    Raises
    ------
    ValueError
        A function that has no unit sample response: it is not linear or not time-invariant, gives samples at another
        rate or values that are not finite, or raises; `check` says more. A length below 32.

    Examples
    --------
    >>> import numpy as np
    >>> from ltisys import probe
    >>> probe.measure(lambda x: np.convolve(x, [1, 2, 4, 3], "same"))
    FIR([1., 2., 4., 3.], start=-1)
    >>> probe.measure(lambda x: np.convolve(x, 0.5 ** np.arange(20)), full=True).bound
    0.0
    """
    length = operator.index(length)
    if length < _SHORTEST:
        raise ValueError(f"length must be at least {_SHORTEST}, got {length}")
    with np.errstate(all="ignore"):
        try:
            box = BlackBox.opened(f, dtype, length)
            measured = _measured(box, length)
        except Refused as refusal:
            raise ValueError(f"f has no unit sample response: {refusal}") from refusal
    return measured if full else measured.system


def _measured(box: BlackBox, length: int) -> Measurement:
    clock = Clock.of(box, length)
    if clock.rate != 1:
        raise Refused(f"f gives {clock.rate} samples for each that it takes")
    middle = length // 2
    one = placed(np.ones(1), middle, length)
    silence, h = box(np.zeros(length)), box(one)
    if not np.all(np.isfinite(h)):
        raise Refused("f gives values that are not finite")
    if largest(silence) > box.tolerance * largest(h):
        raise Refused("f is not linear: it answers silence with something else")
    system, dropped = _trimmed(h, middle, float(np.finfo(box.precision).eps ** 0.75))
    misfit = _misfit(box, system, length)
    if misfit > box.tolerance:
        raise Refused(
            f"f is not linear and time-invariant, or its response does not fit into {length} samples: "
            f"what it predicts for noise is wrong by {misfit:.2g} of the largest output"
        )
    rounding = float(np.finfo(box.precision).eps) * length * largest(h)
    tail = _tail(h[middle:], rounding) + _tail(h[middle::-1], rounding)
    if clock.free and _beyond(box, length) > tail + rounding:
        tail = np.inf  # the decay inside the window does not go on outside
    return Measurement(system, dropped + tail, misfit)


def _trimmed(h: np.ndarray, middle: int, share: float) -> tuple[FIR, float]:
    """The taps without those at the ends that together weigh at most a share of all, and what these weigh."""
    weights = np.abs(h)
    limit = share * weights.sum()
    kept = np.flatnonzero((np.cumsum(weights) > limit / 2) & (np.cumsum(weights[::-1])[::-1] > limit / 2))
    if kept.size == 0:
        return FIR(np.zeros(1, h.dtype)), 0.0
    first, last = int(kept[0]), int(kept[-1])
    dropped = float(weights[:first].sum() + weights[last + 1 :].sum())
    return FIR(h[first : last + 1], start=first - middle), dropped


def _tail(h: np.ndarray, rounding: float) -> float:
    """A bound on what follows a response that is seen on n = 0, 1 ...: a geometric tail.

    A response has ended if its last eighth is rounding: what follows is no more. If the sums over blocks of doubled
    length fall as an exponential lets them, each ratio is about the square of the one before, and the next is smaller
    still. Where they fall more slowly, like a power, there is no bound.
    """
    last = float(np.abs(h[-(h.size // 8) :]).sum())
    if last <= rounding:
        return last
    near, middle, far = (float(np.abs(h[h.size >> k : h.size >> (k - 1)]).sum()) for k in (3, 2, 1))
    if not (far < middle and far * near**1.5 <= middle**2.5):
        return np.inf
    return far * (far / middle) ** 2 / (1 - (far / middle) ** 2)


def _beyond(box: BlackBox, length: int) -> float:
    """Σ|h[n]| for those n outside the window of `length` samples that one four times as long shows."""
    wide = 4 * length
    weights = np.abs(box(placed(np.ones(1), wide // 2, wide)))
    return float(weights[: wide // 2 - length // 2].sum() + weights[wide // 2 + length // 2 :].sum())


def _misfit(box: BlackBox, system: FIR, length: int) -> float:
    """The largest relative difference between the box and the system for bursts of noise at several places."""
    rng = np.random.default_rng(length)
    width, worst = length // 8, 0.0
    for at in (length // 4, length // 2, length // 2 + width):
        x = placed(box.random(rng, width, box.amplitudes[-1]), at, length)
        y, expected = box(x), system(x)
        low, high = length // 4, min(3 * length // 4, y.size)
        scale = max(largest(y), largest(expected))
        worst = max(worst, largest(y[low:high] - expected[low:high]) / scale if scale else 0.0)
    return worst

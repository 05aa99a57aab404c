"""Local maxima of signals and images, with their times."""

import math
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike

from ..bounds import positive
from ..signal import Signal, checked_numbers


@final
@dataclass(frozen=True)
class Peak:
    """A local maximum.

    Attributes
    ----------
    index : int or (int, int)
        Where it is: the index of the signal, of an array the position.
    height : float
        The value there.
    time : float or None
        The index in seconds, for a signal with a rate.
    """

    index: Any
    height: float
    time: float | None = None


def find_peaks(
    x: ArrayLike | Signal,
    *,
    height: float | None = None,
    distance: float | None = None,
    prominence: float | None = None,
) -> list[Peak]:
    """The local maxima of a signal or an image, in the order of their places.

    A sample at an end is a peak if it is larger than its neighbours inside; of a plateau the middle is taken.

    Parameters
    ----------
    x : Signal or array_like, (N,) or (N1, N2)
        Real, without channels; NaN is nowhere a peak.
    height : float, optional
        Peaks below it are left out.
    distance : float, optional
        Of two peaks nearer than that the lower one is left out. In seconds for a signal with a rate, else in samples;
        in an image along the axis on which they are farther apart.
    prominence : float, optional
        How far a signal must fall on both sides of a peak before it rises above it.

    Returns
    -------
    list of Peak

    Raises
    ------
    TypeError
        Complex samples.
    ValueError
        Channels or more than two axes, a distance that is not positive, a prominence for an image.

    Examples
    --------
    >>> find_peaks(Signal([0, 3, 1, 0, 5, 5, 5, 1], start=2, rate=4), height=2)
    [Peak(index=3, height=3.0, time=0.75), Peak(index=7, height=5.0, time=1.75)]
    >>> find_peaks([[1, 0, 0], [0, 0, 2]])
    [Peak(index=(0, 0), height=1.0, time=None), Peak(index=(1, 2), height=2.0, time=None)]
    """
    samples = x.samples if isinstance(x, Signal) else np.asarray(x)
    if checked_numbers(samples, "x").dtype.kind == "c":
        raise TypeError(f"x must be real, got dtype {samples.dtype}")
    ndim = x.ndim if isinstance(x, Signal) else samples.ndim
    if samples.ndim != ndim or ndim not in (1, 2) or samples.size == 0:
        raise ValueError(f"x must have one index axis or two, no channels, and samples, got shape {samples.shape}")
    starts: Any = x.starts if isinstance(x, Signal) else (0,) * ndim
    rate = x.rate if isinstance(x, Signal) else None
    apart = 1.0 if distance is None else max(1.0, positive(distance, "distance") * (rate or 1))
    values, lowest = _finite_below(samples.astype(np.float64))
    if ndim == 2:
        if prominence is not None:
            raise ValueError(f"prominence belongs to signals in time, got {prominence} for an image")
        i0, j0 = starts
        places = _of_image(values, lowest, height, apart)
        return [Peak((i + i0, j + j0), float(values[i, j])) for i, j in places]
    places = [n + starts[0] for n in _of_signal(values, lowest, height, apart, prominence)]
    return [Peak(n, float(values[n - starts[0]]), None if rate is None else n / rate) for n in places]


def _finite_below(values: np.ndarray) -> tuple[np.ndarray, float]:
    """The values with the lowest finite one in place of NaN and -inf, and that one: it is nowhere a peak."""
    finite = values[np.isfinite(values)]
    lowest = float(finite.min()) if finite.size else 0.0
    return np.fmax(values, lowest), lowest


def _of_signal(
    values: np.ndarray, lowest: float, height: float | None, apart: float, prominence: float | None
) -> list[int]:
    from scipy.signal import find_peaks as search

    # scipy wants lower samples on both sides; beyond the ends, the signal is taken to be as low as it ever is.
    surrounded = np.pad(values, 1, constant_values=lowest)
    found, _ = search(surrounded, height=height, distance=apart, prominence=prominence)
    return [int(n) - 1 for n in found]


def _of_image(values: np.ndarray, lowest: float, height: float | None, apart: float) -> list[tuple[int, int]]:
    """Peaks from the highest down, each clearing its surroundings of lower ones."""
    from scipy.ndimage import find_objects, label, maximum_filter

    largest = (values == maximum_filter(values, 3, mode="nearest")) & (values > lowest)
    if height is not None:
        largest &= values >= height
    labels: Any = label(largest, np.ones((3, 3)))
    plateaus, _ = labels
    middles = [_middle(plateaus[where] == number, where) for number, where in enumerate(find_objects(plateaus), 1)]
    reach = math.ceil(apart) - 1
    free = np.ones(values.shape, bool)
    kept = []
    for i, j in sorted(middles, key=lambda place: -values[place]):
        if free[i, j]:
            kept.append((i, j))
            free[max(0, i - reach) : i + reach + 1, max(0, j - reach) : j + reach + 1] = False
    return sorted(kept)


def _middle(inside: np.ndarray, where: tuple[slice, slice]) -> tuple[int, int]:
    """The pixel of a plateau that is nearest to its mean."""
    members = np.argwhere(inside)
    i, j = members[np.argmin(np.abs(members - members.mean(axis=0)).sum(axis=1))]
    return int(i) + where[0].start, int(j) + where[1].start

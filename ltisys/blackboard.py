"""Convolution as on the blackboard: the lecture's table, and the two ways of seeing it, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike

from .intervals import per_axis, window
from .signal import Signal, exact


@final
@dataclass(frozen=True, eq=False)
class Translation:
    """One step of `translate_and_scale`: a copy of x, moved to k and weighted with h[k].

    Attributes
    ----------
    k : int or (int, int)
        Which sample of h.
    weight : number
        h[k].
    term : Signal
        h[k] x[n - k].
    total : Signal
        The sum of all terms so far; after the last step it is x ∗ h.
    """

    k: Any
    weight: Any
    term: Signal
    total: Signal

    def __str__(self) -> str:
        return f"h[{_text(self.k)}] = {self.weight}: {self.term} -> {self.total}"


@final
@dataclass(frozen=True, eq=False)
class Overlap:
    """One step of `flip_and_filter`: the flipped response laid over x at time n.

    Attributes
    ----------
    n : int or (int, int)
        Index of the output.
    flipped : Signal
        h[n - k] as a sequence in k.
    products : Signal
        x[k] h[n - k] on the support of the flipped response.
    value : number
        Their sum, y[n].
    """

    n: Any
    flipped: Signal
    products: Signal
    value: Any

    def __str__(self) -> str:
        return f"y[{_text(self.n)}] = {self.value}: {self.flipped} -> {self.products}"


def shifting_table(x: ArrayLike | Signal, h: ArrayLike | Signal) -> str:
    """The lecture's table for y = x ∗ h: k, x[k], the reversed response at every shift, and the sums.

    Parameters
    ----------
    x, h : Signal or array_like, one-dimensional
        An array begins at index 0.

    Returns
    -------
    str
        One row for every n from the first output to the first zero after the last one, then one sum for each.

    Raises
    ------
    ValueError
        Signals with channels, with two index axes, or with rates that differ.

    Examples
    --------
    >>> print(shifting_table([3, 1, 2], [3, 2, 1]))
    k:       -2  -1   0   1   2   3   4   5
    x[k]:             3   1   2
    h[-k]:    1   2   3
    h[1-k]:       1   2   3
    h[2-k]:           1   2   3
    h[3-k]:               1   2   3
    h[4-k]:                   1   2   3
    h[5-k]:                       1   2   3
    <BLANKLINE>
    y[0] = 3·3 = 9
    y[1] = 3·2 + 1·3 = 9
    y[2] = 3·1 + 1·2 + 2·3 = 11
    y[3] = 1·1 + 2·2 = 5
    y[4] = 2·1 = 2
    y[5] = 0
    """
    x, h = _pair(x, h)
    if x.ndim != 1:
        raise ValueError(f"a table is for signals in time, got {x.ndim} index axes")
    outputs = range(x.start + h.start, x.stop + h.stop)
    columns = range(x.start - len(h) + 1, x.stop + len(h))
    rows = [("k:", {k: str(k) for k in columns}), ("x[k]:", _cells(x))]
    rows += [(f"h[{f'{n}' if n else ''}-k]:", _cells(h.reverse().shift(n))) for n in outputs]
    label = max(len(name) for name, _ in rows)
    wide = 2 + max(len(cell) for _, cells in rows for cell in cells.values())
    lines = [name.ljust(label) + "".join(cells.get(k, "").rjust(wide) for k in columns) for name, cells in rows]
    return "\n".join([line.rstrip() for line in lines] + [""] + [_sum(x, h, n) for n in outputs])


def translate_and_scale(x: ArrayLike | Signal, h: ArrayLike | Signal) -> Iterator[Translation]:
    """The first way to see y = Σ_k h[k] x[n - k]: copies of x, moved to every k, weighted with h[k], and added.

    Parameters
    ----------
    x, h : Signal or array_like, both one-dimensional or both images
        An array begins at index 0.

    Yields
    ------
    Translation
        One for every sample of h.

    Raises
    ------
    ValueError
        Signals with channels, with other numbers of index axes, or with rates that differ.

    Examples
    --------
    >>> for step in translate_and_scale([3, 1, 2], [3, 2]):
    ...     print(step)
    h[0] = 3: Signal([9, 3, 6], start=0) -> Signal([9, 3, 6], start=0)
    h[1] = 2: Signal([6, 2, 4], start=1) -> Signal([9, 9, 8, 4], start=0)
    """
    x, h = _pair(x, h)
    return _translations(x, h)


def flip_and_filter(x: ArrayLike | Signal, h: ArrayLike | Signal) -> Iterator[Overlap]:
    """The second way to see y[n] = Σ_k x[k] h[n - k]: the flipped response slides along x.

    Parameters
    ----------
    x, h : Signal or array_like, both one-dimensional or both images
        An array begins at index 0.

    Yields
    ------
    Overlap
        One for every n at which the two can overlap: the support of x ∗ h.

    Raises
    ------
    ValueError
        Signals with channels, with other numbers of index axes, or with rates that differ.

    Examples
    --------
    >>> for step in flip_and_filter([3, 1], [3, 2]):
    ...     print(step)
    y[0] = 9: Signal([2, 3], start=-1) -> Signal([0, 9], start=-1)
    y[1] = 9: Signal([2, 3], start=0) -> Signal([6, 3], start=0)
    y[2] = 2: Signal([2, 3], start=1) -> Signal([2, 0], start=1)
    """
    x, h = _pair(x, h)
    return _overlaps(x, h)


def _translations(x: Signal, h: Signal) -> Iterator[Translation]:
    total = None
    for position in np.ndindex(h.shape):
        k = per_axis(start + i for start, i in zip(h.starts, position, strict=True))
        weight = h.samples[position]
        term = x.shift(k) * weight
        total = term if total is None else total + term
        yield Translation(k, weight, term, total)


def _overlaps(x: Signal, h: Signal) -> Iterator[Overlap]:
    turned = h.reverse()
    lows = (a + b for a, b in zip(x.starts, h.starts, strict=True))
    highs = (a + b - 1 for a, b in zip(x.stops, h.stops, strict=True))
    for position in product(*(range(low, high) for low, high in zip(lows, highs, strict=True))):
        n = per_axis(position)
        flipped = turned.shift(n)
        met = window(exact(x.samples), x.starts, flipped.starts, flipped.stops)
        products = Signal(met * exact(flipped.samples), flipped.start, x.rate)
        yield Overlap(n, flipped, products, products.samples.sum())


def _pair(x: ArrayLike | Signal, h: ArrayLike | Signal) -> tuple[Signal, Signal]:
    x, h = _in_one_channel(x, "x"), _in_one_channel(h, "h")
    _ = x * h  # two signals that cannot be convolved, integers that would not fit included, are refused here
    return x, h


def _in_one_channel(given: ArrayLike | Signal, name: str) -> Signal:
    if not isinstance(given, Signal):
        samples = np.asarray(given)
        given = Signal(samples, (0, 0) if samples.ndim == 2 else 0)
    if given.channels:
        raise ValueError(f"{name} must have a single channel, got samples of shape {given.samples.shape}")
    return given


def _cells(x: Signal) -> dict[int, str]:
    return {int(k): f"{value:.6g}" for k, value in zip(x.n, exact(x.samples), strict=True)}


def _sum(x: Signal, h: Signal, n: int) -> str:
    met = range(max(x.start, n - h.stop + 1), min(x.stop, n - h.start + 1))
    terms = " + ".join(f"{_factor(x[k])}·{_factor(h[n - k])}" for k in met)
    value = sum(exact(x[k]) * exact(h[n - k]) for k in met)
    return f"y[{n}] = {terms} = {value:.6g}" if terms else f"y[{n}] = 0"


def _factor(value: Any) -> str:
    text = f"{exact(value):.6g}"
    return text if text.replace(".", "").isdigit() else f"({text})"


def _text(index: Any) -> str:
    return ", ".join(map(str, index)) if isinstance(index, tuple) else str(index)

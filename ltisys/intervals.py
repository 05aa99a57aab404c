"""Indices in time or space: one integer, or one per axis, and samples cut out or surrounded by zeros."""

import operator
from collections.abc import Iterable
from typing import Any

import numpy as np


def as_indices(value: Any, name: str) -> tuple[int, ...]:
    """One index as ``(i,)``, a pair as ``(i, j)``; TypeError or ValueError with the name for anything else."""
    values = tuple(value) if isinstance(value, tuple | list) else (value,)
    if len(values) not in (1, 2):
        raise ValueError(f"{name} must be one integer or a pair of them, got {value!r}")
    try:
        return tuple(operator.index(v) for v in values)
    except TypeError:
        raise TypeError(f"{name} must be one integer or a pair of them, got {value!r}") from None


def per_axis(values: Iterable[Any]) -> Any:
    """One value alone, two as a pair: how starts, stops and supports are handed out."""
    alone, *more = values
    return (alone, *more) if more else alone


def interval_of(index: Any, start: int, stop: int) -> tuple[int, int]:
    """The interval that an integer or a slice means on an axis whose samples lie on [start, stop)."""
    if not isinstance(index, slice):
        try:
            n = operator.index(index)
        except TypeError:
            raise TypeError(f"a signal is indexed by integers and slices of them, got {index!r}") from None
        return n, n + 1
    if index.step not in (None, 1):
        raise ValueError(f"the step of an index interval must be 1, got {index.step}")
    low = start if index.start is None else operator.index(index.start)
    high = stop if index.stop is None else operator.index(index.stop)
    if high <= low:
        raise ValueError(f"an index interval must hold at least one index, got [{low}, {high})")
    return low, high


def window(samples: np.ndarray, starts: tuple[int, ...], lows: tuple[int, ...], highs: tuple[int, ...]) -> np.ndarray:
    """Samples of a sequence on the intervals [low, high) of its last axes, with zeros outside its support.

    Parameters
    ----------
    samples : ndarray, (..., N) or (..., N1, N2)
        The sequence on its support, which begins at `starts`.
    starts, lows, highs : tuple of int
        One entry per index axis.

    Returns
    -------
    ndarray
        A view where the interval lies inside the support, else a new array.

    Examples
    --------
    >>> window(np.array([3, 1, 2]), (0,), (-1,), (2,))
    array([0, 3, 1])
    """
    outer = samples.shape[: samples.ndim - len(starts)]
    stops = tuple(start + length for start, length in zip(starts, samples.shape[len(outer) :], strict=True))
    first = tuple(map(max, starts, lows))
    last = tuple(map(min, stops, highs))
    if first == lows and last == highs:
        return samples[(..., *_slices(lows, highs, starts))]
    values = np.zeros(outer + tuple(high - low for low, high in zip(lows, highs, strict=True)), samples.dtype)
    if all(a < b for a, b in zip(first, last, strict=True)):
        values[(..., *_slices(first, last, lows))] = samples[(..., *_slices(first, last, starts))]
    return values


def _slices(firsts: tuple[int, ...], lasts: tuple[int, ...], origins: tuple[int, ...]) -> tuple[slice, ...]:
    return tuple(slice(a - o, b - o) for a, b, o in zip(firsts, lasts, origins, strict=True))

"""Normalised correlation: how much every stretch of a signal, or patch of an image, looks like a template."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from ..convolution import correlate, correlate2d
from ..intervals import per_axis
from ..signal import Signal, checked_numbers, common_rate
from .moments import sliding_moments


def match_template(x: ArrayLike | Signal, template: ArrayLike | Signal) -> Any:
    """The normalised correlation of a template with every stretch of a signal or patch of an image.

    ρ[n] = Σ_k (t[k] - t̄) (x[n + k] - x̄ₙ) / √(Σ_k (t[k] - t̄)² · Σ_k (x[n + k] - x̄ₙ)²), x̄ₙ the mean of the patch at n:
    1 where the patch is the template but for a positive gain and an offset, -1 where the gain is negative, 0 where the
    patch or the template is flat.

    Parameters
    ----------
    x : Signal or array_like, (..., N) or (..., N1, N2)
        What is searched, real; axes before the index axes are searched one by one.
    template : Signal or array_like, (K,) or (K1, K2)
        What is looked for, real; its axes say whether x is a signal or an image.

    Returns
    -------
    Signal or ndarray, (..., N - K + 1) or (..., N1 - K1 + 1, N2 - K2 + 1)
        Correlations in [-1, 1], those of "valid". Of a signal a signal: index n compares the template moved by n, so it
        begins at the start of x less that of the template. In the precision of x.

    Raises
    ------
    TypeError
        Complex samples.
    ValueError
        A template with channels, or larger than x; signals and templates of different dimension or rate.

    Notes
    -----
    The mean and spread of the patches are found without cancellation, and where a patch is so faint beside the rest
    that rounding of the whole could reach it, its correlation is taken alone. A patch counts as flat if it varies by
    less than the rounding of its own samples. NaN reaches the patches that hold it.

    References
    ----------
    Lewis, "Fast normalized cross-correlation", 1995, equation 2.

    Examples
    --------
    >>> match_template([0, 0, 1, 3, 2, 0, 0, -2, -6, -4], [1, 3, 2]).round(3)
    array([ 0.   ,  0.327,  1.   , -0.327, -0.866,  0.   , -0.327, -1.   ])
    >>> match_template(Signal([5, 5, 6, 8, 7], start=10), Signal([1, 3, 2], start=-1))[13]
    np.float64(1.0)
    """
    t = template if isinstance(template, Signal) else _as_template(template)
    if t.channels:
        raise ValueError(f"a template has no channels, got channels {t.channels}")
    if not isinstance(x, Signal):
        return _correlations(np.asarray(x), t.samples)
    rate = common_rate(x.rate, t.rate)
    if x.ndim != t.ndim:
        raise ValueError(f"a template with {t.ndim} index axes cannot be sought in a signal with {x.ndim}")
    starts = (a - b for a, b in zip(x.starts, t.starts, strict=True))
    return Signal(_correlations(x.samples, t.samples), per_axis(starts), rate)


def _as_template(template: ArrayLike) -> Signal:
    values = np.asarray(template)
    if values.ndim not in (1, 2):
        raise ValueError(f"a template has one axis or two, got shape {values.shape}")
    return Signal(values, per_axis((0,) * values.ndim))


def _correlations(x: np.ndarray, template: np.ndarray) -> np.ndarray:
    shape = template.shape
    _check(x, template)
    axes = tuple(range(-len(shape), 0))
    t = _scaled(template, axes)
    level = t.mean()
    t = t - level
    energy = np.sum(t**2)
    with np.errstate(invalid="ignore"):  # an infinite sample has no deviation from the mean of its patch
        values = _scaled(x, axes)
        mean, spread = sliding_moments(values, shape)
        spread[~np.isfinite(spread)] = np.nan
        offset = _finite_mean(values, axes)
        engine = correlate if len(shape) == 1 else correlate2d
        above = np.asarray(engine(values - offset, t, "valid")) - (mean - offset) * t.sum()
    flat = _is_flat(spread, mean, t.size, x.dtype) | _is_flat(energy, level, t.size, template.dtype)
    faint = np.sqrt(spread * energy) < FAINT * np.abs(t).sum() * _finite_peak(values - offset, axes)
    _take_alone(above, values, t, faint & ~flat)
    with np.errstate(invalid="ignore", divide="ignore"):
        result = np.where(flat, 0, above / np.sqrt(spread * energy))
    return np.clip(result, -1, 1).astype(x.dtype.newbyteorder("=") if x.dtype.kind == "f" else np.float64)


def _check(x: np.ndarray, template: np.ndarray) -> None:
    for name, values in (("x", x), ("template", template)):
        if checked_numbers(values, name).dtype.kind == "c":
            raise TypeError(f"{name} must be real, got dtype {values.dtype}")
    if not np.all(np.isfinite(template)):
        raise ValueError(f"template must be finite, got {template.tolist()}")
    k = template.shape
    if x.ndim < len(k) or any(n < length for n, length in zip(x.shape[-len(k) :], k, strict=True)):
        raise ValueError(f"x must be at least as large as the template, {k}, got shape {x.shape}")


def _scaled(x: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    """The samples times the power of two that brings the largest below one, so that no square overflows."""
    values = x.astype(np.float64)
    return np.ldexp(values, -np.frexp(_finite_peak(values, axes))[1])


def _finite_peak(x: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    return np.max(np.abs(x), axis=axes, keepdims=True, where=np.isfinite(x), initial=0)


def _finite_mean(x: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    finite = np.isfinite(x)
    return np.sum(x, axis=axes, keepdims=True, where=finite) / np.maximum(1, finite.sum(axis=axes, keepdims=True))


def _is_flat(spread: np.ndarray, mean: np.ndarray, size: int, dtype: np.dtype) -> np.ndarray:
    """Where samples vary by no more than the rounding that their own precision leaves."""
    rounding = np.finfo(dtype if dtype.kind == "f" else np.float64).eps * np.abs(mean)
    return spread <= size * (2 * rounding) ** 2


def _take_alone(above: np.ndarray, x: np.ndarray, t: np.ndarray, where: np.ndarray) -> None:
    """Correlations of single patches, each less its own mean, put in their places."""
    windows = sliding_window_view(x, t.shape, axis=tuple(range(-t.ndim, 0)))
    places = np.argwhere(where)
    step = max(1, 2**16 // t.size)  # as much as stays in the cache
    for first in range(0, len(places), step):
        some = tuple(places[first : first + step].T)
        patches = windows[some].reshape(-1, t.size)
        patches = patches - patches[:, :1]  # exact where they vary little, so that their mean is small and accurate
        above[some] = (patches - patches.mean(axis=1, keepdims=True)) @ t.ravel()


FAINT = 1e-5
"""Patches that vary by less, beside the largest sample, are taken alone: the engine's error would pass 1e-8 there."""

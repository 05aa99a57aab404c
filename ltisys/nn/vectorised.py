"""What ``compiled`` does in loops, in operations on whole arrays: for arrays on a GPU, in the words of NumPy.

Sums are made in double precision, as there.
"""

import numpy as np

from .graph import Array


def rectified(x: Array) -> Array:
    """The larger of 0 and x, NaN where x is NaN."""
    return np.maximum(x, 0)


def rectified_error(y: Array, y_bar: Array) -> Array:
    """The error signal ȳ where y > 0, else 0."""
    return np.where(y > 0, y_bar, y_bar.dtype.type(0))


def channel_sums(x: Array) -> Array:
    """The sum over all axes but the channels'."""
    return x.sum(axis=_all_but_channels(x), dtype=np.float64)


def channel_products(x: Array, y: Array, offsets: Array) -> Array:
    """The sum of (x − offsets[0]) · (y − offsets[1]) over all axes but the channels', for offsets (2, C)."""
    a, b = (_per_channel(offset, x) for offset in offsets)
    return ((x - a) * (y - b)).sum(axis=_all_but_channels(x))


def scaled(x: Array, scale: Array, shift: Array) -> Array:
    """The array scale · x + shift with one scale and one shift per channel."""
    return x * _per_channel(scale.astype(x.dtype), x) + _per_channel(shift.astype(x.dtype), x)


def combined(x: Array, y: Array, factors: Array) -> Array:
    """The array a · x + b · y + s with factors (a, b, s) of shape (3, C)."""
    a, b, s = (_per_channel(factor, y) for factor in factors.astype(y.dtype))
    return a * x + b * y + s


def follow_velocity(
    value: Array, grad: Array, velocity: Array, lr: float, momentum: float, weight_decay: float, nesterov: bool
) -> None:
    """Move by SGD with momentum: v ← momentum·v + g, w ← w − lr·v; changed in place."""
    grad = grad + weight_decay * value
    velocity *= momentum
    velocity += grad
    value -= lr * (grad + momentum * velocity if nesterov else velocity)


def follow_moments(
    value: Array,
    grad: Array,
    first: Array,
    second: Array,
    betas: tuple[float, float],
    corrections: tuple[float, float],
    eps: float,
    shrinking: float,
) -> None:
    """Move by Adam: corrections are lr/(1 − β₁ᵗ) and 1/(1 − β₂ᵗ), weights shrink first; changed in place."""
    rate, unbias = corrections
    for moment, beta, latest in ((first, betas[0], grad), (second, betas[1], grad * grad)):
        moment *= beta
        moment += (1 - beta) * latest
    value *= shrinking
    value -= rate * (first / (np.sqrt(second * unbias) + eps))


def _all_but_channels(x: Array) -> tuple[int, ...]:
    return (0, *range(2, x.ndim))


def _per_channel(numbers: Array, x: Array) -> Array:
    """Numbers (C,) in the shape in which they meet an array (B, C, …)."""
    return numbers.reshape(-1, *(1,) * (x.ndim - 2))

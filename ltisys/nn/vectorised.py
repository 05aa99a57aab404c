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


def channel_moments(x: Array) -> tuple[Array, Array]:
    """The mean and the (biased) variance of every channel, in float64."""
    axes = _all_but_channels(x)
    mean = x.mean(axis=axes, dtype=np.float64)
    return mean, ((x - _per_channel(mean, x)) ** 2).mean(axis=axes)


def channel_errors(y_bar: Array, x: Array, offsets: Array, gate: Array) -> tuple[Array, Array]:
    """Σ e and Σ e·(x − offset) of every channel, where e is ȳ where a·x + b > 0, else 0, for the gate (a, b)."""
    passed = _passed(y_bar, x, gate)
    return channel_sums(passed), channel_sums(passed * (x - _per_channel(offsets, x)))


def scaled(x: Array, scale: Array, shift: Array, least: float) -> Array:
    """The array scale · x + shift with one scale and one shift per channel; what is less than `least` becomes that."""
    y = x * _per_channel(scale.astype(x.dtype), x) + _per_channel(shift.astype(x.dtype), x)
    return np.maximum(y, x.dtype.type(least))


def combined(y_bar: Array, x: Array, factors: Array, gate: Array) -> Array:
    """The array a · e + b · x + s with factors (a, b, s) of shape (3, C), and e as in `channel_errors`."""
    a, b, s = (_per_channel(factor, x) for factor in factors)
    return a * _passed(y_bar, x, gate) + b * x + s


def _passed(y_bar: Array, x: Array, gate: Array) -> Array:
    a, b = (_per_channel(factor, x) for factor in gate)
    return rectified_error(x * a + b, y_bar)


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

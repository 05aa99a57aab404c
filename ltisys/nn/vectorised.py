"""What ``compiled`` does in loops, in operations on whole arrays: for arrays on a GPU, in the words of NumPy.

Sums are made in double precision, as there.
"""

import math

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


def normalised(x: Array, weight: Array, bias: Array, eps: float, least: float) -> tuple[Array, Array]:
    """The channels of x with mean `bias` and standard deviation `weight`, and their statistics (4, C), in float64."""
    axes = _all_but_channels(x)
    mean = x.mean(axis=axes, dtype=np.float64)
    variance = ((x - _per_channel(mean, x)) ** 2).mean(axis=axes)
    rate = 1 / np.sqrt(variance + eps)
    shift = bias - mean * weight * rate
    return scaled(x, weight * rate, shift, least), np.stack([mean, variance, rate, shift])


def normalised_errors(
    y_bar: Array, x: Array, weight: Array, statistics: Array, relu: bool
) -> tuple[Array, Array, Array]:
    """The error signals of x, weight and bias for that of the output of `normalised`, with `least` 0 or without."""
    mean, _, rate, shift = statistics
    gain, count = weight * rate, x.size // x.shape[1]
    if relu:
        y_bar = rectified_error(scaled(x, gain, shift), y_bar)
    bias_bar, products = channel_sums(y_bar), channel_products(y_bar, x, mean)
    slope = -gain * rate * rate * products / count  # of x̄ against x
    factors = np.stack([gain, slope, -gain * bias_bar / count - slope * mean]).astype(x.dtype)
    a, b, s = (_per_channel(factor, x) for factor in factors)
    return a * y_bar + b * x + s, rate * products, bias_bar


def channel_products(y_bar: Array, x: Array, offsets: Array) -> Array:
    """Σ ȳ·(x − offset) of every channel."""
    return channel_sums(y_bar * (x - _per_channel(offsets, x)))


def scaled(x: Array, scale: Array, shift: Array, least: float = -math.inf) -> Array:
    """The array scale · x + shift with one scale and one shift per channel; what is less than `least` becomes that."""
    y = x * _per_channel(scale.astype(x.dtype), x) + _per_channel(shift.astype(x.dtype), x)
    return np.maximum(y, x.dtype.type(least))


def follow_velocity(
    value: Array, grad: Array, velocity: Array, rates: tuple[float, float, float], nesterov: bool
) -> None:
    """Move by SGD: v ← momentum·v + g, w ← w − lr·v for rates = (lr, momentum, weight decay); changed in place."""
    lr, momentum, weight_decay = rates
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

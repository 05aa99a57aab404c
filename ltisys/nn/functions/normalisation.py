"""Batch normalisation: by the statistics of the batch in training, by remembered ones afterwards."""

from collections.abc import Callable

import numpy as np

from ..graph import Array, Pullback, primitive


@primitive
def batch_norm(
    x: Array,
    weight: Array,
    bias: Array,
    *,
    eps: float = 1e-5,
    observe: Callable[[Array, Array], None] | None = None,
) -> tuple[Array, Pullback]:
    """Each channel normalised by this batch: y = weight · (x − mean) / √(variance + eps) + bias.

    With n values per channel, d = x − mean, r = 1 / √(variance + eps):
    bias_bar = Σ ȳ, weight_bar = r Σ ȳ d, x̄ = weight · r · (ȳ − Σ ȳ / n − d r² Σ ȳ d / n).

    Parameters
    ----------
    x : array (B, C, ...)
        Activations.
    weight, bias : arrays (C,)
        Scale and shift of each channel.
    eps : float
        Keeps the root away from zero.
    observe : callable or None
        Is told the mean and the (biased) variance of the batch, each (C,).

    References
    ----------
    Ioffe and Szegedy, Batch Normalization, 2015.

    Examples
    --------
    >>> batch_norm([[1.0], [3.0]], [1.0], [0.0], eps=0.0)
    Variable([[-1.],
              [ 1.]])
    """
    axes, column, count = _channelwise(x)
    mean = x.mean(axis=axes)
    deviation = x - mean.reshape(column)
    variance = _channel_dot(deviation, deviation) / count
    rate = 1 / np.sqrt(variance + eps)
    if observe is not None:
        observe(mean, variance)
    gain = weight * rate
    y = deviation * gain.reshape(column)
    y += bias.reshape(column)

    def pullback(y_bar: Array) -> tuple[Array, Array, Array]:
        bias_bar = y_bar.sum(axis=axes)
        product = _channel_dot(y_bar, deviation)
        x_bar = deviation * (product * rate * rate / -count).reshape(column)
        x_bar += y_bar
        x_bar -= (bias_bar / count).reshape(column)
        x_bar *= gain.reshape(column)
        return x_bar, rate * product, bias_bar

    return y, pullback


@primitive
def normalise(
    x: Array, weight: Array, bias: Array, *, mean: Array, variance: Array, eps: float = 1e-5
) -> tuple[Array, Pullback]:
    """Each channel normalised by given statistics: y = weight · (x − mean) / √(variance + eps) + bias.

    Parameters
    ----------
    x : array (B, C, ...)
        Activations.
    weight, bias, mean, variance : arrays (C,)
        Scale, shift and the statistics to normalise by.
    eps : float
        Keeps the root away from zero.

    Examples
    --------
    >>> import numpy as np
    >>> normalise([[3.0]], [2.0], [0.5], mean=np.array([1.0]), variance=np.array([4.0]), eps=0.0)
    Variable([[2.5]])
    """
    axes, column, _ = _channelwise(x)
    rate = 1 / np.sqrt(variance + eps)
    gain = weight * rate
    y = x * gain.reshape(column)
    y += (bias - mean * gain).reshape(column)

    def pullback(y_bar: Array) -> tuple:
        def weight_bar() -> Array:
            return rate * (_channel_dot(y_bar, x) - mean * y_bar.sum(axis=axes))

        return lambda: y_bar * gain.reshape(column), weight_bar, lambda: y_bar.sum(axis=axes)

    return y, pullback


def _channelwise(x: Array) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """All axes but the channels', the shape that lines a channel vector up with x, and the values per channel."""
    axes = (0, *range(2, x.ndim))
    return axes, (-1, *(1,) * (x.ndim - 2)), x.size // x.shape[1]


def _channel_dot(x: Array, y: Array) -> Array:
    """Σ x y over all axes but the channels', in one pass and without the product as an array."""
    axes = list(range(x.ndim))
    return np.einsum(x, axes, y, axes, [1])

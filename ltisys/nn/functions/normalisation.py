"""Batch normalisation: by the statistics of the batch in training, by remembered ones afterwards."""

from collections.abc import Callable

import numpy as np

from ..graph import Array, Pullback, primitive
from .channels import channel_products, channel_sums, combined, scaled


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
    count = x.size // x.shape[1]
    mean = channel_sums(x) / count
    variance = channel_products(x, x, np.stack([mean, mean])) / count
    rate = 1 / np.sqrt(variance + eps)
    if observe is not None:
        observe(mean.astype(x.dtype), variance.astype(x.dtype))
    gain = weight * rate
    y = scaled(x, gain, bias - mean * gain)

    def pullback(y_bar: Array) -> tuple[Array, Array, Array]:
        bias_bar, product = channel_sums(y_bar), channel_products(y_bar, x, np.stack([np.zeros_like(mean), mean]))
        slope = -gain * rate * rate * product / count  # of x̄ against x
        x_bar = combined(y_bar, x, np.stack([gain, slope, -gain * bias_bar / count - slope * mean]))
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
    rate = 1 / np.sqrt(variance + eps)
    gain = weight * rate
    y = scaled(x, gain, bias - mean * gain)

    def pullback(y_bar: Array) -> tuple:
        return (
            lambda: scaled(y_bar, gain, np.zeros_like(gain)),
            lambda: rate * channel_products(y_bar, x, np.stack([np.zeros_like(mean), mean]).astype(np.float64)),
            lambda: channel_sums(y_bar),
        )

    return y, pullback

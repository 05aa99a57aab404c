"""Batch normalisation: by the statistics of the batch in training, by remembered ones afterwards."""

import math
from collections.abc import Callable

import numpy as np

from ..graph import Array, Pullback, primitive
from .channels import channel_errors, channel_moments, channel_sums, combined, lying_as, rectified_error, scaled


@primitive
def batch_norm(
    x: Array,
    weight: Array,
    bias: Array,
    *,
    eps: float = 1e-5,
    relu: bool = False,
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
    relu : bool
        Give max(0, y): in the same pass over memory, there and back.
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
    mean, variance = channel_moments(x)
    rate = 1 / np.sqrt(variance + eps)
    if observe is not None:
        observe(mean.astype(x.dtype), variance.astype(x.dtype))
    gain = weight * rate
    shift = bias - mean * gain
    y = scaled(x, gain, shift, 0.0 if relu else -math.inf)

    def pullback(y_bar: Array) -> tuple[Array, Array, Array]:
        y_bar, gate = lying_as(y_bar, x), _gate(gain, shift, relu)  # once, for both that read it
        bias_bar, product = channel_errors(y_bar, x, mean, gate)
        slope = -gain * rate * rate * product / count  # of x̄ against x
        x_bar = combined(y_bar, x, np.stack([gain, slope, -gain * bias_bar / count - slope * mean]), gate)
        return x_bar, rate * product, bias_bar

    return y, pullback


@primitive
def normalise(
    x: Array, weight: Array, bias: Array, *, mean: Array, variance: Array, eps: float = 1e-5, relu: bool = False
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
    relu : bool
        Give max(0, y).

    Examples
    --------
    >>> import numpy as np
    >>> normalise([[3.0]], [2.0], [0.5], mean=np.array([1.0]), variance=np.array([4.0]), eps=0.0)
    Variable([[2.5]])
    """
    rate = 1 / np.sqrt(variance + eps)
    gain = weight * rate
    shift = bias - mean * gain
    y = scaled(x, gain, shift, 0.0 if relu else -math.inf)

    def pullback(y_bar: Array) -> tuple:
        passed = rectified_error(y, y_bar) if relu else y_bar
        return (
            lambda: scaled(passed, gain, np.zeros_like(gain)),
            lambda: rate * channel_errors(passed, x, mean.astype(np.float64), _gate(gain, shift, False))[1],
            lambda: channel_sums(passed),
        )

    return y, pullback


def _gate(gain: Array, shift: Array, relu: bool) -> Array:
    """Where the output lets its error signal pass: (a, b) of shape (2, C), for a·x + b > 0."""
    return np.stack([gain, shift] if relu else [np.zeros_like(gain), np.ones_like(shift)])

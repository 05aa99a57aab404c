"""Batch normalisation: by the statistics of the batch in training, by remembered ones afterwards."""

import math
from collections.abc import Callable

import numpy as np

from ..graph import Array, Pullback, primitive
from .channels import channel_products, channel_sums, normalised, normalised_errors, rectified_error, scaled


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
        Is told the mean and the (biased) variance of the batch, each (C,), in float64.

    References
    ----------
    Ioffe and Szegedy, Batch Normalization, 2015.

    Examples
    --------
    >>> batch_norm([[1.0], [3.0]], [1.0], [0.0], eps=0.0)
    Variable([[-1.],
              [ 1.]])
    """
    y, statistics = normalised(x, weight, bias, eps, 0.0 if relu else -math.inf)
    if observe is not None:
        observe(*statistics[:2])

    def pullback(y_bar: Array) -> tuple[Array, Array, Array]:
        return normalised_errors(y_bar, x, weight, statistics, relu)

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
            lambda: rate * channel_products(passed, x, mean.astype(np.float64)),
            lambda: channel_sums(passed),
        )

    return y, pullback

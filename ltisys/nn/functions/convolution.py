"""Multichannel convolution: the engine's bank forward, the engine's adjoints backward."""

from typing import Any

from ... import convolution as engine
from ..graph import Array, Pullback, primitive


@primitive
def convolve_bank(x: Array, bank: Array, bias: Array | None = None, **geometry: Any) -> tuple[Array, Pullback]:
    """y[b, m] = bias[m] + Σ_c bank[m, c] ∗ x[b, c]: a true convolution with every kernel of a bank.

    Backpropagation through a convolution is convolution again: both error signals come from the same engine with
    other geometries.

    Parameters
    ----------
    x : array (B, C, N) or (B, C, H, W)
        The signals.
    bank : array (M, C // groups, K) or (M, C // groups, KH, KW)
        The unit sample responses.
    bias : array (M,) or None
        A constant for each output channel.
    **geometry
        ``mode``, ``padding``, ``stride``, ``dilation``, ``groups`` and ``origin`` of ``ltisys.convolve_bank``.

    Examples
    --------
    >>> import numpy as np
    >>> convolve_bank(np.array([[[3.0, 1.0, 2.0]]]), np.array([[[3.0, 2.0, 1.0]]]), mode="full")
    Variable([[[ 9.,  9., 11.,  5.,  2.]]])
    """
    y = engine.convolve_bank(x, bank, **geometry)
    if bias is not None:
        y += bias.reshape(-1, *(1,) * (x.ndim - 2))

    def pullback(y_bar: Array) -> tuple:
        errors = engine.convolve_bank_vjp(x, bank, y_bar, **geometry)
        return errors if bias is None else (*errors, y_bar.sum(axis=(0, *range(2, y_bar.ndim))))

    return y, pullback

"""Multichannel convolution: the engine's bank forward, the engine's adjoints backward."""

from typing import Any

import numpy as np

from ... import convolution as engine
from ..graph import Array, Pullback, primitive
from .channels import biased, channel_sums, rectified_error, rectified_error_and_sums


@primitive
def convolve_bank(
    x: Array, bank: Array, bias: Array | None = None, *, relu: bool = False, **geometry: Any
) -> tuple[Array, Pullback]:
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
    relu : bool
        Give max(0, y), in the pass over memory that adds the bias.
    **geometry
        ``mode``, ``padding``, ``stride``, ``dilation``, ``groups`` and ``origin`` of ``ltisys.convolve_bank``.

    Examples
    --------
    >>> import numpy as np
    >>> convolve_bank(np.array([[[3.0, 1.0, 2.0]]]), np.array([[[3.0, 2.0, 1.0]]]), mode="full")
    Variable([[[ 9.,  9., 11.,  5.,  2.]]])
    """
    filters = engine.prepare_bank(x, bank, **geometry)
    arranged = filters.arranged(x)  # once, for the way there and the way back
    y = biased(filters(arranged), bias, relu)

    def pullback(y_bar: Array) -> tuple:
        of_bias = None
        if relu and bias is not None:
            y_bar, of_bias = rectified_error_and_sums(y, y_bar)
        elif relu:
            y_bar = rectified_error(y, y_bar)
        errors = (
            lambda: filters.wrt_input(x, y_bar),
            lambda: filters.wrt_kernel(arranged, y_bar, bank),
            lambda: channel_sums(y_bar) if of_bias is None else of_bias,
        )
        return errors[: 2 if bias is None else 3]

    return y, pullback


@primitive
def convolve_bank_transpose(
    x: Array, bank: Array, bias: Array | None = None, *, extent: tuple[int, ...], **geometry: Any
) -> tuple[Array, Pullback]:
    """y[b, m] = bias[m] + Σ_c bank[c, m] ∗ x̃[b, c], where x̃ is x with stride − 1 zeros between its samples.

    It is the adjoint of the bank with reversed kernels, so the engine's gradient is the way forward here, and its
    convolution the way back.

    Parameters
    ----------
    x : array (B, C, N) or (B, C, H, W)
        The signals.
    bank : array (C, M // groups, K) or (C, M // groups, KH, KW)
        The unit sample responses.
    bias : array (M,) or None
        A constant for each output channel.
    extent : tuple of int
        The lengths of the output's last axes.
    **geometry
        ``mode`` (a pair for each axis: what is cut off at both ends), ``stride``, ``dilation`` and ``groups``.

    Examples
    --------
    >>> import numpy as np
    >>> convolve_bank_transpose(np.array([[[1.0, 2.0]]]), np.ones((1, 1, 2)), extent=(4,), stride=2, mode=(0, 0))
    Variable([[[1., 1., 2., 2.]]])
    """
    axes = tuple(range(2, x.ndim))
    adjoint = np.flip(bank, axes)
    channels = bank.shape[1] * geometry.get("groups", 1)
    outputs = np.broadcast_to(np.zeros_like(x, shape=()), (len(x), channels, *extent))  # of them only the shape counts
    y = engine.prepare_bank(outputs, adjoint, **geometry).wrt_input(outputs, x)
    if bias is not None:
        y += bias.reshape(-1, *(1,) * len(extent))

    def pullback(y_bar: Array) -> tuple:
        filters = engine.prepare_bank(y_bar, adjoint, **geometry)
        errors = (
            lambda: filters(y_bar),
            lambda: np.flip(filters.wrt_kernel(y_bar, x, bank), axes),
            lambda: channel_sums(y_bar),
        )
        return errors[: 2 if bias is None else 3]

    return y, pullback

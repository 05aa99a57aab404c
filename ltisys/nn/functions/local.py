"""Filtering whose kernel changes from place to place: linear, but not shift-invariant."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..graph import Array, Pullback, primitive
from .products import matrix_product


@primitive
def filter_locally(
    x: Array, weight: Array, bias: Array | None = None, *, stride: tuple[int, int], padding: tuple[int, int]
) -> tuple[Array, Pullback]:
    """A convolution with kernels of its own at every place: y[b, m, i, j] = bias[m, i, j] + ⟨reversed weight, patch⟩.

    Parameters
    ----------
    x : array (B, C, H, W)
        The images.
    weight : array (H', W', M, C, KH, KW)
        The unit sample responses of every place.
    bias : array (M, H', W') or None
        A constant for each output.
    stride, padding : pair of int
        From place to place, and zeros around the images.

    Examples
    --------
    >>> weight = np.array([1.0, 10.0]).reshape(1, 2, 1, 1, 1, 1)
    >>> filter_locally(np.array([[[[3.0, 4.0]]]]), weight, stride=(1, 1), padding=(0, 0))
    Variable([[[[ 3., 40.]]]])
    """
    rows, columns, maps, _, *size = weight.shape
    padded = np.pad(x, ((0, 0), (0, 0), *((p, p) for p in padding)))
    down, across = (slice(None, None, step) for step in stride)
    windows = sliding_window_view(padded, tuple(size), axis=(2, 3))[:, :, down, across]
    # a matrix product at each place: (B, C·KH·KW) with (C·KH·KW, M)
    patches = windows.transpose(2, 3, 0, 1, 4, 5).copy().reshape(rows, columns, len(x), -1)
    kernels = np.flip(weight, (4, 5)).reshape(rows, columns, maps, -1)
    y = matrix_product(patches, kernels.mT).transpose(2, 3, 0, 1)
    if bias is not None:
        y = y + bias

    def pullback(y_bar: Array) -> tuple:
        error = y_bar.transpose(2, 3, 0, 1)

        def x_bar() -> Array:
            share = (
                matrix_product(error, kernels)
                .reshape(rows, columns, len(x), x.shape[1], *size)
                .transpose(2, 3, 0, 1, 4, 5)
            )
            total = np.zeros_like(padded)
            for i, j in np.ndindex(*size):
                down = slice(i, i + (rows - 1) * stride[0] + 1, stride[0])
                across = slice(j, j + (columns - 1) * stride[1] + 1, stride[1])
                total[:, :, down, across] += share[..., i, j]
            (top, left), (height, width) = padding, x.shape[2:]
            return total[:, :, top : top + height, left : left + width]

        errors = (
            x_bar,
            lambda: np.flip(matrix_product(error.mT, patches).reshape(weight.shape), (4, 5)),
            lambda: y_bar.sum(axis=0),
        )
        return errors[: 2 if bias is None else 3]

    return y, pullback

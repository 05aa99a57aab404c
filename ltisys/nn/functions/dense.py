"""The dense layer's map."""

import numpy as np

from ..graph import Array, Pullback, primitive


@primitive
def linear(x: Array, weight: Array, bias: Array | None = None) -> tuple[Array, Pullback]:
    """Y = x Wᵀ + b for x (..., in), W (out, in), b (out,).

    One multiply-add per weight forward, two backward: x̄ = ȳ W and W̄ = ȳᵀ x, summed over the batch.

    Examples
    --------
    >>> linear([[1.0, 2.0]], [[3.0, 4.0]], [0.5])
    Variable([[11.5]])
    """
    y = x @ weight.T
    if bias is not None:
        y += bias

    def pullback(y_bar: Array) -> tuple:
        rows = y_bar.reshape(-1, len(weight))
        errors = (lambda: y_bar @ weight, lambda: rows.T @ x.reshape(-1, weight.shape[1]), lambda: np.sum(rows, axis=0))
        return errors[: 2 if bias is None else 3]

    return y, pullback

"""Matrix products, and the map of a dense layer."""

import numpy as np

from ... import convolution as engine
from ...convolution.residence import on_gpu
from ..graph import Array, Pullback, primitive
from .channels import biased, rectified_error


@primitive
def matmul(x: Array, y: Array) -> tuple[Array, Pullback]:
    """The matrix product x @ y with NumPy's rules for vectors and stacks.

    Examples
    --------
    >>> matmul([[1.0, 2.0], [3.0, 4.0]], [1.0, 1.0])
    Variable([3., 7.])
    """

    def pullback(z_bar: Array) -> tuple:
        rows = x if x.ndim > 1 else x[np.newaxis, :]
        columns = y if y.ndim > 1 else y[:, np.newaxis]
        error = z_bar if y.ndim > 1 else z_bar[..., np.newaxis]
        error = error if x.ndim > 1 else np.expand_dims(error, -2)

        def x_bar() -> Array:
            bar = matrix_product(error, columns.mT)
            return bar if x.ndim > 1 else bar[..., 0, :]

        def y_bar() -> Array:
            bar = matrix_product(rows.mT, error)
            return bar if y.ndim > 1 else bar[..., 0]

        return x_bar, y_bar

    return matrix_product(x, y), pullback


@primitive
def linear(x: Array, weight: Array, bias: Array | None = None, *, relu: bool = False) -> tuple[Array, Pullback]:
    """The dense map y = x Wᵀ + b, or max(0, y), for x (..., in), W (out, in), b (out,).

    One multiply-add per weight forward, two backward: x̄ = ȳ W and W̄ = ȳᵀ x, summed over the batch.

    Examples
    --------
    >>> linear([[1.0, 2.0]], [[3.0, 4.0]], [0.5])
    Variable([[11.5]])
    """
    # a bank as long as its signals; a library's matrix product would keep threads of its own beside the engine's
    signals = x.reshape(-1, x.shape[-1], 1)
    bank = None if on_gpu(x) else engine.prepare_bank(signals, weight[..., None])
    products = bank(signals) if bank else (signals[..., 0] @ weight.T)[..., None]
    outputs = biased(products, bias, relu)

    def pullback(y_bar: Array) -> tuple:
        errors_of_signals = y_bar.reshape(-1, len(weight), 1)
        if relu:
            errors_of_signals = rectified_error(outputs, errors_of_signals)
        rows = errors_of_signals[..., 0]
        errors = (
            lambda: (bank.wrt_input(signals, errors_of_signals) if bank else rows @ weight).reshape(x.shape),
            lambda: bank.wrt_kernel(signals, errors_of_signals, weight) if bank else rows.T @ signals[..., 0],
            lambda: rows.sum(axis=0),
        )
        return errors[: 2 if bias is None else 3]

    return outputs.reshape(*x.shape[:-1], len(weight)), pullback


def matrix_product(a: Array, b: Array) -> Array:
    """The product without warnings: some BLAS kernels raise flags for numbers they discard (numpy issue 24067)."""
    with np.errstate(all="ignore"):
        return a @ b

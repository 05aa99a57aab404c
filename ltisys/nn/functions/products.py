"""Matrix products, and the map of a dense layer."""

import numpy as np

from ... import convolution as engine
from ...convolution.residence import on_gpu
from ..graph import Array, Pullback, primitive


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
def linear(x: Array, weight: Array, bias: Array | None = None) -> tuple[Array, Pullback]:
    """The dense map y = x Wᵀ + b for x (..., in), W (out, in), b (out,).

    One multiply-add per weight forward, two backward: x̄ = ȳ W and W̄ = ȳᵀ x, summed over the batch.

    Examples
    --------
    >>> linear([[1.0, 2.0]], [[3.0, 4.0]], [0.5])
    Variable([[11.5]])
    """
    if on_gpu(x):
        return _linear_by_products(x, weight, bias)
    # a bank as long as its signals; a library's matrix product would keep threads of its own beside the engine's
    signals = x.reshape(-1, x.shape[-1], 1)
    bank = engine.prepare_bank(signals, weight[..., None])
    y = bank(signals).reshape(*x.shape[:-1], len(weight))
    if bias is not None:
        y += bias

    def pullback(y_bar: Array) -> tuple:
        errors_of_signals = y_bar.reshape(-1, len(weight), 1)
        errors = (
            lambda: bank.wrt_input(signals, errors_of_signals).reshape(x.shape),
            lambda: bank.wrt_kernel(signals, errors_of_signals, weight),
            lambda: errors_of_signals[..., 0].sum(axis=0),
        )
        return errors[: 2 if bias is None else 3]

    return y, pullback


def _linear_by_products(x: Array, weight: Array, bias: Array | None) -> tuple[Array, Pullback]:
    """``linear`` where a matrix product of the library runs on the device itself."""
    rows = x.reshape(-1, x.shape[-1])
    y = (rows @ weight.T).reshape(*x.shape[:-1], len(weight))
    if bias is not None:
        y += bias

    def pullback(y_bar: Array) -> tuple:
        errors_of_rows = y_bar.reshape(-1, len(weight))
        errors = (
            lambda: (errors_of_rows @ weight).reshape(x.shape),
            lambda: errors_of_rows.T @ rows,
            lambda: errors_of_rows.sum(axis=0),
        )
        return errors[: 2 if bias is None else 3]

    return y, pullback


def matrix_product(a: Array, b: Array) -> Array:
    """The product without warnings: some BLAS kernels raise flags for numbers they discard (numpy issue 24067)."""
    with np.errstate(all="ignore"):
        return a @ b

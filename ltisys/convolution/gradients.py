"""The gradients of the public functions, each from the error signal of the output and the words of the forward call."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from .arguments import Extent, Extents, Integers, Origin, Origins, Strings
from .arrays import filter_along_vjp, filter_bank_vjp, pair_of_axes


def convolve_vjp(
    x: ArrayLike,
    h: ArrayLike,
    y_bar: ArrayLike,
    mode: Extent = "full",
    *,
    padding: str = "zero",
    value: complex = 0,
    axis: int = -1,
    stride: int = 1,
    dilation: int = 1,
    origin: Origin = None,
    method: str = "auto",
) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients (x_bar, h_bar) of ⟨y_bar, convolve(x, h)⟩.

    Parameters
    ----------
    x, h : array_like
        The operands of the forward call, of floating point.
    y_bar : array_like
        The error signal, of the shape of the output.
    mode, padding, value, axis, stride, dilation, origin, method
        Exactly those of the forward call to `convolve`.

    Returns
    -------
    x_bar, h_bar : ndarray
        Of the shapes and dtypes of x and h; h_bar is summed over all other axes. For complex data x_bar = Aᴴ y_bar.

    Raises
    ------
    TypeError
        For integers and booleans, which have no gradient.
    ValueError
        As `convolve`, and for a y_bar of another shape.

    Examples
    --------
    >>> import ltisys as lti
    >>> x_bar, h_bar = lti.convolve_vjp([1.0, 2.0, 3.0], [1.0, -1.0], [0.0, 1.0, 0.0, 0.0])
    >>> x_bar, h_bar
    (array([-1.,  1.,  0.]), array([2., 1.]))
    """
    return filter_along_vjp(x, h, y_bar, (mode, padding, value, stride, dilation, origin, method), axis)


def convolve2d_vjp(
    x: ArrayLike,
    h: ArrayLike,
    y_bar: ArrayLike,
    mode: Extents = "full",
    *,
    padding: Strings = "zero",
    value: complex = 0,
    axes: Sequence[int] = (-2, -1),
    stride: Integers = 1,
    dilation: Integers = 1,
    origin: Origins = None,
    method: str = "auto",
) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients (x_bar, h_bar) of ⟨y_bar, convolve2d(x, h)⟩.

    Parameters
    ----------
    x, h : array_like
        The operands of the forward call, of floating point.
    y_bar : array_like
        The error signal, of the shape of the output.
    mode, padding, value, axes, stride, dilation, origin, method
        Exactly those of the forward call to `convolve2d`.

    Returns
    -------
    x_bar, h_bar : ndarray
        Of the shapes and dtypes of x and h.

    Raises
    ------
    TypeError, ValueError
        As `convolve_vjp`.

    Examples
    --------
    >>> import ltisys as lti
    >>> x_bar, h_bar = lti.convolve2d_vjp([[1.0, 2.0]], [[3.0]], [[1.0, 10.0]])
    >>> x_bar, h_bar
    (array([[ 3., 30.]]), array([[21.]]))
    """
    return filter_along_vjp(x, h, y_bar, (mode, padding, value, stride, dilation, origin, method), pair_of_axes(axes))


def convolve_bank_vjp(
    x: ArrayLike,
    bank: ArrayLike,
    y_bar: ArrayLike,
    mode: Extents = "same",
    *,
    padding: Strings = "zero",
    value: complex = 0,
    stride: Integers = 1,
    dilation: Integers = 1,
    groups: int = 1,
    origin: Origins = None,
    method: str = "auto",
) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients (x_bar, bank_bar) of ⟨y_bar, convolve_bank(x, bank)⟩.

    Parameters
    ----------
    x, bank : array_like
        The operands of the forward call, of floating point.
    y_bar : array_like, shape (B, M, N') or (B, M, H', W')
        The error signal.
    mode, padding, value, stride, dilation, groups, origin, method
        Exactly those of the forward call to `convolve_bank`.

    Returns
    -------
    x_bar, bank_bar : ndarray
        Of the shapes and dtypes of x and bank.

    Raises
    ------
    TypeError, ValueError
        As `convolve_vjp`.

    Examples
    --------
    >>> import numpy as np, ltisys as lti
    >>> x_bar, bank_bar = lti.convolve_bank_vjp(np.ones((2, 1, 3)), np.ones((1, 1, 1)), np.ones((2, 1, 3)))
    >>> x_bar.shape, bank_bar
    ((2, 1, 3), array([[[6.]]]))
    """
    return filter_bank_vjp(x, bank, y_bar, (mode, padding, value, stride, dilation, origin, method), groups)

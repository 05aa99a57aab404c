"""Padding as a linear operator: the infinite extension of a signal, and its adjoint.

A padded convolution is y = Crop · H · Extend · x. Every extension repeats samples of x by index, so the adjoint adds
what arrives at a repeated index back to the sample it came from. ("constant" is affine; its linear part is "zero".)
"""

import numpy as np
from numpy.typing import ArrayLike

from . import taps
from .arguments import parse_axis, parse_padding, parse_value, quantity

CODES = {
    "zero": taps.FILL,
    "constant": taps.FILL,
    "reflect": taps.REFLECT,
    "symmetric": taps.SYMMETRIC,
    "replicate": taps.REPLICATE,
    "circular": taps.CIRCULAR,
}


def extend(
    x: ArrayLike, before: int, after: int, padding: str = "zero", *, value: complex = 0, axis: int = -1
) -> np.ndarray:
    """Return x continued by `before` and `after` samples along one axis.

    Parameters
    ----------
    x : array_like, shape (..., N, ...)
        Any dtype; N ≥ 1 along `axis`.
    before, after : int
        Number of samples to add on each side, ≥ 0; may exceed N many times over.
    padding : str
        "zero", "constant" (with `value`), "reflect" (d c b | a b c d | c b a), "symmetric" (half-sample; what
        scipy.ndimage calls reflect), "replicate", "circular", or one of their aliases "zeros", "mirror",
        "reflect_101", "edge", "nearest", "wrap".
    value : scalar
        The constant outside x for padding "constant".
    axis : int
        The axis to extend.

    Returns
    -------
    ndarray, shape (..., before + N + after, ...)
        A new array of the dtype of x.

    Raises
    ------
    ValueError
        For an unknown padding, a negative amount, an empty axis, or a value given with another padding.
    TypeError
        For an amount that is not an integer or a value that the dtype of x cannot hold.

    Examples
    --------
    >>> import ltisys as lti
    >>> lti.extend([1, 2, 3], 2, 4, "reflect")
    array([3, 2, 1, 2, 3, 2, 1, 2, 3])
    """
    x = np.asarray(x)
    axis = parse_axis(axis, x.ndim)
    padding = parse_padding(padding)
    fill = parse_value(value, padding, x.dtype)
    before, after = quantity("before", before, least=0), quantity("after", after, least=0)
    if x.shape[axis] == 0:
        raise ValueError(f"cannot extend an empty signal: x has shape {x.shape} and length 0 along axis {axis}")
    return extended(x, before, after, padding, fill, axis)


def extended(x, before, after, padding, value, axis):
    """Extend with arguments already checked."""
    n = x.shape[axis]
    shape = list(x.shape)
    shape[axis] = before + n + after
    y = np.empty(shape, x.dtype)
    to, of = np.moveaxis(y, axis, 0), np.moveaxis(x, axis, 0)
    to[before : before + n] = of
    for place, index in _borders(n, before, after):
        if CODES[padding] == taps.FILL:
            to[place] = value
        else:
            to[place] = of[taps.source_index(index, n, CODES[padding])]
    return y


def extended_adjoint(y_bar, before, after, padding, axis):
    """Apply the adjoint of the linear part of an extension: (..., before + N + after, ...) -> (..., N, ...)."""
    n = y_bar.shape[axis] - before - after
    of = np.moveaxis(y_bar, axis, 0)
    x_bar = of[before : before + n].copy()
    if CODES[padding] != taps.FILL:
        for place, index in _borders(n, before, after):
            np.add.at(x_bar, taps.source_index(index, n, CODES[padding]), of[place])
    return np.moveaxis(x_bar, 0, axis)


def _borders(n, before, after):
    """Yield, for each side that has samples, their places in the extended signal and their indices in the signal."""
    if before:
        yield slice(0, before), np.arange(-before, 0)
    if after:
        yield slice(before + n, before + n + after), np.arange(n, n + after)

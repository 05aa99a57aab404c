"""Pooling layers."""

from typing import Any

from .. import functions
from ..graph import Array, Variable
from .layer import Layer

Sizes = int | tuple[int, ...]


class MaxPool(Layer):
    """The largest value of each window of (B, C, N) or (B, C, H, W).

    Along an axis there are ⌊(N + 2·padding − dilation·(size − 1) − 1) / stride⌋ + 1 windows. The error signal goes to
    the largest value, to the first one where several are equal.

    Parameters
    ----------
    size : int or tuple of int
        The window; one value for all axes or one per axis, as for the others.
    stride : int, tuple of int or None
        From window to window; None for size.
    padding : int or tuple of int
        Places before and after that are never the largest, at most half of size.
    dilation : int or tuple of int
        Distance between the places of a window.

    Raises
    ------
    ValueError
        If an argument is out of its range or no window fits.

    Examples
    --------
    >>> MaxPool(2)(Variable([[[1.0, 3.0, 2.0, 5.0]]]))
    Variable([[[3., 5.]]])
    """

    def __init__(self, size: Sizes, stride: Sizes | None = None, padding: Sizes = 0, dilation: Sizes = 1) -> None:
        self.size, self.padding, self.dilation = size, padding, dilation
        self.stride = size if stride is None else stride

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {"size": self.size, "stride": self.stride, "padding": self.padding, "dilation": self.dilation}

    def __call__(self, x: Variable | Array) -> Variable:
        """One number per window."""
        return functions.max_pool(x, windows=_windows(x.shape, self.size, self.stride, self.padding, self.dilation))


class AvgPool(Layer):
    """The mean of each window of (B, C, N) or (B, C, H, W).

    Parameters
    ----------
    size : int or tuple of int
        The window; one value for all axes or one per axis, as for the others.
    stride : int, tuple of int or None
        From window to window; None for size.
    padding : int or tuple of int
        Zeros before and after that count as samples, at most half of size.

    Raises
    ------
    ValueError
        If an argument is out of its range or no window fits.

    Examples
    --------
    >>> AvgPool(2)(Variable([[[1.0, 3.0, 2.0, 5.0]]]))
    Variable([[[2. , 3.5]]])
    """

    def __init__(self, size: Sizes, stride: Sizes | None = None, padding: Sizes = 0) -> None:
        self.size, self.padding = size, padding
        self.stride = size if stride is None else stride

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {"size": self.size, "stride": self.stride, "padding": self.padding}

    def __call__(self, x: Variable | Array) -> Variable:
        """One number per window."""
        return functions.avg_pool(x, windows=_windows(x.shape, self.size, self.stride, self.padding, 1))


class GlobalAvgPool(Layer):
    """The mean of every channel: (B, C, ...) to (B, C), the same wherever in time or place something happened.

    Examples
    --------
    >>> GlobalAvgPool()(Variable([[[1.0, 3.0], [2.0, 4.0]]]))
    Variable([[2., 3.]])
    """

    def __call__(self, x: Variable | Array) -> Variable:
        """One number per channel."""
        return functions.mean(x, axis=tuple(range(2, len(x.shape))))


def _windows(shape: tuple[int, ...], size: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes) -> functions.Windows:
    """The windows on signals of this shape (B, C, ...)."""
    rank = len(shape) - 2
    if rank < 1:
        raise ValueError(f"a pool takes (B, C, N) or (B, C, H, W), got shape {shape}")
    values = []
    for word, value in (("size", size), ("stride", stride), ("padding", padding), ("dilation", dilation)):
        each = (value,) * rank if isinstance(value, int) else tuple(value)
        if len(each) != rank:
            raise ValueError(f"{word} of a pool needs one value or {rank}, got {value!r} for shape {shape}")
        values.append(each)
    return functions.Windows(*values)

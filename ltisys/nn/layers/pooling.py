"""Pooling layers."""

from typing import Any

from ...convolution.arguments import per_axis, quantity
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
    ceil_mode : bool
        Round the number of windows up: the last one may stick out at the end, if it begins inside.

    Raises
    ------
    ValueError
        If an argument is out of its range or no window fits.

    Examples
    --------
    >>> MaxPool(2)(Variable([[[1.0, 3.0, 2.0, 5.0]]]))
    Variable([[[3., 5.]]])
    """

    def __init__(
        self,
        size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        *,
        ceil_mode: bool = False,
    ) -> None:
        self.size, self.padding, self.dilation, self.ceil_mode = size, padding, dilation, ceil_mode
        self.stride = size if stride is None else stride

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {
            "size": self.size,
            "stride": self.stride,
            "padding": self.padding,
            "dilation": self.dilation,
            "ceil_mode": self.ceil_mode,
        }

    def __call__(self, x: Variable | Array) -> Variable:
        """One number per window."""
        windows = _windows(x.shape, self.size, self.stride, self.padding, self.dilation, self.ceil_mode)
        return functions.max_pool(x, windows=windows)


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


class LpPool(Layer):
    """The p-norm mean (Σ |x|^p / n)^{1/p} of each window of n places: the mean for p = 1, near the maximum for large p.

    Parameters
    ----------
    p : float
        The exponent, at least 1. It need not be an integer.
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
    The lecture's picture, with p = 5:

    >>> image = [[1.0, 1.0, 2.0, 4.0], [5.0, 6.0, 7.0, 8.0], [3.0, 2.0, 1.0, 0.0], [1.0, 2.0, 3.0, 4.0]]
    >>> LpPool(5, 2)(Variable([[image]])).value.round(2)
    array([[[[4.87, 6.61],
             [2.38, 3.16]]]])
    """

    def __init__(self, p: float, size: Sizes, stride: Sizes | None = None, padding: Sizes = 0) -> None:
        if not p >= 1:
            raise ValueError(f"p of LpPool must be at least 1, got {p}")
        self.p, self.size, self.padding = p, size, padding
        self.stride = size if stride is None else stride

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {"p": self.p, "size": self.size, "stride": self.stride, "padding": self.padding}

    def __call__(self, x: Variable | Array) -> Variable:
        """One number per window."""
        return functions.lp_pool(x, p=self.p, windows=_windows(x.shape, self.size, self.stride, self.padding, 1))


class AdaptiveAvgPool(Layer):
    """Means over as many windows as are asked for, whatever the length: (B, C, ...) to (B, C, *size).

    Window i of n reaches from ⌊i·N/n⌋ to ⌈(i + 1)·N/n⌉, so maps of the wanted size pass unchanged. With it the dense
    layers of the older networks take images of any size.

    Parameters
    ----------
    size : int or tuple of int
        Windows along all axes or along each.

    Raises
    ------
    ValueError
        If size is below 1, or does not say as many axes as x has.

    Examples
    --------
    >>> AdaptiveAvgPool(2)(Variable([[[1.0, 3.0, 2.0]]]))
    Variable([[[2. , 2.5]]])
    """

    def __init__(self, size: Sizes) -> None:
        per_axis("size", size, len(size) if isinstance(size, tuple) else 1, lambda n: quantity("size", n, least=1))
        self.size = size

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {"size": self.size}

    def __call__(self, x: Variable | Array) -> Variable:
        """The means."""
        (size,) = _each_axis(x.shape, size=self.size)
        return functions.adaptive_avg_pool(x, size=size)


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


def _windows(
    shape: tuple[int, ...], size: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes, ceil: bool = False
) -> functions.Windows:
    """The windows on signals of this shape (B, C, ...)."""
    return functions.Windows(
        *_each_axis(shape, size=size, stride=stride, padding=padding, dilation=dilation), ceil=ceil
    )


def _each_axis(shape: tuple[int, ...], **arguments: Sizes) -> list[tuple[int, ...]]:
    """Each argument with a value for every axis of signals of this shape (B, C, ...)."""
    rank = len(shape) - 2
    if rank < 1:
        raise ValueError(f"a pool takes (B, C, N) or (B, C, H, W), got shape {shape}")
    values = []
    for word, value in arguments.items():
        each = (value,) * rank if isinstance(value, int) else tuple(value)
        if len(each) != rank:
            raise ValueError(f"{word} of a pool needs one value or {rank}, got {value!r} for shape {shape}")
        values.append(each)
    return values

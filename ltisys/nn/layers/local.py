"""The step between dense and convolutional: local, but with weights of its own at every place."""

from typing import Any

import numpy as np

from ...convolution.arguments import per_axis, quantity
from .. import functions
from ..graph import Array, Variable
from .layer import Layer, Randomness, he_normal

Pair = int | tuple[int, int]


class LocallyConnected2d(Layer):
    """Each output looks at a small region of the image, as in ``Conv2d``, but through weights that nothing shares.

    Parameters
    ----------
    in_channels, out_channels : int
        C and M.
    input_size : int or pair
        H and W: unlike a convolution it knows only one size of image.
    kernel_size : int or pair
        The regions.
    stride : int or pair
        From region to region.
    padding : int or pair
        Zeros around the image.
    bias : bool
        Whether a constant is added to each output.
    rng : generator, int or None
        Draws the weights.

    Attributes
    ----------
    weight : Variable (H', W', M, C, KH, KW)
        A bank of kernels for each place, with H' = ⌊(H + 2·padding − KH) / stride⌋ + 1.
    bias : Variable (M, H', W') or None
        The constants.

    Raises
    ------
    ValueError
        If an argument is out of its range, no region fits, or x has another shape.

    Examples
    --------
    >>> layer = LocallyConnected2d(1, 4, 28, 5, stride=2, rng=0)
    >>> layer(np.zeros((2, 1, 28, 28))).shape, layer.n_parameters
    ((2, 4, 12, 12), 14976)
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        input_size: Pair,
        kernel_size: Pair,
        stride: Pair = 1,
        *,
        padding: Pair = 0,
        bias: bool = True,
        rng: Randomness = None,
    ) -> None:
        for name, number in (("in_channels", in_channels), ("out_channels", out_channels)):
            quantity(name, number, least=1)
        self.input_size = _pair("input_size", input_size, least=1)
        self.stride = _pair("stride", stride, least=1)
        self.padding = _pair("padding", padding, least=0)
        size = _pair("kernel_size", kernel_size, least=1)
        places = tuple(
            (n + 2 * p - k) // s + 1
            for n, p, k, s in zip(self.input_size, self.padding, size, self.stride, strict=True)
        )
        if min(places) < 1:
            raise ValueError(f"no region of {size} fits into {self.input_size} with padding={padding!r}")
        fan_out = int(np.prod(places)) * out_channels
        weights = he_normal((fan_out, in_channels, *size), np.random.default_rng(rng))
        self.weight = Variable(weights.reshape(*places, out_channels, in_channels, *size), "weight")
        self.bias = Variable(np.zeros((out_channels, *places), dtype=np.float32), "bias") if bias else None

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        _, _, out_channels, in_channels, *size = self.weight.shape
        return {
            "in_channels": in_channels,
            "out_channels": out_channels,
            "input_size": self.input_size,
            "kernel_size": tuple(size),
            "stride": self.stride,
            "padding": self.padding,
            "bias": self.bias is not None,
        }

    def __call__(self, x: Variable | Array) -> Variable:
        """The output maps (B, M, H', W')."""
        taken = (self.weight.shape[3], *self.input_size)
        if x.shape[1:] != taken:
            raise ValueError(f"LocallyConnected2d takes (B, {', '.join(map(str, taken))}), got shape {x.shape}")
        bias = [] if self.bias is None else [self.bias]
        return functions.filter_locally(x, self.weight, *bias, stride=self.stride, padding=self.padding)


def _pair(name: str, given: Any, *, least: int) -> tuple[int, int]:
    return per_axis(name, given, 2, lambda number: quantity(name, number, least=least))  # pyright: ignore[reportReturnType]

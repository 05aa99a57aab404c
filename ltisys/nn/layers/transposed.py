"""Transposed convolution layers: interpolators that learn."""

from typing import Any, ClassVar

import numpy as np

from ...convolution.arguments import per_axis, quantity
from ...convolution.geometry import dilated_length
from .. import functions
from ..graph import Array, Variable
from .layer import Layer, Randomness, he_normal


class _ConvTranspose(Layer):
    """Zeros between the samples, then a bank of true convolutions along the last ``rank`` axes."""

    rank: ClassVar[int]

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, ...],
        stride: int | tuple[int, ...] = 1,
        *,
        padding: int | tuple[int, ...] = 0,
        output_padding: int | tuple[int, ...] = 0,
        dilation: int | tuple[int, ...] = 1,
        groups: int = 1,
        bias: bool = True,
        rng: Randomness = None,
    ) -> None:
        for name, number in (("in_channels", in_channels), ("out_channels", out_channels), ("groups", groups)):
            quantity(name, number, least=1)
        if in_channels % groups or out_channels % groups:
            raise ValueError(f"groups={groups} must divide in_channels={in_channels} and out_channels={out_channels}")
        size = self._each("kernel_size", kernel_size, least=1)
        self.stride = self._each("stride", stride, least=1)
        self.padding = self._each("padding", padding, least=0)
        self.output_padding = self._each("output_padding", output_padding, least=0)
        self.dilation = self._each("dilation", dilation, least=1)
        self.groups = groups
        if any(extra >= step for extra, step in zip(self.output_padding, self.stride, strict=True)):
            raise ValueError(f"output_padding must be below stride={stride!r}, got {output_padding!r}")
        # every output hears from in_channels / groups inputs, through one in ∏ stride of the taps
        rng = np.random.default_rng(rng)
        taps = he_normal((out_channels // groups, in_channels, *size), rng).swapaxes(0, 1)
        scale = np.float32(np.sqrt(groups * np.prod(self.stride)))
        self.weight = Variable(np.ascontiguousarray(taps) * scale, "weight")
        self.bias = Variable(np.zeros(out_channels, dtype=np.float32), "bias") if bias else None

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        in_channels, members, *size = self.weight.shape
        return {
            "in_channels": in_channels,
            "out_channels": members * self.groups,
            "kernel_size": tuple(size),
            "stride": self.stride,
            "padding": self.padding,
            "output_padding": self.output_padding,
            "dilation": self.dilation,
            "groups": self.groups,
            "bias": self.bias is not None,
        }

    def __call__(self, x: Variable | Array) -> Variable:
        """The output channels for signals or images x (B, in_channels, ...)."""
        in_channels = self.weight.shape[0]
        if len(x.shape) != 2 + self.rank or x.shape[1] != in_channels:
            axes = ("N",) if self.rank == 1 else ("H", "W")
            raise ValueError(
                f"{type(self).__name__} with in_channels={in_channels} takes (B, {in_channels}, "
                f"{', '.join(axes)}), got shape {x.shape}"
            )
        bias = [] if self.bias is None else [self.bias]
        ends = tuple((p, p) for p in self.padding)
        return functions.convolve_bank_transpose(
            x,
            self.weight,
            *bias,
            extent=self._extent(x.shape[2:]),
            mode=ends if self.rank > 1 else ends[0],
            stride=self.stride if self.rank > 1 else self.stride[0],
            dilation=self.dilation if self.rank > 1 else self.dilation[0],
            groups=self.groups,
        )

    def _extent(self, lengths: tuple[int, ...]) -> tuple[int, ...]:
        size = map(dilated_length, self.weight.shape[2:], self.dilation)
        extent = tuple(
            (n - 1) * s - 2 * p + k + extra
            for n, s, p, k, extra in zip(lengths, self.stride, self.padding, size, self.output_padding, strict=True)
        )
        if min(extent) < 1:
            raise ValueError(f"padding={self.padding} leaves no output of signals of length {lengths}: got {extent}")
        return extent

    def _each(self, name: str, given: Any, *, least: int) -> tuple[int, ...]:
        return per_axis(name, given, self.rank, lambda number: quantity(name, number, least=least))


class ConvTranspose1d(_ConvTranspose):
    """Interpolation along time: x with stride − 1 zeros between its samples, convolved with each kernel.

    N samples become (N − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1. The kernel is a unit
    sample response: what one input sample adds to the output. PyTorch's layer means the same here, without a flip.

    Parameters
    ----------
    in_channels, out_channels : int
        C and M.
    kernel_size : int
        Taps of each kernel.
    stride : int
        Output samples per input sample.
    padding : int
        Samples cut off at both ends.
    output_padding : int
        Samples, fewer than stride, that the end keeps nevertheless.
    dilation : int
        Distance between taps.
    groups : int
        Cut the channels into so many independent banks.
    bias : bool
        Whether a constant is added for each output channel.
    rng : generator, int or None
        Draws the weights.

    Attributes
    ----------
    weight : Variable (C, M // groups, K)
        The kernels.
    bias : Variable (M,) or None
        The constants.

    Raises
    ------
    ValueError
        If an argument is out of its range, x has another number of channels, or nothing is left of the output.

    Examples
    --------
    >>> layer = ConvTranspose1d(1, 1, 2, stride=2)
    >>> layer.weight.value[:] = [1.0, 0.5]
    >>> layer(np.array([[[2.0, 4.0]]]))
    Variable([[[2., 1., 4., 2.]]])
    """

    rank = 1


class ConvTranspose2d(_ConvTranspose):
    """Interpolation of images: x with zeros between its pixels, convolved with each kernel.

    Parameters are those of ``ConvTranspose1d``, each with one value or one per axis.

    Attributes
    ----------
    weight : Variable (C, M // groups, KH, KW)
        The kernels.
    bias : Variable (M,) or None
        The constants.

    Raises
    ------
    ValueError
        If an argument is out of its range, x has another number of channels, or nothing is left of the output.

    Examples
    --------
    >>> ConvTranspose2d(8, 3, 4, stride=2, padding=1, rng=0)(np.zeros((1, 8, 7, 7))).shape
    (1, 3, 14, 14)
    """

    rank = 2

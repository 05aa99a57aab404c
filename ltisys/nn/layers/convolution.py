"""Convolution layers: banks of unit sample responses that learn."""

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ...convolution.arguments import parse_modes, parse_origin, parse_padding, per_axis, quantity
from .. import functions
from ..graph import Array, Variable
from .layer import Layer, Randomness, he_normal

if TYPE_CHECKING:
    from ..door import FIR


class _Convolution(Layer):
    """A bank of true convolutions along the last ``rank`` axes, with a bias for each output channel."""

    rank: ClassVar[int]

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, ...],
        stride: int | tuple[int, ...] = 1,
        *,
        dilation: int | tuple[int, ...] = 1,
        groups: int = 1,
        mode: Any = "same",
        padding: Any = "zero",
        bias: bool = True,
        origin: Any = None,
        rng: Randomness = None,
    ) -> None:
        for name, number in (("in_channels", in_channels), ("out_channels", out_channels), ("groups", groups)):
            quantity(name, number, least=1)
        if in_channels % groups or out_channels % groups:
            raise ValueError(f"groups={groups} must divide in_channels={in_channels} and out_channels={out_channels}")
        size = self._each("kernel_size", kernel_size)
        self._each("stride", stride)
        self._each("dilation", dilation)
        mode, padding = self._ends(mode, padding)
        per_axis("origin", origin, self.rank, lambda given: parse_origin(given, 1, correlation=False))
        self.in_channels = in_channels
        self.geometry = {
            "mode": mode,
            "padding": padding,
            "stride": stride,
            "dilation": dilation,
            "groups": groups,
            "origin": origin,
        }
        weights = he_normal((out_channels, in_channels // groups, *size), np.random.default_rng(rng))
        self.weight = Variable(weights, "weight")
        self.bias = Variable(np.zeros(out_channels, dtype=np.float32), "bias") if bias else None

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        out_channels, _, *size = self.weight.shape
        return {
            "in_channels": self.in_channels,
            "out_channels": out_channels,
            "kernel_size": tuple(size) if self.rank > 1 else size[0],
            **self.geometry,
            "bias": self.bias is not None,
        }

    def __call__(self, x: Variable | Array) -> Variable:
        """The output channels for signals or images x (B, in_channels, ...)."""
        return self._convolved(x, relu=False)

    def rectified(self, x: Variable | Array) -> Variable:
        """max(0, ·) of the output channels."""
        return self._convolved(x, relu=True)

    def _convolved(self, x: Variable | Array, relu: bool) -> Variable:
        if len(x.shape) != 2 + self.rank or x.shape[1] != self.in_channels:
            axes = ("N",) if self.rank == 1 else ("H", "W")
            raise ValueError(
                f"{type(self).__name__} with in_channels={self.in_channels} takes (B, {self.in_channels}, "
                f"{', '.join(axes)}), got shape {x.shape}"
            )
        bias = [] if self.bias is None else [self.bias]
        return functions.convolve_bank(x, self.weight, *bias, relu=relu, **self.geometry)

    def system(self, out: int = 0, in_: int = 0) -> "FIR":
        """The kernel from one input to one output channel as a System, before decimation and without the bias.

        Parameters
        ----------
        out, in_ : int
            Output and input channel.

        Returns
        -------
        FIR
            The learned unit sample response, with start = −origin.

        Raises
        ------
        ValueError
            If there is no such channel, or the two are in different groups.
        """
        from ..door import learned_system  # late: the one way out of this room

        return learned_system(self.weight.value, out, in_, self.geometry)

    def _each(self, name: str, given: Any) -> tuple[int, ...]:
        return per_axis(name, given, self.rank, lambda number: quantity(name, number, least=1))

    def _ends(self, mode: Any, padding: Any) -> tuple[Any, Any]:
        """Mode and padding, where an integer padding p is PyTorch's way to write mode=(p, p) with zeros."""
        widths = padding if isinstance(padding, tuple | list) else (padding,)
        if all(isinstance(width, int) for width in widths):
            if mode != "same":
                raise ValueError(f"padding={padding!r} stands for a mode of its own, but mode={mode!r} was given too")
            amounts = per_axis("padding", padding, self.rank, lambda width: quantity("padding", width, least=0))
            ends = tuple((amount, amount) for amount in amounts)
            return (ends if self.rank > 1 else ends[0]), "zero"
        parse_modes(mode, self.rank)
        per_axis("padding", padding, self.rank, parse_padding)
        return mode, padding


class Conv1d(_Convolution):
    """Convolution along time: y[b, m] = bias[m] + Σ_c weight[m, c] ∗ x[b, c] for x (B, C, N).

    The kernel is a unit sample response: this is the true convolution with the flip (PyTorch's layer is a correlation).
    Mode ``"same"`` with a stride gives ⌈N / stride⌉ samples.

    Parameters
    ----------
    in_channels, out_channels : int
        C and M.
    kernel_size : int
        Taps of each kernel.
    stride : int
        Keep every stride-th output.
    dilation : int
        Distance between taps.
    groups : int
        Cut the channels into so many independent banks.
    mode : str or (before, after)
        Which outputs: "same", "full", "valid", or the valid part of a signal extended by so many samples.
    padding : str or int
        What the signal is outside its support. An integer p, as in PyTorch, reads as mode=(p, p) with zeros.
    bias : bool
        Whether a constant is added for each output channel.
    origin : None, str or int
        Which tap is time 0 in mode "same", as in ``ltisys.convolve``.
    rng : generator, int or None
        Draws the weights.

    Attributes
    ----------
    weight : Variable (M, C // groups, K)
        The kernels.
    bias : Variable (M,) or None
        The constants.

    Raises
    ------
    ValueError
        If an argument is out of its range, or x has another number of channels.

    Examples
    --------
    >>> layer = Conv1d(40, 16, 9, stride=2, rng=0)
    >>> layer(np.zeros((5, 40, 99), dtype=np.float32)).shape
    (5, 16, 50)
    """

    rank = 1


class Conv2d(_Convolution):
    """Convolution of images: y[b, m] = bias[m] + Σ_c weight[m, c] ∗ x[b, c] for x (B, C, H, W).

    Parameters are those of ``Conv1d``; kernel_size, stride, dilation, padding and origin take one value or one per
    axis, mode one for both or a pair of pairs.

    Attributes
    ----------
    weight : Variable (M, C // groups, KH, KW)
        The kernels.
    bias : Variable (M,) or None
        The constants.

    Raises
    ------
    ValueError
        If an argument is out of its range, or x has another number of channels.

    Examples
    --------
    The lecture's layer, in PyTorch's words:

    >>> layer = Conv2d(in_channels=3, out_channels=2, kernel_size=2, stride=1, padding=1, rng=0)
    >>> layer(np.zeros((1, 3, 5, 5))).shape
    (1, 2, 6, 6)
    """

    rank = 2

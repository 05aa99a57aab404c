"""How far a network sees: which samples of its input each output depends on."""

from dataclasses import dataclass
from functools import reduce

from ..convolution.arguments import per_axis
from ..convolution.geometry import dilated_length
from . import layers
from .door import kernel_starts
from .layers import Layer

_POINTWISE = (
    layers.BatchNorm,  # in evaluation; in training every output depends on the whole batch
    layers.Dropout,
    layers.ELU,
    layers.LeakyReLU,
    layers.LocalResponseNorm,
    layers.Log,
    layers.PairPower,
    layers.ReLU,
    layers.Sigmoid,
    layers.Tanh,
)
_POOLS = (layers.MaxPool, layers.AvgPool, layers.LpPool)


@dataclass(frozen=True)
class ReceptiveField:
    """Output o depends on the input samples start + stride·o to start + stride·o + size − 1, along each axis.

    Attributes
    ----------
    size : tuple of int
        How many samples each output sees.
    stride : tuple of int
        From output to output.
    start : tuple of int
        The first sample that output 0 sees; negative in the padding.

    Examples
    --------
    >>> ReceptiveField(size=(3,), stride=(2,), start=(-1,)).into(ReceptiveField((3,), (1,), (-1,)))
    ReceptiveField(size=(5,), stride=(2,), start=(-2,))
    """

    size: tuple[int, ...]
    stride: tuple[int, ...]
    start: tuple[int, ...]

    def into(self, before: "ReceptiveField") -> "ReceptiveField":
        """The field of a layer with this one, behind layers with the other."""
        axes = range(len(self.size))
        return ReceptiveField(
            tuple(before.size[i] + before.stride[i] * (self.size[i] - 1) for i in axes),
            tuple(before.stride[i] * self.stride[i] for i in axes),
            tuple(before.start[i] + before.stride[i] * self.start[i] for i in axes),
        )

    def beside(self, other: "ReceptiveField") -> "ReceptiveField":
        """The smallest field that holds both; they must have the same stride."""
        if self.stride != other.stride:
            raise ValueError(f"branches side by side have strides {self.stride} and {other.stride}: they cannot meet")
        starts = tuple(map(min, self.start, other.start))
        mine, theirs = (tuple(map(sum, zip(field.start, field.size, strict=True))) for field in (self, other))
        stops = map(max, mine, theirs)
        return ReceptiveField(
            tuple(stop - start for stop, start in zip(stops, starts, strict=True)), self.stride, starts
        )


def receptive_field(net: Layer) -> ReceptiveField:
    """The samples of the input that each output of a network depends on.

    Layer by layer, size grows by (size of the layer − 1) times the stride so far, and strides multiply.

    Parameters
    ----------
    net : Layer
        Convolutions, pools, pointwise layers and combinations of them. For a network that ends in dense layers ask for
        the part before them, ``net[:6]``.

    Returns
    -------
    ReceptiveField
        Along each axis of the convolutions; along one that stands for all where only pools without axes are given.

    Raises
    ------
    ValueError
        If a layer sees its whole input, puts samples between samples, or branches have different strides.

    References
    ----------
    Araujo et al., Computing Receptive Fields of Convolutional Neural Networks, Distill, 2019.

    Examples
    --------
    Two convolutions of 3×3 see as far as one of 5×5:

    >>> from ltisys import nn
    >>> nn.receptive_field(nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3)))
    ReceptiveField(size=(5, 5), stride=(1, 1), start=(-2, -2))
    >>> nn.receptive_field(nn.Conv2d(1, 8, 5))
    ReceptiveField(size=(5, 5), stride=(1, 1), start=(-2, -2))
    """
    return _field(net, next(filter(None, map(_rank, net.layers())), 1))


def _field(layer: Layer, rank: int) -> ReceptiveField:
    here = ReceptiveField((1,) * rank, (1,) * rank, (0,) * rank)
    match layer:
        case layers.Sequential():
            return reduce(lambda before, step: _field(step, rank).into(before), layer, here)
        case layers.Residual():
            beside = here if layer.shortcut is None else _field(layer.shortcut, rank)
            return _field(layer.body, rank).beside(beside)
        case layers.Parallel():
            return reduce(ReceptiveField.beside, (_field(branch, rank) for branch in layer.branches))
        case layers.Unflatten() if layer.dim == 1 and layer.sizes[:-1] == (1,):
            return here  # the axes behind it are those that the convolutions have
        case layers.Crop():
            return ReceptiveField(here.size, here.stride, (*here.start[:-1], layer.before))
        case layers.Conv1d() | layers.Conv2d() | layers.FilterBank():
            return _of_kernels(layer.weight.shape[2:], layer.geometry)
        case layers.LocallyConnected2d():
            return ReceptiveField(layer.weight.shape[4:], layer.stride, tuple(-p for p in layer.padding))
        case layers.MaxPool() | layers.AvgPool() | layers.LpPool():
            dilation = layer.dilation if isinstance(layer, layers.MaxPool) else 1
            words = {"size": layer.size, "stride": layer.stride, "padding": layer.padding, "dilation": dilation}
            size, stride, padding, step = (per_axis(word, given, rank, int) for word, given in words.items())
            return ReceptiveField(tuple(map(dilated_length, size, step)), stride, tuple(-p for p in padding))
        case layers.Softmax() | layers.Maxout() if layer.axis in (1, -rank - 1):
            return here
        case _ if isinstance(layer, _POINTWISE):
            return here
    raise ValueError(
        f"{type(layer).__name__} has no receptive field of its own, as convolutions, pools and pointwise layers have: "
        "ask for the part of the network before it, such as net[:3]"
    )


def _of_kernels(size: tuple[int, ...], geometry: dict) -> ReceptiveField:
    """Output o reads x[stride·o − start − k] for the taps k of a kernel that begins at time ``start``."""
    rank = len(size)
    lengths = tuple(map(dilated_length, size, per_axis("dilation", geometry["dilation"], rank, int)))
    first = tuple(-start - length + 1 for start, length in zip(kernel_starts(size, geometry), lengths, strict=True))
    return ReceptiveField(lengths, per_axis("stride", geometry["stride"], rank, int), first)


def _rank(layer: Layer) -> int | None:
    """How many axes a layer's windows have, where it says so."""
    if isinstance(layer, layers.Conv1d | layers.FilterBank):
        return 1
    if isinstance(layer, layers.Conv2d | layers.LocallyConnected2d):
        return 2
    return len(layer.size) if isinstance(layer, _POOLS) and isinstance(layer.size, tuple) else None

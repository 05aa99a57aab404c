"""A network of ours computed by PyTorch: the same layers and weights, walked one by one.

Our kernels are unit sample responses and PyTorch's layers correlate, so every convolution flips its weight here. The
flip is part of PyTorch's graph, and gradients come back in our layout.
"""

from functools import singledispatch
from typing import Any

import numpy as np
import pytest

from ltisys import nn

torch: Any = pytest.importorskip("torch")
F = torch.nn.functional
Tensors = dict[int, Any]


def differentiate(net: nn.Layer, x: np.ndarray, y_bar: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """The outputs of PyTorch, and its gradients of ⟨y_bar, y⟩ with respect to x and each of net.parameters()."""
    leaves = [torch.tensor(a).requires_grad_() for a in (x, *(p.value for p in net.parameters()))]
    y = run(net, leaves[0], dict(zip(map(id, net.parameters()), leaves[1:], strict=True)))
    y.backward(torch.tensor(y_bar))
    return y.detach().numpy(), [leaf.grad.numpy() for leaf in leaves if leaf.grad is not None]


def predict(net: nn.Layer, x: np.ndarray) -> np.ndarray:
    """The outputs of PyTorch, without gradients."""
    with torch.no_grad():
        return run(net, torch.tensor(x), {id(p): torch.from_numpy(p.value) for p in net.parameters()}).numpy()


@singledispatch
def run(layer, x: Any, of: Tensors) -> Any:
    """The output of one of our layers, with PyTorch's tensor of every parameter."""
    raise TypeError(f"no twin for {layer!r}")


@run.register
def _(layer: nn.Sequential, x, of):
    for step in layer:
        x = run(step, x, of)
    return x


@run.register
def _(layer: nn.Residual, x, of):
    return run(layer.body, x, of) + (x if layer.shortcut is None else run(layer.shortcut, x, of))


@run.register
def _(layer: nn.Parallel, x, of):
    return torch.cat([run(branch, x, of) for branch in layer.branches], dim=1)


@run.register(nn.Conv1d)
@run.register(nn.Conv2d)
def _(layer, x, of):
    rank, words = layer.rank, layer.geometry
    dilation = _each(words["dilation"], rank)
    mode = words["mode"] if isinstance(words["mode"], tuple) and isinstance(words["mode"][0], tuple) else None
    ends = []
    for axis, k in enumerate(layer.weight.shape[2:]):
        ends.append(_ends(words["mode"] if mode is None else mode[axis], dilation[axis] * (k - 1)))
    names = {"zero": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}
    x = F.pad(x, [amount for pair in reversed(ends) for amount in pair], mode=names[words["padding"]])
    convolve = F.conv1d if rank == 1 else F.conv2d
    weight = of[id(layer.weight)].flip(*range(2, 2 + rank))
    return convolve(x, weight, _bias(layer, of), words["stride"], 0, words["dilation"], words["groups"])


@run.register(nn.ConvTranspose1d)
@run.register(nn.ConvTranspose2d)
def _(layer, x, of):
    transpose = F.conv_transpose1d if layer.rank == 1 else F.conv_transpose2d
    words = layer.stride, layer.padding, layer.output_padding, layer.groups, layer.dilation
    return transpose(x, of[id(layer.weight)], _bias(layer, of), *words)


@run.register
def _(layer: nn.LocallyConnected2d, x, of):
    weight = of[id(layer.weight)].flip(4, 5)
    rows, columns, maps, *_ = weight.shape
    patches = F.unfold(x, weight.shape[4:], padding=layer.padding, stride=layer.stride)  # (B, C·KH·KW, H'·W')
    y = torch.einsum("bkp,pmk->bmp", patches, weight.reshape(rows * columns, maps, -1)).unflatten(2, (rows, columns))
    return y if layer.bias is None else y + of[id(layer.bias)]


@run.register
def _(layer: nn.FilterBank, x, of):
    pair = _ends(layer.geometry["mode"], layer.weight.shape[2] - 1)
    return F.conv1d(F.pad(x, pair), of[id(layer.weight)].flip(2), None, layer.geometry["stride"])


@run.register
def _(layer: nn.Linear, x, of):
    return F.linear(x, of[id(layer.weight)], _bias(layer, of))


@run.register
def _(layer: nn.BatchNorm, x, of):
    remembered = torch.tensor(layer.running_mean), torch.tensor(layer.running_var)
    weight, bias = of[id(layer.weight)], of[id(layer.bias)]
    return F.batch_norm(x, *remembered, weight, bias, layer.training, layer.momentum, layer.eps)


@run.register
def _(layer: nn.Dropout, x, of):
    assert not layer.training, "what is dropped differs from library to library"
    return x


@run.register
def _(layer: nn.MaxPool, x, of):
    pool = F.max_pool1d if x.ndim == 3 else F.max_pool2d
    return pool(x, layer.size, layer.stride, layer.padding, layer.dilation, layer.ceil_mode)


@run.register
def _(layer: nn.AvgPool, x, of):
    pool = F.avg_pool1d if x.ndim == 3 else F.avg_pool2d
    return pool(x, layer.size, layer.stride, layer.padding)


@run.register
def _(layer: nn.LpPool, x, of):
    places = np.prod(_each(layer.size, x.ndim - 2))  # PyTorch has the sum inside, we have the mean
    x = F.pad(x, [p for p in reversed(_each(layer.padding, x.ndim - 2)) for _ in range(2)])
    pool = F.lp_pool1d if x.ndim == 3 else F.lp_pool2d
    return pool(x.abs(), float(layer.p), layer.size, layer.stride) / float(places) ** (1 / layer.p)


@run.register
def _(layer: nn.AdaptiveAvgPool, x, of):
    return (F.adaptive_avg_pool1d if x.ndim == 3 else F.adaptive_avg_pool2d)(x, layer.size)


@run.register
def _(layer: nn.GlobalAvgPool, x, of):
    return x.mean(dim=tuple(range(2, x.ndim)))


@run.register
def _(layer: nn.LocalResponseNorm, x, of):
    return F.local_response_norm(x, layer.size, layer.alpha, layer.beta, layer.k)


@run.register
def _(layer: nn.Maxout, x, of):
    return x.unflatten(layer.axis, (-1, layer.pieces)).amax(dim=layer.axis + 1)


@run.register
def _(layer: nn.Softmax, x, of):
    return F.softmax(x, dim=layer.axis)


@run.register
def _(layer: nn.LeakyReLU, x, of):
    return F.leaky_relu(x, layer.slope)


@run.register
def _(layer: nn.ELU, x, of):
    return F.elu(x, layer.alpha)


@run.register
def _(layer: nn.ReLU, x, of):
    return F.relu(x)


@run.register
def _(layer: nn.Sigmoid, x, of):
    return torch.sigmoid(x)


@run.register
def _(layer: nn.Tanh, x, of):
    return torch.tanh(x)


@run.register
def _(layer: nn.Flatten, x, of):
    return x.flatten(1)


def _each(value, rank: int) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, tuple) else (value,) * rank


def _ends(mode, reach: int) -> tuple[int, int]:
    """Samples in front and behind for a kernel that reaches so far back, with the numpy origin for "same"."""
    centre = reach // 2
    words = {"full": (reach, reach), "valid": (0, 0), "same": (reach - centre, centre)}
    return words[mode] if isinstance(mode, str) else mode


def _bias(layer, of: Tensors):
    return None if layer.bias is None else of[id(layer.bias)]

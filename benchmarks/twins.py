"""Networks of ours as PyTorch modules with the same weights, for timing: built once, then on their own."""

from functools import singledispatch
from typing import Any

import numpy as np
import torch

from ltisys import nn

T = torch.nn


@singledispatch
def twin(layer) -> Any:
    """Return the module that computes what a layer of ours does; it has weights of its own."""
    raise TypeError(f"no twin for {layer!r}")


@twin.register
def _(layer: nn.Sequential):
    return T.Sequential(*map(twin, layer))


class _Sum(T.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


@twin.register
def _(layer: nn.Residual):
    return _Sum(twin(layer.body), T.Identity() if layer.shortcut is None else twin(layer.shortcut))


@twin.register(nn.Conv1d)
@twin.register(nn.Conv2d)
def _(layer):
    n_maps, n_channels, *sizes = layer.weight.shape
    words, bias = layer.geometry, layer.bias is not None
    kind = T.Conv1d if len(sizes) == 1 else T.Conv2d
    pad = [(k - 1) // 2 for k in sizes]  # "same", and the kernels of these networks are odd
    groups = words["groups"]
    module = kind(n_channels * groups, n_maps, sizes, words["stride"], pad, words["dilation"], groups, bias)
    module.weight.data = torch.from_numpy(np.flip(layer.weight.value, tuple(range(2, 2 + len(sizes)))).copy())
    if bias:
        module.bias.data = torch.tensor(layer.bias.value)
    return module


@twin.register
def _(layer: nn.Linear):
    module = T.Linear(*layer.weight.shape[::-1])
    module.weight.data, module.bias.data = torch.tensor(layer.weight.value), torch.tensor(layer.bias.value)
    return module


class _PerChannel(T.BatchNorm2d):
    def _check_input_dim(self, input):
        pass  # signals and images alike


@twin.register
def _(layer: nn.BatchNorm):
    return _PerChannel(len(layer.weight.value))


@twin.register
def _(layer: nn.ReLU):
    return T.ReLU()


@twin.register
def _(layer: nn.Dropout):
    return T.Dropout(layer.p)


@twin.register
def _(layer: nn.Flatten):
    return T.Flatten()


class _Mean(T.Module):
    def forward(self, x):
        return x.mean(dim=tuple(range(2, x.ndim)))


@twin.register
def _(layer: nn.GlobalAvgPool):
    return _Mean()

"""Every layer against PyTorch, forward and backward, on random shapes, strides, dilations, groups and paddings."""

from collections.abc import Callable

import numpy as np
import pytest
import torch_twin

from ltisys import nn

SEEDS = range(12)
Case = tuple[nn.Layer, tuple[int, ...]]


def choose(rng: np.random.Generator, *values: int) -> int:
    return int(rng.choice(values))


def pair(rng: np.random.Generator, *values: int) -> tuple[int, int]:
    return choose(rng, *values), choose(rng, *values)


def channels(rng: np.random.Generator) -> tuple[int, int, int]:
    """Input and output channels, and groups that divide both."""
    groups = choose(rng, 1, 1, 2, 3)
    return groups * choose(rng, 1, 2, 4), groups * choose(rng, 1, 3), groups


def conv1d(rng: np.random.Generator) -> Case:
    inputs, outputs, groups = channels(rng)
    layer = nn.Conv1d(
        inputs,
        outputs,
        choose(rng, 1, 2, 3, 5),
        choose(rng, 1, 2, 3),
        dilation=choose(rng, 1, 2),
        groups=groups,
        mode=["same", "full", "valid", (2, 1)][choose(rng, 0, 1, 2, 3)],
        padding=["zero", "reflect", "replicate", "circular"][choose(rng, 0, 1, 2, 3)],
        bias=bool(choose(rng, 0, 1)),
        rng=rng,
    )
    return layer, (choose(rng, 1, 3), inputs, choose(rng, 10, 13, 17))


def conv2d(rng: np.random.Generator) -> Case:
    inputs, outputs, groups = channels(rng)
    integer = bool(choose(rng, 0, 1))
    layer = nn.Conv2d(
        inputs,
        outputs,
        pair(rng, 1, 2, 3),
        pair(rng, 1, 2, 3),
        dilation=pair(rng, 1, 2),
        groups=groups,
        mode="same" if integer else ["same", "full", "valid", ((2, 1), (0, 3))][choose(rng, 0, 1, 2, 3)],
        padding=pair(rng, 0, 1, 2) if integer else ["zero", "reflect", "replicate"][choose(rng, 0, 1, 2)],
        bias=bool(choose(rng, 0, 1)),
        rng=rng,
    )
    return layer, (choose(rng, 1, 3), inputs, choose(rng, 7, 8), choose(rng, 7, 11))


def conv_transpose1d(rng: np.random.Generator) -> Case:
    inputs, outputs, groups = channels(rng)
    stride = choose(rng, 1, 2, 3)
    layer = nn.ConvTranspose1d(
        inputs,
        outputs,
        choose(rng, 1, 2, 5),
        stride,
        padding=choose(rng, 0, 1, 2),
        output_padding=int(rng.integers(stride)),
        dilation=choose(rng, 1, 2),
        groups=groups,
        bias=bool(choose(rng, 0, 1)),
        rng=rng,
    )
    return layer, (choose(rng, 1, 3), inputs, choose(rng, 6, 9))


def conv_transpose2d(rng: np.random.Generator) -> Case:
    inputs, outputs, groups = channels(rng)
    stride = pair(rng, 1, 2, 3)
    layer = nn.ConvTranspose2d(
        inputs,
        outputs,
        pair(rng, 1, 2, 4),
        stride,
        padding=pair(rng, 0, 1),
        output_padding=(int(rng.integers(stride[0])), int(rng.integers(stride[1]))),
        dilation=pair(rng, 1, 2),
        groups=groups,
        bias=bool(choose(rng, 0, 1)),
        rng=rng,
    )
    return layer, (choose(rng, 1, 3), inputs, choose(rng, 4, 5), choose(rng, 4, 6))


def locally_connected(rng: np.random.Generator) -> Case:
    size = pair(rng, 6, 7)
    words = {"stride": pair(rng, 1, 2), "padding": pair(rng, 0, 1), "bias": bool(choose(rng, 0, 1))}
    layer = nn.LocallyConnected2d(choose(rng, 1, 3), choose(rng, 1, 4), size, pair(rng, 1, 2, 3), **words, rng=rng)
    return layer, (choose(rng, 1, 3), layer.weight.shape[3], *size)


def filter_bank(rng: np.random.Generator) -> Case:
    taps = choose(rng, 1, 2, 5), choose(rng, 1, 8, 9)
    return nn.FilterBank(taps, choose(rng, 1, 4), mode=["same", "valid"][choose(rng, 0, 1)], rng=rng), (2, 1, 31)


def linear(rng: np.random.Generator) -> Case:
    layer = nn.Linear(choose(rng, 1, 5), choose(rng, 1, 4), bool(choose(rng, 0, 1)), rng=rng)
    return layer, (choose(rng, 1, 3), layer.weight.shape[1])


def batch_norm(rng: np.random.Generator) -> Case:
    layer = nn.BatchNorm(choose(rng, 1, 3), momentum=0.3, eps=1e-3)
    layer.training = bool(choose(rng, 0, 1))
    layer.weight.value[:] = rng.uniform(0.5, 2, layer.weight.shape)
    layer.running_mean[:], layer.running_var[:] = 0.3, 1.7
    return layer, (4, layer.weight.shape[0], 5, 3)[: choose(rng, 2, 3, 4)]


def pooled(rng: np.random.Generator, make: Callable[..., nn.Layer], **words) -> Case:
    size = pair(rng, 2, 3)
    return make(size=size, stride=pair(rng, 1, 2, 3), padding=pair(rng, 0, 1), **words), (2, 3, 9, choose(rng, 8, 10))


def max_pool(rng: np.random.Generator) -> Case:
    return pooled(rng, nn.MaxPool, dilation=pair(rng, 1, 2), ceil_mode=bool(choose(rng, 0, 1)))


def avg_pool(rng: np.random.Generator) -> Case:
    return pooled(rng, nn.AvgPool)


def lp_pool(rng: np.random.Generator) -> Case:
    return pooled(rng, nn.LpPool, p=choose(rng, 1, 2, 5))


def adaptive_avg_pool(rng: np.random.Generator) -> Case:
    return nn.AdaptiveAvgPool(pair(rng, 1, 3, 7)), (2, 3, choose(rng, 2, 7, 10), choose(rng, 3, 5))


def local_response_norm(rng: np.random.Generator) -> Case:
    layer = nn.LocalResponseNorm(choose(rng, 1, 2, 3, 5), alpha=0.5, beta=choose(rng, 1, 2) / 2, k=2.0)
    return layer, (2, choose(rng, 1, 4, 8), 5, 3)[: choose(rng, 3, 4)]


def activation(rng: np.random.Generator) -> Case:
    every = [nn.ReLU(), nn.LeakyReLU(0.1), nn.ELU(0.7), nn.Sigmoid(), nn.Tanh(), nn.Softmax(), nn.Maxout(3)]
    return every[choose(rng, *range(len(every)))], (2, 6, 4)


def combined(rng: np.random.Generator) -> Case:
    branches = nn.Conv1d(3, 2, 3, rng=rng), nn.Sequential(nn.Conv1d(3, 4, 1, rng=rng), nn.ReLU(), nn.MaxPool(3, 1, 1))
    body = nn.Sequential(nn.Parallel(*branches), nn.ELU(), nn.Conv1d(6, 3, 5, rng=rng))
    return nn.Sequential(nn.Residual(body), nn.GlobalAvgPool(), nn.Linear(3, 2, rng=rng)), (2, 3, 9)


MAKERS = [
    conv1d,
    conv2d,
    conv_transpose1d,
    conv_transpose2d,
    locally_connected,
    filter_bank,
    linear,
    batch_norm,
    max_pool,
    avg_pool,
    lp_pool,
    adaptive_avg_pool,
    local_response_norm,
    activation,
    combined,
]


# float32 sums of some dozens of terms of size 1 end within 1e-5 of each other
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 2e-5)])
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("make", MAKERS)
def test_layer_equals_pytorch(make, seed, dtype, tolerance):
    rng = np.random.default_rng(seed)
    layer, shape = make(rng)
    layer.astype(dtype)
    for _, parameter in layer.named_parameters():
        parameter.value += rng.normal(0, 0.1, parameter.shape).astype(dtype)  # biases, too, are something
    x = nn.Variable(rng.standard_normal(shape).astype(dtype))
    y_bar = rng.standard_normal(layer(x.value).shape).astype(dtype)
    expected, gradients = torch_twin.differentiate(layer, x.value, y_bar)
    y = layer(x)
    (y * y_bar).sum().backward()
    assert y.dtype == dtype
    np.testing.assert_allclose(y.value, expected, rtol=tolerance, atol=tolerance * np.abs(expected).max())
    for ours, theirs in zip((x, *layer.parameters()), gradients, strict=True):
        assert ours.grad is not None
        np.testing.assert_allclose(ours.grad, theirs, rtol=tolerance, atol=tolerance * np.abs(theirs).max())


@pytest.mark.parametrize("make", [conv1d, conv2d, conv_transpose1d, conv_transpose2d, max_pool, adaptive_avg_pool])
def test_the_seeds_reach_many_shapes(make):
    outputs = set()
    for seed in SEEDS:
        layer, shape = make(np.random.default_rng(seed))
        outputs.add(layer(np.zeros(shape, np.float32)).shape)
    assert len(outputs) >= 6

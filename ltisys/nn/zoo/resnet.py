"""Residual networks: h₂ = h₁ + σ(W h₁), through which error signals reach a hundred layers back."""

from collections.abc import Callable

import numpy as np

from ..layers import BatchNorm, Conv2d, GlobalAvgPool, Layer, Linear, MaxPool, ReLU, Residual, Sequential

Body = Callable[[int, int, int, np.random.Generator], Sequential]


def resnet18(classes: int = 1000, seed: int = 0) -> Sequential:
    """ResNet-18 for images (B, 3, H, W), usually 224×224: 11,689,512 parameters with 1000 classes.

    A 7×7 convolution, a pool, four stages of residual blocks of two 3×3 convolutions, the mean, and a dense layer.

    Parameters
    ----------
    classes : int
        Logits.
    seed : int
        Decides the initial weights.

    References
    ----------
    He et al., Deep Residual Learning for Image Recognition, 2016, table 1.

    Examples
    --------
    >>> resnet18().n_parameters
    11689512
    """
    return _resnet(_basic, (2, 2, 2, 2), classes, seed)


def resnet34(classes: int = 1000, seed: int = 0) -> Sequential:
    """ResNet-34: 21,797,672 parameters with 1000 classes; ``resnet18`` says more.

    Parameters
    ----------
    classes, seed
        As for ``resnet18``.

    Examples
    --------
    >>> resnet34().n_parameters
    21797672
    """
    return _resnet(_basic, (3, 4, 6, 3), classes, seed)


def resnet50(classes: int = 1000, seed: int = 0) -> Sequential:
    """ResNet-50: 25,557,032 parameters with 1000 classes.

    Its blocks are bottlenecks: 1×1 to fewer maps, 3×3, and 1×1 to four times as many. The 3×3 convolution has the
    stride, as in the widespread version; in the paper it is the first one.

    Parameters
    ----------
    classes, seed
        As for ``resnet18``.

    Examples
    --------
    >>> resnet50().n_parameters
    25557032
    """
    return _resnet(_bottleneck, (3, 4, 6, 3), classes, seed)


def resnet101(classes: int = 1000, seed: int = 0) -> Sequential:
    """ResNet-101: 44,549,160 parameters with 1000 classes; ``resnet50`` says more.

    Parameters
    ----------
    classes, seed
        As for ``resnet18``.

    Examples
    --------
    >>> resnet101().n_parameters
    44549160
    """
    return _resnet(_bottleneck, (3, 4, 23, 3), classes, seed)


def resnet152(classes: int = 1000, seed: int = 0) -> Sequential:
    """ResNet-152: 60,192,808 parameters with 1000 classes; ``resnet50`` says more.

    Parameters
    ----------
    classes, seed
        As for ``resnet18``.

    Examples
    --------
    >>> resnet152().n_parameters
    60192808
    """
    return _resnet(_bottleneck, (3, 8, 36, 3), classes, seed)


def _resnet(body: Body, blocks: tuple[int, ...], classes: int, seed: int) -> Sequential:
    rng = np.random.default_rng(seed)
    layers: list[Layer] = [*_normalised(3, 64, 7, rng, stride=2), ReLU(), MaxPool(3, 2, padding=1)]
    inputs = 64
    for stage, count in enumerate(blocks):
        for position in range(count):
            stride = 2 if stage and not position else 1
            inside = body(inputs, 64 << stage, stride, rng)
            outputs = inside[-1].weight.shape[0]
            same = stride == 1 and inputs == outputs
            shortcut = None if same else _normalised(inputs, outputs, 1, rng, stride=stride)
            layers += [Residual(inside, shortcut), ReLU()]
            inputs = outputs
    return Sequential(*layers, GlobalAvgPool(), Linear(inputs, classes, rng=rng))


def _basic(inputs: int, maps: int, stride: int, rng: np.random.Generator) -> Sequential:
    first, second = _normalised(inputs, maps, 3, rng, stride=stride), _normalised(maps, maps, 3, rng)
    return Sequential(*first, ReLU(), *second)


def _bottleneck(inputs: int, maps: int, stride: int, rng: np.random.Generator) -> Sequential:
    narrow = _normalised(inputs, maps, 1, rng)
    middle = _normalised(maps, maps, 3, rng, stride=stride)
    return Sequential(*narrow, ReLU(), *middle, ReLU(), *_normalised(maps, 4 * maps, 1, rng))


def _normalised(inputs: int, outputs: int, size: int, rng: np.random.Generator, *, stride: int = 1) -> Sequential:
    convolution = Conv2d(inputs, outputs, size, stride, padding=size // 2, bias=False, rng=rng)
    return Sequential(convolution, BatchNorm(outputs))

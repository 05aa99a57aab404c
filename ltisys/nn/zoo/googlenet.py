"""Kernels of several sizes side by side."""

import numpy as np

from ..layers import BatchNorm, Conv2d, Dropout, GlobalAvgPool, Linear, MaxPool, Parallel, ReLU, Sequential

_INCEPTIONS = (  # maps of 1×1; of 1×1 before 3×3, and 3×3; of 1×1 before the second 3×3, and it; behind the pool
    ((64, 96, 128, 16, 32, 32), (128, 128, 192, 32, 96, 64)),
    (
        (192, 96, 208, 16, 48, 64),
        (160, 112, 224, 24, 64, 64),
        (128, 128, 256, 24, 64, 64),
        (112, 144, 288, 32, 64, 64),
        (256, 160, 320, 32, 128, 128),
    ),
    ((256, 160, 320, 32, 128, 128), (384, 192, 384, 48, 128, 128)),
)


def googlenet(classes: int = 1000, *, dropout: float = 0.2, seed: int = 0) -> Sequential:
    """GoogLeNet for images (B, 3, H, W), usually 224×224: 6,624,904 parameters with 1000 classes.

    Nine inception modules, each with batch normalisation behind its convolutions, and no auxiliary heads. As in the
    widespread version with these weights, the paper's 5×5 convolutions are 3×3.

    Parameters
    ----------
    classes : int
        Logits.
    dropout : float
        Probability of a zero before the dense layer.
    seed : int
        Decides the initial weights.

    References
    ----------
    Szegedy et al., Going Deeper with Convolutions, 2015, table 1; Ioffe and Szegedy, Batch Normalization, 2015.

    Examples
    --------
    >>> googlenet().n_parameters
    6624904
    """
    rng = np.random.default_rng(seed)
    net = Sequential(
        *_unit(3, 64, 7, rng, stride=2),
        MaxPool(3, 2, ceil_mode=True),
        *_unit(64, 64, 1, rng),
        *_unit(64, 192, 3, rng),
        MaxPool(3, 2, ceil_mode=True),
    )
    inputs = 192
    pools = (MaxPool(3, 2, ceil_mode=True), MaxPool(2, 2, ceil_mode=True))
    for stage, pool in zip(_INCEPTIONS, (*pools, None), strict=True):
        for maps in stage:
            net = Sequential(*net, _inception(inputs, maps, rng))
            inputs = maps[0] + maps[2] + maps[4] + maps[5]
        net = net if pool is None else Sequential(*net, pool)
    return Sequential(*net, GlobalAvgPool(), Dropout(dropout, rng=rng.spawn(1)[0]), Linear(inputs, classes, rng=rng))


def _inception(inputs: int, maps: tuple[int, ...], rng: np.random.Generator) -> Parallel:
    ones, before_threes, threes, before_fives, fives, pooled = maps
    return Parallel(
        _unit(inputs, ones, 1, rng),
        Sequential(*_unit(inputs, before_threes, 1, rng), *_unit(before_threes, threes, 3, rng)),
        Sequential(*_unit(inputs, before_fives, 1, rng), *_unit(before_fives, fives, 3, rng)),
        Sequential(MaxPool(3, 1, padding=1), *_unit(inputs, pooled, 1, rng)),
    )


def _unit(inputs: int, outputs: int, size: int, rng: np.random.Generator, *, stride: int = 1) -> Sequential:
    convolution = Conv2d(inputs, outputs, size, stride, padding=size // 2, bias=False, rng=rng)
    return Sequential(convolution, BatchNorm(outputs, eps=1e-3), ReLU())

"""A small network of this library's own for handwritten digits."""

import numpy as np

from ..layers import BatchNorm, Conv2d, GlobalAvgPool, Layer, Linear, ReLU, Residual, Sequential


def digits(seed: int = 0) -> Sequential:
    """A network for MNIST (B, 1, 28, 28) with fewer parameters than the lecture's shallow one: 93,802.

    A 5×5 convolution with stride 2 to thirty-two 14×14 maps, a residual pair of 3×3 there, three more 3×3 to sixty-four
    and back to thirty-two 7×7 maps, all normalised; then the mean of each map and ten logits.

    Parameters
    ----------
    seed : int
        Decides the initial weights.

    Examples
    --------
    >>> digits().n_parameters
    93802
    """
    rng = np.random.default_rng(seed)

    def convolution(channels: int, maps: int, size: int = 3, stride: int = 1) -> list[Layer]:
        return [Conv2d(channels, maps, size, stride=stride, bias=False, rng=rng), BatchNorm(maps)]

    return Sequential(
        *convolution(1, 32, 5, stride=2),
        ReLU(),
        Residual(Sequential(*convolution(32, 32), ReLU(), *convolution(32, 32))),
        ReLU(),
        *convolution(32, 64, stride=2),
        ReLU(),
        *convolution(64, 64),
        ReLU(),
        *convolution(64, 32),
        ReLU(),
        GlobalAvgPool(),
        Linear(32, 10, rng=rng),
    )

"""The lectures' own networks: regressions, dense layers, the two for MNIST, and the pattern of the classic ones."""

from itertools import pairwise

import numpy as np

from ...convolution.arguments import quantity
from ..layers import Conv2d, Flatten, Layer, Linear, MaxPool, ReLU, Sequential, Sigmoid


def logistic_regression(features: int = 1, seed: int = 0) -> Sequential:
    """The lectures' first model y = σ(w·x + b): features + 1 parameters.

    Parameters
    ----------
    features : int
        Numbers per example.
    seed : int
        Decides the initial weights.

    Examples
    --------
    >>> logistic_regression(2).n_parameters
    3
    """
    return Sequential(Flatten(), Linear(features, 1, rng=seed), Sigmoid())


def softmax_regression(features: int = 784, classes: int = 10, seed: int = 0) -> Sequential:
    """Logits W x + b: one template per class. Its loss, ``cross_entropy``, applies the softmax.

    Parameters
    ----------
    features, classes : int
        Numbers per example, and classes.
    seed : int
        Decides the initial weights.

    Examples
    --------
    >>> softmax_regression().n_parameters
    7850
    """
    return Sequential(Flatten(), Linear(features, classes, rng=seed))


def mlp(sizes: tuple[int, ...] = (784, 100, 10), seed: int = 0) -> Sequential:
    """Dense layers with ReLU between them, of any shape of input.

    Parameters
    ----------
    sizes : tuple of int
        Numbers per example, units of each hidden layer, classes.
    seed : int
        Decides the initial weights.

    Raises
    ------
    ValueError
        If there are fewer than two sizes.

    Examples
    --------
    >>> mlp((784, 100, 10)).n_parameters
    79510
    """
    if len(sizes) < 2:
        raise ValueError(f"mlp needs at least the sizes of input and output, got {sizes}")
    rng = np.random.default_rng(seed)
    net = Sequential(Flatten())
    for inputs, outputs in pairwise(sizes[:-1]):
        net = Sequential(*net, Linear(inputs, outputs, rng=rng), ReLU())
    return Sequential(*net, Linear(sizes[-2], sizes[-1], rng=rng))


def lecture_shallow(seed: int = 0) -> Sequential:
    """The lecture's shallow network for MNIST (B, 1, 28, 28): 98,820 parameters.

    A 5×5 convolution with stride 2 to ten 14×14 maps, a dense layer of 50, and ten logits.

    Parameters
    ----------
    seed : int
        Decides the initial weights.

    Examples
    --------
    >>> lecture_shallow().n_parameters
    98820
    """
    rng = np.random.default_rng(seed)
    return Sequential(
        Conv2d(1, 10, 5, stride=2, rng=rng),
        ReLU(),
        Flatten(),
        Linear(1960, 50, rng=rng),
        ReLU(),
        Linear(50, 10, rng=rng),
    )


def lecture_deep(seed: int = 0) -> Sequential:
    """The lecture's deep network for MNIST (B, 1, 28, 28): 229,340 parameters.

    Three convolutions, 5×5 with stride 2 to ten 14×14 maps, 3×3 with stride 2 to forty 7×7 maps, 3×3 to eighty of the
    same size, a dense layer of 50, and ten logits.

    Parameters
    ----------
    seed : int
        Decides the initial weights.

    Examples
    --------
    >>> lecture_deep().n_parameters
    229340
    """
    rng = np.random.default_rng(seed)
    return Sequential(
        Conv2d(1, 10, 5, stride=2, rng=rng),
        ReLU(),
        Conv2d(10, 40, 3, stride=2, rng=rng),
        ReLU(),
        Conv2d(40, 80, 3, rng=rng),
        ReLU(),
        Flatten(),
        Linear(3920, 50, rng=rng),
        ReLU(),
        Linear(50, 10, rng=rng),
    )


def classic(
    N: int,
    M: int,
    K: int,
    *,
    channels: int = 1,
    size: int = 28,
    maps: int = 16,
    units: int = 64,
    classes: int = 10,
    seed: int = 0,
) -> Sequential:
    """The pattern of the classic networks, [(conv-relu)·N-pool]·M-(fc-relu)·K-softmax.

    Convolutions are 3×3 with outputs as large as inputs, each pool halves both sides, and each stage has twice the maps
    of the one before. It ends in logits: its loss, ``cross_entropy``, applies the softmax.

    Parameters
    ----------
    N, M, K : int
        Convolutions per stage, stages, and dense layers before the last; usually up to 5, large, and 0 to 2.
    channels, size : int
        Channels and side of the images.
    maps, units : int
        Maps of the first stage, and units of each hidden dense layer.
    classes : int
        Logits.
    seed : int
        Decides the initial weights.

    Raises
    ------
    ValueError
        If a number is out of its range, or there is nothing left to pool after some stages.

    Examples
    --------
    >>> net = classic(2, 2, 1, maps=8)
    >>> [type(layer).__name__ for layer in net[:5]], net.n_parameters
    (['Conv2d', 'ReLU', 'Conv2d', 'ReLU', 'MaxPool'], 55042)
    """
    for name, number, least in (("N", N, 1), ("M", M, 0), ("K", K, 0), ("maps", maps, 1), ("units", units, 1)):
        quantity(name, number, least=least)
    if size >> M < 1:
        raise ValueError(f"images of side {size} cannot be halved M={M} times")
    rng = np.random.default_rng(seed)
    layers: list[Layer] = []
    for stage in range(M):
        for _ in range(N):
            layers += [Conv2d(channels, maps << stage, 3, rng=rng), ReLU()]
            channels = maps << stage
        layers.append(MaxPool(2))
    features = channels * (size >> M) ** 2
    layers.append(Flatten())
    for _ in range(K):
        layers += [Linear(features, units, rng=rng), ReLU()]
        features = units
    return Sequential(*layers, Linear(features, classes, rng=rng))

"""Networks ready to train, each with its published number of parameters."""

from itertools import pairwise

import numpy as np

from .layers import (
    BatchNorm,
    Conv1d,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool,
    Linear,
    ReLU,
    Residual,
    Sequential,
    Sigmoid,
)


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


def tc_resnet8(
    bands: int = 40, classes: int = 10, width: float = 1.0, *, dropout: float = 0.5, seed: int = 0
) -> Sequential:
    """TC-ResNet8 for keyword spotting: convolution along time, with the bands of a spectrogram as channels.

    It takes (B, bands, frames). A 3-tap convolution, three residual blocks of two 9-tap convolutions that each halve
    the frame rate, and the mean over time.

    Parameters
    ----------
    bands, classes : int
        Channels of the spectrogram, and words.
    width : float
        Factor on the channels (16, 24, 32, 48) inside.
    dropout : float
        Probability of a zero before the dense layer.
    seed : int
        Decides the initial weights.

    Raises
    ------
    ValueError
        If width is not positive.

    References
    ----------
    Choi et al., Temporal Convolution for Real-time Keyword Spotting on Mobile Devices, 2019, figure 2 and table 2.

    Examples
    --------
    >>> tc_resnet8().n_parameters, tc_resnet8(width=1.5).n_parameters
    (65050, 144082)
    """
    if not width > 0:
        raise ValueError(f"width must be positive, got {width}")
    rng = np.random.default_rng(seed)
    first, *rest = (max(1, round(width * channels)) for channels in (16, 24, 32, 48))
    net = Sequential(Conv1d(bands, first, 3, bias=False, rng=rng))
    inputs = first
    for outputs in rest:
        net = Sequential(*net, _temporal_block(inputs, outputs, rng), ReLU())
        inputs = outputs
    return Sequential(*net, GlobalAvgPool(), Dropout(dropout, rng=rng.spawn(1)[0]), Linear(inputs, classes, rng=rng))


def _temporal_block(inputs: int, outputs: int, rng: np.random.Generator) -> Residual:
    body = Sequential(
        Conv1d(inputs, outputs, 9, stride=2, bias=False, rng=rng),
        BatchNorm(outputs),
        ReLU(),
        Conv1d(outputs, outputs, 9, bias=False, rng=rng),
        BatchNorm(outputs),
    )
    shortcut = Sequential(Conv1d(inputs, outputs, 1, stride=2, bias=False, rng=rng), BatchNorm(outputs), ReLU())
    return Residual(body, shortcut)

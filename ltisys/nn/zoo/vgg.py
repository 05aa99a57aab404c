"""Depth by small kernels: nothing but 3×3 convolutions and pools."""

import numpy as np

from ..layers import AdaptiveAvgPool, Conv2d, Dropout, Flatten, Layer, Linear, MaxPool, ReLU, Sequential

_MAPS = (64, 128, 256, 512, 512)


def vgg16(classes: int = 1000, *, dropout: float = 0.5, seed: int = 0) -> Sequential:
    """VGG-16 for images (B, 3, 224, 224): 138,357,544 parameters with 1000 classes.

    Thirteen convolutions in five stages, and three dense layers. Images of another size, from 32×32 on, are averaged to
    the 7×7 maps that the dense layers take.

    Parameters
    ----------
    classes : int
        Logits.
    dropout : float
        Probability of a zero before the last two dense layers.
    seed : int
        Decides the initial weights.

    References
    ----------
    Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, 2015, table 1, column D.

    Examples
    --------
    >>> net = vgg16(classes=2)
    >>> sum(layer.weight.value.ndim == 4 for layer in net if hasattr(layer, "weight")), net[:5].n_parameters
    (13, 38720)
    """
    return _vgg((2, 2, 3, 3, 3), classes, dropout, seed)


def vgg19(classes: int = 1000, *, dropout: float = 0.5, seed: int = 0) -> Sequential:
    """VGG-19 for images (B, 3, 224, 224): 143,667,240 parameters with 1000 classes.

    As ``vgg16``, with sixteen convolutions.

    Parameters
    ----------
    classes, dropout, seed
        As for ``vgg16``.

    References
    ----------
    Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, 2015, table 1, column E.

    Examples
    --------
    >>> net = vgg19(classes=2)
    >>> sum(layer.weight.value.ndim == 4 for layer in net if hasattr(layer, "weight"))
    16
    """
    return _vgg((2, 2, 4, 4, 4), classes, dropout, seed)


def _vgg(convolutions: tuple[int, ...], classes: int, dropout: float, seed: int) -> Sequential:
    rng = np.random.default_rng(seed)
    layers: list[Layer] = []
    inputs = 3
    for count, maps in zip(convolutions, _MAPS, strict=True):
        for _ in range(count):
            layers += [Conv2d(inputs, maps, 3, padding=1, rng=rng), ReLU()]
            inputs = maps
        layers.append(MaxPool(2))
    return Sequential(
        *layers,
        AdaptiveAvgPool(7),
        Flatten(),
        Linear(inputs * 7 * 7, 4096, rng=rng),
        ReLU(),
        Dropout(dropout, rng=rng.spawn(1)[0]),
        Linear(4096, 4096, rng=rng),
        ReLU(),
        Dropout(dropout, rng=rng.spawn(1)[0]),
        Linear(4096, classes, rng=rng),
    )

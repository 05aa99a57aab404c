"""Networks for images of 32×32 in which convolutions do what dense layers and pools did before."""

import numpy as np

from ..layers import AvgPool, Conv2d, Dropout, GlobalAvgPool, Layer, MaxPool, ReLU, Sequential


def all_convolutional(classes: int = 10, *, dropout: float = 0.5, seed: int = 0) -> Sequential:
    """All-CNN-C for images (B, 3, H, W), usually 32×32: 1,369,738 parameters with 10 classes.

    Nine convolutions and a mean: those with stride 2 stand in for pools, those of 1×1 for dense layers.

    Parameters
    ----------
    classes : int
        Logits.
    dropout : float
        Probability of a zero behind the convolutions with stride 2; in the image it is 0.4 of that.
    seed : int
        Decides the initial weights.

    References
    ----------
    Springenberg et al., Striving for Simplicity: The All Convolutional Net, 2015, table 2.

    Examples
    --------
    >>> all_convolutional().n_parameters
    1369738
    """
    rng = np.random.default_rng(seed)
    layers: list[Layer] = [Dropout(0.4 * dropout, rng=rng.spawn(1)[0])]
    inputs = 3
    for maps in (96, 192):
        for stride in (1, 1, 2):
            layers += [Conv2d(inputs, maps, 3, stride, padding=1, rng=rng), ReLU()]
            inputs = maps
        layers.append(Dropout(dropout, rng=rng.spawn(1)[0]))
    for outputs, size in ((192, 3), (192, 1), (classes, 1)):
        layers += [Conv2d(192, outputs, size, mode="valid", rng=rng), ReLU()]
    return Sequential(*layers, GlobalAvgPool())


def network_in_network(classes: int = 10, *, dropout: float = 0.5, seed: int = 0) -> Sequential:
    """Network in network for images (B, 3, H, W), usually 32×32: 966,986 parameters with 10 classes.

    Three times a convolution with a small network behind it, the same at every place: two convolutions of 1×1.

    Parameters
    ----------
    classes : int
        Logits.
    dropout : float
        Probability of a zero behind the two pools.
    seed : int
        Decides the initial weights.

    References
    ----------
    Lin et al., Network in Network, 2014, and its published definition for CIFAR-10.

    Examples
    --------
    >>> network_in_network().n_parameters
    966986
    """
    rng = np.random.default_rng(seed)
    return Sequential(
        *_mlpconv(3, (192, 160, 96), 5, rng),
        MaxPool(3, 2, padding=1),
        Dropout(dropout, rng=rng.spawn(1)[0]),
        *_mlpconv(96, (192, 192, 192), 5, rng),
        AvgPool(3, 2, padding=1),
        Dropout(dropout, rng=rng.spawn(1)[0]),
        *_mlpconv(192, (192, 192, classes), 3, rng),
        GlobalAvgPool(),
    )


def _mlpconv(inputs: int, maps: tuple[int, int, int], size: int, rng: np.random.Generator) -> Sequential:
    first, second, third = maps
    return Sequential(
        Conv2d(inputs, first, size, padding=size // 2, rng=rng),
        ReLU(),
        Conv2d(first, second, 1, rng=rng),
        ReLU(),
        Conv2d(second, third, 1, rng=rng),
        ReLU(),
    )

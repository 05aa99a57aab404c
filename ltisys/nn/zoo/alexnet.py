"""The network that won ImageNet in 2012."""

import numpy as np

from ..layers import AdaptiveAvgPool, Conv2d, Dropout, Flatten, Linear, MaxPool, ReLU, Sequential


def alexnet(classes: int = 1000, *, dropout: float = 0.5, seed: int = 0) -> Sequential:
    """AlexNet for images (B, 3, 224, 224): 61,100,840 parameters with 1000 classes.

    The version for one device, without local response normalisation. Images of another size, from 63×63 on, are
    averaged to the 6×6 maps that the dense layers take.

    Parameters
    ----------
    classes : int
        Logits.
    dropout : float
        Probability of a zero before the first two dense layers.
    seed : int
        Decides the initial weights.

    References
    ----------
    Krizhevsky, One Weird Trick for Parallelizing Convolutional Neural Networks, 2014, footnote 1.

    Examples
    --------
    >>> net = alexnet(classes=10)
    >>> net[0].weight.shape, net[:6].n_parameters
    ((64, 3, 11, 11), 330688)
    """
    rng = np.random.default_rng(seed)
    return Sequential(
        Conv2d(3, 64, 11, 4, padding=2, rng=rng),
        ReLU(),
        MaxPool(3, 2),
        Conv2d(64, 192, 5, padding=2, rng=rng),
        ReLU(),
        MaxPool(3, 2),
        Conv2d(192, 384, 3, padding=1, rng=rng),
        ReLU(),
        Conv2d(384, 256, 3, padding=1, rng=rng),
        ReLU(),
        Conv2d(256, 256, 3, padding=1, rng=rng),
        ReLU(),
        MaxPool(3, 2),
        AdaptiveAvgPool(6),
        Flatten(),
        Dropout(dropout, rng=rng.spawn(1)[0]),
        Linear(256 * 6 * 6, 4096, rng=rng),
        ReLU(),
        Dropout(dropout, rng=rng.spawn(1)[0]),
        Linear(4096, 4096, rng=rng),
        ReLU(),
        Linear(4096, classes, rng=rng),
    )

"""The network that read cheques."""

import numpy as np

from ..layers import AvgPool, Conv2d, Flatten, Linear, Sequential, Tanh


def lenet5(classes: int = 10, seed: int = 0) -> Sequential:
    """LeNet-5 for images (B, 1, 28, 28): 61,706 parameters.

    Two 5×5 convolutions, each followed by averages of 2×2, and three dense layers. The images are padded to 32×32, the
    second convolution sees all six maps of the first, and the averages have no weights of their own, as is usual today.

    Parameters
    ----------
    classes : int
        Logits.
    seed : int
        Decides the initial weights.

    References
    ----------
    LeCun et al., Gradient-Based Learning Applied to Document Recognition, 1998, figure 2.

    Examples
    --------
    >>> lenet5().n_parameters
    61706
    """
    rng = np.random.default_rng(seed)
    return Sequential(
        Conv2d(1, 6, 5, padding=2, rng=rng),
        Tanh(),
        AvgPool(2),
        Conv2d(6, 16, 5, mode="valid", rng=rng),
        Tanh(),
        AvgPool(2),
        Flatten(),
        Linear(400, 120, rng=rng),
        Tanh(),
        Linear(120, 84, rng=rng),
        Tanh(),
        Linear(84, classes, rng=rng),
    )

"""A network as a table."""

import numpy as np

from .devices import moved
from .layers import Layer, Sequential


def summary(net: Layer, shape: tuple[int, ...]) -> str:
    """A table of the layers with their output shapes and numbers of parameters.

    Parameters
    ----------
    net : Layer
        A network.
    shape : tuple of int
        The shape of an input, batch included.

    Returns
    -------
    str
        A line for each step of a Sequential, and the total.

    Examples
    --------
    >>> from ltisys import nn
    >>> print(summary(nn.Sequential(nn.Linear(4, 3), nn.ReLU()), (1, 4)))
    layer   output  parameters
    Linear  (B, 3)          15
    ReLU    (B, 3)           0
    total                   15
    """
    rows = [("layer", "output", "parameters")]
    with net.evaluating():
        x = moved(np.zeros((1, *shape[1:]), dtype=net.dtype), net.device)
        for step in net if isinstance(net, Sequential) else (net,):
            x = step(x).value
            sizes = ", ".join(map(str, ("B", *x.shape[1:])))
            rows.append((type(step).__name__, f"({sizes})", f"{step.n_parameters:,}"))
    rows.append(("total", "", f"{net.n_parameters:,}"))
    first, second, third = (max(map(len, column)) for column in zip(*rows, strict=True))
    return "\n".join(f"{name:<{first}}  {output:<{second}}  {count:>{third}}" for name, output, count in rows)

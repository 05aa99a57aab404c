"""Layers that change a shape and compute nothing."""

import math
from typing import Any

from .. import functions
from ..graph import Array, Variable
from .layer import Layer


class Flatten(Layer):
    """(B, C, ...) to (B, C·...), in C order.

    Examples
    --------
    >>> import numpy as np
    >>> Flatten()(np.zeros((5, 2, 3, 4))).shape
    (5, 24)
    """

    def __call__(self, x: Variable | Array) -> Variable:
        """The rows."""
        return functions.reshape(x, shape=(x.shape[0], math.prod(x.shape[1:])))


class Unflatten(Layer):
    """One axis to several, in C order.

    Parameters
    ----------
    dim : int
        The axis to divide; not 0, the batch.
    sizes : tuple of int
        The axes that take its place: their product is its length.

    Raises
    ------
    ValueError
        If dim is 0, a size is below 1, or the length of the axis is not the product of the sizes.

    Examples
    --------
    A spectrogram as an image with one channel:

    >>> import numpy as np
    >>> Unflatten(1, (1, 40))(np.zeros((5, 40, 98))).shape
    (5, 1, 40, 98)
    """

    def __init__(self, dim: int, sizes: tuple[int, ...]) -> None:
        if dim == 0:
            raise ValueError("dim of Unflatten must not be 0, the axis of the batch")
        if not sizes or min(sizes) < 1:
            raise ValueError(f"sizes of Unflatten must be at least 1 each, got {sizes}")
        self.dim = dim
        self.sizes = tuple(sizes)

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {"dim": self.dim, "sizes": self.sizes}

    def __call__(self, x: Variable | Array) -> Variable:
        """The same numbers in more axes."""
        dim = self.dim + len(x.shape) if self.dim < 0 else self.dim
        if not 0 < dim < len(x.shape) or x.shape[dim] != math.prod(self.sizes):
            raise ValueError(f"{self!r} takes {math.prod(self.sizes)} along axis {self.dim}, got shape {x.shape}")
        return functions.reshape(x, shape=(*x.shape[:dim], *self.sizes, *x.shape[dim + 1 :]))


class Crop(Layer):
    """All but the first and the last samples along the last axis: (..., N) to (..., N − before − after).

    The shortcut past a body of convolutions in mode "valid" needs it.

    Parameters
    ----------
    before, after : int
        How many samples to leave out at each end.

    Raises
    ------
    ValueError
        If a number is negative, or nothing is left.

    Examples
    --------
    >>> import numpy as np
    >>> Crop(1, 1)(np.array([[[1.0, 2.0, 3.0]]]))
    Variable([[[2.]]])
    """

    def __init__(self, before: int, after: int) -> None:
        if min(before, after) < 0:
            raise ValueError(f"Crop leaves out 0 samples or more at each end, got {before} and {after}")
        self.before = before
        self.after = after

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {"before": self.before, "after": self.after}

    def __call__(self, x: Variable | Array) -> Variable:
        """The middle."""
        if x.shape[-1] <= self.before + self.after:
            raise ValueError(f"{self!r} needs more than {self.before + self.after} samples, got shape {x.shape}")
        return functions.crop(x, before=self.before, after=self.after)

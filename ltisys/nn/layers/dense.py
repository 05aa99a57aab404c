"""The dense layer, and the reshaping in front of it."""

from typing import Any

import numpy as np

from .. import functions
from ..graph import Array, Variable
from .layer import Layer, Randomness, he_normal


class Linear(Layer):
    """y = x Wᵀ + b.

    Parameters
    ----------
    in_features, out_features : int
        The lengths of x and y.
    bias : bool
        Whether there is a b.
    rng : generator, int or None
        Draws the weights.

    Attributes
    ----------
    weight : Variable (out, in)
        W.
    bias : Variable (out,) or None
        b.

    Raises
    ------
    ValueError
        If a length is below 1, or x has another number of features.

    Examples
    --------
    >>> Linear(3, 2, rng=0)(np.zeros((5, 3))).shape
    (5, 2)
    """

    def __init__(self, in_features: int, out_features: int, bias: bool = True, *, rng: Randomness = None) -> None:
        if min(in_features, out_features) < 1:
            raise ValueError(f"Linear needs at least 1 feature on each side, got {in_features} and {out_features}")
        self.weight = Variable(he_normal((out_features, in_features), np.random.default_rng(rng)), "weight")
        self.bias = Variable(np.zeros(out_features, dtype=np.float32), "bias") if bias else None

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        out_features, in_features = self.weight.shape
        return {"in_features": in_features, "out_features": out_features, "bias": self.bias is not None}

    def __call__(self, x: Variable | Array) -> Variable:
        """The products (..., out) for x (..., in)."""
        return self._multiplied(x, relu=False)

    def rectified(self, x: Variable | Array) -> Variable:
        """max(0, ·) of the products."""
        return self._multiplied(x, relu=True)

    def _multiplied(self, x: Variable | Array, relu: bool) -> Variable:
        if x.shape[-1:] != self.weight.shape[1:]:
            raise ValueError(f"{self!r} takes (..., {self.weight.shape[1]}), got shape {x.shape}")
        return functions.linear(x, self.weight, *([] if self.bias is None else [self.bias]), relu=relu)

"""Losses: how wrong a batch of outputs is, as one number."""

import operator
from collections.abc import Iterable
from functools import reduce

import numpy as np
from numpy.typing import ArrayLike

from . import functions
from .devices import as_array, brought, device_of
from .graph import Array, Variable


def cross_entropy(logits: Variable | Array, t: ArrayLike, label_smoothing: float = 0.0) -> Variable:
    """The mean over the batch of −Σ_c p_c log softmax(logits)_c, for targets p.

    Parameters
    ----------
    logits : Variable or array (B, C)
        Scores before softmax.
    t : array_like (B,) or (B, C)
        Class indices, or a probability for every class. They may lie in main memory where the logits do not.
    label_smoothing : float
        Mix the targets with this much of the uniform distribution.

    Returns
    -------
    Variable
        A scalar.

    Raises
    ------
    ValueError
        If shapes do not fit, a class index is not one of 0 … C−1, or label_smoothing is outside [0, 1].
    TypeError
        If one-dimensional targets are not integers.

    Examples
    --------
    >>> round(cross_entropy(Variable([[2.0, 0.0]]), [0]).item(), 4)
    0.1269
    """
    if len(logits.shape) != 2:
        raise ValueError(f"cross_entropy takes logits (B, C), got shape {logits.shape}")
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"label_smoothing must lie in [0, 1], got {label_smoothing}")
    batch, classes = logits.shape
    targets = as_array(t)
    if targets.ndim == 1:
        targets = _one_hot(targets, batch, classes, logits.dtype)
    if targets.shape != (batch, classes):
        raise ValueError(f"targets must have shape ({batch},) or {(batch, classes)}, got {targets.shape}")
    if label_smoothing:
        targets = targets * (1 - label_smoothing) + label_smoothing / classes
    return functions.softmax_cross_entropy(logits, targets=_beside(logits, targets))


def squared_error(y: Variable | Array, t: Variable | ArrayLike) -> Variable:
    """The mean over the batch of ½ Σ (y − t)², as the lectures define it for one example.

    Parameters
    ----------
    y : Variable or array (B, ...)
        Outputs.
    t : Variable or array_like (B, ...)
        Targets, of the same shape.

    Returns
    -------
    Variable
        A scalar.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> squared_error(Variable([3.0, 1.0]), [0.0, 1.0]).item()
    2.25
    """
    targets = t if isinstance(t, Variable) else as_array(t)
    if y.shape != targets.shape:
        raise ValueError(f"outputs and targets must have one shape, got {y.shape} and {targets.shape}")
    if not isinstance(targets, Variable):
        targets = _beside(y, targets)
    return functions.half_squared_distance(y, targets)


def logistic_least_squares(z: Variable | Array, t: Variable | ArrayLike) -> Variable:
    """The lectures' first loss: the mean over the batch of ½ Σ (σ(z) − t)², σ the logistic function.

    Parameters
    ----------
    z : Variable or array (B, ...)
        Outputs before the logistic function.
    t : Variable or array_like (B, ...)
        Targets between 0 and 1, of the same shape.

    Returns
    -------
    Variable
        A scalar.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> logistic_least_squares(Variable([0.0]), [1.0]).item()
    0.125
    """
    return squared_error(functions.sigmoid(z), t)


def l2_penalty(parameters: Iterable[Variable], strength: float) -> Variable:
    """The penalty strength/2 · Σ w² over all weights, to be added to a loss.

    Parameters
    ----------
    parameters : iterable of Variable
        What to keep small, usually ``net.parameters()``.
    strength : float
        λ of the lectures.

    Returns
    -------
    Variable
        A scalar.

    Raises
    ------
    ValueError
        If there are no parameters, or strength is negative.

    Examples
    --------
    >>> l2_penalty([Variable([3.0, 4.0])], 0.1).item()
    1.25
    """
    if strength < 0:
        raise ValueError(f"strength must not be negative, got {strength}")
    squares = [functions.sum(parameter * parameter) for parameter in parameters]
    if not squares:
        raise ValueError("a penalty needs at least one parameter, got none")
    return reduce(operator.add, squares) * (strength / 2)


def _one_hot(indices: Array, batch: int, classes: int, dtype: np.dtype) -> Array:
    if indices.dtype.kind not in "iu":
        raise TypeError(f"class indices must be integers, got dtype {indices.dtype}")
    if len(indices) != batch:
        raise ValueError(f"{batch} outputs need as many targets, got {len(indices)}")
    chosen = indices[:, None] == np.asarray(np.arange(classes), like=indices)
    if np.count_nonzero(chosen) != batch:
        wrong = indices[(indices < 0) | (indices >= classes)]
        raise ValueError(f"class indices must be 0 to {classes - 1}, got {wrong[0]}")
    return chosen.astype(dtype)


def _beside(outputs: Variable | Array, targets: Array) -> Array:
    """Targets in the dtype of the outputs, and where those lie."""
    value = outputs.value if isinstance(outputs, Variable) else outputs
    return brought(targets, device_of(value), value.dtype)

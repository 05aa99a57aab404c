"""Kernels that are sums of one or two outer products, applied as passes along the two axes."""

import math

import numpy as np

from .numerics import is_finite

MOST_TERMS = 2


def factors(h: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]] | None:
    """Return pairs (column, row) whose outer products sum to h, or None when more than MOST_TERMS are needed.

    Floats are factored by the singular value decomposition in double precision; what it discards is at most
    eps·Σ|h|. Integer kernels are factored exactly, or not at all.

    Examples
    --------
    >>> factors(np.array([[1, 2], [2, 4]]))
    [(array([1, 2]), array([1, 2]))]
    """
    if not is_finite(h):
        return None
    if h.dtype.kind == "i":
        return _integer_factors(h)
    wide = h.astype(np.complex128 if h.dtype.kind == "c" else np.float64)
    left, weights, right = np.linalg.svd(wide, full_matrices=False)
    tolerance = float(np.finfo(h.dtype).eps) * float(np.abs(wide).sum())
    rank = len(weights)
    # the entries of the discarded part sum to at most √(KH·KW) times its Frobenius norm
    while rank and math.sqrt(h.size) * float(np.linalg.norm(weights[rank - 1 :])) <= tolerance:
        rank -= 1
    if rank > MOST_TERMS:
        return None
    scale = np.sqrt(weights)
    return [
        ((left[:, r] * scale[r]).astype(h.dtype), (right[r] * scale[r]).astype(h.dtype)) for r in range(max(rank, 1))
    ]


def _integer_factors(h):
    used = np.flatnonzero(h.any(axis=1))
    if not len(used):
        return [(np.zeros(len(h), h.dtype), np.zeros(h.shape[1], h.dtype))]
    row = h[used[0]] // math.gcd(*map(int, h[used[0]]))
    pivot = np.flatnonzero(row)[0]
    column = h[:, pivot] // row[pivot]
    return [(column, row)] if np.array_equal(np.outer(column, row), h) else None

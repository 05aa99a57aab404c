"""Kernels that are sums of one or two outer products, applied as passes along the two axes."""

import math
from functools import lru_cache

import numpy as np

from .numerics import is_finite

MOST_TERMS = 2


def factors(h: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]] | None:
    """Return pairs (column, row) whose outer products sum to h, or None when more than MOST_TERMS are needed.

    Floats are factored by the singular value decomposition in double precision, or by elimination; what is discarded
    is at most eps·Σ|h|. Integer kernels are factored exactly, or not at all.

    Examples
    --------
    >>> factors(np.array([[1, 2], [2, 4]]))
    [(array([1, 2]), array([1, 2]))]
    """
    return _remembered_factors(h.tobytes(), h.dtype, h.shape)


@lru_cache(maxsize=64)
def _remembered_factors(content: bytes, dtype: np.dtype, shape: tuple[int, int]):
    """Factor a kernel given by its content: the same kernel is applied again and again."""
    h = np.frombuffer(content, dtype).reshape(shape)
    if not is_finite(h):
        return None
    if h.dtype.kind == "i":
        return _integer_factors(h)
    return _leading_factors(h) or _pivot_factors(h)


def _leading_factors(h):
    """Return the terms of the singular value decomposition that matter, or None when these are too many."""
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


def _pivot_factors(h):
    """Return the terms by elimination: kernels that are sums of outer products up to rounding leave almost nothing.

    The singular values of double precision kernels are themselves not exact enough to tell.
    """
    rest = h.astype(np.clongdouble if h.dtype.kind == "c" else np.longdouble)
    tolerance = float(np.finfo(h.dtype).eps) * float(np.abs(h).sum())
    terms = []
    for _ in range(MOST_TERMS):
        i, j = np.unravel_index(np.argmax(np.abs(rest)), h.shape)
        column, row = rest[:, j].copy(), rest[i] / rest[i, j]
        terms.append((column.astype(h.dtype), row.astype(h.dtype)))
        rest -= np.outer(column, row)
        if float(np.abs(rest).sum()) <= tolerance:
            return terms
    return None


def _integer_factors(h):
    used = np.flatnonzero(h.any(axis=1))
    if not len(used):
        return [(np.zeros(len(h), h.dtype), np.zeros(h.shape[1], h.dtype))]
    row = h[used[0]] // math.gcd(*map(int, h[used[0]]))
    pivot = np.flatnonzero(row)[0]
    column = h[:, pivot] // row[pivot]
    return [(column, row)] if np.array_equal(np.outer(column, row), h) else None

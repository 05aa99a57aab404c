"""Examples as points in a space of features: who lies near whom."""

from typing import NamedTuple

import numpy as np

from ..graph import Array


class Neighbours(NamedTuple):
    """The nearest points to some queries, nearest first.

    Attributes
    ----------
    indices : ndarray (Q, K)
        Which ones.
    distances : ndarray (Q, K)
        How far.
    """

    indices: np.ndarray
    distances: np.ndarray


def nearest(points: Array, queries: Array, count: int = 5) -> Neighbours:
    """The nearest points by Euclidean distance, in feature space or in pixel space.

    Parameters
    ----------
    points : array (N, ...)
        Where to look; axes after the first count as coordinates.
    queries : array (Q, ...)
        Whose neighbours are wanted.
    count : int
        How many.

    Returns
    -------
    Neighbours

    Raises
    ------
    ValueError
        If count is not 1 to N, or the points and queries have different coordinates.

    Examples
    --------
    >>> nearest(np.array([[0.0], [1.0], [5.0]]), np.array([[4.0]]), count=2)
    Neighbours(indices=array([[2, 1]]), distances=array([[1., 3.]]))
    """
    points, queries = (np.asarray(a, np.float64).reshape(len(a), -1) for a in (points, queries))
    if points.shape[1] != queries.shape[1]:
        raise ValueError(f"points have {points.shape[1]} coordinates and queries {queries.shape[1]}")
    if not 1 <= count <= len(points):
        raise ValueError(f"count must be 1 to {len(points)}, got {count}")
    squares = np.sum(queries**2, axis=1)[:, None] - 2 * queries @ points.T + np.sum(points**2, axis=1)
    indices = np.argsort(squares, axis=1, kind="stable")[:, :count]
    distances = np.sqrt(np.maximum(np.take_along_axis(squares, indices, axis=1), 0))
    return Neighbours(indices, distances)


def principal_components(features: Array, count: int = 2) -> tuple[Array, Array]:
    """Features seen along the directions in which they vary most.

    Parameters
    ----------
    features : array (N, ...)
        One row for each example; axes after the first count as coordinates.
    count : int
        How many directions.

    Returns
    -------
    projected : array (N, count)
        Coordinates along them, each with mean 0.
    shares : array (count,)
        The part of the whole variance along each, the largest first.

    Raises
    ------
    ValueError
        If there are fewer than two examples, or count is not 1 to the smaller of examples and coordinates.

    Examples
    --------
    >>> projected, shares = principal_components(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]), 1)
    >>> np.abs(projected[:, 0]).round(3), shares.round(3)
    (array([1.414, 0.   , 1.414]), array([1.]))
    """
    rows = np.asarray(features, np.float64).reshape(len(features), -1)
    if len(rows) < 2:
        raise ValueError(f"directions of variation need at least two examples, got {len(rows)}")
    if not 1 <= count <= min(rows.shape):
        raise ValueError(f"count must be 1 to {min(rows.shape)}, got {count}")
    rows = rows - rows.mean(axis=0)
    left, lengths, _ = np.linalg.svd(rows, full_matrices=False)
    powers = lengths**2
    return left[:, :count] * lengths[:count], powers[:count] / max(powers.sum(), 1e-300)


def tsne(features: Array, *, perplexity: float = 30.0, seed: int = 0) -> Array:
    """Features in the plane, so that near ones stay near: t-SNE by scikit-learn, the optional extra ``[inspect]``.

    Parameters
    ----------
    features : array (N, ...)
        One row for each example.
    perplexity : float
        About how many neighbours count.
    seed : int
        The same seed gives the same picture.

    Returns
    -------
    array (N, 2)

    Raises
    ------
    ImportError
        If scikit-learn is not installed.
    ValueError
        If the perplexity is not between 0 and the number of examples.

    References
    ----------
    van der Maaten and Hinton, Visualizing Data using t-SNE, 2008.
    """
    try:
        from sklearn.manifold import TSNE  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise ImportError('t-SNE needs scikit-learn: pip install "ltisys[inspect]"') from None
    if not 0 < perplexity < len(features):
        raise ValueError(f"perplexity must lie between 0 and the {len(features)} examples, got {perplexity}")
    rows = np.asarray(features, np.float64).reshape(len(features), -1)
    return TSNE(perplexity=perplexity, random_state=seed, init="pca").fit_transform(rows)

"""Digits drawn by formulas: the data set of images that needs no download."""

import operator

import numpy as np

from .handwriting import Digits

_SIZE = 28
_DOTS = 14  # along each piece of a stroke
# Every digit as strokes through points (x to the right, y downwards) in the unit square, smooth where they pass.
_STROKES: tuple[tuple[tuple[tuple[float, float], ...], ...], ...] = (
    (((0.5, 0.05), (0.2, 0.25), (0.18, 0.65), (0.45, 0.95), (0.78, 0.75), (0.82, 0.35), (0.5, 0.05)),),
    (((0.32, 0.25), (0.55, 0.05)), ((0.55, 0.05), (0.53, 0.5), (0.5, 0.95))),
    (((0.2, 0.28), (0.45, 0.05), (0.75, 0.25), (0.55, 0.6), (0.18, 0.93)), ((0.18, 0.93), (0.82, 0.93))),
    (((0.22, 0.15), (0.5, 0.05), (0.74, 0.25), (0.45, 0.46)), ((0.45, 0.46), (0.8, 0.68), (0.5, 0.96), (0.2, 0.85))),
    (((0.6, 0.05), (0.2, 0.62)), ((0.2, 0.62), (0.85, 0.62)), ((0.65, 0.35), (0.62, 0.97))),
    (((0.75, 0.06), (0.3, 0.06)), ((0.3, 0.06), (0.25, 0.45)), ((0.25, 0.45), (0.7, 0.45), (0.72, 0.85), (0.2, 0.92))),
    (((0.66, 0.05), (0.3, 0.4), (0.25, 0.8), (0.55, 0.96), (0.75, 0.75), (0.55, 0.55), (0.27, 0.7)),),
    (((0.18, 0.07), (0.8, 0.07)), ((0.8, 0.07), (0.55, 0.45), (0.42, 0.96))),
    (((0.5, 0.5), (0.25, 0.25), (0.5, 0.05), (0.74, 0.25), (0.5, 0.5)),
     ((0.5, 0.5), (0.2, 0.75), (0.5, 0.96), (0.8, 0.75), (0.5, 0.5))),
    (((0.74, 0.3), (0.5, 0.52), (0.26, 0.3), (0.5, 0.05), (0.74, 0.3)), ((0.74, 0.3), (0.7, 0.65), (0.58, 0.96))),
)  # fmt: skip


def drawn_digits(training: int = 4000, testing: int = 1000, *, seed: int = 0) -> Digits:
    """Digits in the shape of MNIST, drawn with a pen of varying width by varying hands: no download, no licence.

    Parameters
    ----------
    training, testing : int
        How many images of each part.
    seed : int
        Equal seeds give equal images.

    Returns
    -------
    Digits
        Far easier than handwriting: a stand-in to try things with, not a benchmark.

    Raises
    ------
    ValueError
        Fewer than ten images in a part.

    Examples
    --------
    >>> digits = drawn_digits(20, 10)
    >>> digits.x_train.shape, digits.t_test.tolist()
    ((20, 1, 28, 28), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    for name, count in (("training", training), ("testing", testing)):
        if operator.index(count) < 10:
            raise ValueError(f"{name} must be at least 10, one image for each digit, got {count}")
    rng = np.random.default_rng(seed)
    parts = []
    for count in (training, testing):
        t = np.arange(count) % 10
        parts += [np.stack([_image(int(digit), rng) for digit in t])[:, np.newaxis], t]
    return Digits(*parts)


def _image(digit: int, rng: np.random.Generator) -> np.ndarray:
    """One drawing: grey values (28, 28), as dark as the pixel is covered by the pen."""
    turn, slant = rng.normal(0, 0.12), rng.normal(0, 0.2)
    cosine, sine = np.cos(turn), np.sin(turn)
    hand = np.array([[cosine, -sine], [sine, cosine]]) @ np.array([[1, -slant], [0, 1]])
    hand *= 20 * np.exp(rng.normal(0, (0.08, 0.06)))  # a digit is about twenty pixels tall
    middle = (_SIZE - 1) / 2 + rng.normal(0, 1.0, 2)
    wobble = rng.normal(0, 0.025, (40, 2))  # one for every point, the same where strokes meet
    seen: dict[tuple[float, float], int] = {}
    lines = []
    for stroke in _STROKES[digit]:
        points = np.array([(p + wobble[seen.setdefault(p, len(seen))]) - 0.5 for p in stroke])
        lines.append(middle + _smooth(points) @ hand.T)
    width = rng.uniform(1.0, 1.9)
    distance = np.min([_distance(line) for line in lines], axis=0)
    return np.clip(width + 0.5 - distance, 0, 1).astype(np.float32)


def _smooth(points: np.ndarray) -> np.ndarray:
    """Dots along the curve of Catmull and Rom through the points, (dots, 2); two points make a straight line."""
    first, last = 2 * points[0] - points[1], 2 * points[-1] - points[-2]
    p = np.concatenate([[first], points, [last]])
    t = np.linspace(0, 1, _DOTS)[:, np.newaxis]
    pieces = [
        p[i] * (-t + 2 * t**2 - t**3) / 2
        + p[i + 1] * (2 - 5 * t**2 + 3 * t**3) / 2
        + p[i + 2] * (t + 4 * t**2 - 3 * t**3) / 2
        + p[i + 3] * (t**3 - t**2) / 2
        for i in range(len(points) - 1)
    ]
    return np.concatenate(pieces)


def _distance(line: np.ndarray) -> np.ndarray:
    """The distance of every pixel to the nearest dot of a line, (28, 28), in pixels; dots lie closer than a pixel."""
    x, y = line[:, 0, np.newaxis], line[:, 1, np.newaxis]
    k = np.arange(_SIZE)
    squares = np.square(k - y)[:, :, np.newaxis] + np.square(k - x)[:, np.newaxis, :]
    return np.sqrt(squares.min(axis=0))

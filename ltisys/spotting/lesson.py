"""The lectures' point, measured: what weight sharing along time is worth when words move, and what a mean can do."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ltisys import nn

from .augment import Augment
from .spotter import Spotter

SHIFTS = (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3)  # seconds


@dataclass(frozen=True)
class Lesson:
    """How accuracy holds when the words move in time.

    Parameters
    ----------
    shifts : tuple of float
        Seconds.
    convolutional, dense : tuple of float
        Accuracy of the spotter's network and of a dense one at each shift.
    dense_parameters : int
        Size of the dense network.
    trained : float
        Largest shift of the words in training, in seconds.
    """

    shifts: tuple[float, ...]
    convolutional: tuple[float, ...]
    dense: tuple[float, ...]
    dense_parameters: int
    trained: float


def centred(samples: np.ndarray, rate: int) -> np.ndarray:
    """Clips rolled so that their energy is about the middle: what leaves at one end enters at the other.

    Parameters
    ----------
    samples : ndarray, (clips, n)
        Clips with a steady background.
    rate : int
        Samples per second.

    Returns
    -------
    ndarray, (clips, n)
        Of the same kind.

    Examples
    --------
    >>> centred(np.array([[9.0, 9.0, 0.0, 0.0, 0.0, 0.0]]), rate=100)
    array([[0., 0., 9., 9., 0., 0.]])
    """
    hop = max(1, rate // 100)
    n = samples.shape[1] // hop * hop
    power = np.square(samples[:, :n], dtype=np.float64).reshape(len(samples), -1, hop).mean(axis=2)
    power = np.maximum(power - 2 * np.median(power, axis=1, keepdims=True), 0)
    # words are short, so energy is averaged on the circle: no end is nearer than the other
    angle = 2 * np.pi * (np.arange(power.shape[1]) + 0.5) / power.shape[1]
    middle = np.angle((power * np.exp(1j * angle)).sum(axis=1)) % (2 * np.pi) / (2 * np.pi) * n
    out = np.empty_like(samples)
    for row, x, m in zip(out, samples, middle, strict=True):
        row[:] = np.roll(x, round(samples.shape[1] / 2 - m))
    return out


def nearest_mean(features: np.ndarray, t: np.ndarray, new: np.ndarray) -> np.ndarray:
    """The class whose mean log-mel picture is nearest: the simplest classifier there is.

    Parameters
    ----------
    features : ndarray, (clips, bands, frames)
        Training clips.
    t : ndarray, (clips,)
        Their classes.
    new : ndarray, (others, bands, frames)
        Clips to classify.

    Returns
    -------
    ndarray, (others,)
        Their classes.

    Examples
    --------
    >>> nearest_mean(np.array([[[0.0]], [[1.0]], [[9.0]]]), np.array([0, 0, 1]), np.array([[[2.0]], [[6.0]]]))
    array([0, 1])
    """
    classes = np.unique(t)
    means = np.stack([features[t == c].mean(axis=0).ravel() for c in classes])
    flat = new.reshape(len(new), -1)
    squared = np.square(means).sum(axis=1) - 2 * flat @ means.T  # + |flat|², the same for all classes
    return classes[np.argmin(squared, axis=1)]


def dense_network(
    x: np.ndarray, t: np.ndarray, augment: Augment, shape: tuple[int, int, int], *, epochs: int, seed: int = 0
) -> nn.Layer:
    """A network without weight sharing, trained on the same features: every frame and band has weights of its own.

    Parameters
    ----------
    x, t : ndarray
        Examples as samples, and their classes.
    augment : Augment
        From samples to varied features.
    shape : tuple of int
        Bands, frames, classes.
    epochs : int
        How often every clip is heard.
    seed : int
        Of weights and variation.

    Returns
    -------
    nn.Layer
    """
    bands, frames, classes = shape
    rng = np.random.default_rng(seed)
    net = nn.Sequential(
        nn.Flatten(), nn.Linear(bands * frames, 64, rng=rng), nn.ReLU(), nn.Linear(64, classes, rng=rng)
    )
    optimiser = nn.AdamW(net.parameters(), lr=1e-3, weight_decay=0.05)
    schedule = nn.OneCycle(optimiser, max_lr=1e-3, steps=epochs * -(-len(x) // 64))
    nn.fit(
        net, (x, t), loss=nn.cross_entropy, optimiser=optimiser, schedule=schedule, epochs=epochs, batch_size=64,
        augment=augment, seed=seed, progress=False,
    )  # fmt: skip
    return net


def by_shift(
    spotter: Spotter,
    dense: nn.Layer,
    x: np.ndarray,
    t: np.ndarray,
    *,
    trained: float,
    shifts: Sequence[float] = SHIFTS,
) -> Lesson:
    """Accuracy of both networks on clips rolled in time.

    Parameters
    ----------
    spotter : Spotter
        Of which the network is tested.
    dense : nn.Layer
        The network without weight sharing.
    x : ndarray, (clips, n)
        Words in the middle of the clips.
    t : ndarray, (clips,)
        Their classes.
    trained : float
        Largest shift of the words in training, in seconds.
    shifts : sequence of float
        Seconds.

    Returns
    -------
    Lesson
    """
    convolutional, other = [], []
    for shift in shifts:
        features = spotter.front_end(np.roll(x, round(shift * spotter.rate), axis=1))
        for net, accuracies in ((spotter.net, convolutional), (dense, other)):
            accuracies.append(float(np.mean(net.predict(features).argmax(axis=1) == t)))
    return Lesson(tuple(shifts), tuple(convolutional), tuple(other), dense.n_parameters, trained)

"""Learning from other spotters: what several say of a sound, on average, is what one network is to say of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ltisys import nn

from .frontend import FrontEnd
from .scanning import softmax
from .spotter import Spotter


class Taught:
    """Makes the features of a training batch, and the probabilities that the teachers give to what was made.

    Networks that began with other weights err in other places, so that they are right together more often than each
    by itself. They hear every clip as the learner does, at the same speed, place, level and noise, and their doubts
    tell more than the label: how much of a word is left in the noise, and which other word it is close to.

    Parameters
    ----------
    augment : callable
        ``augment(x_batch, rng)`` gives varied features, see `Augment`.
    front_end : FrontEnd
        That of the learner.
    teachers : sequence of Spotter
        See `refuse_unfit`.
    words : sequence of str
        Those of the learner, in their order.

    References
    ----------
    Hinton, Vinyals, Dean, Distilling the Knowledge in a Neural Network, arXiv:1503.02531; Beyer et al., Knowledge
    distillation: A good teacher is patient and consistent, arXiv:2106.05237 (the same view for both, and long runs).

    See Also
    --------
    ltisys.nn.fit : calls it as ``augment(x_batch, rng)``.
    """

    def __init__(
        self,
        augment: Callable[[np.ndarray, np.random.Generator], np.ndarray],
        front_end: FrontEnd,
        teachers: Sequence[Spotter],
        words: Sequence[str],
    ) -> None:
        self._augment = augment
        self._front_end = front_end
        self._teachers = [
            (teacher.front_end, nn.folded(teacher.net), [teacher.words.index(word) for word in words])
            for teacher in teachers
        ]

    def __call__(self, x: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Features (clips, bands, frames) and probabilities (clips, words) of a batch (clips, n) of samples."""
        features = self._augment(x, rng)
        frames = self._front_end.restored(features)
        answers = [softmax(net.predict(own.normalise(frames)))[:, order] for own, net, order in self._teachers]
        return features, np.mean(answers, axis=0).astype(np.float32)


def refuse_unfit(teachers: Sequence[Spotter], words: Sequence[str], front_end: FrontEnd) -> None:
    """Raise a ValueError unless all teachers know these words, and hear through the filters of this front end."""
    for teacher in teachers:
        if set(teacher.words) != set(words):
            raise ValueError(f"a teacher must know the words {', '.join(words)}, got one of {', '.join(teacher.words)}")
        if replace(teacher.front_end, mean=front_end.mean, scale=front_end.scale) != front_end:
            raise ValueError(
                f"a teacher must hear through the same filters, {_heard(front_end)}, got {_heard(teacher.front_end)}"
            )


def _heard(front_end: FrontEnd) -> str:
    return f"{front_end.log_mel} in windows of {front_end.window} s"

"""How good a spotter is: accuracy on clips, and misses against false alarms in continuous sound."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ltisys.datasets import Clips

from .assembly import Assembly, halves
from .confidence import of_share
from .examples import held_out_from, to_judge
from .operating import OperatingPoint, chosen, operating_points
from .spotter import Spotter

RATES = (0.5, 5.0)  # false alarms per hour for which misses are reported


@dataclass(frozen=True)
class Scores:
    """Results of a spotter on a data set.

    Parameters
    ----------
    accuracy : float
        Over all clips: keywords, unknown words and silence.
    keyword_accuracy : float
        Over the clips of keywords.
    words : tuple of str
        Order of the rows and columns of `confusion`.
    confusion : ndarray, (words, words)
        Clips by true word (row) and by answer (column).
    operating_points : tuple of OperatingPoint
        Misses against false alarms in a long recording; empty if not asked for.
    at_rates : dict of float to OperatingPoint
        For so many false alarms per hour: the threshold that was best on another recording, of other speakers and
        noise, and what it gives on this one.
    """

    accuracy: float
    keyword_accuracy: float
    words: tuple[str, ...]
    confusion: np.ndarray
    operating_points: tuple[OperatingPoint, ...] = ()
    at_rates: dict[float, OperatingPoint] = field(default_factory=dict)

    @property
    def accuracy_interval(self) -> tuple[float, float]:
        """95 % interval of the accuracy."""
        return of_share(int(np.trace(self.confusion)), self.clips)

    @property
    def clips(self) -> int:
        """How many clips were judged."""
        return int(self.confusion.sum())

    def to_dict(self) -> dict[str, Any]:
        """All results as JSON can hold them."""
        return {
            "accuracy": self.accuracy,
            "accuracy_interval": self.accuracy_interval,
            "keyword_accuracy": self.keyword_accuracy,
            "clips": self.clips,
            "words": list(self.words),
            "confusion": self.confusion.tolist(),
            "operating_points": [point.to_dict() for point in self.operating_points],
            "at_false_alarms_per_hour": {str(rate): point.to_dict() for rate, point in self.at_rates.items()},
        }


def evaluate(spotter: Spotter, dataset: Clips, *, hours: float = 0.0, seed: int = 0) -> Scores:
    """Judge a spotter on the clips of a data set whose speakers are held out from training.

    Parameters
    ----------
    spotter : Spotter
        What to judge.
    dataset : Clips
        Of which the held-out part is used, with 100 clips of silence.
    hours : float
        Length of two recordings assembled from the clips, each with half of the speakers and of the noise: thresholds
        are chosen on the first, misses and false alarms counted on the second. 0 leaves that out.
    seed : int
        Of those recordings.

    Returns
    -------
    Scores

    Raises
    ------
    ValueError
        If the data set has no keyword of the spotter, or no held-out speakers; if the clips do not fit into so many
        hours.
    """
    if not set(spotter.keywords) & set(dataset.words):
        raise ValueError(
            f"no clip holds a keyword of the spotter ({', '.join(spotter.keywords)}); "
            f"the words are {', '.join(dataset.words)}"
        )
    held_out = held_out_from(dataset, spotter.rate)
    x, t = to_judge(held_out, spotter.words, spotter.front_end.samples)
    answers = spotter.probabilities(spotter.front_end(x)).argmax(axis=1)
    confusion = np.zeros((len(spotter.words),) * 2, dtype=np.int64)
    np.add.at(confusion, (t, answers), 1)
    keywords = len(spotter.keywords)
    points, at_rates = continuously(spotter, held_out, hours=hours, seed=seed) if hours else ((), {})
    return Scores(
        accuracy=float(np.trace(confusion) / confusion.sum()),
        keyword_accuracy=float(np.trace(confusion[:keywords, :keywords]) / max(1, confusion[:keywords].sum())),
        words=spotter.words,
        confusion=confusion,
        operating_points=points,
        at_rates=at_rates,
    )


def continuously(
    spotter: Spotter, held_out: Clips, *, hours: float, seed: int = 0
) -> tuple[tuple[OperatingPoint, ...], dict[float, OperatingPoint]]:
    """Points on the second of two long recordings; and those whose thresholds the first one chose, by rate."""
    first, second = (
        operating_points(spotter, Assembly(half, spotter.keywords, hours=hours, seed=seed + which))
        for which, half in enumerate(halves(held_out))
    )
    same = {point.threshold: point for point in second}
    return second, {rate: same[chosen(first, rate).threshold] for rate in RATES}

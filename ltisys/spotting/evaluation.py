"""How good a spotter is: accuracy on clips, and misses against false alarms in continuous sound."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ltisys.datasets import Clips

from .detection import Detection
from .examples import by_speaker, resampled, to_judge
from .recording import Recording, make_recording
from .spotter import Spotter

TOLERANCE = 0.25  # seconds between the middle of a word and the middle of its detection


@dataclass(frozen=True)
class Matches:
    """What became of the words in a recording.

    Parameters
    ----------
    found : tuple of Detection or None
        For every keyword said, the detection that found it.
    false_alarms : tuple of Detection
        The detections that belong to no keyword.
    """

    found: tuple[Detection | None, ...]
    false_alarms: tuple[Detection, ...]

    @property
    def recall(self) -> float:
        """Share of the keywords that were found."""
        return sum(d is not None for d in self.found) / len(self.found) if self.found else 1.0


def match(said: Sequence[Detection], heard: Sequence[Detection], *, tolerance: float = TOLERANCE) -> Matches:
    """Pair what was said with what was heard: same word, middles no further apart than the tolerance, nearest first.

    Parameters
    ----------
    said : sequence of Detection
        The keywords in the recording, with their true times.
    heard : sequence of Detection
        What a spotter reported.
    tolerance : float
        Seconds.

    Returns
    -------
    Matches

    Examples
    --------
    >>> heard = [Detection("yes", 1.1, 1.5, 0.9), Detection("no", 3.0, 4.0, 0.8)]
    >>> matches = match([Detection("yes", 1.0, 1.4, 1.0)], heard)
    >>> matches.recall, [d.word for d in matches.false_alarms]
    (1.0, ['no'])
    """
    pairs = sorted(
        (abs(truth.centre - guess.centre), i, j)
        for i, truth in enumerate(said)
        for j, guess in enumerate(heard)
        if truth.word == guess.word and abs(truth.centre - guess.centre) <= tolerance
    )
    found: list[Detection | None] = [None] * len(said)
    used: set[int] = set()
    for _, i, j in pairs:
        if found[i] is None and j not in used:
            found[i] = heard[j]
            used.add(j)
    return Matches(tuple(found), tuple(d for j, d in enumerate(heard) if j not in used))


@dataclass(frozen=True)
class OperatingPoint:
    """One setting of the threshold on continuous sound.

    Parameters
    ----------
    threshold : float
        Smoothed probability at which a word counts as heard.
    miss_rate : float
        Share of the keywords not found.
    false_alarms_per_hour : float
        Detections of what was not said.
    """

    threshold: float
    miss_rate: float
    false_alarms_per_hour: float


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
        Misses against false alarms in a made recording; empty if not asked for.
    """

    accuracy: float
    keyword_accuracy: float
    words: tuple[str, ...]
    confusion: np.ndarray
    operating_points: tuple[OperatingPoint, ...] = ()

    @property
    def clips(self) -> int:
        """How many clips were judged."""
        return int(self.confusion.sum())

    def to_dict(self) -> dict[str, Any]:
        """All results as JSON can hold them."""
        return {
            "accuracy": self.accuracy,
            "keyword_accuracy": self.keyword_accuracy,
            "clips": self.clips,
            "words": list(self.words),
            "confusion": self.confusion.tolist(),
            "operating_points": [vars(point) for point in self.operating_points],
        }


def evaluate(spotter: Spotter, dataset: Clips, *, stream_words: int = 0, seed: int = 0) -> Scores:
    """Judge a spotter on the clips of a data set whose speakers are held out from training.

    Parameters
    ----------
    spotter : Spotter
        What to judge.
    dataset : Clips
        Of which the held-out part is used, with 100 clips of silence.
    stream_words : int
        Keywords in a made recording on which misses are counted against false alarms; 0 leaves that out.
    seed : int
        Of that recording.

    Returns
    -------
    Scores

    Raises
    ------
    ValueError
        If the data set has no keyword of the spotter, or no held-out speakers.
    """
    if not set(spotter.keywords) & set(dataset.words):
        raise ValueError(
            f"no clip holds a keyword of the spotter ({', '.join(spotter.keywords)}); "
            f"the words are {', '.join(dataset.words)}"
        )
    _, held_out = by_speaker(resampled(dataset, spotter.rate))
    x, t = to_judge(held_out, spotter.words, spotter.front_end.samples)
    answers = spotter.probabilities(spotter.front_end(x)).argmax(axis=1)
    confusion = np.zeros((len(spotter.words),) * 2, dtype=np.int64)
    np.add.at(confusion, (t, answers), 1)
    keywords = len(spotter.keywords)
    points: tuple[OperatingPoint, ...] = ()
    if stream_words:
        recording = make_recording(held_out, spotter.keywords, said=stream_words, others=stream_words, seed=seed)
        points = operating_points(spotter, recording)
    return Scores(
        accuracy=float(np.trace(confusion) / confusion.sum()),
        keyword_accuracy=float(np.trace(confusion[:keywords, :keywords]) / max(1, confusion[:keywords].sum())),
        words=spotter.words,
        confusion=confusion,
        operating_points=points,
    )


def operating_points(
    spotter: Spotter, recording: Recording, thresholds: Sequence[float] = (0.4, 0.5, 0.6, 0.7, 0.8)
) -> tuple[OperatingPoint, ...]:
    """Misses against false alarms per hour, as the threshold rises."""
    points = []
    hours = len(recording.samples) / recording.rate / 3600
    for threshold in thresholds:
        matches = match(recording.keywords, spotter.spot(recording.samples, recording.rate, threshold))
        points.append(OperatingPoint(threshold, 1 - matches.recall, len(matches.false_alarms) / hours))
    return tuple(points)

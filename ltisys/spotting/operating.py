"""Misses against false alarms in continuous sound, and the threshold that keeps false alarms rare."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from ltisys.datasets import Clips

from .assembly import Assembly, halves
from .confidence import of_count, of_share
from .detection import Detection
from .examples import held_out_from
from .following import Follower
from .scanning import Scanner
from .spotter import Spotter
from .streaming import Hearing

TOLERANCE = 0.25  # seconds between the middle of a word and the middle of its detection
_LOG_ODDS = np.arange(-0.75, 5.3, 0.25)
# even steps of log p / (1 - p): near 1 a hundredth is as much as a tenth in the middle
THRESHOLDS = tuple((1 / (1 + np.exp(-_LOG_ODDS))).round(4).tolist())


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
    near: dict[str, list[tuple[float, int]]] = {}
    for j, guess in enumerate(heard):
        near.setdefault(guess.word, []).append((guess.centre, j))
    pairs = sorted(
        (abs(truth.centre - centre), i, j)
        for i, truth in enumerate(said)
        for centre, j in near.get(truth.word, ())
        if abs(truth.centre - centre) <= tolerance
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
    hours : float
        Length of the recording.
    said, missed, false_alarms : dict of str to int
        For every keyword how often it was said, how often that was not found, and how often it was heard in vain.
    """

    threshold: float
    hours: float
    said: dict[str, int]
    missed: dict[str, int]
    false_alarms: dict[str, int]

    @property
    def miss_rate(self) -> float:
        """Share of the keywords not found."""
        return sum(self.missed.values()) / max(1, sum(self.said.values()))

    @property
    def miss_interval(self) -> tuple[float, float]:
        """95 % interval of the miss rate."""
        return of_share(sum(self.missed.values()), sum(self.said.values()))

    @property
    def false_alarms_per_hour(self) -> float:
        """Detections of what was not said, per hour."""
        return sum(self.false_alarms.values()) / self.hours

    @property
    def false_alarm_interval(self) -> tuple[float, float]:
        """95 % interval of the false alarms per hour."""
        low, high = of_count(sum(self.false_alarms.values()))
        return low / self.hours, high / self.hours

    def to_dict(self) -> dict:
        """All numbers as JSON can hold them."""
        return vars(self) | {
            "miss_rate": self.miss_rate,
            "miss_interval": self.miss_interval,
            "false_alarms_per_hour": self.false_alarms_per_hour,
            "false_alarm_interval": self.false_alarm_interval,
        }


def operating_points(
    spotter: Spotter, recording: Assembly, thresholds: Iterable[float] = THRESHOLDS
) -> tuple[OperatingPoint, ...]:
    """Misses against false alarms as the threshold rises; the sound is heard once for all thresholds.

    Parameters
    ----------
    spotter : Spotter
        What listens.
    recording : Assembly
        Sound in which it is known what was said.
    thresholds : iterable of float
        Each is that of all keywords at a time.

    Returns
    -------
    tuple of OperatingPoint
    """
    thresholds = tuple(thresholds)
    scanner = Scanner(spotter.net, spotter.front_end)
    hearing = Hearing(spotter.front_end, scanner, recording.rate)
    followers = [
        Follower(spotter.front_end, scanner, spotter.keywords, (threshold,) * len(spotter.keywords))
        for threshold in thresholds
    ]
    heard: list[list[Detection]] = [[] for _ in followers]
    for steps in chain(map(hearing.push, recording), [hearing.flush()]):  # one block at a time: hours do not fit
        for step in steps:
            for follower, found in zip(followers, heard, strict=True):
                found += follower.push(*step)
    points = []
    for threshold, follower, found in zip(thresholds, followers, heard, strict=True):
        matches = match(recording.keywords, found + follower.flush())
        lost = [one.word for one, d in zip(recording.keywords, matches.found, strict=True) if d is None]
        points.append(
            OperatingPoint(
                threshold,
                recording.hours,
                _counts(spotter.keywords, [one.word for one in recording.keywords]),
                _counts(spotter.keywords, lost),
                _counts(spotter.keywords, [one.word for one in matches.false_alarms]),
            )
        )
    return tuple(points)


def chosen(points: Sequence[OperatingPoint], false_alarms_per_hour: float) -> OperatingPoint:
    """The point with the fewest misses among those with no more false alarms than wanted; else with the fewest alarms.

    Raises
    ------
    ValueError
        If there are no points.
    """
    if not points:
        raise ValueError("no operating points to choose from: evaluate with hours of sound")
    quiet = [point for point in points if point.false_alarms_per_hour <= false_alarms_per_hour]
    if not quiet:
        return min(points, key=lambda point: point.false_alarms_per_hour)
    return min(quiet, key=lambda point: (point.miss_rate, point.false_alarms_per_hour))


def calibrate(
    spotter: Spotter, dataset: Clips, *, hours: float, false_alarms_per_hour: float = 0.5, seed: int = 0
) -> Spotter:
    """The spotter with the thresholds at which it misses least for so many false alarms.

    They are chosen on a long recording assembled from the first half of the held-out speakers and noise; `evaluate`
    reports on the second half.

    Parameters
    ----------
    spotter : Spotter
        Whose thresholds are to be chosen.
    dataset : Clips
        That it was trained on.
    hours : float
        Length of the recording.
    false_alarms_per_hour : float
        What is allowed; the fewest there are, if none of the thresholds gives that few.
    seed : int
        Of the recording.

    Returns
    -------
    Spotter
        With what was found in ``card.scores``.
    """
    recording = Assembly(halves(held_out_from(dataset, spotter.rate))[0], spotter.keywords, hours=hours, seed=seed)
    point = chosen(operating_points(spotter, recording), false_alarms_per_hour)
    scores = {
        **spotter.card.scores,
        "calibration_hours": recording.hours,
        "calibration_miss_rate": point.miss_rate,
        "calibration_false_alarms_per_hour": point.false_alarms_per_hour,
    }
    thresholds = (point.threshold,) * len(spotter.keywords)
    return replace(spotter, thresholds=thresholds, card=replace(spotter.card, scores=scores))


def _counts(words: Sequence[str], said: Sequence[str]) -> dict[str, int]:
    return {word: said.count(word) for word in words}

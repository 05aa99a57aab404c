"""From a row of word probabilities several times a second to words with times."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np


@dataclass(frozen=True)
class Detection:
    """A word that was heard.

    Parameters
    ----------
    word : str
        What was heard.
    start, stop : float
        Where, in seconds from the beginning of the recording.
    score : float
        Highest smoothed probability, 0 to 1.

    Examples
    --------
    >>> Detection("yes", 1.2, 1.7, 0.93).centre
    1.45
    """

    word: str
    start: float
    stop: float
    score: float

    @property
    def centre(self) -> float:
        """Middle of the word in seconds."""
        return (self.start + self.stop) / 2


@dataclass(frozen=True)
class Sighting:
    """A run of consecutive windows in which one word was the winner.

    Parameters
    ----------
    word : int
        Index of the word.
    first, last : int
        Numbers of the first and the last window of the run.
    score : float
        Highest smoothed probability of the run.
    """

    word: int
    first: int
    last: int
    score: float


class Tracker:
    """Follows the smoothed probabilities of the keywords and reports each run above threshold once, when it ends.

    The probabilities are averaged over the last `smoothing` windows (an FIR filter of equal taps). A run opens when a
    keyword reaches its threshold and closes when it falls below `release` times that threshold or another keyword
    overtakes it (hysteresis). Windows further apart than `longest` share no sound, so a longer run is split into equal
    parts: the word was said more than once.

    Parameters
    ----------
    thresholds : sequence of float
        One per keyword.
    smoothing : int
        Number of windows averaged.
    release : float
        Fraction of the threshold at which a run closes.
    longest : int
        Largest number of windows that can have heard one utterance.

    Examples
    --------
    >>> tracker = Tracker([0.5], smoothing=1, longest=10)
    >>> [tracker.push(np.array([p, 1 - p])) for p in (0.1, 0.6, 0.9, 0.2)]
    [[], [], [], [Sighting(word=0, first=1, last=2, score=0.9)]]
    """

    def __init__(
        self, thresholds: Sequence[float], *, smoothing: int = 3, release: float = 0.7, longest: int = 11
    ) -> None:
        self._thresholds = np.asarray(thresholds, dtype=float)
        self._release = release
        self._longest = longest
        self._recent = np.zeros((smoothing, len(self._thresholds)))  # before the first window, nothing was heard
        self._window = -1
        self._open: Sighting | None = None

    def push(self, probabilities: np.ndarray) -> list[Sighting]:
        """Take the probabilities of the next windows.

        Parameters
        ----------
        probabilities : ndarray, (words,) or (windows, words)
            Keywords first; what follows them (unknown, silence) is never reported.

        Returns
        -------
        list of Sighting
            The runs that these windows ended; usually none.
        """
        new = np.atleast_2d(probabilities)[:, : len(self._thresholds)]
        rows = np.concatenate([self._recent[1:], new])
        self._recent = rows[len(new) - 1 :]
        smoothed = np.lib.stride_tricks.sliding_window_view(rows, len(self._recent), axis=0).mean(axis=-1)
        if self._open is None and not np.any(smoothed >= self._thresholds):  # as nearly always
            self._window += len(new)
            return []
        return [sighting for row in smoothed for sighting in self._follow(row)]

    def _follow(self, smoothed: np.ndarray) -> list[Sighting]:
        """The runs that one window ends, by the smoothed probabilities at it."""
        self._window += 1
        best = int(np.argmax(smoothed))
        closed: list[Sighting] = []
        run = self._open
        if run is not None:
            overtaken = best != run.word and smoothed[best] >= self._thresholds[best]
            ended = smoothed[run.word] < self._release * self._thresholds[run.word]
            if overtaken or ended or self._window - run.first >= 3 * self._longest:
                closed = self.flush()
            else:
                score = max(run.score, float(smoothed[run.word]))
                self._open = Sighting(run.word, run.first, self._window, score)
        if self._open is None and smoothed[best] >= self._thresholds[best]:
            self._open = Sighting(best, self._window, self._window, float(smoothed[best]))
        return closed

    def flush(self) -> list[Sighting]:
        """End the open run, if there is one, and return it."""
        run, self._open = self._open, None
        if run is None:
            return []
        length = run.last - run.first + 1
        parts = -(-length // self._longest)
        edges = [run.first + length * i // parts for i in range(parts + 1)]
        return [Sighting(run.word, a, b - 1, run.score) for a, b in pairwise(edges)]

    @property
    def earliest(self) -> int:
        """The first window that a sighting still to come can contain."""
        return self._open.first if self._open is not None else self._window + 1


class Rivals:
    """Keeps the best of several detections that claim the same stretch of sound.

    A window that holds only half a word may take it for another word. Such rivals lie at almost the same place with a
    lower score, so of two detections whose centres are nearer than `separation` only the better one is let through.

    Parameters
    ----------
    separation : float
        Seconds.

    Examples
    --------
    >>> rivals = Rivals(0.4)
    >>> rivals.push(Detection("no", 1.0, 1.5, 0.9)), rivals.push(Detection("go", 1.2, 1.6, 0.6))
    ([], [])
    >>> rivals.settle(3.0)
    [Detection(word='no', start=1.0, stop=1.5, score=0.9)]
    """

    def __init__(self, separation: float) -> None:
        self._separation = separation
        self._pending: Detection | None = None

    def push(self, detection: Detection) -> list[Detection]:
        """Take a detection; return the earlier one if it is beyond rivalry."""
        pending = self._pending
        if pending is None:
            self._pending = detection
            return []
        if detection.centre - pending.centre >= self._separation:
            self._pending = detection
            return [pending]
        self._pending = max(pending, detection, key=lambda d: d.score)
        return []

    def settle(self, earliest: float) -> list[Detection]:
        """Return the waiting detection if nothing centred at `earliest` seconds or later can rival it."""
        if self._pending is None or earliest - self._pending.centre < self._separation:
            return []
        settled, self._pending = self._pending, None
        return [settled]


def extent(loudness: np.ndarray, centre: int, reach: int, bridge: int) -> tuple[int, int]:
    """First and last frame (exclusive) of the loud stretch around a frame.

    A frame is loud if its loudness lies above the floor (20th percentile) by more than 30 % of the distance from floor
    to peak. Loud stretches closer than `bridge` frames are joined: the closure of a stop consonant is part of its word.

    Parameters
    ----------
    loudness : ndarray, (frames,)
        Mean log energy per frame.
    centre : int
        Frame about which the word was heard.
    reach : int
        Frames on each side of `centre` in which it lies.
    bridge : int
        Longest gap inside a word, in frames.

    Returns
    -------
    tuple of int
        Start and stop, within reach of the centre.

    Examples
    --------
    >>> extent(np.array([0, 0, 0, 5, 6, 0, 5, 0, 0, 0, 0, 7.0]), centre=5, reach=4, bridge=2)
    (3, 7)
    """
    low, high = max(0, centre - reach), min(len(loudness), centre + reach + 1)
    near = loudness[low:high]
    floor, peak = np.percentile(loudness, 20), near.max()
    loud = np.flatnonzero(near > floor + 0.3 * (peak - floor)) + low
    if len(loud) == 0:
        return low, high
    stretches = np.split(loud, np.flatnonzero(np.diff(loud) > bridge) + 1)
    # the word is the stretch with the most sound, counted less the further it lies from the middle
    weight = [np.sum(loudness[s] - floor) / (1 + abs((s[0] + s[-1]) / 2 - centre) / reach) ** 2 for s in stretches]
    word = stretches[int(np.argmax(weight))]
    return int(word[0]), int(word[-1]) + 1

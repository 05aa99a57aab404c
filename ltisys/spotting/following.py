"""From looks and loudness to words with times: the part of a stream that knows thresholds."""

from collections.abc import Sequence

import numpy as np

from .detection import Detection, Rivals, Sighting, Tracker, extent
from .frontend import FrontEnd
from .scanning import Scanner

SMOOTHING = 3  # looks averaged
_SEPARATION = 0.45  # seconds between the middles of two words, at least
_MEMORY = 5.0  # seconds of loudness kept to find where a word begins and ends
_REACH = 0.55  # seconds on each side of a word's middle
_BRIDGE = 0.15  # seconds of closure inside a word


class Follower:
    """Follows what a scanner says, and how loud the frames are, and reports the words.

    Parameters
    ----------
    front_end : FrontEnd
        For times.
    scanner : Scanner
        For how far apart looks are, and how many frames each one sees.
    keywords : sequence of str
        What can be detected.
    thresholds : sequence of float
        One per keyword.
    """

    def __init__(
        self, front_end: FrontEnd, scanner: Scanner, keywords: Sequence[str], thresholds: Sequence[float]
    ) -> None:
        self._front_end = front_end
        self._hop, self._window = scanner.hop, scanner.window
        self._keywords = tuple(keywords)
        self._frame_hop = front_end.log_mel.hop_samples
        self._loudness = np.zeros(0, np.float32)  # of the newest frames, ending with frame number `_heard`
        self._heard = 0
        longest = self._window // self._hop + SMOOTHING
        self._tracker = Tracker(thresholds, smoothing=SMOOTHING, longest=longest)
        self._rivals = Rivals(_SEPARATION)

    def push(self, loudness: np.ndarray, looks: np.ndarray) -> list[Detection]:
        """Take the next step.

        Parameters
        ----------
        loudness : ndarray, (frames,)
            Mean log energy of the frames that belong to the recording.
        looks : ndarray, (looks, words)
            Probabilities of the words, the keywords first.

        Returns
        -------
        list of Detection
            The words that are certain now.
        """
        self._heard += len(loudness)
        memory = round(_MEMORY * self._front_end.rate / self._frame_hop)
        self._loudness = np.concatenate([self._loudness, loudness])[-memory:]
        return self._settle(self._tracker.push(looks))

    def flush(self) -> list[Detection]:
        """The recording has ended: return what was still open."""
        return self._settle(self._tracker.flush()) + self._rivals.settle(np.inf)

    def _settle(self, sightings: list[Sighting]) -> list[Detection]:
        found: list[Detection] = []
        for sighting in sightings:
            found += self._rivals.push(self._locate(sighting))
        return found + self._rivals.settle(self._seconds(self._middle(self._tracker.earliest)))

    def _middle(self, window: float) -> float:
        """The frame in the middle of the windows averaged at a look."""
        return (window + 1 - (SMOOTHING - 1) / 2) * self._hop - self._window / 2

    def _seconds(self, frame: float) -> float:
        """Time of the middle of a frame."""
        samples = (frame + 1) * self._frame_hop - self._front_end.log_mel.window_samples / 2
        return samples / self._front_end.rate

    def _locate(self, sighting: Sighting) -> Detection:
        frames_per_second = self._front_end.rate / self._frame_hop
        reach, bridge = round(_REACH * frames_per_second), round(_BRIDGE * frames_per_second)
        oldest = self._heard - len(self._loudness)
        centre = round(self._middle((sighting.first + sighting.last) / 2)) - oldest
        centre = min(max(centre, 0), len(self._loudness) - 1)
        low = max(0, centre - 3 * reach)  # far enough to know how quiet it is where nobody speaks
        start, stop = extent(self._loudness[low : centre + 3 * reach], centre - low, reach, bridge)
        start, stop = start + low + oldest, stop + low + oldest
        word = self._keywords[sighting.word]
        return Detection(word, max(0.0, self._seconds(start)), self._seconds(stop - 1), sighting.score)

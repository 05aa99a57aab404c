"""Spotting in a stream: blocks of any size in, detections out, the same for any chopping."""

from collections.abc import Sequence

import numpy as np

from .detection import Detection, Rivals, Sighting, Tracker, extent
from .frontend import FrontEnd
from .resampling import Resampler, checked_rate
from .scanning import Scanner

SMOOTHING = 3  # looks averaged
_SEPARATION = 0.45  # seconds between the middles of two words, at least
_MEMORY = 5.0  # seconds of loudness kept to find where a word begins and ends
_REACH = 0.55  # seconds on each side of a word's middle
_BRIDGE = 0.15  # seconds of closure inside a word


def mono(x: np.ndarray) -> np.ndarray:
    """The samples as float32, channels averaged, integers divided by their full scale.

    Parameters
    ----------
    x : array_like, (n,) or (channels, n)
        Samples.

    Returns
    -------
    ndarray, (n,), float32

    Raises
    ------
    TypeError
        If the samples are not real numbers.
    ValueError
        If the shape is another one or a sample is not finite.

    Examples
    --------
    >>> mono(np.array([[16384, 0], [0, 0]], dtype=np.int16))
    array([0.25, 0.  ], dtype=float32)
    """
    x = np.asarray(x)
    if x.dtype.kind not in "iuf":
        raise TypeError(f"samples must be real numbers, got {x.dtype}")
    if x.ndim not in (1, 2) or (x.ndim == 2 and not 1 <= len(x) <= 64):
        raise ValueError(f"x must have the shape (n,) or (channels, n), got {x.shape}")
    if x.dtype.kind == "u":
        raise TypeError(f"unsigned samples have no zero line: convert {x.dtype} to int16 or float32 first")
    full_scale = -float(np.iinfo(x.dtype).min) if x.dtype.kind == "i" else 1.0
    y = x.astype(np.float32) / np.float32(full_scale)
    if y.ndim == 2:
        y = np.asarray(sum(y[1:], start=y[0])) / np.float32(
            len(y)
        )  # channel by channel: rounded alike for blocks of any length
    if not np.isfinite(y).all():
        raise ValueError("samples must be finite, got NaN or infinity")
    return y


class Stream:
    """Hears a recording block by block, in constant memory.

    Whatever the blocks, the sound is converted to the network's rate and cut into steps of about half a second, in
    which the network looks at a window every few frames. Only whole steps are ever computed, so that the detections do
    not depend on the chopping. Before its beginning and after its end the recording is silent.

    Parameters
    ----------
    front_end : FrontEnd
        From samples to features.
    scanner : Scanner
        From frames to the probabilities of the words, the keywords first.
    keywords : sequence of str
        What can be detected.
    thresholds : sequence of float
        One per keyword.
    rate : float
        Samples per second of the blocks.

    Raises
    ------
    ValueError
        If the rate carries no speech.

    See Also
    --------
    Spotter.stream : makes one.
    """

    def __init__(
        self,
        front_end: FrontEnd,
        scanner: Scanner,
        keywords: Sequence[str],
        thresholds: Sequence[float],
        rate: float,
    ) -> None:
        self._front_end = front_end
        self._scanner = scanner
        self._keywords = tuple(keywords)
        self._thresholds = tuple(thresholds)
        self._rate = checked_rate(rate)
        mel = front_end.log_mel
        self._frame_hop = mel.hop_samples
        self._resampler = Resampler(self._rate, front_end.rate)
        self.reset()

    def reset(self) -> None:
        """Forget the past: the next block begins a new recording."""
        mel = self._front_end.log_mel
        self._resampler.reset()
        self._fresh = np.zeros(0, np.float32)
        self._past = np.zeros(mel.window_samples - mel.hop_samples, np.float32)
        self._scanner.reset()
        self._loudness = np.zeros(0, np.float32)  # of the newest frames, ending with frame number `_heard`
        self._heard = 0
        self._end: int | None = None  # the frame at which the recording ends, once that is known
        self._steps = 0
        per_window = self._scanner.window // self._scanner.hop
        self._tracker = Tracker(self._thresholds, smoothing=SMOOTHING, longest=per_window + SMOOTHING)
        self._rivals = Rivals(_SEPARATION)

    def push(self, block: np.ndarray) -> list[Detection]:
        """Hear the next block.

        Parameters
        ----------
        block : array_like, (n,) or (channels, n)
            Any number of samples, in [-1, 1] or integers, which are divided by their full scale.

        Returns
        -------
        list of Detection
            Words whose run of sightings ended in this block, about a second after they were said.

        Raises
        ------
        ValueError
            If the shape is another one or a sample is not finite; the stream is unchanged then.
        """
        return self._hear(self._resampler.push(mono(block)))

    def flush(self) -> list[Detection]:
        """The recording has ended: return what was still open, and begin anew."""
        rest = self._resampler.flush()
        end = self._steps * self._step_samples + len(self._fresh) + len(rest)
        if end == 0:
            return []
        self._end = end // self._frame_hop
        missing = -end % self._step_samples + self._front_end.samples
        found = self._hear(np.concatenate([rest, np.zeros(missing, np.float32)]))
        found += self._settle(self._tracker.flush()) + self._rivals.settle(np.inf)
        self.reset()
        seconds = end / self._front_end.rate
        return [Detection(d.word, min(d.start, seconds), min(d.stop, seconds), d.score) for d in found]

    @property
    def _step_samples(self) -> int:
        return self._scanner.step * self._frame_hop

    def _hear(self, x: np.ndarray) -> list[Detection]:
        self._fresh = np.concatenate([self._fresh, x])
        found: list[Detection] = []
        n = self._step_samples
        whole = len(self._fresh) // n
        for i in range(whole):
            found += self._step(self._fresh[i * n : (i + 1) * n])
        self._fresh = self._fresh[whole * n :]
        return found

    def _step(self, x: np.ndarray) -> list[Detection]:
        x = np.concatenate([self._past, x])
        self._past = x[self._step_samples :]
        frames = self._front_end.log_mel(x)
        self._steps += 1
        self._remember(frames.mean(axis=0))
        found: list[Detection] = []
        for probabilities in self._scanner.push(self._front_end.normalise(frames)):
            found += self._settle(self._tracker.push(probabilities))
        return found

    def _remember(self, loudness: np.ndarray) -> None:
        """Keep the loudness of the frames that belong to the recording."""
        if self._end is not None:
            loudness = loudness[: max(0, self._end - self._heard)]
        self._heard += len(loudness)
        memory = round(_MEMORY * self._front_end.rate / self._frame_hop)
        self._loudness = np.concatenate([self._loudness, loudness])[-memory:]

    def _settle(self, sightings: list[Sighting]) -> list[Detection]:
        found: list[Detection] = []
        for sighting in sightings:
            found += self._rivals.push(self._locate(sighting))
        return found + self._rivals.settle(self._seconds(self._middle(self._tracker.earliest)))

    def _middle(self, window: float) -> float:
        """The frame in the middle of the windows averaged at a look."""
        return (window + 1 - (SMOOTHING - 1) / 2) * self._scanner.hop - self._scanner.window / 2

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

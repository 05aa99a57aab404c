"""Spotting in a stream: blocks of any size in, detections out, the same for any chopping."""

from collections.abc import Iterator, Sequence

import numpy as np

from .detection import Detection
from .following import Follower
from .frontend import FrontEnd
from .resampling import Resampler, checked_rate
from .scanning import Scanner

_AT_ONCE = 16  # steps heard together where so much sound is there: ten seconds, for which what is read twice is little


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


class Hearing:
    """From blocks of sound at any rate to what a scanner says of it, step by step.

    Parameters
    ----------
    front_end : FrontEnd
        From samples to frames.
    scanner : Scanner
        From frames to looks.
    rate : float
        Samples per second of the blocks.

    Raises
    ------
    ValueError
        If the rate carries no speech.
    """

    def __init__(self, front_end: FrontEnd, scanner: Scanner, rate: float) -> None:
        self._front_end = front_end
        self._scanner = scanner
        self._resampler = Resampler(checked_rate(rate), front_end.rate)
        self.reset()

    def reset(self) -> None:
        """Forget the past: the next block begins a new recording."""
        mel = self._front_end.log_mel
        self._resampler.reset()
        self._scanner.reset()
        self._fresh = np.zeros(0, np.float32)
        self._past = np.zeros(mel.window_samples - mel.hop_samples, np.float32)
        self._steps = 0
        self._end: int | None = None  # the frame at which the recording ends, once that is known

    def push(self, x: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The loudness of the frames and the looks of every step that samples (n,) complete, one step at a time.

        Nothing is heard before it is asked for: go through all of it before the next block.
        """
        yield from self._whole_steps(self._resampler.push(x))

    def flush(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The rest, until silence has gone through the window; nothing if there never was a sample."""
        rest = self._resampler.flush()
        end = self._steps * self._step + len(self._fresh) + len(rest)
        if end:
            self._end = end // self._front_end.log_mel.hop_samples
            missing = -end % self._step + self._front_end.samples
            yield from self._whole_steps(np.concatenate([rest, np.zeros(missing, np.float32)]))

    @property
    def _step(self) -> int:
        """Samples."""
        return self._scanner.step * self._front_end.log_mel.hop_samples

    def _whole_steps(self, x: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        self._fresh = np.concatenate([self._fresh, x])
        whole = len(self._fresh) // self._step * self._step
        steps, self._fresh = self._fresh[:whole].reshape(-1, self._step), self._fresh[whole:]
        for some in np.split(steps, range(_AT_ONCE, len(steps), _AT_ONCE)):
            if len(some):
                yield from self._heard(some)

    def _heard(self, steps: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Loudness and looks of steps (steps, samples), heard together."""
        before = len(self._past)
        past = np.concatenate([self._past[np.newaxis], steps[:-1, -before:]])
        self._past = steps[-1, -before:]
        frames = self._front_end.log_mel(np.concatenate([past, steps], axis=1))
        row = frames.swapaxes(0, 1).reshape(frames.shape[1], -1)
        looks = self._scanner.push(self._front_end.normalise(row))
        for one, seen in zip(frames, np.split(looks, len(steps)), strict=True):
            loudness = one.mean(axis=0)
            if self._end is not None:
                loudness = loudness[: max(0, self._end - self._steps * self._scanner.step)]
            self._steps += 1
            yield loudness, seen


class Stream:
    """Hears a recording block by block, in constant memory.

    Whatever the blocks, the sound is converted to the network's rate and cut into steps of about two thirds of a
    second, in which the network looks at a window every few frames. Only whole steps are ever computed, so that the
    detections do not depend on the chopping. Before its beginning and after its end the recording is silent.

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
        self._rate = checked_rate(rate)
        self._hearing = Hearing(front_end, scanner, rate)
        self._new_follower = lambda: Follower(front_end, scanner, keywords, thresholds)
        self.reset()

    def reset(self) -> None:
        """Forget the past: the next block begins a new recording."""
        self._hearing.reset()
        self._follower = self._new_follower()
        self._samples = 0

    def push(self, block: np.ndarray) -> list[Detection]:
        """Hear the next block.

        Parameters
        ----------
        block : array_like, (n,) or (channels, n)
            Any number of samples, in [-1, 1] or integers, which are divided by their full scale.

        Returns
        -------
        list of Detection
            Words whose run of sightings ended in this block, one to two seconds after they were said.

        Raises
        ------
        ValueError
            If the shape is another one or a sample is not finite; the stream is unchanged then.
        """
        x = mono(block)
        self._samples += len(x)
        return [found for step in self._hearing.push(x) for found in self._follower.push(*step)]

    def flush(self) -> list[Detection]:
        """The recording has ended: return what was still open, and begin anew."""
        found = [found for step in self._hearing.flush() for found in self._follower.push(*step)]
        found += self._follower.flush()
        seconds = self._samples / self._rate
        self.reset()
        return [Detection(d.word, min(d.start, seconds), min(d.stop, seconds), d.score) for d in found]

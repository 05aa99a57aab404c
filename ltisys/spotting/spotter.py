"""The spotter: a trained network with everything that is needed to use it on sound of any length and rate."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from ltisys import nn

from .detection import Detection
from .examples import one_window
from .frontend import FrontEnd
from .scanning import Scanner, softmax
from .streaming import Stream, mono


@dataclass(frozen=True)
class Card:
    """What a spotter was trained on, under which licence, and how well it did.

    Parameters
    ----------
    data : str
        Name of the training data.
    licence, credit : str
        Of the training data.
    clips, voices : int
        Training clips and the speakers they come from.
    scores : mapping of str to float
        Results on held-out speakers, by name.
    note : str
        What a user must know.
    """

    data: str
    licence: str
    credit: str = ""
    clips: int = 0
    voices: int = 0
    scores: Mapping[str, float] = field(default_factory=dict)
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The card as JSON can hold it."""
        return asdict(self) | {"scores": dict(self.scores)}

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> "Card":
        """The card that `to_dict` described."""
        return cls(**d)


@dataclass(frozen=True)
class Spotter:
    """Hears words.

    Parameters
    ----------
    net : nn.Layer
        Takes (clips, bands, frames), returns one logit per word.
    words : tuple of str
        The keywords, then "unknown" (any other word) and "silence" (no word).
    front_end : FrontEnd
        From samples to what `net` takes.
    thresholds : tuple of float
        Smoothed probability at which a keyword counts as heard, one per keyword.
    card : Card
        Training data, licence, scores.

    Raises
    ------
    ValueError
        If the words do not end in "unknown", "silence", or there is not one threshold per keyword.

    See Also
    --------
    ltisys.spotting.train : makes one; its network is `spotting.network.scanning_network`.
    ltisys.spotting.load : reads one from its file.
    """

    net: nn.Layer
    words: tuple[str, ...]
    front_end: FrontEnd
    thresholds: tuple[float, ...]
    card: Card

    def __post_init__(self) -> None:
        if self.words[-2:] != ("unknown", "silence"):
            raise ValueError(f"the last two words must be 'unknown' and 'silence', got {self.words[-2:]}")
        if len(self.thresholds) != len(self.keywords):
            raise ValueError(f"need one threshold per keyword ({len(self.keywords)}), got {len(self.thresholds)}")

    @property
    def keywords(self) -> tuple[str, ...]:
        """The words that can be detected."""
        return self.words[:-2]

    @property
    def rate(self) -> int:
        """Samples per second that the network works at; other rates are converted."""
        return self.front_end.rate

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """Softmax of the network's output.

        Parameters
        ----------
        features : ndarray, (clips, bands, frames)
            From the front end.

        Returns
        -------
        ndarray, (clips, words)
            Rows sum to 1.
        """
        return softmax(self.net.predict(features))

    def classify(self, x: np.ndarray, rate: float) -> dict[str, float]:
        """How probable each word is in a clip.

        A clip shorter than the network's window is put in the middle of zeros. Of a longer one the window counts in
        which one single word is most probable, silence aside; windows are a tenth of a second apart.

        Parameters
        ----------
        x : array_like, (n,) or (channels, n)
            Samples in [-1, 1], or integers, which are divided by their full scale. Channels are averaged.
        rate : float
            Samples per second.

        Returns
        -------
        dict of str to float
            Over all of `words`; the values sum to 1.

        Raises
        ------
        ValueError
            If the clip is empty or not finite, or the rate carries no speech.
        """
        x = mono(x)
        if x.size == 0:
            raise ValueError("the clip is empty: at least one sample is needed")
        x = at_rate(x, rate, self.rate)
        length, step = self.front_end.samples, self.rate // 10
        if len(x) <= length:
            windows = one_window(x[np.newaxis], length)
        else:
            x = np.pad(x, (0, (length - len(x)) % step))
            windows = np.lib.stride_tricks.sliding_window_view(x, length)[::step]
        p = self.probabilities(self.front_end(windows))
        best = p[np.argmax(p[:, :-1].max(axis=1))]
        return dict(zip(self.words, best.tolist(), strict=True))

    def spot(self, x: np.ndarray, rate: float, threshold: float | None = None) -> list[Detection]:
        """The keywords in a recording, with their times.

        This is `stream` fed with the whole recording; feeding it in pieces gives the same detections.

        Parameters
        ----------
        x : array_like, (n,) or (channels, n)
            Samples in [-1, 1], or integers, which are divided by their full scale.
        rate : float
            Samples per second.
        threshold : float, optional
            One threshold for all keywords, in place of the spotter's own.

        Returns
        -------
        list of Detection
            In the order of time.

        Raises
        ------
        ValueError
            If the rate carries no speech, the samples are not finite, or the threshold is not in (0, 1].
        """
        stream = self.stream(rate, threshold)
        return stream.push(x) + stream.flush()

    def stream(self, rate: float, threshold: float | None = None) -> Stream:
        """A spotter that hears a recording block by block, in constant memory.

        Parameters
        ----------
        rate : float
            Samples per second of the blocks.
        threshold : float, optional
            One threshold for all keywords, in place of the spotter's own.

        Returns
        -------
        Stream

        Raises
        ------
        ValueError
            If the rate carries no speech, the threshold is not in (0, 1], or the network pads along time.
        """
        thresholds = self.thresholds
        if threshold is not None:
            if not 0 < threshold <= 1:
                raise ValueError(f"threshold must lie in (0, 1], got {threshold}")
            thresholds = (threshold,) * len(self.keywords)
        return Stream(self.front_end, Scanner(self.net, self.front_end), self.keywords, thresholds, rate)


def at_rate(x: np.ndarray, rate: float, new_rate: int) -> np.ndarray:
    """A whole clip (n,) at another rate."""
    from .resampling import Resampler, checked_rate

    resampler = Resampler(checked_rate(rate), new_rate)
    return np.concatenate([resampler.push(x), resampler.flush()])

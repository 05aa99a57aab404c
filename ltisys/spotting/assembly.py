"""Hours of sound made of clips and noise, block by block: what misses and false alarms are counted on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ltisys.datasets import Clips, validation_noise
from ltisys.nn.perturbation import cut

from .augment import as_float
from .detection import Detection
from .examples import background
from .noise import coloured
from .recording import cut_out

BLOCK = 60.0  # seconds, in which the background stays of one kind
_LEVELS = (0.02, 0.2)  # root mean square of the words of a block, drawn evenly on a logarithmic scale
_SPREAD = 3.0  # decibels by which words of one block differ from that, at most
_SNR = (5.0, 30.0)  # decibels that they are above the background
_RECORDED = 0.6  # of the backgrounds are recordings, the others made
_PAUSE = 0.3  # seconds between two words, at least
_FADE = 0.5  # seconds over which one background gives way to the next


@dataclass(frozen=True)
class Placed:
    """A clip, and where it goes.

    Parameters
    ----------
    clip : int
        Which one.
    start : int
        Sample of the recording at which it begins.
    gain : float
        By which it differs from the other words of its minute.
    """

    clip: int
    start: int
    gain: float


class Assembly:
    """A long recording in which it is known what was said: every clip once, at random times, in changing noise.

    Each minute has words of its own level and a background of its own, 5 to 30 dB below them: a piece of one of the
    noise recordings, or noise of a colour between white and brown. It is made anew, and alike, every time it is heard,
    in constant memory.

    Parameters
    ----------
    clips : Clips
        What is said, each clip once, and the noise.
    keywords : sequence of str
        The words to be found.
    hours : float
        How long it is, in whole minutes.
    seed : int
        The same seed gives the same recording.

    Attributes
    ----------
    keywords, others : tuple of Detection
        What is said, in the order of time.

    Raises
    ------
    ValueError
        If no clip holds a keyword, or the words do not fit into so many minutes.
    """

    def __init__(self, clips: Clips, keywords: Sequence[str], *, hours: float, seed: int = 0) -> None:
        self.rate = clips.rate
        self._clips, self._noise, self._seed = clips, clips.noise, seed
        self._length = round(BLOCK * self.rate)
        self.blocks = max(1, round(hours * 3600 / BLOCK))
        names = np.array(clips.words)[clips.labels]
        if not np.isin(names, list(keywords)).any():
            raise ValueError(
                f"no clip holds one of the keywords {', '.join(keywords)}; the words are {', '.join(clips.words)}"
            )
        rng = np.random.default_rng(seed)
        pieces = [cut_out(as_float(x), self.rate) for x in clips.samples]
        self._placed: list[list[Placed]] = []
        spoken = []
        for block, chosen in enumerate(np.array_split(rng.permutation(len(clips)), self.blocks)):
            placed = self._place(chosen, [len(pieces[i][0]) for i in chosen], rng)
            self._placed.append(placed)
            for one in placed:
                _, first, last = pieces[one.clip]
                begin = block * self._length + one.start
                spoken.append(
                    Detection(str(names[one.clip]), (begin + first) / self.rate, (begin + last) / self.rate, 1.0)
                )
        self.keywords = tuple(one for one in spoken if one.word in keywords)
        self.others = tuple(one for one in spoken if one.word not in keywords)

    @property
    def hours(self) -> float:
        """How long it is."""
        return self.blocks * BLOCK / 3600

    def __iter__(self) -> Iterator[np.ndarray]:
        """The sound in [-1, 1], a minute at a time, as float32 of shape (n,)."""
        n, fade = self._length, round(_FADE * self.rate)
        ramp = np.sin(np.linspace(0, np.pi / 2, fade, dtype=np.float32))
        tail = np.zeros(fade, np.float32)
        for block, placed in enumerate(self._placed):
            rng = np.random.default_rng((self._seed, block))
            level = np.exp(rng.uniform(*np.log(_LEVELS)))
            x = self._background(n + fade, rng) * np.float32(level / 10 ** (rng.uniform(*_SNR) / 20))
            x[:fade] = x[:fade] * ramp + tail
            tail = x[n:] * ramp[::-1]
            for one in placed:
                # cut out anew: all pieces of a large data set at once would not be constant memory
                piece, _, _ = cut_out(as_float(self._clips.samples[one.clip]), self.rate)
                x[one.start : one.start + len(piece)] += piece * np.float32(level * one.gain)
            yield np.clip(x[:n], -1, 1)

    def _place(self, chosen: np.ndarray, lengths: list[int], rng: np.random.Generator) -> list[Placed]:
        """Clips at random places of a block, none over another."""
        pause = round(_PAUSE * self.rate)
        room = self._length - sum(lengths) - pause * (len(lengths) + 1)
        if room < 0:
            raise ValueError(f"{len(chosen)} words do not fit into {BLOCK:g} s: take more hours or fewer clips")
        moved = np.sort(rng.integers(0, room + 1, len(lengths)))
        starts = moved + pause * np.arange(1, len(lengths) + 1) + np.cumsum([0, *lengths])[:-1]
        gains = 10 ** (rng.uniform(-_SPREAD, _SPREAD, len(lengths)) / 20)
        return [Placed(int(i), int(at), float(gain)) for i, at, gain in zip(chosen, starts, gains, strict=True)]

    def _background(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Noise with unit root mean square."""
        if not self._noise or rng.random() >= _RECORDED:
            return coloured(n, rng.uniform(0, 2), rng)
        x = np.array(cut(self._noise, n, rng), np.float32)
        return x / np.float32(max(np.sqrt(np.mean(np.square(x))), 1e-6))


def halves(held_out: Clips) -> tuple[Clips, Clips]:
    """Two data sets from one that is held out, with no speaker and no noise in both: to choose by, and to report.

    Every other speaker goes to the second, and so does the second half of every noise recording. The noise is only
    what training never hears (`ltisys.datasets.validation_noise`).

    Raises
    ------
    ValueError
        If there are fewer than two speakers.
    """
    speakers = sorted(set(held_out.speakers.tolist()))
    if len(speakers) < 2:
        raise ValueError(f"need at least two held-out speakers for two recordings, got {', '.join(speakers) or 'none'}")
    second = np.isin(held_out.speakers, speakers[1::2])
    noise = [np.array_split(x, 2) for x in validation_noise(background(held_out))]
    one, other = (
        replace(held_out.select(chosen), noise=tuple(parts[which] for parts in noise))
        for which, chosen in enumerate((~second, second))
    )
    return one, other

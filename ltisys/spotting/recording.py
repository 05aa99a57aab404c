"""A long recording made of single clips: words of unheard voices with pauses between them, in noise, at known times."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ltisys.audio import LogMel
from ltisys.datasets import Clips
from ltisys.nn.perturbation import active_power

from .augment import as_float
from .detection import Detection
from .noise import coloured

_LEVEL = 0.1  # root mean square of a word
_MARGIN = 0.2  # seconds kept before and after a word: a weak consonant may lie there
_FADE = 0.05  # seconds
_ABOVE = range(3, 12)  # how far a band rises above its quiet times where a word sounds, as log of power: 13 dB or more
_SHARE = 0.08  # of the bands that must rise
_WORD = 2 / 3  # of a clip, which a word does not fill


@dataclass(frozen=True)
class Recording:
    """Sound in which it is known what was said, and when.

    Parameters
    ----------
    samples : ndarray, (n,), float32
        The sound, in [-1, 1].
    rate : int
        Samples per second.
    keywords : tuple of Detection
        The keywords said, in the order of time.
    others : tuple of Detection
        The other words said.
    snr : float
        Mean power of the words to power of the noise, in decibels.
    """

    samples: np.ndarray
    rate: int
    keywords: tuple[Detection, ...]
    others: tuple[Detection, ...]
    snr: float

    @property
    def seconds(self) -> float:
        """Duration."""
        return len(self.samples) / self.rate


def make_recording(
    clips: Clips,
    keywords: Sequence[str],
    *,
    said: int = 36,
    others: int = 12,
    snr: float = 8.0,
    pause: tuple[float, float] = (0.2, 0.9),
    seed: int = 0,
) -> Recording:
    """Keywords and other words in a random order, with pauses between them, equally loud within 2 dB, in pink noise.

    Parameters
    ----------
    clips : Clips
        Where the words come from.
    keywords : sequence of str
        Which of its words are keywords; they come up equally often.
    said, others : int
        Keywords and other words. Other words are left out if there are none.
    snr : float
        Mean power of the words to power of the noise, in decibels.
    pause : tuple of float
        Shortest and longest pause between two words, in seconds.
    seed : int
        The same seed gives the same recording.

    Returns
    -------
    Recording

    Raises
    ------
    ValueError
        If the clips hold none of the keywords.
    """
    rng = np.random.default_rng(seed)
    is_keyword = np.isin(np.array(clips.words)[clips.labels], list(keywords))
    if not is_keyword.any():
        raise ValueError(
            f"no clip holds one of the keywords {', '.join(keywords)}; the words are {', '.join(clips.words)}"
        )
    chosen = _evenly(np.flatnonzero(is_keyword), clips.labels, said, rng)
    if not is_keyword.all():
        chosen = np.concatenate([chosen, rng.choice(np.flatnonzero(~is_keyword), others)])
    rng.shuffle(chosen)

    pieces, spoken, time = [], [], 0
    for i in chosen:
        x, start, stop = cut_out(as_float(clips.samples[i]), clips.rate)
        x *= np.float32(_LEVEL * 10 ** (rng.uniform(-2, 2) / 20))
        gap = round(rng.uniform(*pause) * clips.rate)
        pieces += [np.zeros(gap, np.float32), x]
        time += gap
        word = clips.words[clips.labels[i]]
        spoken.append(Detection(word, (time + start) / clips.rate, (time + stop) / clips.rate, 1.0))
        time += len(x)
    speech = np.concatenate([*pieces, np.zeros(clips.rate // 2, np.float32)])
    mixture = speech + coloured(len(speech), 1.0, rng) * np.float32(_LEVEL / 10 ** (snr / 20))
    mixture *= np.float32(min(1.0, 0.99 / np.abs(mixture).max()))
    return Recording(
        mixture,
        clips.rate,
        tuple(d for d in spoken if d.word in keywords),
        tuple(d for d in spoken if d.word not in keywords),
        snr,
    )


def _evenly(candidates: np.ndarray, labels: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """As many of each word as possible, in random order."""
    shuffled = rng.permutation(candidates)
    turn = np.empty(len(shuffled), dtype=int)
    for label in np.unique(labels[candidates]):
        same = labels[shuffled] == label
        turn[same] = np.arange(same.sum())
    order = shuffled[np.argsort(turn, kind="stable")]
    return np.resize(order, count)


def cut_out(x: np.ndarray, rate: int) -> tuple[np.ndarray, int, int]:
    """The word in a clip at unit power, with a margin that fades in and out, and from where to where in it it sounds.

    It sounds in the frames in which some bands are well above their quiet times: a weak hiss is part of a word too.
    In a noisy clip nearly all frames are; there it is what rises further, until some of the clip is left.
    """
    log_mel = LogMel(rate=rate)
    frames = log_mel(x)
    frames = (frames[:, :-2] + frames[:, 1:-1] + frames[:, 2:]) / 3
    rise = frames - np.percentile(frames, 10, axis=1, keepdims=True)
    loud = np.arange(frames.shape[1])
    for above in _ABOVE:
        louder = np.flatnonzero((rise > above).mean(axis=0) > _SHARE)
        if len(louder) == 0:
            break
        loud = louder
        if loud[-1] - loud[0] < _WORD * frames.shape[1]:
            break
    start = int(loud[0] + 1) * log_mel.hop_samples
    stop = int(loud[-1] + 1) * log_mel.hop_samples + log_mel.window_samples
    margin = round(_MARGIN * rate)
    low, high = max(0, start - margin), min(len(x), stop + margin)
    piece = x[low:high] / np.sqrt(max(float(active_power(x[None, low:high])[0]), 1e-12))
    fade = min(round(_FADE * rate), len(piece) // 2)
    ramp = np.sin(np.linspace(0, np.pi / 2, fade, dtype=np.float32)) ** 2
    piece[:fade] *= ramp
    piece[len(piece) - fade :] *= ramp[::-1]
    return piece, start - low, min(stop, len(x)) - low

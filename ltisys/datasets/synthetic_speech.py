"""Spoken words out of formulas: the data set that needs no download."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from .clips import Clips
from .rooms import Room, draw_room, record, room_noise
from .speaking import check_rate, say
from .vocabulary import KEYWORDS, OTHER, PRONUNCIATIONS, pronunciation
from .voices import Voice, draw_voice

TRAINING, VALIDATION = 0.60, 0.15
"""Fractions of the voices in the first two splits; the rest are for testing."""

_FULL_SCALE = 32767
_WORD_NUMBER = {word: number for number, word in enumerate(PRONUNCIATIONS, start=1)}  # 0 seeds what is no word
_THREADS = 2


def synthetic_speech(
    *,
    words: Sequence[str] | None = None,
    voices: int = 48,
    repetitions: int = 3,
    rate: int = 16000,
    seed: int = 0,
    length: float = 1.0,
    progress: Callable[[int, int], None] | None = None,
) -> Clips:
    """Clips of spoken words by many synthetic voices, each word somewhere in its clip, in a room of its own.

    Every voice says each keyword `repetitions` times and every other word of the vocabulary once. No voice is in two
    splits.

    Parameters
    ----------
    words : sequence of str, optional
        The keywords, each a class; all other words of the vocabulary are the class "unknown". Default:
        :data:`~ltisys.datasets.vocabulary.KEYWORDS`.
    voices : int
        Number of speakers, drawn at random: 60 % for training, 15 % for validation, the rest for testing.
    repetitions : int
        How often each voice says each keyword; tempo, melody, place, room and loudness differ every time.
    rate : int
        Samples per second, at least 8000.
    seed : int
        The same seed gives the same clips, bit for bit.
    length : float
        Seconds of each clip, at least 0.5. A word that would be too long is said faster.
    progress : callable, optional
        Called with how many voices have spoken, and how many there are.

    Returns
    -------
    Clips
        int16 samples of shape (clips, length * rate). `noise` holds three coloured noises and a babble of voices that
        say none of the clips.

    Raises
    ------
    ValueError
        For a word that is not in the vocabulary or stands twice, and for numbers out of their range.

    Examples
    --------
    >>> clips = synthetic_speech(words=["yes", "no"], voices=2, repetitions=1)
    >>> clips
    Clips('synthetic speech': 70 clips of 1 s at 16000 Hz, 3 words, 2 speakers)
    >>> clips.words
    ('yes', 'no', 'unknown')
    """
    keywords = KEYWORDS if words is None else tuple(words)
    _check(keywords, voices, repetitions, seed, length)
    check_rate(rate)
    takes = [(word, take) for word in keywords for take in range(repetitions)]
    takes += [(word, 0) for word in PRONUNCIATIONS if word not in keywords]
    n = round(length * rate)
    samples = np.empty((voices, len(takes), n), np.int16)

    def speak(number: int) -> str:
        voice = _speaker(seed, number)
        for row, (word, take) in enumerate(takes):
            rng = np.random.default_rng([seed, number, _WORD_NUMBER[word], take])
            samples[number, row] = _clip(word, voice, rng, n, rate)
        return voice.name

    with ThreadPoolExecutor(_THREADS) as pool:
        names = []
        for name in pool.map(speak, range(voices)):
            names.append(name)
            if progress is not None:
                progress(len(names), voices)
    labels = [keywords.index(word) if word in keywords else len(keywords) for word, _ in takes]
    return Clips(
        samples=samples.reshape(-1, n),
        rate=rate,
        words=(*keywords, "unknown"),
        labels=np.tile(np.array(labels, np.int64), voices),
        speakers=np.repeat(names, len(takes)),
        splits=np.repeat([_split(number, voices) for number in range(voices)], len(takes)),
        noise=_background(seed, rate),
        name="synthetic speech",
        licence="MIT",
        credit="ltisys, synthesised by formula",
    )


def _check(keywords: tuple[str, ...], voices: int, repetitions: int, seed: int, length: float) -> None:
    for word in keywords:
        pronunciation(word)
    if not keywords or len(set(keywords)) < len(keywords):
        raise ValueError(f"words must be different words, at least one; got {keywords}")
    for name, number, least in (("voices", voices, 1), ("repetitions", repetitions, 1), ("seed", seed, 0)):
        if number < least:
            raise ValueError(f"{name} must be at least {least}, got {number}")
    if length < 0.5:
        raise ValueError(f"length must be at least 0.5 seconds, got {length}")


def _speaker(seed: int, number: int) -> Voice:
    return draw_voice(f"voice-{number:03d}", np.random.default_rng([seed, number, 0, 0]))


def _split(number: int, voices: int) -> str:
    place = (number + 0.5) / voices
    return "training" if place < TRAINING else "validation" if place < TRAINING + VALIDATION else "testing"


def _clip(word: str, voice: Voice, rng: np.random.Generator, n: int, rate: int) -> np.ndarray:
    speech = say(word, voice, rng, rate, longest=0.95 * n / rate)
    at = int(rng.integers(n - len(speech)))
    recording = record(speech, n, at, draw_room(rng), rng, rate=rate)
    return np.rint(_FULL_SCALE * recording).astype(np.int16)


def _background(seed: int, rate: int, seconds: float = 20.0) -> tuple[np.ndarray, ...]:
    """Noise white, dull and dark, and many people talking at once, which by superposition is a sum of words."""
    n = round(seconds * rate)
    rng = np.random.default_rng([seed, 0, 0, 1])
    noises = [room_noise(Room(colour=colour), n, rng) for colour in (0.0, 0.8, 0.98)]
    babble = np.zeros(n, np.float32)
    crowd = [draw_voice("crowd", rng) for _ in range(12)]
    for _ in range(round(8 * seconds)):
        speech = say(str(rng.choice(OTHER)), crowd[rng.integers(len(crowd))], rng, rate)
        at = int(rng.integers(n - len(speech)))
        babble[at : at + len(speech)] += speech / np.std(speech)
    return tuple((0.1 * noise / np.std(noise)).clip(-1, 1) for noise in (*noises, babble))

"""From a data set of words to what a spotter learns and is judged on: keywords, unknown words, and silence."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ltisys import audio
from ltisys.datasets import Clips, join, silence_clips, synthetic_speech, validation_noise
from ltisys.datasets.joining import can_be_said

from .noise import made_noise

UNKNOWN, SILENCE = "unknown", "silence"
_SYNTHETIC = 1000  # seeds of voices to learn from begin here, away from those of demonstrations and tests
_UNKNOWN_SHARE = 4  # unknown words to clips of one keyword, at most
_SILENT_CLIPS = {"count": 80, "zeros": 20}  # among the held-out examples


def keywords_of(dataset: Clips) -> tuple[str, ...]:
    """The words of a data set that are keywords: all but "unknown" and "silence"."""
    return tuple(word for word in dataset.words if word not in (UNKNOWN, SILENCE))


def with_keywords(dataset: Clips, keywords: Sequence[str]) -> Clips:
    """The same clips with these keywords; every other word becomes "unknown".

    Parameters
    ----------
    dataset : Clips
        Clips with at least these words.
    keywords : sequence of str
        The words to keep apart, in the wanted order.

    Returns
    -------
    Clips

    Raises
    ------
    ValueError
        If there is no keyword, one comes twice, or the data set lacks one.
    """
    if not keywords or len(set(keywords)) != len(keywords):
        raise ValueError(f"need keywords that differ, got {', '.join(keywords) or 'none'}")
    missing = [word for word in keywords if word not in keywords_of(dataset)]
    if missing:
        raise ValueError(f"no clips of {', '.join(missing)}; the words are {', '.join(keywords_of(dataset))}")
    words = (*keywords, UNKNOWN)
    return replace(dataset, words=words, labels=relabelled(dataset, words))


def relabelled(dataset: Clips, words: Sequence[str]) -> np.ndarray:
    """The labels of the clips as indices into other words; what is not among them is "unknown"."""
    index = {word: i for i, word in enumerate(words)}
    new = np.array([index.get(word, index[UNKNOWN]) for word in dataset.words], dtype=np.int64)
    return new[dataset.labels]


def by_speaker(dataset: Clips) -> tuple[Clips, Clips]:
    """Clips to learn from and clips to judge by, with no speaker in both where that is possible.

    The data set's own validation or testing clips are held out if their speakers are not heard in training; otherwise
    every fifth speaker is. Where a keyword would be left that nobody says in training, as with one speaker, every fifth
    recording of each word is held out instead: nothing is known about other speakers then, see `same_speakers`.

    Parameters
    ----------
    dataset : Clips
        Clips of words.

    Returns
    -------
    tuple of Clips
        Training and held-out clips.

    Raises
    ------
    ValueError
        If there are no clips, or a keyword has one recording only.
    """
    if len(dataset) == 0:
        raise ValueError(f"{dataset.name or 'the data set'} holds no clips")
    training = dataset.part("training")
    heard = set(training.speakers.tolist())
    for split in ("validation", "testing"):
        held = dataset.part(split)
        if len(held) and heard.isdisjoint(held.speakers.tolist()) and _says_all(training, dataset):
            return training, held
    speakers = sorted(set(dataset.speakers.tolist()))
    away = np.isin(dataset.speakers, speakers[::-5])
    if not _says_all(dataset.select(~away), dataset):
        away = _every_fifth_recording(dataset)
    return dataset.select(~away), dataset.select(away)


def same_speakers(training: Clips, held_out: Clips) -> bool:
    """Whether somebody who is judged on is learned from, too, so that nothing is known about other speakers."""
    return bool(np.isin(held_out.speakers, training.speakers).any())


def _says_all(part: Clips, whole: Clips) -> bool:
    """Whether every keyword of a data set is in a part of it."""
    return {word for word in _said(whole) if word in keywords_of(whole)} <= _said(part)


def _said(dataset: Clips) -> set[str]:
    return {dataset.words[label] for label in np.unique(dataset.labels)}


def _every_fifth_recording(dataset: Clips) -> np.ndarray:
    """Which clips those are, of each word from its last one on."""
    away = np.zeros(len(dataset), bool)
    for label, word in enumerate(dataset.words):
        recordings = np.flatnonzero(dataset.labels == label)
        if len(recordings) == 1 and word in keywords_of(dataset):
            raise ValueError(f"need at least two recordings of {word!r}: one to learn from and one to judge by")
        away[recordings[::-5]] = len(recordings) > 1
    return away


def resampled(dataset: Clips, rate: int) -> Clips:
    """The same clips and noise at another sampling rate."""
    if dataset.rate == rate:
        return dataset
    samples = audio.resample(dataset.audio(), dataset.rate, rate)
    noise = tuple(audio.resample(x, dataset.rate, rate) for x in dataset.noise)
    return replace(dataset, samples=samples, rate=rate, noise=noise)


def held_out_from(dataset: Clips, rate: int) -> Clips:
    """The clips to judge by, see `by_speaker`, at the rate of a spotter."""
    return by_speaker(resampled(dataset, rate))[1]


def with_synthetic_voices(training: Clips, voices: int, seed: int) -> Clips:
    """Training clips and the same keywords, with other words, said by synthetic voices.

    Parameters
    ----------
    training : Clips
        The clips of the training speakers.
    voices : int
        How many voices; each says every keyword that it knows twice, and every other word of its vocabulary once.
    seed : int
        Of the voices.

    Returns
    -------
    Clips

    Raises
    ------
    ValueError
        If the voices know none of the keywords.
    """
    words = can_be_said(keywords_of(training))
    if not words:
        raise ValueError(f"synthetic voices know none of {', '.join(keywords_of(training))}")
    length = training.samples.shape[1] / training.rate
    spoken = synthetic_speech(
        words=words, voices=voices, repetitions=2, rate=training.rate, length=length, seed=_SYNTHETIC + seed
    )
    known = replace(spoken, noise=(), splits=np.full(len(spoken), "training"))
    return join(training, known)


def background(dataset: Clips, seed: int = 0) -> tuple[np.ndarray, ...]:
    """The data set's noise recordings, or made noise where it has none."""
    return dataset.noise or made_noise(dataset.rate, np.random.default_rng(seed))


def one_window(samples: np.ndarray, n: int) -> np.ndarray:
    """Clips of exactly n samples: shorter ones in the middle of zeros, of longer ones the loudest stretch.

    Parameters
    ----------
    samples : ndarray, (clips, any)
        int16 or float32.
    n : int
        Wanted length.

    Returns
    -------
    ndarray, (clips, n)
        Of the same kind.

    Examples
    --------
    >>> one_window(np.array([[0, 0, 5, 9, 0]], dtype=np.int16), 2)
    array([[5, 9]], dtype=int16)
    """
    length = samples.shape[1]
    if length <= n:
        before = (n - length) // 2
        return np.pad(samples, ((0, 0), (before, n - length - before)))
    out = np.empty((len(samples), n), samples.dtype)
    for row, x in zip(out, samples, strict=True):
        energy = np.concatenate([[0.0], np.cumsum(np.square(x, dtype=np.float64))])
        start = int(np.argmax(energy[n:] - energy[:-n]))
        row[:] = x[start : start + n]
    return out


def to_learn(training: Clips, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Examples with labels: the clips, unknown words, and rows of zeros for silence.

    A data set without unknown words gets some: its own clips, played backwards. Of many unknown words a part is drawn,
    four times as many as there are clips of one keyword, so that the network does not learn to prefer them.

    Parameters
    ----------
    training : Clips
        The clips of the training speakers.
    n : int
        Samples per example.
    rng : numpy.random.Generator
        Chooses the unknown words.

    Returns
    -------
    x : ndarray, (examples, n)
    t : ndarray, (examples,)
        Index into keywords, "unknown", "silence".
    """
    words = (*keywords_of(training), UNKNOWN, SILENCE)
    x, t = one_window(training.samples, n), relabelled(training, words)
    unknown = np.flatnonzero(t == words.index(UNKNOWN))
    per_word = max(1, (len(x) - len(unknown)) // len(keywords_of(training)))
    if len(unknown) == 0:
        backwards = x[rng.choice(len(x), per_word, replace=False), ::-1]
        x, t = np.concatenate([x, backwards]), np.append(t, np.full(per_word, words.index(UNKNOWN)))
    elif len(unknown) > _UNKNOWN_SHARE * per_word:
        surplus = rng.choice(unknown, len(unknown) - _UNKNOWN_SHARE * per_word, replace=False)
        x, t = np.delete(x, surplus, axis=0), np.delete(t, surplus)
    x = np.concatenate([x, np.zeros((per_word, n), x.dtype)])
    return x, np.append(t, np.full(per_word, words.index(SILENCE)))


def to_judge(held_out: Clips, words: Sequence[str], n: int) -> tuple[np.ndarray, np.ndarray]:
    """Held-out examples with labels: the clips and 100 clips of silence.

    Parameters
    ----------
    held_out : Clips
        Clips of unheard speakers, with the noise of the data set.
    words : sequence of str
        A spotter's words; other words count as "unknown".
    n : int
        Samples per example.

    Returns
    -------
    x : ndarray, (examples, n), float32
    t : ndarray, (examples,)
    """
    x = one_window(held_out.audio(), n)
    noise = validation_noise(background(held_out))
    nobody = one_window(silence_clips(noise, length=held_out.samples.shape[1], **_SILENT_CLIPS), n)
    labels = np.append(relabelled(held_out, words), np.full(len(nobody), list(words).index(SILENCE)))
    return np.concatenate([x, nobody]), labels

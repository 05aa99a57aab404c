from importlib import import_module

import numpy as np
import pytest

from ltisys.datasets import synthetic_speech
from ltisys.datasets.vocabulary import KEYWORDS, PRONUNCIATIONS


@pytest.fixture(scope="module")
def clips():
    return synthetic_speech(voices=8, repetitions=2, seed=3)


def test_every_voice_says_every_keyword_and_every_other_word_once(clips):
    assert clips.words == (*KEYWORDS, "unknown")
    others = len(PRONUNCIATIONS) - len(KEYWORDS)
    for speaker in np.unique(clips.speakers):
        counts = np.bincount(clips.labels[clips.speakers == speaker], minlength=len(clips.words))
        assert counts.tolist() == [2] * len(KEYWORDS) + [others]


def test_clips_are_16_bit_without_clipping_and_none_is_silent(clips):
    assert clips.samples.dtype == np.int16
    assert clips.samples.shape == (8 * (2 * len(KEYWORDS) + len(PRONUNCIATIONS) - len(KEYWORDS)), 16000)
    peaks = abs(clips.samples.astype(int)).max(axis=1)
    assert peaks.min() > 1000
    assert np.mean(peaks >= 32767) < 0.01


def test_voices_are_disjoint_between_splits(clips):
    voices = {split: set(clips.speakers[clips.splits == split]) for split in ("training", "validation", "testing")}
    assert [len(voices[split]) for split in ("training", "validation", "testing")] == [5, 1, 2]
    assert len(set.union(*voices.values())) == 8


def test_splits_take_60_15_and_25_percent_of_the_voices():
    clips = synthetic_speech(words=["yes"], voices=20, repetitions=1, rate=8000, length=0.5)
    counts = [len(np.unique(clips.speakers[clips.splits == name])) for name in ("training", "validation", "testing")]
    assert counts == [12, 3, 5]


def test_the_same_seed_gives_the_same_clips_and_another_seed_others(clips):
    again = synthetic_speech(voices=8, repetitions=2, seed=3)
    assert np.array_equal(clips.samples, again.samples)
    assert all(np.array_equal(a, b) for a, b in zip(clips.noise, again.noise, strict=True))
    other = synthetic_speech(voices=1, repetitions=2, seed=4)
    assert not np.array_equal(clips.samples[: len(other)], other.samples)


def test_clips_depend_neither_on_the_number_of_voices_nor_on_the_other_words(clips):
    fewer = synthetic_speech(words=["stop", "up"], voices=2, repetitions=1, seed=3)
    label, narrow = clips.words.index("stop"), fewer.words.index("stop")
    for speaker in np.unique(fewer.speakers):
        first = clips.samples[(clips.labels == label) & (clips.speakers == speaker)][0]
        assert np.array_equal(fewer.samples[(fewer.labels == narrow) & (fewer.speakers == speaker)][0], first)


def test_the_number_of_threads_changes_nothing(clips, monkeypatch):
    monkeypatch.setattr(import_module("ltisys.datasets.synthetic_speech"), "_THREADS", 1)
    assert np.array_equal(synthetic_speech(voices=8, repetitions=2, seed=3).samples, clips.samples)


def test_repetitions_differ_in_place_and_sound(clips):
    one = clips.samples[(clips.labels == 0) & (clips.speakers == clips.speakers[0])].astype(float)
    loud = [np.flatnonzero(abs(x) > 0.3 * abs(x).max())[0] for x in one]
    assert loud[0] != loud[1]


def test_background_is_long_enough_for_silence_in_every_split(clips):
    assert len(clips.noise) == 4
    for recording in clips.noise:
        assert recording.dtype == np.float32
        assert len(recording) >= 5 * 2 * clips.rate
        assert 0.05 < recording.std() <= 0.11
        assert abs(recording).max() <= 1


def test_length_and_rate_set_the_number_of_samples():
    clips = synthetic_speech(words=["no"], voices=1, repetitions=1, rate=8000, length=0.75)
    assert clips.samples.shape[1] == 6000
    assert clips.rate == 8000


def test_progress_is_told_after_each_voice():
    told = []
    synthetic_speech(
        words=["go"], voices=3, repetitions=1, rate=8000, length=0.5, progress=lambda *step: told.append(step)
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"words": ["yes", "hello"]}, "word must be one of .*; got 'hello'"),
        ({"words": []}, r"words must be different words, at least one; got \(\)"),
        ({"words": ["yes", "yes"]}, r"words must be different words, at least one; got \('yes', 'yes'\)"),
        ({"voices": 0}, "voices must be at least 1, got 0"),
        ({"repetitions": 0}, "repetitions must be at least 1, got 0"),
        ({"seed": -1}, "seed must be at least 0, got -1"),
        ({"rate": 4000}, "rate must be at least 8000, got 4000"),
        ({"length": 0.2}, "length must be at least 0.5 seconds, got 0.2"),
    ],
)
def test_what_cannot_be_said_is_refused_before_any_work(options, message):
    with pytest.raises(ValueError, match=message):
        synthetic_speech(**options)

import re
from dataclasses import replace

import numpy as np
import pytest
from tones import tone_clips

from ltisys.spotting.examples import (
    background,
    by_speaker,
    one_window,
    same_speakers,
    to_judge,
    to_learn,
    with_keywords,
)

CLIPS = tone_clips(takes=1)


def test_no_speaker_is_on_both_sides():
    training, held = by_speaker(CLIPS)
    assert set(held.speakers) == {"s8", "s9"}
    assert set(training.speakers).isdisjoint(held.speakers)


def test_a_split_that_shares_speakers_is_made_anew():
    shared = replace(CLIPS, splits=np.where(np.arange(len(CLIPS)) % 2 == 0, "training", "testing"))
    training, held = by_speaker(shared)
    assert set(training.speakers).isdisjoint(held.speakers)
    assert len(training) + len(held) == len(CLIPS)


def test_of_one_speaker_every_fifth_recording_is_held_out():
    mine = tone_clips(takes=7, speakers=1)
    training, held = by_speaker(mine)
    assert [np.bincount(part.labels).tolist() for part in (training, held)] == [[5, 5, 5], [2, 2, 2]]
    assert same_speakers(training, held)
    assert not same_speakers(*by_speaker(CLIPS))


def test_a_keyword_is_learned_even_if_one_of_many_speakers_says_it():
    by_one = CLIPS.select((CLIPS.labels != 0) | (CLIPS.speakers == "s9"))
    twice = by_one.select(np.concatenate([np.arange(len(by_one)), np.flatnonzero(by_one.labels == 0)]))
    training, held = by_speaker(replace(twice, splits=np.full(len(twice), "training")))
    assert set(training.labels) == set(held.labels) == {0, 1, 2}


def test_nothing_can_be_held_out_of_one_recording():
    with pytest.raises(ValueError, match="need at least two recordings of 'up': one to learn from and one to judge by"):
        by_speaker(CLIPS.select(CLIPS.speakers == "s0"))
    with pytest.raises(ValueError, match="tones holds no clips"):
        by_speaker(CLIPS.select(slice(0, 0)))


def test_other_words_become_unknown():
    all_words = replace(CLIPS, words=("up", "down", "left"))
    chosen = with_keywords(all_words, ["down", "up"])
    assert chosen.words == ("down", "up", "unknown")
    assert [chosen.words[i] for i in chosen.labels[:3]] == ["up", "down", "unknown"]


def test_keywords_must_be_there_and_differ():
    with pytest.raises(ValueError, match="no clips of left; the words are up, down"):
        with_keywords(CLIPS, ["up", "left"])
    with pytest.raises(ValueError, match="need keywords that differ, got up, up"):
        with_keywords(CLIPS, ["up", "up"])


def test_examples_to_learn_hold_silence_as_rows_of_zeros():
    x, t = to_learn(CLIPS, 16000, np.random.default_rng(0))
    assert np.bincount(t).tolist() == [10, 10, 10, 10]
    assert not x[t == 3].any()


def test_without_unknown_words_clips_are_played_backwards():
    x, t = to_learn(CLIPS.select(CLIPS.labels < 2), 16000, np.random.default_rng(0))
    forwards = {row.tobytes() for row in x[t < 2]}
    assert np.bincount(t).tolist() == [10, 10, 10, 10]
    assert all(row[::-1].tobytes() in forwards for row in x[t == 2])


def test_many_unknown_words_are_thinned_out():
    few = CLIPS.select(np.flatnonzero((CLIPS.labels == 2) | (CLIPS.speakers == "s0")))
    _, t = to_learn(few, 16000, np.random.default_rng(0))
    assert np.bincount(t).tolist() == [1, 1, 4, 1]


def test_examples_to_judge_are_the_clips_and_a_hundred_of_silence():
    x, t = to_judge(CLIPS.part("validation"), ("up", "left", "unknown", "silence"), 16000)
    assert x.shape == (106, 16000)
    assert np.bincount(t).tolist() == [2, 0, 4, 100]
    assert np.sum(~x[6:].any(axis=1)) == 20
    np.testing.assert_array_equal(to_judge(CLIPS.part("validation"), ("up", "unknown", "silence"), 16000)[0], x)


def test_windows_have_one_length():
    assert one_window(np.ones((2, 3), np.float32), 6).tolist() == [[0, 1, 1, 1, 0, 0]] * 2


def test_noise_is_made_where_there_is_none():
    assert len(background(CLIPS)) > 3
    own = (np.ones(10, np.float32),)
    assert background(replace(CLIPS, noise=own)) is own


def test_messages_name_the_data_set():
    with pytest.raises(ValueError, match=re.escape("the data set holds no clips")):
        by_speaker(replace(CLIPS, name="").select(slice(0, 0)))

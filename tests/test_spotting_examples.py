import re
from dataclasses import replace

import numpy as np
import pytest
from tones import tone_clips

from ltisys.spotting.examples import background, by_speaker, one_window, to_judge, to_learn, with_keywords

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


def test_one_speaker_is_too_few():
    with pytest.raises(ValueError, match="need clips of at least two speakers to judge on unheard ones, got only 's0'"):
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
    with pytest.raises(ValueError, match="need at least two different keywords, got up, up"):
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

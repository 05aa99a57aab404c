"""A long recording holds what it says it holds, where it says so, and is the same every time."""

from itertools import pairwise

import numpy as np
import pytest
from tones import RATE, tone_clips

from ltisys.spotting.assembly import BLOCK, Assembly, halves
from ltisys.spotting.examples import by_speaker
from ltisys.spotting.recording import cut_out

CLIPS = tone_clips()
KEYWORDS = ("up", "down")
HOURS = 6 / 60


def test_every_clip_is_said_once_and_found_where_it_is_said():
    assembly = Assembly(CLIPS, KEYWORDS, hours=HOURS)
    assert len(assembly.keywords) + len(assembly.others) == len(CLIPS)
    assert [d.word for d in assembly.keywords].count("up") == np.sum(CLIPS.labels == 0)
    said = sorted((*assembly.keywords, *assembly.others), key=lambda d: d.start)
    assert all(one.stop < other.start for one, other in pairwise(said))
    sound = np.concatenate(list(assembly))
    assert len(sound) == 6 * BLOCK * RATE == assembly.hours * 3600 * RATE
    inside = np.zeros(len(sound), bool)
    for d in said:
        assert 0.25 < d.stop - d.start < 0.5
        inside[round(d.start * RATE) : round(d.stop * RATE)] = True
    for minute in range(6):
        here = slice(round(minute * BLOCK * RATE), round((minute + 1) * BLOCK * RATE))
        loud, quiet = (np.mean(np.square(sound[here][which])) for which in (inside[here], ~inside[here]))
        assert loud > 2 * quiet


@pytest.mark.parametrize("snr", [40, 20, 12])
def test_a_word_in_a_noisy_clip_begins_and_ends_where_it_sounds(snr):
    rng = np.random.default_rng(5)
    time = np.arange(16000) / 16000
    x = 0.1 * np.sign(np.sin(2 * np.pi * 200 * time)) * (abs(time - 0.45) < 0.2)
    x[3200:] += 0.1 * 10 ** (-snr / 20) * rng.standard_normal(12800)  # and before, the clip is digital silence
    piece, first, last = cut_out(x.astype(np.float32), 16000)
    start = np.argmax(np.correlate(x, piece[first:last], "valid")) / 16000
    assert start == pytest.approx(0.25, abs=0.04)
    assert (last - first) / 16000 == pytest.approx(0.4, abs=0.08)


def test_it_is_the_same_every_time_and_another_for_another_seed():
    first, again, other = (Assembly(CLIPS, KEYWORDS, hours=HOURS, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(next(iter(first)), next(iter(first)))
    assert all(np.array_equal(x, y) for x, y in zip(first, again, strict=True))
    assert first.keywords == again.keywords != other.keywords


def test_backgrounds_give_way_to_each_other_without_a_click():
    sound = np.concatenate(list(Assembly(CLIPS.select([0]), KEYWORDS, hours=HOURS, seed=3)))
    for minute in range(1, 6):
        edge = round(minute * BLOCK * RATE)
        steps = np.abs(np.diff(sound[edge - RATE : edge + RATE]))
        assert steps[RATE - 1] <= 1.01 * max(steps[: RATE - 1].max(), steps[RATE:].max())


def test_the_halves_share_neither_speakers_nor_noise():
    _, held_out = by_speaker(CLIPS)
    one, other = halves(held_out)
    assert len(one) + len(other) == len(held_out)
    assert set(one.speakers).isdisjoint(other.speakers)
    for x, y in zip(one.noise, other.noise, strict=True):
        assert len(x) > 0
        assert not np.isin(x, y).all()


def test_one_speaker_makes_no_halves():
    one = CLIPS.select(CLIPS.speakers == "s1")
    with pytest.raises(ValueError, match="need at least two held-out speakers for two recordings, got s1"):
        halves(one)


@pytest.mark.parametrize(
    ("clips", "hours", "message"),
    [
        (CLIPS, 1 / 60, "120 words do not fit into 60 s: take more hours or fewer clips"),
        (CLIPS.select(CLIPS.labels == 2), HOURS, "no clip holds one of the keywords up, down"),
    ],
)
def test_what_cannot_be_assembled_is_refused(clips, hours, message):
    with pytest.raises(ValueError, match=message):
        Assembly(clips, KEYWORDS, hours=hours)

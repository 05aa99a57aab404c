"""Counting misses and false alarms, and choosing a threshold by them."""

import dataclasses
import weakref

import numpy as np
import pytest
from tones import RATE, tone_clips, untrained

from ltisys.spotting import Detection
from ltisys.spotting.assembly import Assembly, halves
from ltisys.spotting.confidence import of_count, of_share
from ltisys.spotting.examples import by_speaker
from ltisys.spotting.operating import THRESHOLDS, OperatingPoint, calibrate, chosen, match, operating_points


def word(name, start):
    return Detection(name, start, start + 0.5, 0.9)


def test_each_word_is_found_once_by_its_nearest_detection():
    said = [word("up", 1.0), word("up", 1.3)]
    near, nearer = word("up", 1.2), word("up", 1.05)
    matches = match(said, [near, nearer])
    assert matches.found == (nearer, near)
    assert matches.false_alarms == ()
    assert matches.recall == 1.0


def test_another_word_or_place_is_a_false_alarm():
    wrong, late = word("down", 1.0), word("up", 1.3)
    matches = match([word("up", 1.0)], [wrong, late])
    assert matches.found == (None,)
    assert matches.false_alarms == (wrong, late)
    assert matches.recall == 0.0


def test_far_from_the_middle_of_a_long_word_is_not_found():
    said, far = Detection("up", 1.0, 2.0, 1.0), Detection("up", 1.7, 1.9, 0.9)
    assert match([said], [far]).false_alarms == (far,)


def test_thresholds_are_finer_the_nearer_they_are_to_one():
    steps = np.diff(THRESHOLDS)
    assert (steps > 0).all()
    assert 0.3 < THRESHOLDS[0] < THRESHOLDS[-1] < 1
    assert (1 - np.array(THRESHOLDS[-8:])).max() < 0.04


def test_nothing_said_is_all_found():
    assert match([], []).recall == 1.0


def point(threshold, missed, alarms):
    return OperatingPoint(threshold, 6.0, {"up": 60, "down": 40}, {"up": missed, "down": 0}, {"up": 0, "down": alarms})


def test_a_point_knows_its_rates():
    one = point(0.5, 5, 3)
    assert one.miss_rate == 0.05
    assert one.false_alarms_per_hour == 0.5
    low, high = one.false_alarm_interval
    assert (low, high) == (pytest.approx(0.6187 / 6, rel=1e-3), pytest.approx(8.7673 / 6, rel=1e-3))
    assert one.miss_interval[0] < 0.05 < one.miss_interval[1]


def test_the_fewest_misses_among_the_quiet_ones_are_chosen():
    points = [point(0.3, 1, 60), point(0.5, 3, 3), point(0.6, 3, 2), point(0.9, 20, 0)]
    assert chosen(points, 0.5).threshold == 0.6
    assert chosen(points, 10).threshold == 0.3
    assert chosen(points[:2], 0.1).threshold == 0.5  # none is quiet enough: the quietest
    with pytest.raises(ValueError, match="no operating points to choose from"):
        chosen([], 0.5)


def test_points_are_what_the_spotter_finds_at_each_threshold():
    spotter = untrained()
    recording = Assembly(tone_clips(), spotter.keywords, hours=3 / 60)
    sound = np.concatenate(list(recording))
    for one in operating_points(spotter, recording, (0.15, 0.26)):
        matches = match(recording.keywords, spotter.spot(sound, RATE, one.threshold))
        assert sum(one.missed.values()) == sum(d is None for d in matches.found)
        assert sum(one.false_alarms.values()) == len(matches.false_alarms)
        assert sum(one.said.values()) == len(recording.keywords)


def test_no_more_than_one_block_of_a_recording_is_held(monkeypatch):
    recording = Assembly(tone_clips(), ("up", "down"), hours=3 / 60)
    alive = []

    def weakly(blocks):
        for block in blocks:
            alive.append(weakref.ref(block))
            assert sum(one() is not None for one in alive) <= 2  # this one and the one before
            yield block

    original = Assembly.__iter__
    monkeypatch.setattr(Assembly, "__iter__", lambda self: weakly(original(self)))
    operating_points(untrained(), recording, (0.5,))
    assert len(alive) == 3


def test_calibration_changes_nothing_but_the_thresholds():
    spotter = untrained()
    new = calibrate(spotter, tone_clips(), hours=3 / 60, false_alarms_per_hour=5)
    _, held_out = by_speaker(tone_clips())
    recording = Assembly(halves(held_out)[0], spotter.keywords, hours=3 / 60)
    expected = chosen(operating_points(spotter, recording), 5)
    assert new.thresholds == (expected.threshold,) * 2
    assert new.card.scores["calibration_miss_rate"] == expected.miss_rate
    assert dataclasses.replace(new, thresholds=spotter.thresholds, card=spotter.card) == spotter


@pytest.mark.parametrize("count", [0, 1, 3, 50])
def test_the_interval_of_a_count_leaves_two_and_a_half_percent_at_each_end(count):
    from scipy.stats import poisson

    low, high = of_count(count)
    assert poisson.cdf(count, high) == pytest.approx(0.025)
    assert count == 0 or poisson.sf(count - 1, low) == pytest.approx(0.025)


@pytest.mark.parametrize(("hits", "trials"), [(0, 10), (3, 10), (10, 10), (970, 1000)])
def test_the_ends_of_wilsons_interval_are_as_far_as_two_standard_deviations(hits, trials):
    for p in of_share(hits, trials):
        if 1e-9 < p < 1 - 1e-9:
            assert abs(hits / trials - p) == pytest.approx(1.96 * np.sqrt(p * (1 - p) / trials), rel=1e-4)
    assert of_share(0, 0) == (0.0, 1.0)

import numpy as np
import pytest

from ltisys.spotting.detection import Detection, Rivals, Sighting, Tracker, extent


def sightings(tracker, scores):
    """All that a tracker of two keywords reports on rows of their probabilities."""
    closed = [s for row in scores for s in tracker.push(np.array([*row, 1 - sum(row)]))]
    return closed + tracker.flush()


def test_a_run_is_reported_once_with_its_best_score():
    tracker = Tracker([0.5, 0.5], smoothing=1)
    rows = [(0, 0), (0.6, 0), (0.9, 0), (0.4, 0), (0.2, 0), (0, 0)]
    assert sightings(tracker, rows) == [Sighting(word=0, first=1, last=3, score=0.9)]


def test_a_dip_above_the_release_does_not_split_a_run():
    tracker = Tracker([0.5, 0.5], smoothing=1, release=0.7)
    assert len(sightings(tracker, [(0.6, 0), (0.36, 0), (0.6, 0)])) == 1
    assert len(sightings(Tracker([0.5, 0.5], smoothing=1, release=0.9), [(0.6, 0), (0.36, 0), (0.6, 0)])) == 2


def test_smoothing_is_a_mean_of_the_last_windows_and_swallows_single_peaks():
    assert sightings(Tracker([0.5, 0.5], smoothing=3), [(0, 0), (0.9, 0), (0, 0), (0, 0)]) == []
    (heard,) = sightings(Tracker([0.5, 0.5], smoothing=2), [(0.6, 0), (0.8, 0), (0, 0)])
    assert heard.score == pytest.approx(0.7)


def test_another_word_takes_over():
    runs = sightings(Tracker([0.5, 0.5], smoothing=1), [(0.8, 0.1), (0.3, 0.6), (0.1, 0.7)])
    assert [(run.word, run.first, run.last) for run in runs] == [(0, 0, 0), (1, 1, 2)]


def test_a_run_longer_than_a_word_can_last_is_several_words():
    runs = sightings(Tracker([0.5, 0.5], smoothing=1, longest=4), [(0.9, 0)] * 8)
    assert [(run.first, run.last) for run in runs] == [(0, 3), (4, 7)]


def test_a_steady_sound_is_closed_in_the_end():
    tracker = Tracker([0.5], smoothing=1, longest=4)
    assert any(tracker.push(np.array([0.9, 0.1])) for _ in range(13))


def test_unknown_and_silence_are_never_reported():
    tracker = Tracker([0.5], smoothing=1)
    assert [tracker.push(np.array([0.1, 0.9, 0.0])) for _ in range(5)] == [[]] * 5


def test_of_rivals_the_better_is_kept():
    rivals = Rivals(0.4)
    no, go = Detection("no", 1.0, 1.4, 0.8), Detection("go", 1.1, 1.5, 0.9)
    assert rivals.push(no) + rivals.push(go) == []
    assert rivals.settle(1.5) == []
    assert rivals.settle(1.71) == [go]


def test_detections_apart_both_pass():
    rivals = Rivals(0.4)
    first, second = Detection("no", 1.0, 1.4, 0.8), Detection("go", 1.5, 1.9, 0.9)
    assert rivals.push(first) == []
    assert rivals.push(second) == [first]


def test_the_extent_is_the_loud_stretch_nearest_the_middle():
    loudness = np.zeros(200)
    loudness[40:70] = 5
    loudness[75:80] = 5  # after a closure of five frames
    loudness[150:190] = 5
    assert extent(loudness, centre=60, reach=55, bridge=10) == (40, 80)


def test_the_extent_of_nothing_is_all_there_is():
    assert extent(np.ones(20), centre=10, reach=5, bridge=2) == (5, 16)

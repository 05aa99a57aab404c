import json
from itertools import pairwise

import numpy as np
import pytest
from tones import tone_clips, untrained

from ltisys.spotting import evaluate
from ltisys.spotting.recording import make_recording


def test_the_confusion_counts_every_clip_of_the_held_out_speakers():
    scores = evaluate(untrained(), tone_clips())
    assert scores.confusion.sum(axis=1).tolist() == [8, 8, 8, 100]
    assert scores.clips == 124
    assert scores.accuracy == pytest.approx(np.trace(scores.confusion) / 124)
    assert scores.keyword_accuracy == pytest.approx(np.trace(scores.confusion[:2, :2]) / 16)
    low, high = scores.accuracy_interval
    assert low < scores.accuracy < high
    assert scores.operating_points == ()
    assert scores.to_dict()["confusion"] == scores.confusion.tolist()


def test_thresholds_are_chosen_on_one_recording_and_reported_on_another():
    scores = evaluate(untrained(), tone_clips(), hours=2 / 60)
    assert set(scores.at_rates) == {0.5, 5.0}
    for point in scores.at_rates.values():
        assert point in scores.operating_points
    said = scores.operating_points[0].said
    assert sum(said.values()) == 8  # half of the keywords
    assert json.loads(json.dumps(scores.to_dict()))["at_false_alarms_per_hour"]["0.5"]["said"] == said


def test_data_without_the_keywords_are_refused():
    with pytest.raises(ValueError, match=r"no clip holds a keyword of the spotter \(left, right\)"):
        evaluate(untrained(("left", "right")), tone_clips())


def test_a_recording_holds_what_it_says_at_the_level_it_says():
    clips = tone_clips().part("validation")
    recording = make_recording(clips, ["up", "down"], said=10, others=4, snr=8.0)
    names = [d.word for d in recording.keywords]
    assert (names.count("up"), names.count("down"), len(recording.others)) == (5, 5, 4)
    rate = recording.rate
    speech, pauses = [], []
    everything = sorted((*recording.keywords, *recording.others), key=lambda d: d.start)
    for before, after in pairwise(everything):
        assert after.start - before.stop > 0.45
        speech.append(np.mean(recording.samples[round(before.start * rate) : round(before.stop * rate)] ** 2))
        pauses.append(
            np.mean(recording.samples[round((before.stop + 0.1) * rate) : round((after.start - 0.1) * rate)] ** 2)
        )
    assert 10 * np.log10(np.mean(speech) / np.mean(pauses) - 1) == pytest.approx(8, abs=2)


def test_the_same_seed_gives_the_same_recording():
    clips = tone_clips().part("validation")
    a, b, c = (make_recording(clips, ["up", "down"], said=4, others=2, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(a.samples, b.samples)
    assert a.keywords == b.keywords != c.keywords


def test_a_recording_needs_keywords():
    with pytest.raises(ValueError, match="no clip holds one of the keywords left"):
        make_recording(tone_clips(), ["left"])

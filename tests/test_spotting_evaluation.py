from itertools import pairwise

import numpy as np
import pytest
from tones import tone_clips, untrained

from ltisys.spotting import Detection, evaluate
from ltisys.spotting.evaluation import match
from ltisys.spotting.recording import make_recording


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


def test_nothing_said_is_all_found():
    assert match([], []).recall == 1.0


def test_the_confusion_counts_every_clip_of_the_held_out_speakers():
    scores = evaluate(untrained(), tone_clips(), stream_words=4)
    assert scores.confusion.sum(axis=1).tolist() == [8, 8, 8, 100]
    assert scores.clips == 124
    assert scores.accuracy == pytest.approx(np.trace(scores.confusion) / 124)
    assert scores.keyword_accuracy == pytest.approx(np.trace(scores.confusion[:2, :2]) / 16)
    assert [p.threshold for p in scores.operating_points] == [0.4, 0.5, 0.6, 0.7, 0.8]
    assert all(0 <= p.miss_rate <= 1 for p in scores.operating_points)
    assert scores.to_dict()["confusion"] == scores.confusion.tolist()


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

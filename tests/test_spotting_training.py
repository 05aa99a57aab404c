from dataclasses import replace

import numpy as np
import pytest
from tones import RATE, tone_clips

from ltisys import spotting
from ltisys.spotting.examples import resampled
from ltisys.spotting.operating import match
from ltisys.spotting.recording import make_recording


def test_learns_to_tell_words_apart_and_to_find_them():
    clips = tone_clips()
    spotter, history = spotting.train(clips, epochs=16, recipe=spotting.Recipe(batch_size=16), progress=False)
    assert spotter.words == ("up", "down", "unknown", "silence")
    assert (spotter.card.data, spotter.card.licence, spotter.card.voices) == ("tones", "MIT", 8)
    assert spotter.card.scores["accuracy"] == history.validation_accuracy[-1] > 0.9
    assert spotting.evaluate(spotter, clips).accuracy == pytest.approx(history.validation_accuracy[-1])
    p = spotter.classify(tone_clips().audio()[-12], RATE)
    assert max(p, key=lambda word: p[word]) == "up"
    recording = make_recording(clips.part("validation"), ["up", "down"], said=6, others=2, snr=20)
    matches = match(recording.keywords, spotter.spot(recording.samples, RATE))
    assert matches.recall >= 0.8


def test_the_same_seed_gives_the_same_spotter():
    clips = tone_clips(takes=1)
    first, again, other = (spotting.train(clips, seed=s, epochs=1, progress=False)[0].net.state() for s in (0, 0, 1))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not all(np.array_equal(first[name], other[name]) for name in first)


def test_one_keyword_is_too_few():
    clips = replace(tone_clips(takes=1), words=("up", "unknown", "silence"))
    with pytest.raises(ValueError, match="need at least two keywords, got up"):
        spotting.train(clips, epochs=1, progress=False)


def test_high_rates_are_brought_down():
    clips = resampled(tone_clips(takes=1), 44100)
    spotter, _ = spotting.train(clips, epochs=1, progress=False)
    assert spotter.rate == 16000
    assert spotting.evaluate(spotter, clips).clips == 106

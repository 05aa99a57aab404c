import dataclasses

import numpy as np
import pytest
from tones import RATE, tone, untrained

SPOTTER = untrained()
WINDOW = SPOTTER.front_end.samples


def test_probabilities_cover_all_words_and_sum_to_one():
    p = SPOTTER.classify(tone("up", 500, np.random.default_rng(0)), RATE)
    assert tuple(p) == ("up", "down", "unknown", "silence")
    assert sum(p.values()) == pytest.approx(1)


def test_a_short_clip_is_put_in_the_middle_of_zeros():
    x = tone("up", 500, np.random.default_rng(0))
    around = (WINDOW - len(x)) // 2
    assert SPOTTER.classify(x, RATE) == SPOTTER.classify(np.pad(x, (around, around)), RATE)


def test_of_a_long_clip_the_best_window_counts():
    x = tone("up", 500, np.random.default_rng(0), seconds=2.3)
    x = np.pad(x, (0, (WINDOW - len(x)) % 1600))
    windows = [SPOTTER.classify(x[start : start + WINDOW], RATE) for start in range(0, len(x) - WINDOW + 1, 1600)]
    best = max(windows, key=lambda p: max(v for word, v in p.items() if word != "silence"))
    assert SPOTTER.classify(x, RATE) == pytest.approx(best)


def test_other_rates_channels_and_integers_are_the_same_sound():
    x = tone("down", 500, np.random.default_rng(0), seconds=1.0)
    want = SPOTTER.classify(x, RATE)
    assert SPOTTER.classify(np.stack([x, x]), RATE) == pytest.approx(want)
    assert SPOTTER.classify(np.round(x * 32768).astype(np.int16), RATE) == pytest.approx(want, abs=0.02)
    from ltisys import audio

    assert SPOTTER.classify(audio.resample(x, RATE, 48000), 48000) == pytest.approx(want, abs=0.1)


def test_an_empty_clip_is_refused_and_an_empty_recording_holds_no_words():
    with pytest.raises(ValueError, match="the clip is empty: at least one sample is needed"):
        SPOTTER.classify(np.zeros(0), RATE)
    assert SPOTTER.spot(np.zeros(0), RATE) == []


@pytest.mark.parametrize("threshold", [0, -0.1, 1.5])
def test_thresholds_are_probabilities(threshold):
    with pytest.raises(ValueError, match=rf"threshold must lie in \(0, 1\], got {threshold}"):
        SPOTTER.spot(np.zeros(10), RATE, threshold)


def test_a_threshold_of_one_is_never_reached():
    assert SPOTTER.spot(tone("up", 500, np.random.default_rng(0), 3.0), RATE, threshold=1.0) == []


@pytest.mark.parametrize("rate", [0, 100, 16000.5])
def test_rates_are_checked(rate):
    for act in (SPOTTER.classify, SPOTTER.spot):
        with pytest.raises(ValueError, match="rate must be a whole number of hertz"):
            act(np.zeros(100), rate)


def test_what_a_spotter_is_made_of_must_fit():
    with pytest.raises(ValueError, match="the last two words must be 'unknown' and 'silence'"):
        dataclasses.replace(SPOTTER, words=("up", "down", "silence", "unknown"))
    with pytest.raises(ValueError, match=r"need one threshold per keyword \(2\), got 3"):
        dataclasses.replace(SPOTTER, thresholds=(0.5, 0.5, 0.5))


def test_spotters_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        SPOTTER.words = ()  # pyright: ignore

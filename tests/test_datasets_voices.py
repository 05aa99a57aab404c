from dataclasses import replace

import numpy as np
import pytest

from ltisys.datasets.phonemes import PHONEMES
from ltisys.datasets.voices import Voice, draw_voice

VOICES = [draw_voice(str(number), np.random.default_rng([0, number])) for number in range(300)]


def test_a_voice_is_a_value_that_its_generator_determines():
    assert draw_voice("7", np.random.default_rng([0, 7])) == VOICES[7]
    assert len(set(VOICES)) == len(VOICES)


@pytest.mark.parametrize(
    ("quantity", "low", "high"),
    [
        ("pitch", 80, 320),
        ("tract", 0.9, 1.35),
        ("tempo", 0.7, 1.3),
        ("breathiness", 0.01, 0.15),
        ("sharpness", 0.25, 2),
    ],
)
def test_voices_fill_the_whole_range(quantity, low, high):
    drawn = np.array([getattr(voice, quantity) for voice in VOICES])
    assert low <= drawn.min() < low + 0.1 * (high - low)
    assert high - 0.2 * (high - low) < drawn.max() <= high


def test_short_tracts_go_with_high_pitch_but_not_strictly():
    correlation = np.corrcoef([voice.tract for voice in VOICES], [np.log(voice.pitch) for voice in VOICES])[0, 1]
    assert 0.7 < correlation < 0.95


def test_an_accent_moves_the_formants_of_each_phoneme_by_at_most_8_percent():
    factors = np.array([voice.accent for voice in VOICES])
    assert factors.shape == (len(VOICES), len(PHONEMES), 3)
    assert 0.92 <= factors.min() < 0.921
    assert 1.079 < factors.max() <= 1.08


@pytest.mark.parametrize("quantity", ["pitch", "tract", "tempo", "tilt", "slur"])
def test_a_quantity_that_is_not_positive_is_refused(quantity):
    with pytest.raises(ValueError, match=f"{quantity} must be positive, got -1.0"):
        replace(Voice("nobody"), **{quantity: -1.0})


def test_an_accent_for_other_phonemes_is_refused():
    with pytest.raises(ValueError, match=f"accent must hold factors for {len(PHONEMES)} phonemes or none, got 1"):
        Voice("nobody", accent=((1.0, 1.0, 1.0),))

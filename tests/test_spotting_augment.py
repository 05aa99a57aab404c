from dataclasses import replace

import numpy as np

from ltisys.audio import LogMel
from ltisys.spotting.augment import STILL, Augment, Variation, mask, placed
from ltisys.spotting.frontend import FrontEnd

FRONT_END = FrontEnd.plain(LogMel())
NOISE = (0.1 * np.random.default_rng(5).standard_normal(32000).astype(np.float32),)


def clips(n=6):
    """Full seconds of sound, with nothing to move about in."""
    return np.random.default_rng(0).integers(-8000, 8000, (n, 16000)).astype(np.int16)


def test_without_variation_the_features_are_those_of_the_clips():
    x = clips()
    np.testing.assert_allclose(
        Augment(FRONT_END, NOISE, STILL)(x, np.random.default_rng(0)), FRONT_END(x / np.float32(32768)), atol=1e-4
    )


def test_the_same_chance_gives_the_same_features():
    augment = Augment(FRONT_END, NOISE, Variation())
    first, again, other = (augment(clips(), np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_zeros_become_background_at_any_level_or_stay_silence():
    features = Augment(FRONT_END, NOISE, STILL)(np.zeros((60, 16000), np.int16), np.random.default_rng(0))
    loudness = features.mean(axis=(1, 2))
    silence = float(FRONT_END(np.zeros(16000, np.float32)).mean())
    assert 4 <= np.sum(np.isclose(loudness, silence)) <= 25
    assert len(np.unique(loudness.round(3))) > 30


def test_a_longer_tract_moves_the_picture_down_and_a_slower_tempo_stretches_it():
    t = np.arange(16000) / 16000
    x = np.tile(np.float32(np.sin(2 * np.pi * 2000 * t) * (np.abs(t - 0.5) < 0.2)), (40, 1))
    still = FRONT_END(x[:1])[0]
    band = still.mean(axis=1).argmax()
    for name, axis, low, high in (("tract", 1, 1, 6), ("tempo", 0, 2, 10)):
        varied = Augment(FRONT_END, NOISE, replace(STILL, **{name: 0.2}))(x, np.random.default_rng(0))
        if axis == 1:
            moved = varied.mean(axis=2).argmax(axis=1) - band
        else:
            moved = (varied[:, band] > still[band].max() - 2).sum(axis=1) - 40
        assert moved.min() < -low
        assert moved.max() > low
        assert np.abs(moved).max() <= high


def test_short_clips_may_be_moved_into_their_zeros():
    x = np.zeros((40, 16000), np.int16)
    x[:, :3000] = 5000
    features = Augment(FRONT_END, NOISE, STILL)(x, np.random.default_rng(0))
    places = features.mean(axis=1).argmax(axis=1)
    assert places.min() < 20
    assert places.max() > 60


def test_full_clips_stay_where_they_are():
    x = clips()
    np.testing.assert_array_equal(placed(x, 99, np.random.default_rng(0)), x)


def test_masks_blot_out_one_stretch_of_each_axis():
    features = np.ones((50, 40, 98), np.float32)
    mask(features, (15, 5), np.random.default_rng(0))
    frames, bands = (features == 0).all(axis=1).sum(axis=1), (features == 0).all(axis=2).sum(axis=1)
    assert frames.max() == 15
    assert bands.max() == 5

import numpy as np
import pytest

from ltisys.audio import LogMel
from ltisys.spotting.augment import Augment, Variation, active_power, mask, move
from ltisys.spotting.frontend import FrontEnd

FRONT_END = FrontEnd.plain(LogMel())
STILL = Variation(speed=0.0, shift=0.0, gain=(0.0, 0.0), noise=0.0, neighbour=0.0, masks=(0, 0))
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


def test_noise_comes_at_the_wanted_ratio():
    x = np.tile(np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000), (1, 1)).astype(np.float32) / 2
    noisy = Variation(0.0, 0.0, (0.0, 0.0), 1.0, (10.0, 10.0), 0.0, (0, 0))
    heard = []

    class Listen:
        rate = 16000

        def __call__(self, samples):
            heard.append(samples.copy())
            return np.zeros((1, 2, 2), np.float32)

    Augment(Listen(), NOISE, noisy)(x, np.random.default_rng(0))  # pyright: ignore
    ratio = np.mean(np.square(x)) / np.mean(np.square(heard[0] - x))
    assert 10 * np.log10(ratio) == pytest.approx(10, abs=0.3)


def test_a_faster_clip_is_shorter_and_keeps_its_middle():
    x = np.zeros((1, 1001), np.float32)
    x[0, 400:601] = 1
    y = move(x, np.array([2.0]), np.array([0.0]))
    assert y.sum() == pytest.approx(100, abs=2)
    assert np.flatnonzero(y[0]).mean() == pytest.approx(500)


def test_a_shift_moves_towards_later():
    x = np.zeros((2, 100), np.float32)
    x[:, 50] = 1
    y = move(x, np.ones(2), np.array([10.0, -10.0]))
    assert y.argmax(axis=1).tolist() == [60, 40]


def test_short_clips_may_be_moved_into_their_zeros():
    x = np.zeros((40, 16000), np.int16)
    x[:, :3000] = 5000
    features = Augment(FRONT_END, NOISE, STILL)(x, np.random.default_rng(0))
    places = features.mean(axis=1).argmax(axis=1)
    assert places.min() < 20
    assert places.max() > 60


def test_power_counts_where_somebody_speaks():
    x = np.zeros((1, 16000))
    x[0, :1600] = 0.5
    assert active_power(x).tolist() == [0.25]


def test_masks_blot_out_one_stretch_of_each_axis():
    features = np.ones((50, 40, 98), np.float32)
    mask(features, (15, 5), np.random.default_rng(0))
    frames, bands = (features == 0).all(axis=1).sum(axis=1), (features == 0).all(axis=2).sum(axis=1)
    assert frames.max() == 15
    assert bands.max() == 5

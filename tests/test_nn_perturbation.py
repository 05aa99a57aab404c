"""Perturbed sounds against NumPy's interpolation, and the laws of what is drawn."""

import numpy as np
import pytest

from ltisys import nn
from ltisys.nn.perturbation import active_power, cut
from ltisys.nn.warping import play

NOISE = (0.1 * np.random.default_rng(5).standard_normal(32000).astype(np.float32),)
RNG = np.random.default_rng


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n", [1, 2, 7, 1000])
def test_play_is_interpolation_by_numpy(dtype, n):
    rng = RNG(n)
    x = rng.standard_normal((50, n)).astype(dtype)
    speed, delay = rng.uniform(0.3, 2, 50), rng.uniform(-3, 3, 50)
    speed[:5], delay[:5] = 1, np.arange(5) - 2
    out = np.full_like(x, np.nan)
    play(x, speed, delay, out)
    middle, m = (n - 1) / 2, np.arange(n)
    for row, sound, r, d in zip(out, x, speed, delay, strict=True):
        expected = np.interp(middle + (m - middle - d) * r, m, sound.astype(float), left=0, right=0)
        # places are rounded in double precision, too: an end may be met or missed by one rounding
        away = np.abs(row - expected) > 8 * (np.finfo(dtype).eps + n * np.finfo(float).eps) * np.abs(x).max()
        at_ends = np.isclose(middle + (m - middle - d) * r, 0) | np.isclose(middle + (m - middle - d) * r, n - 1)
        assert not np.any(away & ~at_ends)


@pytest.mark.parametrize("wild", [np.nan, np.inf, -np.inf, 1e300])
def test_play_never_leaves_the_sound(wild):
    x, out = np.ones((2, 5)), np.full((2, 5), np.nan)
    play(x, np.array([1.0, wild]), np.array([wild, 0.0]), out)
    assert np.isin(out, [0, 1]).all()


def test_nothing_asked_changes_nothing():
    x = RNG(0).standard_normal((4, 100)).astype(np.float32)
    np.testing.assert_array_equal(nn.Perturb()(x, RNG(0)), x)


def test_the_input_is_left_alone_and_its_precision_kept():
    x = RNG(0).standard_normal((4, 100))
    before = x.copy()
    y = nn.Perturb(speed=0.1, shift=3, gain=(-3, 3), noise=NOISE)(x, RNG(0))
    np.testing.assert_array_equal(x, before)
    assert y.dtype == np.float64
    assert nn.Perturb(shift=3)(x.astype(np.float16), RNG(0)).dtype == np.float32


def test_the_same_chance_gives_the_same_sounds():
    x = RNG(0).standard_normal((4, 100))
    perturb = nn.Perturb(speed=0.1, shift=3, gain=(-3, 3), noise=NOISE, chance=0.5)
    first, again, other = (perturb(x, RNG(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_faster_sound_is_shorter_and_keeps_its_middle():
    x = np.zeros((200, 1001), np.float32)
    x[:, 400:601] = 1
    y = nn.Perturb(speed=0.5)(x, RNG(0))
    lengths = y.sum(axis=1)
    assert 133 < lengths.min() < 140
    assert 380 < lengths.max() < 403
    np.testing.assert_allclose((y @ np.arange(1001)) / lengths, 500, atol=0.01)


def test_shifts_lie_evenly_on_both_sides():
    x = np.zeros((400, 101), np.float32)
    x[:, 50] = 1
    places = nn.Perturb(shift=20)(x, RNG(0)) @ np.arange(101)
    assert 30 <= places.min() < 32
    assert 68 < places.max() <= 70
    assert places.mean() == pytest.approx(50, abs=1.5)


def test_noise_comes_at_the_wanted_ratio_to_where_the_sound_is():
    x = np.zeros((20, 16000))
    x[:, 4000:8000] = np.sin(np.arange(4000)) / 2
    noise = nn.Perturb(noise=NOISE, snr=(10, 10))(x, RNG(0)) - x
    np.testing.assert_allclose(np.square(noise).mean(axis=1), active_power(x) / 10, rtol=1e-6)


def test_noise_comes_as_often_as_wanted_and_never_to_zeros():
    x = np.ones((1000, 10))
    changed = (nn.Perturb(noise=NOISE, chance=0.3)(x, RNG(0)) != x).any(axis=1)
    assert changed.mean() == pytest.approx(0.3, abs=0.05)
    assert not nn.Perturb(noise=NOISE)(np.zeros((5, 10)), RNG(0)).any()


def test_gains_are_even_in_decibels():
    gains = 20 * np.log10(nn.Perturb(gain=(-15, 6))(np.ones((2000, 1)), RNG(0)))
    assert (gains.min(), gains.max()) == (pytest.approx(-15, abs=0.1), pytest.approx(6, abs=0.1))
    assert gains.mean() == pytest.approx(-4.5, abs=0.5)


def test_power_counts_where_somebody_speaks():
    x = np.zeros((1, 16000))
    x[0, :1600] = 0.5
    assert active_power(x).tolist() == [0.25]
    assert active_power(np.ones((1, 3))).tolist() == [1.0]


def test_pieces_come_from_the_recording_even_if_it_is_short():
    x = np.arange(10.0)
    np.testing.assert_array_equal(np.diff(cut([x], 4, RNG(0))), 1)
    assert cut([x], 25, RNG(0)).shape == (25,)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"speed": -0.1}, r"speed must be a finite number of at least 0, got -0\.1"),
        ({"speed": 1.0}, r"speed must be below 1, got 1\.0"),
        ({"shift": np.inf}, "shift must be a finite number of at least 0, got inf"),
        ({"chance": 1.5}, r"chance is a probability, got 1\.5"),
        ({"gain": (3.0, -3.0)}, r"gain must be the lowest and the highest value in decibels, got \(3\.0, -3\.0\)"),
        ({"snr": (np.nan, 0.0)}, "snr must be the lowest and the highest value in decibels"),
        ({"noise": [np.zeros(0)]}, r"noise 0 must have the shape \(n,\) with n > 0, got \(0,\)"),
    ],
)
def test_what_cannot_be_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        nn.Perturb(**options)


@pytest.mark.parametrize("shape", [(5,), (2, 1, 5), (2, 0)])
def test_only_batches_of_sounds_are_taken(shape):
    with pytest.raises(ValueError, match=r"Perturb takes sounds \(B, N\), got shape"):
        nn.Perturb()(np.zeros(shape), RNG(0))

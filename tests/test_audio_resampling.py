"""Resampling keeps a tone a tone, at any pair of rates; mono is the mean of the channels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltisys import audio

RATES = [8000, 11025, 16000, 22050, 44100, 48000]


def tone(frequency: float, rate: int, seconds: float = 0.2) -> np.ndarray:
    return np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("new_rate", RATES)
def test_a_tone_below_both_nyquist_frequencies_is_the_same_tone(rate, new_rate):
    y = audio.resample(tone(1000, rate), rate, new_rate)
    inside = slice(len(y) // 5, -len(y) // 5)
    np.testing.assert_allclose(y[inside], tone(1000, new_rate)[: len(y)][inside], atol=2e-3)


def test_a_tone_above_the_new_nyquist_frequency_vanishes():
    y = audio.resample(tone(7000, 16000), 16000, 8000)
    assert np.abs(y[200:-200]).max() < 1e-3


@given(st.integers(1, 3000), st.sampled_from(RATES), st.sampled_from(RATES))
def test_the_length_is_the_duration_times_the_rate_rounded_up(n, rate, new_rate):
    assert audio.resample(np.zeros(n, np.float32), rate, new_rate).shape == (-(-n * new_rate // rate),)


@pytest.mark.parametrize(
    ("dtype", "result"),
    [
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.int16, np.float32),
        (np.int32, np.float64),
        (np.float16, np.float32),
    ],
)
@pytest.mark.parametrize("new_rate", [8000, 12000])
def test_precision_follows_the_samples(dtype, result, new_rate):
    assert audio.resample(np.ones(100, dtype), 8000, new_rate).dtype == result


def test_every_channel_is_resampled_along_the_axis_given():
    x = np.random.default_rng(0).standard_normal((2, 300))
    y = audio.resample(x, 8000, 16000)
    np.testing.assert_array_equal(audio.resample(x.T, 8000, 16000, axis=0), y.T)
    np.testing.assert_array_equal(audio.resample(x[1], 8000, 16000), y[1])


def test_the_same_rate_changes_nothing():
    x = np.random.default_rng(0).standard_normal(50)
    np.testing.assert_array_equal(audio.resample(x, 16000, 16000.0), x)


@pytest.mark.parametrize("rate", [0, -8000, 8000.5, float("nan"), float("inf")])
def test_rates_are_positive_whole_numbers(rate):
    with pytest.raises(ValueError, match=r"^rate must be a positive whole number of hertz, got"):
        audio.resample(np.ones(4), rate, 8000)
    with pytest.raises(ValueError, match=r"^new_rate must be a positive whole number of hertz, got"):
        audio.resample(np.ones(4), 8000, rate)


def test_nothing_cannot_be_resampled():
    with pytest.raises(ValueError, match=r"x must hold at least one sample along axis -1, got shape \(2, 0\)"):
        audio.resample(np.zeros((2, 0)), 8000, 16000)


def test_mono_is_the_mean():
    x = np.array([[1, 2], [3, 5], [5, 5]], np.float32)
    np.testing.assert_array_equal(audio.to_mono(x), [3, 4])
    assert audio.to_mono(x).dtype == np.float32
    np.testing.assert_array_equal(audio.to_mono(x[0]), x[0])


def test_mono_takes_one_sound():
    with pytest.raises(ValueError, match=r"x must have shape \(n,\) or \(channels, n\), got \(1, 2, 3\)"):
        audio.to_mono(np.zeros((1, 2, 3)))

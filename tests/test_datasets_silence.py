"""Silence for training and for validation never comes from the same samples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltisys.datasets import silence_clips, training_noise, validation_noise


@given(st.lists(st.integers(0, 50), max_size=4))
def test_training_and_validation_share_no_sample(lengths):
    noise = [np.arange(n) + 1000 * i for i, n in enumerate(lengths)]
    for whole, first, last in zip(noise, training_noise(noise), validation_noise(noise), strict=True):
        np.testing.assert_array_equal(np.concatenate([first, last]), whole)
        assert 0 <= len(last) - len(whole) / 5 < 1


def test_clips_are_stretches_of_the_noise_times_a_gain():
    rng = np.random.default_rng(0)
    noise = [rng.standard_normal(n).astype(np.float32) for n in (300, 500)]
    clips = silence_clips(noise, 40, 100, zeros=5)
    assert clips.shape == (45, 100)
    assert clips.dtype == np.float32
    assert not clips[40:].any()
    windows = np.concatenate([np.lib.stride_tricks.sliding_window_view(x, 100) for x in noise]).astype(float)
    gains = []
    for clip in clips[:40]:
        likeness = windows @ clip / np.linalg.norm(windows, axis=1) / np.linalg.norm(clip)
        gains.append(np.linalg.norm(clip) / np.linalg.norm(windows[likeness.argmax()]))
        assert likeness.max() == pytest.approx(1, abs=1e-5)
    assert 0 <= min(gains) < 0.2
    assert 0.8 < max(gains) < 1


def test_the_seed_decides():
    noise = [np.random.default_rng(0).standard_normal(1000)]
    np.testing.assert_array_equal(silence_clips(noise, 5, 100, seed=3), silence_clips(noise, 5, 100, seed=3))
    assert (silence_clips(noise, 5, 100, seed=3) != silence_clips(noise, 5, 100, seed=4)).any()


def test_a_recording_that_just_fits_is_used_and_shorter_ones_are_not():
    clips = silence_clips([np.ones(10), np.full(9, np.nan)], 20, 10)
    assert np.isfinite(clips).all()


def test_zeros_need_no_noise():
    np.testing.assert_array_equal(silence_clips((), 0, 4, zeros=2), np.zeros((2, 4)))


def test_noise_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match=r"noise must hold a recording of at least 100 samples, got lengths \[99, 3\]"):
        silence_clips([np.zeros(99), np.zeros(3)], 1, 100)

"""Spectrograms against the definition: one DFT sum for each frame."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltisys import Signal, audio
from ltisys.audio import frames


def power_by_definition(x: np.ndarray, length: int, hop: int, n_fft: int) -> np.ndarray:
    """|Σ_j w[j] x[m hop + j] exp(-2πi k j / n_fft)|², shape (n_fft // 2 + 1, frames), in float64."""
    j, k = np.arange(length), np.arange(n_fft // 2 + 1)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * j / length)
    kernel = np.exp(-2j * np.pi * np.outer(k, j) / n_fft) * window
    starts = range(0, len(x) - length + 1, hop)
    return np.stack([np.abs(kernel @ x[m : m + length]) ** 2 for m in starts], axis=1)


@given(
    n=st.integers(16, 200),
    hop=st.integers(1, 20),
    n_fft=st.sampled_from([16, 17, 32]),
    clips=st.integers(1, 3),
    seed=st.integers(0, 2**32 - 1),
)
def test_spectrogram_is_its_definition(n, hop, n_fft, clips, seed):
    x = np.random.default_rng(seed).standard_normal((clips, n)).astype(np.float32)
    result = audio.spectrogram(x, 1000, window=0.016, hop=hop / 1000, n_fft=n_fft)
    expected = np.stack([power_by_definition(one, 16, hop, n_fft) for one in x])
    assert result.power.dtype == np.float32
    np.testing.assert_allclose(result.power, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("at_once", [1, 3, 5, 9, 13, 30, 1000])  # parts of a clip, a clip, several clips, all
def test_blocks_of_any_size_give_the_same_power(monkeypatch, at_once):
    x = np.random.default_rng(0).standard_normal((3, 2, 100)).astype(np.float32)
    whole = audio.spectrogram(x, 1000, window=0.016, hop=0.007).power
    monkeypatch.setattr(frames, "_FRAMES_AT_ONCE", at_once)
    np.testing.assert_allclose(audio.spectrogram(x, 1000, window=0.016, hop=0.007).power, whole, rtol=1e-5)


def test_a_tone_stands_at_its_frequency_at_all_times():
    x = Signal(np.sin(2 * np.pi * 440 * np.arange(4000) / 8000), rate=8000)
    frequencies, times, power = audio.spectrogram(x, window=0.1, hop=0.05, n_fft=800)
    assert set(frequencies[power.argmax(axis=0)]) == {440.0}
    np.testing.assert_allclose(times, 0.05 + 0.05 * np.arange(9))
    assert frequencies[-1] == 4000


def test_the_transform_is_by_default_the_next_power_of_two():
    assert audio.spectrogram(np.zeros(16000), 16000).power.shape == (257, 98)
    assert audio.spectrogram(np.zeros(512), 16000, window=0.032).power.shape == (257, 1)


def test_decibels_are_relative_to_the_loudest():
    power = np.array([[1.0, 100.0, 1e-30]])
    shown = audio.Spectrogram(np.zeros(1), np.zeros(3), power)
    np.testing.assert_allclose(shown.decibels(depth=60), [[-20, 0, -60]])
    silent = audio.Spectrogram(np.zeros(1), np.zeros(3), 0 * power)
    np.testing.assert_array_equal(silent.decibels(depth=60), [[-60, -60, -60]])


@pytest.mark.parametrize(
    ("x", "rate", "options", "message"),
    [
        (np.zeros(100), None, {}, "rate must be given for samples that carry none"),
        (np.zeros(100), -1, {}, "rate must be positive, got -1"),
        (Signal(np.zeros(100), rate=8000), 16000, {}, "rate must be that of the signal, 8000 Hz, got 16000 Hz"),
        (np.zeros(100), 1000, {"window": 0}, "window must be at least one sample, got 0 s at 1000 Hz"),
        (np.zeros(100), 1000, {"hop": 0.0001}, "hop must be at least one sample, got 0.0001 s at 1000 Hz"),
        (np.zeros(100), 1000, {"n_fft": 24}, "n_fft must be at least the window's 25 samples, got 24"),
        (np.zeros(24), 1000, {}, r"samples must hold at least one window of 25, got shape \(24,\)"),
        (0.0, 1000, {}, r"samples must hold at least one window of 25, got shape \(\)"),
    ],
)
def test_what_has_no_spectrogram_is_refused(x, rate, options, message):
    with pytest.raises(ValueError, match=message):
        audio.spectrogram(x, rate, **options)


def test_integers_have_no_full_scale():
    with pytest.raises(TypeError, match="full scale ±1, got dtype int16; divide int16 by 32768"):
        audio.spectrogram(np.zeros(100, np.int16), 1000)

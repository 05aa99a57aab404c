"""Taps to begin with: where their bands lie, how wide they are, and what their modulus is."""

import numpy as np
import pytest

from ltisys import audio

RATE, FILTERS = 16000, 40
KINDS = (audio.gabor_taps, audio.mel_taps, audio.sinc_taps)
F = np.arange(RATE // 2 + 1)


def pairs(length):
    real, imaginary = np.split(audio.gabor_taps(FILTERS, length, RATE), 2)
    return real + 1j * imaginary


def magnitude(taps):
    return np.abs(np.fft.fft(taps, RATE, axis=1))[:, : RATE // 2 + 1]


def edges():
    corners = audio.mel_to_hz(np.linspace(audio.hz_to_mel(20), audio.hz_to_mel(RATE / 2), FILTERS + 2))
    return (corners[1:-1] + corners[:-2]) / 2, (corners[2:] + corners[1:-1]) / 2


@pytest.mark.parametrize("bank", KINDS)
def test_every_band_has_its_energy_between_the_halves_of_its_triangle(bank):
    taps = pairs(1601) if bank is audio.gabor_taps else bank(FILTERS, 1601, RATE)
    power = magnitude(taps) ** 2
    for band, low, high in zip(power, *edges(), strict=True):
        assert band[(low <= F) & (high >= F)].sum() > 0.6 * band.sum()
        assert low - 15 <= F[band.argmax()] <= high + 15


def test_a_gabor_pair_passes_its_middle_with_gain_one_and_half_the_power_at_its_edges():
    response = magnitude(pairs(3201))
    low, high = edges()
    for band, first, last in zip(response, low, high, strict=True):
        assert band.max() == pytest.approx(1, abs=1e-3)  # seen at whole hertz only
        np.testing.assert_allclose(np.interp([first, last], F, band) ** 2, 0.5, atol=0.01)


def test_a_gabor_pair_has_no_negative_frequencies_so_its_modulus_is_the_envelope():
    for pair in pairs(1601)[8:36]:  # the highest reach beyond half the rate
        spectrum = np.abs(np.fft.fft(pair, RATE)) ** 2
        assert spectrum[RATE // 2 + 1 :].sum() < 1e-6 * spectrum.sum()
    tone = np.cos(2 * np.pi * 1500 * np.arange(4000) / RATE)
    envelope = np.abs(np.convolve(tone, pairs(401)[17], "valid"))
    np.testing.assert_allclose(envelope, envelope.mean(), rtol=1e-3)


def test_mel_taps_weigh_power_as_the_mel_matrix_does():
    matrix = audio.mel_matrix(RATE, RATE, FILTERS, norm=None)
    power = magnitude(audio.mel_taps(FILTERS, 3201, RATE)) ** 2
    np.testing.assert_allclose(power[10:], matrix[10:], atol=0.06)
    np.testing.assert_allclose(power[10:].sum(axis=0)[1000:7000], 1, atol=0.05)


def test_sinc_taps_are_differences_of_low_passes():
    response = magnitude(audio.sinc_taps(FILTERS, 3201, RATE))
    for band, low, high in zip(response[20:], *(edge[20:] for edge in edges()), strict=True):
        assert np.all(np.abs(band[(low + 20 < F) & (high - 20 > F)] - 1) < 0.01)
        assert np.all(band[(low - 20 > F) | (high + 20 < F)] < 0.01)


@pytest.mark.parametrize("bank", KINDS)
@pytest.mark.parametrize("length", [1, 2, 64, 401])
def test_any_length_serves(bank, length):
    taps = bank(8, length, 8000, low=100, high=3500, scale="htk")
    assert taps.shape == (16 if bank is audio.gabor_taps else 8, length)
    assert np.isfinite(taps).all()
    np.testing.assert_allclose(np.abs(taps), np.abs(taps[:, ::-1]), atol=1e-12)


@pytest.mark.parametrize("bank", KINDS)
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 10, 8000), "a bank needs at least 1 filter of 1 tap, got 0 of 10"),
        ((4, 0, 8000), "a bank needs at least 1 filter of 1 tap, got 4 of 0"),
        ((4, 10, 30), r"edges must satisfy 0 <= low < high <= 15 Hz \(half the rate\), got 20\.0, 15\.0"),
    ],
)
def test_what_makes_no_bank_is_refused(bank, arguments, message):
    with pytest.raises(ValueError, match=message):
        bank(*arguments)

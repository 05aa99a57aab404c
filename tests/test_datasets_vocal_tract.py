import numpy as np
import pytest

from ltisys.datasets.vocal_tract import (
    frication_responses,
    resonance,
    short_time_filter,
    tract_responses,
    upper_tract,
)
from ltisys.systems import IIR

RATE, HOP, POINTS = 16000, 128, 1024
OMEGA = np.linspace(0, np.pi, POINTS // 2 + 1)
HERTZ = OMEGA * RATE / (2 * np.pi)
FORMANTS, BANDWIDTHS = np.array([[500.0, 1500.0, 2500.0]]), np.array([[60.0, 90.0, 150.0]])


def still(response):
    return lambda centres: np.tile(response, (len(centres), 1))


def test_a_resonance_has_its_roots_at_the_frequency_and_inside_the_circle():
    roots = np.roots(resonance(1000.0, 100.0, RATE))
    assert np.allclose(abs(np.angle(roots)) * RATE / (2 * np.pi), 1000.0)
    assert np.allclose(abs(roots), np.exp(-np.pi * 100 / RATE))


def test_the_tract_is_the_cascade_of_its_resonators():
    expected = np.ones(len(OMEGA), complex)
    for frequency, bandwidth in zip(FORMANTS[0], BANDWIDTHS[0], strict=True):
        a = resonance(frequency, bandwidth, RATE)
        expected *= IIR([a.sum()], a).frequency_response(OMEGA)[1]
    response = tract_responses(FORMANTS, BANDWIDTHS, np.zeros(1), rate=RATE, points=POINTS)
    assert response.dtype == np.complex64
    assert np.allclose(response[0], expected, rtol=1e-5)


def test_an_open_soft_palate_takes_sound_away_above_its_zero():
    closed, opened = tract_responses(
        np.tile(FORMANTS, (2, 1)), np.tile(BANDWIDTHS, (2, 1)), np.array([0.0, 1.0]), rate=RATE, points=POINTS
    )
    assert np.isclose(opened[0], closed[0])
    assert np.all(abs(opened[HERTZ > 600]) < abs(closed[HERTZ > 600]))


def test_a_uniform_tube_resonates_equally_at_odd_multiples_of_500_hertz():
    tube = abs(
        tract_responses(FORMANTS, np.array([[100.0, 100.0, 100.0]]), np.zeros(1), rate=RATE, points=POINTS)[0]
        * upper_tract(1.0, RATE).frequency_response(OMEGA)[1]
    )
    peaks = HERTZ[1:-1][(tube[1:-1] > tube[:-2]) & (tube[1:-1] > tube[2:])]
    assert np.allclose(peaks, np.arange(500, 8000, 1000), atol=RATE / POINTS)


def test_upper_formants_beyond_the_rate_are_left_out():
    assert np.allclose(upper_tract(1.35, 8000).frequency_response(OMEGA)[1], 1.0)
    assert upper_tract(1.35, 16000).sos.shape == (3, 6)


def test_frication_passes_a_band():
    narrow, wide = abs(frication_responses(np.array([5000.0] * 2), np.array([500.0, 3000.0]), rate=RATE, points=POINTS))
    assert HERTZ[np.argmax(narrow)] == pytest.approx(5000, abs=20)
    assert narrow.max() == pytest.approx(1.0, abs=0.02)
    assert np.all(narrow[1:-1] <= wide[1:-1] * 1.1)
    assert abs(narrow[0]) < 1e-6


def test_a_still_tract_is_one_linear_time_invariant_system():
    x = np.random.default_rng(0).standard_normal(3000).astype(np.float32)
    a = resonance(700.0, 150.0, RATE)
    system = IIR([a.sum()], a)
    y = short_time_filter(x, still(system.frequency_response(OMEGA)[1]), hop=HOP, points=POINTS)
    assert y.shape == (3000 + POINTS - 2 * HOP,)
    assert y.dtype == np.float32
    assert np.allclose(y[:3000], system(x.astype(np.float64)), atol=2e-5)


@pytest.mark.parametrize("n", [1, HOP - 1, HOP, HOP + 1, 5 * HOP])
def test_identities_at_every_moment_are_the_identity(n):
    x = np.random.default_rng(n).standard_normal(n).astype(np.float32)
    y = short_time_filter(x, still(np.ones(len(OMEGA))), hop=HOP, points=POINTS)
    assert np.allclose(y[:n], x, atol=1e-6)
    assert np.allclose(y[n:], 0.0, atol=1e-6)


def test_short_time_filtering_is_linear():
    rng = np.random.default_rng(1)
    x, other = rng.standard_normal((2, 1000)).astype(np.float32)

    def moving(centres):
        return np.exp(-1j * np.outer(centres / 100, OMEGA))

    together = short_time_filter(2 * x + other, moving, hop=HOP, points=POINTS)
    apart = 2 * short_time_filter(x, moving, hop=HOP, points=POINTS)
    assert np.allclose(together, apart + short_time_filter(other, moving, hop=HOP, points=POINTS), atol=1e-5)


def test_silent_frames_are_not_computed():
    asked = []

    def responses(centres):
        asked.extend(centres.tolist())
        return np.ones((len(centres), len(OMEGA)))

    x = np.zeros(20 * HOP, np.float32)
    x[10 * HOP + 5] = 1.0
    y = short_time_filter(x, responses, hop=HOP, points=POINTS)
    assert asked == [10 * HOP, 11 * HOP]
    assert np.flatnonzero(abs(y) > 1e-6).tolist() == [10 * HOP + 5]


def test_silence_stays_silent():
    def unwanted(centres):
        return np.ones((len(centres), len(OMEGA)))

    assert not short_time_filter(np.zeros(500, np.float32), unwanted, hop=HOP, points=POINTS).any()

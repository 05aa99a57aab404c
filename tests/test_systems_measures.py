"""Phase delay against NumPy's unwrapping, energy against sums that are known, and measures at their edges."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st

import ltisys as lti
from ltisys import FIR, IIR

peer: Any = scipy.signal  # the types that checkers infer for it are often wrong

FINE = np.linspace(0, np.pi, 20001)[1:-1]


def random_system(seed, dtype: type = float):
    rng = np.random.default_rng(seed)
    taps = rng.integers(1, 6)
    b = rng.normal(size=taps) + (1j * rng.normal(size=taps) if dtype is complex else 0)
    return IIR(b, np.poly(rng.uniform(-0.9, 0.9, 3)), int(rng.integers(-2, 3)))


@pytest.mark.parametrize("seed", range(50))
@pytest.mark.parametrize("dtype", [float, complex])
def test_the_phase_delay_is_that_of_the_phase_followed_in_small_steps(seed, dtype):
    S = random_system(seed, dtype)
    followed = np.unwrap(np.angle(S.frequency_response(FINE)[1]))
    np.testing.assert_allclose(S.phase_delay(FINE)[1] * FINE, -followed, rtol=0, atol=1e-12)


def test_frequencies_far_apart_miss_no_turn():
    S = FIR([1, 0.5], start=40) * IIR([1], [1, -0.9])
    some = FINE[::3000]
    np.testing.assert_array_equal(S.phase_delay(some)[1], S.phase_delay(FINE)[1][::3000])


@pytest.mark.parametrize("seed", range(10))
def test_real_systems_delay_both_directions_of_rotation_alike(seed):
    S = random_system(seed)
    np.testing.assert_allclose(S.phase_delay(-FINE[::50])[1], S.phase_delay(FINE[::50])[1], rtol=1e-13)


def test_phase_and_group_delay_of_a_delay_are_the_delay():
    for by in (-7, 0, 7):
        S = lti.delay(by)
        np.testing.assert_allclose(S.phase_delay(9)[1], by, atol=1e-14)
    symmetric = FIR(peer.firwin(31, 0.5))
    np.testing.assert_allclose(symmetric.phase_delay(np.linspace(0, 1, 9))[1], 15, rtol=1e-13)


def test_a_zero_on_the_circle_turns_the_sign():
    omega, delay = FIR([1, 1, 1]).phase_delay([1.0, 3.0])  # H = (1 + 2 cos ω) e^(-jω)
    np.testing.assert_allclose(delay, [1, 1 - np.pi / 3], rtol=1e-14)
    np.testing.assert_allclose(FIR([1, -1]).phase_delay([1.0, 3.0])[1], 0.5 - np.pi / 2 / omega, rtol=1e-14)


def test_at_frequency_zero_the_phase_delay_is_its_limit():
    S = IIR([1, 0.3], [1, -0.5])
    assert S.phase_delay(0.0)[1] == S.group_delay(0.0)[1]
    np.testing.assert_allclose(S.phase_delay(1e-5)[1], S.phase_delay(0.0)[1], rtol=1e-9)
    assert (-S).phase_delay(0.0)[1] == -math.inf
    assert (-S).phase_delay(1e-9)[1] < -1e9
    assert (1j * S).phase_delay([0.0])[1].tolist() == [-math.inf]
    assert np.isnan(FIR([1, -1]).phase_delay(0.0)[1])


def test_the_phase_delay_is_nan_where_nothing_passes():
    delay = FIR([1, 0, 1]).phase_delay([0.1, np.pi / 2, 3])[1]
    assert np.isnan(delay).tolist() == [False, True, False]
    assert np.isnan(IIR([1], [1, -1]).phase_delay([0.0, 1.0])[1]).tolist() == [True, False]
    with pytest.raises(ValueError, match="the phase delay belongs to systems in time, got a system with 2 index axes"):
        FIR([[1]]).phase_delay()


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=6), st.integers(-9, 9))
def test_the_energy_of_taps_is_their_sum_of_squares(h, start):
    assert FIR(h, start).energy == sum(tap * tap for tap in h)
    assert FIR([h, h], (start, 2)).energy == 2 * sum(tap * tap for tap in h)
    assert FIR(np.array(h) * 1j).energy == sum(tap * tap for tap in h)


@pytest.mark.parametrize("pole", [0.5, -0.75, 0.999, 0.3 + 0.4j])
def test_the_energy_of_one_pole_is_a_geometric_series(pole):
    assert IIR([1], [1, -pole]).energy == pytest.approx(1 / (1 - abs(pole) ** 2), rel=1e-12)
    assert IIR([0, 2], [1, -pole], start=-5).H.energy == pytest.approx(4 / (1 - abs(pole) ** 2), rel=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_the_energy_of_two_poles_is_the_closed_form(seed):
    # b = 1, poles p and q: h[n] = (p^(n+1) - q^(n+1)) / (p - q), whose squares are three geometric series.
    a1, a2 = (Fraction(int(v), 1000) for v in np.random.default_rng(seed).integers(-400, 400, 2))
    expected = (1 + a2) / ((1 - a2) * ((1 + a2) ** 2 - a1**2))
    assert IIR([1], [1, float(a1), float(a2)]).energy == pytest.approx(float(expected), rel=1e-13)


def test_energies_of_trees():
    S = IIR([1], [1, -0.5])
    assert (S * S.H).energy == pytest.approx(80 / 27, rel=1e-13)  # h = 4/3 · 2^-|n|
    assert (S + S.H).energy == pytest.approx(4 + 2 / 3, rel=1e-13)
    assert (S - S).energy == 0
    left = S - (1 - 1e-9) * S  # what nearly cancels is measured by what is left
    assert left.energy == pytest.approx((1e-9) ** 2 * 4 / 3, rel=1e-6)


def test_energy_is_infinite_without_stability_and_zero_without_a_response():
    assert IIR([1], [1, -2]).energy == IIR([1], [1, -1]).energy == (IIR([1], [1, -2]) + 1).energy == math.inf
    assert FIR([0]).energy == IIR([0], [1, 0.5]).energy == (0 * IIR([1], [1, 0.5])).energy == 0


@pytest.mark.parametrize("S", [FIR([0, 0]), 0 * FIR([1.0, 2]), IIR([0], [1, 0.5]), 0 * IIR([1, 2], [1, 0.5])])
def test_a_system_that_gives_nothing_has_measures(S):
    omega, H = S.frequency_response(5)
    assert not H.any()
    assert np.isnan(S.group_delay(omega)[1]).all()
    assert np.isnan(S.phase_delay(omega)[1]).all()
    assert S.zeros.size == 0
    assert not S.is_minimum_phase
    assert S.is_stable
    assert S.is_causal
    assert FIR([0]) == S


def test_zeros_on_the_circle_stay_on_it():
    S = IIR([1, -2 * np.cos(1), 1], [1, -1.6 * np.cos(1), 0.64])  # a notch at ω = 1
    np.testing.assert_allclose(np.abs(S.zeros), 1, rtol=1e-15)
    assert abs(S.frequency_response(1.0)[1]) < 1e-15
    assert np.isnan(S.group_delay([1.0])[1]).all()
    assert np.isfinite(S.group_delay([0.99, 1.01])[1]).all()
    assert not S.is_minimum_phase
    assert S.is_stable

import numpy as np
import pytest
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st

import ltisys as lti
from ltisys import design

omega = 2 * np.pi * np.linspace(0.05, 0.45, 81)


@pytest.mark.parametrize(("taps", "linear_phase"), [(65, 3), (64, 4)])
def test_hilbert_turns_every_frequency_by_90_degrees(taps, linear_phase):
    S = design.hilbert(taps)
    H = S.frequency_response(omega)[1] * np.exp(1j * omega * (taps - 1) / 2)
    np.testing.assert_allclose(H, -1j, atol=3e-3)
    assert S.linear_phase_type == linear_phase


def test_hilbert_makes_the_analytic_signal_in_place():
    x = np.cos(0.3 * np.arange(400)) * np.hanning(400)
    ours = design.hilbert(101, centred=True)(x)
    np.testing.assert_allclose(ours, np.imag(np.asarray(scipy.signal.hilbert(x))), atol=2e-3)


@pytest.mark.parametrize(("taps", "linear_phase"), [(65, 3), (64, 4)])
def test_the_differentiator_is_j_omega(taps, linear_phase):
    S = design.differentiator(taps)
    H = S.frequency_response(omega[:60])[1] * np.exp(1j * omega[:60] * (taps - 1) / 2)
    np.testing.assert_allclose(H, 1j * omega[:60], atol=1e-3)
    assert S.linear_phase_type == linear_phase


def test_with_a_rate_the_slope_is_per_second():
    x = lti.sinusoid(50, 800, rate=8000)
    slope = design.differentiator(101, rate=8000, centred=True)(x)
    n = np.arange(200, 600)
    wanted = -2 * np.pi * 50 * np.sin(2 * np.pi * 50 * n / 8000)
    np.testing.assert_allclose(slope[200:600].samples, wanted, atol=1e-3 * 2 * np.pi * 50)
    assert slope.rate == 8000


@given(st.floats(-50, 50), st.sampled_from([31, 32]))
def test_a_fractional_delay_delays_every_frequency_alike(delay, taps):
    S = design.fractional_delay(delay, taps)
    low = omega[omega < 0.8 * np.pi]
    np.testing.assert_allclose(S.frequency_response(low)[1], np.exp(-1j * low * delay), atol=2e-3)
    assert S.frequency_response([0.0])[1] == pytest.approx(1)


@given(st.floats(-5, 5).filter(lambda d: d != round(d)), st.integers(2, 9))
def test_the_taps_of_a_fractional_delay_are_the_nearest_to_it(delay, taps):
    S = design.fractional_delay(delay, taps)
    inside, outside = np.arange(S.start, S.stop), np.array([S.start - 1, S.stop])
    assert S.h.shape == (taps,)
    assert abs(inside - delay).max() <= abs(outside - delay).min()


def test_two_half_delays_are_nearly_a_whole_one():
    half = design.fractional_delay(0.5, 64)
    x = np.sin(0.4 * np.arange(300))
    np.testing.assert_allclose((half * half)(x)[100:200], x[99:199], atol=1e-4)

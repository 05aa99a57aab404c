from typing import Any

import numpy as np
import pytest
import scipy.signal

from ltisys import FIR, IIR, frequency

peer: Any = scipy.signal  # the types that checkers infer for it are often wrong

OMEGA = np.linspace(-3, 3, 25)


def definition(h, omega, start=0):
    return np.sum([tap * np.exp(-1j * omega * (start + k)) for k, tap in enumerate(h)], axis=0)


@pytest.mark.parametrize("taps", [1, 2, 3, 4, 5, 64, 65, 1000])
@pytest.mark.parametrize("start", [0, -7, 30])
def test_taps_are_their_definition(taps, start):
    h = np.random.default_rng(taps).normal(size=(2, taps)).T @ [1, 1j]
    np.testing.assert_allclose(frequency.taps_response(h, OMEGA, start), definition(h, OMEGA, start), atol=1e-11)


def test_frequencies_may_have_any_shape():
    assert frequency.taps_response([1, 2], OMEGA.reshape(5, 5)).shape == (5, 5)
    assert FIR([1, 2]).frequency_response(0.0)[1] == 3


def test_integers_and_points_agree_with_scipy():
    h = np.random.default_rng(0).normal(size=30)
    for whole in (False, True):
        omega, H = FIR(h).frequency_response(100, whole=whole)
        expected = peer.freqz(h, worN=100, whole=whole)
        np.testing.assert_allclose(omega, expected[0])
        np.testing.assert_allclose(H, expected[1], atol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_recursions_agree_with_scipy(seed):
    rng = np.random.default_rng(seed)
    b, a = rng.normal(size=3), np.poly(rng.uniform(-0.9, 0.9, 4))
    S, omega = IIR(b, a), np.linspace(0.01, 3.1, 60)
    np.testing.assert_allclose(S.frequency_response(omega)[1], peer.freqz(b, a, omega)[1], rtol=1e-9)
    np.testing.assert_allclose(S.group_delay(omega)[1], peer.group_delay((b, a), omega)[1], rtol=1e-8, atol=1e-9)


def trees():
    S, T, F = IIR([1, 2], [1, -0.5, 0.2]), IIR([1], [1, 0.3], start=2), FIR([1.0, -2, 3], start=-1)
    return [F, S, S.H, S * F, S + F, (S + T) * F, S * T.H, (S + T.H) * S, IIR([1j, 1], [1, 0.5j]).H + F, S - 2]


@pytest.mark.parametrize("S", trees())
def test_the_response_is_that_of_h(S):
    h = S.unit_sample_response(tol=1e-14)
    _, H = S.frequency_response(OMEGA)
    np.testing.assert_allclose(H, definition(h.samples, OMEGA, h.start), atol=1e-10)


@pytest.mark.parametrize("S", trees())
def test_the_moment_is_the_derivative(S):
    step = 1e-6
    up, down = (S.moments(OMEGA + sign * step)[0] for sign in (1, -1))
    np.testing.assert_allclose(S.moments(OMEGA)[1], 1j * (up - down) / (2 * step), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("S", trees())
def test_roots_and_response_agree(S):
    roots = S.roots()
    w = np.exp(-1j * OMEGA)
    value = roots.gain * w**roots.start
    for zero in roots.zeros:
        value = value * (1 - zero * w)
    for pole in roots.poles:
        value = value / (1 - pole * w)
    np.testing.assert_allclose(S.frequency_response(OMEGA)[1], value, rtol=1e-8, atol=1e-10)


def test_a_delay_delays_every_frequency():
    np.testing.assert_allclose(FIR([1], start=7).group_delay(9)[1], 7)
    np.testing.assert_allclose(FIR([1], start=-7).group_delay(9)[1], -7)


def test_the_group_delay_is_nan_where_nothing_passes():
    delay = FIR([1, 0, 1]).group_delay([0.1, np.pi / 2, 3])[1]
    assert np.isnan(delay).tolist() == [False, True, False]
    np.testing.assert_allclose(delay[[0, 2]], 1)


def test_there_is_no_response_at_a_pole_on_the_circle():
    assert np.isfinite(IIR([1], [1, -1]).frequency_response([0.0, 1.0])[1]).tolist() == [False, True]


def test_images_have_a_response_on_a_grid():
    h = np.random.default_rng(0).normal(size=(3, 4))
    S = FIR(h, start=(-1, 2))
    (rows, columns), H = S.frequency_response(8)
    assert (rows[0], H.shape) == (-np.pi, (8, 8))
    k, m = -1 + np.arange(3), 2 + np.arange(4)
    expected = sum(
        h[i, j] * np.exp(-1j * (np.add.outer(rows * k[i], columns * m[j]))) for i in range(3) for j in range(4)
    )
    np.testing.assert_allclose(H, expected, atol=1e-12)
    (rows, columns), H = S.frequency_response(([0.0], [0.0, 1.0]))
    assert H.shape == (1, 2)
    assert H[0, 0] == pytest.approx(h.sum())


def test_bad_frequencies_are_quoted():
    with pytest.raises(ValueError, match="the number of frequencies must be at least 1, got 0"):
        FIR([1]).frequency_response(0)
    with pytest.raises(TypeError, match="frequencies must be real numbers in radians per sample, got dtype complex128"):
        FIR([1]).frequency_response([1j])

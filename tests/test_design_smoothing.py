import numpy as np
import pytest
import scipy.signal

from ltisys import design


def test_the_moving_average_is_a_mean():
    x = np.random.default_rng(0).normal(size=30)
    np.testing.assert_allclose(design.moving_average(5)(x)[10], x[6:11].mean())
    np.testing.assert_allclose(design.moving_average(5, centred=True)(x)[10], x[8:13].mean())
    assert design.moving_average(4, rate=100, centred=True).start == -1
    assert design.moving_average(4, rate=100).rate == 100


@pytest.mark.parametrize(("taps", "order", "derivative"), [(5, 2, 0), (11, 3, 0), (11, 3, 1), (9, 4, 2), (1, 0, 0)])
def test_savitzky_golay_is_scipys(taps, order, derivative):
    x = np.random.default_rng(0).normal(size=60)
    S = design.savitzky_golay(taps, order, derivative=derivative, rate=50, centred=True)
    wanted = np.asarray(scipy.signal.savgol_filter(x, taps, order, derivative, delta=1 / 50))
    np.testing.assert_allclose(S(x)[12:-12], wanted[12:-12], rtol=1e-9, atol=1e-12)
    assert design.savitzky_golay(taps, order, derivative=derivative).start == 0


@pytest.mark.parametrize("derivative", [0, 1, 2])
def test_savitzky_golay_reproduces_polynomials_and_their_derivatives(derivative):
    t = np.arange(40) / 10
    cubic = np.polynomial.Polynomial([1.0, -2.0, 0.5, 0.25])
    S = design.savitzky_golay(9, 3, derivative=derivative, rate=10, centred=True)
    np.testing.assert_allclose(S(cubic(t))[4:-4], cubic.deriv(derivative)(t[4:-4]) if derivative else cubic(t)[4:-4])

import re

import numpy as np
import pytest
import scipy.linalg

import ltisys as lti
from ltisys import FIR, IIR, Signal, kernels
from ltisys.deconvolution import deconvolve, wiener

rng = np.random.default_rng(0)


@pytest.mark.parametrize("complex_taps", [False, True])
def test_without_noise_the_input_comes_back(complex_taps):
    h = FIR(rng.normal(size=8) + (1j * rng.normal(size=8) if complex_taps else 0), start=-3, rate=100)
    x = Signal(rng.normal(size=(2, 40)), start=5, rate=100)
    found = deconvolve(h(x), h)
    assert (found.support, found.rate) == (x.support, 100)
    assert found.isclose(x, rtol=1e-8)


@pytest.mark.parametrize("regularisation", [0.0, 0.3, 10.0])
def test_it_is_the_regularised_least_squares_solution(regularisation):
    h, y = rng.normal(size=6), rng.normal(size=30)
    A = scipy.linalg.convolution_matrix(h, 25)
    wanted = np.linalg.solve(A.T @ A + regularisation * np.eye(25), A.T @ y)
    found = deconvolve(Signal(y, start=9), FIR(h, start=4), regularisation=regularisation)
    np.testing.assert_allclose(found.samples, wanted, rtol=1e-9, atol=1e-12)
    assert found.start == 5


def test_regularising_helps_where_the_noise_drowns_what_is_faint():
    h, x = FIR([1.0, 2.0, 1.0]) ** 4, lti.noise(300, seed=1)
    y = h(x)
    noisy = y + Signal(rng.normal(size=len(y)), y.start)

    def error(regularisation):
        return np.sum((deconvolve(noisy, h, regularisation=regularisation) - x).samples ** 2)

    assert error(1.0) < 0.8 * np.sum(x.samples**2) < 1e-3 * error(0.0)


@pytest.mark.parametrize(
    "system", [FIR([1.0, 2.0, 1.0], start=-1), FIR([1.0, 2j]), IIR([1], [1, -0.7]), IIR([1], [1, -0.7]).H]
)
def test_wiener_is_its_definition_at_every_frequency(system):
    G = wiener(system, 0.05)
    omega = np.linspace(-3, 3, 101)
    H = system.frequency_response(omega)[1]
    np.testing.assert_allclose(G.frequency_response(omega)[1], H.conj() / (abs(H) ** 2 + 0.05), atol=1e-7)


def test_the_tolerance_bounds_what_is_cut_off():
    h = FIR([1.0, 1.0])
    exact, cut = wiener(h, 0.01, tol=1e-12), wiener(h, 0.01, tol=1e-2)
    assert len(cut.h) < len(exact.h)
    assert (exact - cut).norm <= 1e-2 * exact.norm


def test_no_other_taps_bring_white_signals_back_better():
    """The mean squared error is ‖g ∗ h - δ‖² + noise ‖g‖² for a white signal of variance one."""
    h = FIR([1.0, 1.5, 0.5])
    G = wiener(h, 0.1)

    def error(G):
        return np.sum((G * h - 1).fuse().h ** 2) + 0.1 * np.sum(G.h**2)

    assert all(error(FIR(G.h + 1e-3 * rng.normal(size=len(G.h)), G.start)) > error(G) for _ in range(20))


def test_images_are_deblurred_in_place():
    image = rng.normal(size=(60, 70))
    blur = kernels.gaussian(0.7)
    restored = wiener(blur, 1e-6)(blur(Signal(image, start=(0, 0))))
    assert restored[0:60, 0:70].isclose(Signal(image, start=(0, 0)), atol=0.02)


def test_rates_stay():
    assert wiener(FIR([1.0, 0.5], rate=8000), 0.1).rate == 8000
    with pytest.raises(ValueError, match="rates must agree, got 1 and 2"):
        deconvolve(Signal([1, 2], rate=1), FIR([1], rate=2))


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (
            lambda: deconvolve(Signal([1, 2]), IIR([1], [1, -0.5])),
            "deconvolution needs a finite system in time, got IIR",
        ),
        (lambda: deconvolve(Signal([[1]], (0, 0)), FIR([1])), "in time, got FIR([1], start=0) and a signal of 2 axes"),
        (
            lambda: deconvolve(Signal([1, 2]), FIR([0])),
            "the zero system leaves nothing to recover, got FIR([0]",
        ),
        (lambda: deconvolve(Signal([1]), FIR([1, 2])), "y must be at least as long as the response, 2, got 1 samples"),
        (lambda: deconvolve(Signal([1]), FIR([1]), regularisation=-1), "regularisation must not be negative, got -1"),
        (lambda: wiener(IIR([1], [1, -2]), 1), "the response of an unstable system does not die out"),
        (lambda: wiener(FIR([1]), 0), "noise must be positive, got 0"),
        (lambda: wiener(FIR([1]), 1, tol=0), "tol must lie between 1e-12, where rounding begins, and 1, got 0"),
        (lambda: wiener(FIR([1, -1]), 1e-12), "does not die out within 1048576 taps; allow more noise than 1e-12"),
    ],
)
def test_what_cannot_be_undone_is_refused_in_words(ask, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        ask()

import numpy as np
import pytest
import scipy.signal

from ltisys import IIR, design

PROTOTYPES = {
    "butterworth": (lambda *a, **k: design.butterworth(5, *a, **k), lambda *a, **k: scipy.signal.butter(5, *a, **k)),
    "chebyshev1": (
        lambda *a, **k: design.chebyshev1(5, 1.0, *a, **k),
        lambda *a, **k: scipy.signal.cheby1(5, 1.0, *a, **k),
    ),
    "chebyshev2": (
        lambda *a, **k: design.chebyshev2(5, 60, *a, **k),
        lambda *a, **k: scipy.signal.cheby2(5, 60, *a, **k),
    ),
    "elliptic": (
        lambda *a, **k: design.elliptic(5, 1.0, 60, *a, **k),
        lambda *a, **k: scipy.signal.ellip(5, 1.0, 60, *a, **k),
    ),
    "bessel": (lambda *a, **k: design.bessel(5, *a, **k), lambda *a, **k: scipy.signal.bessel(5, *a, **k)),
}


@pytest.mark.parametrize("kind", ["lowpass", "highpass", "bandpass", "bandstop"])
@pytest.mark.parametrize("name", PROTOTYPES)
def test_it_is_scipys(name, kind):
    ours, theirs = PROTOTYPES[name]
    edges = (900, 2100) if kind.startswith("band") else 900
    S = ours(edges, kind, rate=8000)
    sos = theirs(edges, kind, fs=8000, output="sos")
    x = np.random.default_rng(0).normal(size=500)
    np.testing.assert_allclose(S(x), scipy.signal.sosfilt(sos, x), rtol=1e-9, atol=1e-11)
    omega, H = S.frequency_response(100)
    np.testing.assert_allclose(H, scipy.signal.freqz_sos(sos, omega)[1], rtol=1e-9, atol=1e-12)
    assert isinstance(S, IIR)
    assert (S.rate, S.is_stable) == (8000, True)


@pytest.mark.parametrize("name", PROTOTYPES)
def test_one_frequency_is_a_lowpass_and_two_are_a_bandpass(name):
    ours, _ = PROTOTYPES[name]
    assert ours(0.1) == ours(0.1, "lowpass")
    assert ours((0.1, 0.2)) == ours((0.1, 0.2), "bandpass") == ours(np.array([0.1, 0.2]))
    assert ours(800, rate=8000).sos.tolist() == ours(0.1).sos.tolist()


@pytest.mark.parametrize("norm", ["phase", "delay", "mag"])
def test_the_norms_of_a_bessel_filter(norm):
    sos = np.asarray(scipy.signal.bessel(4, 0.2, norm=norm, output="sos"))
    np.testing.assert_allclose(design.bessel(4, 0.1, norm=norm).sos, sos, rtol=1e-9)


@pytest.mark.parametrize(("order", "tolerance"), [(8, 1e-9), (20, 1e-9), (40, 1e-6)])
def test_an_elliptic_cascade_of_high_order_keeps_its_promise(order, tolerance):
    S = design.elliptic(order, 0.1, 60, 0.1)
    assert S.is_stable
    passed = 20 * np.log10(abs(S.frequency_response(2 * np.pi * np.linspace(0, 0.1, 5001))[1]))
    stopped = 20 * np.log10(abs(S.frequency_response(2 * np.pi * np.linspace(0.14, 0.5, 5001))[1]))
    assert -0.1 - tolerance < passed.min()
    assert passed.max() < tolerance
    assert stopped.max() < -60 + tolerance


def test_a_filter_and_its_adjoint_have_no_phase():
    S = design.butterworth(4, 0.1)
    H, G = (T.frequency_response(50)[1] for T in (S * S.H, S))
    np.testing.assert_allclose(H, abs(G) ** 2, atol=1e-12)

import numpy as np
import pytest
import scipy.signal

from ltisys import design

BANDS = [0, 1000, 1500, 4000]


def test_remez_is_scipys():
    S = design.remez(41, BANDS, [1, 0], weight=[1, 10], rate=8000)
    np.testing.assert_allclose(S.h, scipy.signal.remez(41, BANDS, [1, 0], weight=[1, 10], fs=8000), rtol=1e-9)
    assert (S.start, S.rate, S.linear_phase_type) == (0, 8000, 1)
    assert design.remez(41, BANDS, [1, 0], rate=8000, centred=True).start == -20


def test_remez_has_equal_ripples_weighted_as_asked():
    S = design.remez(41, BANDS, [1, 0], weight=[1, 10], rate=8000)
    f = np.linspace(0, 4000, 4001)
    gain = abs(S.frequency_response(2 * np.pi * f / 8000)[1])
    ripple, leak = abs(gain[f <= 1000] - 1).max(), gain[f >= 1500].max()
    assert ripple == pytest.approx(10 * leak, rel=0.03)  # scipy's grid of frequencies is finite


@pytest.mark.parametrize(("kind", "linear_phase"), [("hilbert", 3), ("differentiator", 3)])
def test_remez_of_the_other_kinds(kind, linear_phase):
    S = design.remez(31, [0.05, 0.45], [1], kind=kind)
    np.testing.assert_allclose(S.h, scipy.signal.remez(31, [0.05, 0.45], [1], type=kind, fs=1.0), rtol=1e-9)
    assert S.linear_phase_type == linear_phase


def test_firls_is_scipys():
    S = design.firls(41, BANDS, [1, 1, 0, 0], weight=[1, 10], rate=8000)
    h = scipy.signal.firls(41, BANDS, [1, 1, 0, 0], weight=[1, 10], fs=8000)
    np.testing.assert_allclose(S.h, h, rtol=1e-9, atol=1e-15)
    assert (S.start, S.rate, S.linear_phase_type) == (0, 8000, 1)
    assert design.firls(41, BANDS, [1, 1, 0, 0], rate=8000, centred=True).start == -20


def test_no_other_taps_have_a_smaller_squared_error_than_firls():
    f = np.concatenate((np.linspace(0, 0.125, 2000), np.linspace(0.1875, 0.5, 5000)))
    wanted = f <= 0.125

    def error(h):
        H = np.exp(-2j * np.pi * np.outer(f, np.arange(-10, 11))) @ h
        return float((abs(H - wanted) ** 2).sum())

    h, rng = design.firls(21, [0, 0.125, 0.1875, 0.5], [1, 1, 0, 0]).h, np.random.default_rng(0)
    assert all(error(h) < error(h + 1e-3 * rng.normal(size=21)) for _ in range(20))

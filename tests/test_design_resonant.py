import numpy as np
import pytest
import scipy.signal

from ltisys import design


@pytest.mark.parametrize(
    ("ours", "theirs"), [(design.notch, scipy.signal.iirnotch), (design.peak, scipy.signal.iirpeak)]
)
def test_notch_and_peak_are_scipys(ours, theirs):
    b, a = theirs(60, 20, fs=1000)
    np.testing.assert_allclose(ours(60, 20, rate=1000).sos, [[*b, *a]], rtol=1e-9)
    assert ours(60, 20, rate=1000).rate == 1000
    assert ours(0.06, 20).sos.tolist() == ours(60, 20, rate=1000).sos.tolist()


@pytest.mark.parametrize("quality", [1.5, 2.0, 30])
@pytest.mark.parametrize("period", [3, 20, 21, 320])
@pytest.mark.parametrize(("kind", "pass_zero"), [("notch", False), ("peak", True)])
def test_the_comb_is_scipys(kind, pass_zero, period, quality):
    b, a = scipy.signal.iircomb(1 / period, quality, kind, fs=1, pass_zero=pass_zero)
    x = np.random.default_rng(0).normal(size=2000)
    S = design.comb(1 / period, quality, kind)
    np.testing.assert_allclose(S(x), scipy.signal.lfilter(b, a, x), atol=1e-9)
    assert S.is_stable


@pytest.mark.parametrize("quality", [None, 0.7, 5.0])
def test_the_allpass_only_turns_the_phase(quality):
    S = design.allpass(1000, quality, rate=8000)
    np.testing.assert_allclose(abs(S.frequency_response(100)[1]), 1, rtol=1e-12)
    at = S.frequency_response([2 * np.pi * 1000 / 8000])[1]
    np.testing.assert_allclose(at, -1j if quality is None else -1, atol=1e-12)
    assert (S.is_stable, S.is_causal, S.rate) == (True, True, 8000)


def test_the_quality_of_an_allpass_is_the_width_of_its_turn():
    f, quality = 0.1, 8.0
    S = design.allpass(f, quality)
    grid = np.linspace(0.01, 0.3, 29001)
    phase = np.unwrap(np.angle(S.frequency_response(2 * np.pi * grid)[1]))
    low, high = (grid[np.argmin(abs(phase - turn))] for turn in (-np.pi / 2, -3 * np.pi / 2))
    assert high - low == pytest.approx(f / quality, abs=3e-5)

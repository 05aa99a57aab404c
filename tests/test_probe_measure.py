"""Responses measured and identified: taps, starts, bounds, covariances."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import ndimage, signal

import ltisys as lti
from ltisys.probe import identify, measure
from ltisys.testing import firs


def recursive(pole):
    return lambda x: signal.lfilter([1], [1, -pole], x)


@settings(max_examples=20)
@given(firs())
def test_a_finite_response_is_measured_exactly_wherever_it_starts(system):
    measured = measure(system, 64, full=True)
    assert measured.system == system
    assert measured.bound == 0


def test_the_ends_and_the_length_of_the_output_do_not_matter():
    h = [1.0, 2.0, 4.0, 3.0]
    assert measure(lambda x: np.convolve(x, h)) == lti.FIR(h)
    assert measure(lambda x: np.convolve(x, h, "valid")) == lti.FIR(h, start=-3)
    assert measure(np.diff) == lti.FIR([1.0, -1.0], start=-1)
    assert measure(lambda x: np.roll(x, -3)) == lti.FIR([1.0], start=-3)
    smooth = measure(lambda x: ndimage.gaussian_filter1d(x, 2.0))
    assert smooth.support == (-8, 9)
    assert np.isclose(smooth.h.sum(), 1)


def test_what_was_cut_off_is_bounded():
    for pole, length in ((0.5, 128), (0.9, 256), (0.97, 1024)):
        measured = measure(recursive(pole), length, full=True)
        missing = pole ** len(measured.system.h) / (1 - pole)
        assert missing <= measured.bound <= max(30 * missing, 1e-11)
    both = measure(lambda x: recursive(0.8)(recursive(0.8)(x)[::-1])[::-1], full=True)
    assert both.system.start < 0
    assert 0 < both.bound < 1e-10


def test_no_bound_is_claimed_where_no_decay_is_seen():
    assert measure(np.cumsum, full=True).bound == np.inf
    assert measure(recursive(0.999), full=True).bound == np.inf
    assert measure(lambda x: np.imag(np.asarray(signal.hilbert(x))), full=True).bound == np.inf


def test_the_measured_system_does_what_the_box_does():
    box = recursive(0.9)
    x = np.random.default_rng(0).standard_normal(300)
    measured = measure(box, full=True)
    np.testing.assert_allclose(measured.system(x), box(x), atol=measured.bound * np.abs(x).max() + 1e-12)
    assert measured.misfit < 1e-10


def test_single_precision_is_not_taken_for_taps():
    measured = measure(lambda x: signal.lfilter(np.ones(1, "f4"), np.array([1, -0.5], "f4"), x.astype("f4")), full=True)
    assert len(measured.system.h) < 40
    assert measured.bound < 1e-4


def test_silence_has_the_zero_response():
    assert measure(np.zeros_like) == lti.FIR([0.0])


def test_what_has_no_unit_sample_response_is_refused():
    with pytest.raises(ValueError, match="f has no unit sample response: f is not linear: it answers silence"):
        measure(lambda x: x + 1)
    with pytest.raises(
        ValueError, match="not linear and time-invariant, or its response does not fit into 1024 samples"
    ):
        measure(np.abs)
    with pytest.raises(ValueError, match="what it predicts for noise is wrong by"):
        measure(lambda x: x * np.arange(x.size))
    with pytest.raises(ValueError, match="f gives 1/2 samples for each that it takes"):
        measure(lambda x: x[::2])
    with pytest.raises(ValueError, match="f gives values that are not finite"):
        measure(np.log)
    with pytest.raises(ValueError, match="f raised TypeError for 1024 samples"):
        measure(lambda: 0)  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="length must be at least 32, got 8"):
        measure(np.diff, 8)


@settings(max_examples=30)
@given(firs())
def test_a_response_is_identified_without_noise(system):
    x = np.random.default_rng(0).standard_normal(60)
    y = system(x)
    found = identify(x, y, len(system.h), start=system.start)
    np.testing.assert_allclose(found.h, system.h, atol=1e-12)
    assert found.start == system.start


def test_signals_bring_their_start_and_rate():
    x, h = lti.Signal([3, 1, 2], start=4, rate=100), lti.Signal([3, 2, 1], start=-2)
    found = identify(x, x * h, taps=3, start=-2)
    np.testing.assert_allclose(found.h, [3, 2, 1])
    assert (found.start, found.rate) == (-2, 100)


def test_the_covariance_is_that_of_many_estimates():
    rng = np.random.default_rng(0)
    h = np.array([1.0, -2.0, 0.5])
    x = signal.lfilter([1], [1, -0.8], rng.standard_normal(200))
    trials = [identify(x, np.convolve(x, h)[:200] + rng.normal(0, 0.3, 200), taps=3, full=True) for _ in range(400)]
    estimates = np.array([trial.system.h for trial in trials])
    np.testing.assert_allclose(estimates.mean(axis=0), h, atol=0.01)
    np.testing.assert_allclose(np.cov(estimates.T), trials[0].covariance, atol=0.3 * trials[0].covariance.max())
    np.testing.assert_allclose(np.mean([trial.noise for trial in trials]), 0.3, rtol=0.02)
    np.testing.assert_allclose(trials[0].deviations, estimates.std(axis=0), rtol=0.3)
    assert trials[0].equations == 198


def test_recordings_along_other_axes_share_one_response():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((2, 3, 40))
    y = signal.lfilter([1.0, 2.0], 1, x)
    found = identify(x, y, taps=2, full=True)
    np.testing.assert_allclose(found.system.h, [1, 2])
    assert found.equations == 6 * 39


def test_long_recordings_are_solved_block_after_block():
    x = np.random.default_rng(0).standard_normal(10_000)
    h = np.random.default_rng(1).standard_normal(30)
    np.testing.assert_allclose(identify(x, np.convolve(x, h), taps=30).h, h, atol=1e-12)


def test_complex_recordings():
    rng = np.random.default_rng(0)
    x = rng.standard_normal(100) + 1j * rng.standard_normal(100)
    found = identify(x, np.convolve(x, [1j, 2])[:100], taps=2, full=True)
    np.testing.assert_allclose(found.system.h, [1j, 2], atol=1e-13)
    assert found.deviations.dtype == np.float64


def test_as_many_equations_as_taps_leave_nothing_to_tell_the_noise():
    found = identify([1.0, 2.0, 0.0], [1.0, 2.0, 0.0], taps=2, full=True)
    np.testing.assert_allclose(found.system.h, [1, 0], atol=1e-15)
    assert np.isnan(found.noise)


def test_recordings_that_tell_nothing_are_refused():
    n = np.arange(100)
    with pytest.raises(ValueError, match="x moves only 2 of 5 taps"):
        identify(np.cos(n), np.sin(n), taps=5)
    with pytest.raises(ValueError, match="9 taps need as many equations, these recordings give 0: record more"):
        identify(np.ones(5), np.ones(5), taps=9)
    with pytest.raises(ValueError, match="taps must be at least 1, got 0"):
        identify(n, n, taps=0)
    with pytest.raises(ValueError, match=r"the same shape up to their last axis, got \(100,\) and \(1, 100\)"):
        identify(n, n[None], taps=2)
    with pytest.raises(ValueError, match="must both be signals or both arrays, got ndarray and Signal"):
        identify(n, lti.Signal(n), taps=2)
    with pytest.raises(ValueError, match=r"equal channels and one index axis, got \(\) and \(2,\)"):
        identify(lti.Signal(n), lti.Signal([n, n]), taps=2)
    with pytest.raises(ValueError, match="rates must agree, got 1 and 2"):
        identify(lti.Signal(n, rate=1), lti.Signal(n, rate=2), taps=2)
    with pytest.raises(TypeError, match="x must be numbers of at most double precision"):
        identify(["a"], [1], taps=1)

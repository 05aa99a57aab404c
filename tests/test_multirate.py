import numpy as np
import pytest
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st

import ltisys as lti
from ltisys import FIR, Signal, multirate
from ltisys.multirate import Resampler

factors = st.integers(1, 7)
integers = st.lists(st.integers(-9, 9), min_size=1, max_size=12)
starts = st.integers(-9, 9)


@given(factors, factors, integers, starts, integers, starts)
def test_it_is_its_definition_at_every_index(up, down, h, h_start, x, x_start):
    h, x = Signal(h, h_start), Signal(x, x_start)
    y = Resampler(up, down, FIR(h))(x)
    assert y.samples.dtype == np.int64
    for m in range(y.start - 3, y.stop + 3):
        assert y[m] == sum(h[m * down - k * up] * x[k] for k in x.n)


@given(factors, factors, integers, integers)
def test_from_time_0_it_is_upfirdn(up, down, h, x):
    y = Resampler(up, down, FIR(h))(Signal(x))
    wanted = scipy.signal.upfirdn(h, x, up, down)
    np.testing.assert_allclose(y[0 : len(wanted)].samples, wanted, rtol=1e-12, atol=1e-12)
    assert not np.any(y.samples[len(wanted) - y.start :])


@given(factors, factors, integers, starts, integers, starts, st.integers(0, 9))
def test_its_adjoint(up, down, h, h_start, x, x_start, seed):
    R, x = Resampler(up, down, FIR(h, h_start)), Signal(x, x_start)
    y = R(x)
    y_bar = Signal(np.random.default_rng(seed).integers(-9, 9, y.samples.size), y.start)
    x_bar = R.H(y_bar)
    assert np.dot(y.samples, y_bar.samples) == np.dot(x.samples, x_bar[x.start : x.stop].samples)


@given(factors, factors, st.integers(1, 40))
def test_an_array_gives_what_lies_in_the_time_it_spans(up, down, length):
    R = multirate.resample(up, down)
    x = np.random.default_rng(length).normal(size=length)
    y = R(x)
    assert y.shape == (-(-length * R.up // R.down),)
    np.testing.assert_allclose(y, R(Signal(x))[0 : y.size].samples, atol=1e-14)


@pytest.mark.parametrize(("up", "down"), [(1, 1), (1, 3), (4, 1), (3, 2), (6, 4), (160, 441)])
def test_the_default_is_resample_poly(up, down):
    x = np.random.default_rng(0).normal(size=(2, 500))
    ours, theirs = multirate.resample(up, down)(x), scipy.signal.resample_poly(x, up, down, axis=-1)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(multirate.resample(up, down)(x.T, axis=0), ours.T)


def test_decimating_and_interpolating_are_resampling():
    x = np.random.default_rng(0).normal(size=300)
    h = scipy.signal.firwin(31, 0.25)
    wanted = scipy.signal.upfirdn(h, x, 1, 4)
    np.testing.assert_allclose(multirate.decimate(4, FIR(h))(Signal(x)).samples[: len(wanted)], wanted, atol=1e-12)
    np.testing.assert_allclose(multirate.interpolate(4)(x), scipy.signal.resample_poly(x, 4, 1), atol=1e-12)
    np.testing.assert_allclose(multirate.decimate(4)(x), scipy.signal.resample_poly(x, 1, 4), atol=1e-12)


def test_there_and_back_a_slow_signal_is_what_it_was():
    x = lti.sinusoid(0.03, 600)
    back = multirate.decimate(3)(multirate.interpolate(3)(x))
    np.testing.assert_allclose(back[100:500].samples, x[100:500].samples, atol=2e-3)


def test_samples_stay_at_their_times():
    x = lti.sinusoid(440, 4000, rate=44100, start=-1000)
    y = multirate.resample(160, 441)(x)
    n = np.arange(-200, 800)
    np.testing.assert_allclose(y[-200:800].samples, np.cos(2 * np.pi * 440 * n / 16000), atol=2e-3)
    assert y.rate == 16000
    assert isinstance(y.rate, int)


@pytest.mark.parametrize(("rate", "wanted"), [(None, None), (44100, 29400), (44101, 44101 * 2 / 3), (0.75, 0.5)])
def test_rates_are_exact_where_they_are_whole(rate, wanted):
    y = multirate.resample(2, 3)(Signal([1.0], rate=rate))
    assert y.rate == wanted
    assert type(y.rate) is type(wanted)


def test_a_filter_with_a_rate_belongs_between_the_two():
    R = multirate.interpolate(2, FIR([1, 1], rate=16000))
    assert R(Signal([3, 1], rate=8000)) == Signal([3, 3, 1, 1], rate=16000)
    assert R(Signal([3, 1])).rate == 16000
    with pytest.raises(ValueError, match="rates must agree, got 32000 and 16000"):
        R(Signal([3, 1], rate=16000))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64])
def test_the_precision_of_the_input_is_kept(dtype):
    assert multirate.resample(3, 2)(np.ones(20, dtype)).dtype == dtype
    assert multirate.resample(3, 2)(Signal(np.ones((2, 20), dtype))).samples.dtype == dtype


def test_common_factors_are_divided_out_and_equal_ones_are_equal():
    assert multirate.resample(6, 4) == multirate.resample(3, 2)
    assert multirate.resample(6, 4).ratio == multirate.resample(3, 2).ratio
    assert multirate.resample(1, 2, FIR([1, 1])) != multirate.resample(1, 2, FIR([1, 2]))


def test_what_cannot_be_resampled_is_refused_in_words():
    with pytest.raises(ValueError, match="up must be at least 1, got 0"):
        Resampler(0, 1)
    with pytest.raises(TypeError, match=r"down must be an integer, got 1\.5"):
        multirate.decimate(1.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"filter must be a finite system in time, got IIR"):
        multirate.decimate(2, lti.IIR([1], [1, -0.5]))
    with pytest.raises(ValueError, match=r"filter must be a finite system in time, got FIR"):
        multirate.decimate(2, lti.kernels.box(3))
    with pytest.raises(ValueError, match=r"filter must be a finite system in time, got \[1\]"):
        multirate.decimate(2, [1])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"x needs at least one sample, got shape \(0,\)"):
        multirate.decimate(2)([])
    with pytest.raises(ValueError, match="time has one axis, got a signal with 2"):
        multirate.decimate(2)(Signal([[1]], start=(0, 0)))
    with pytest.raises(ValueError, match="axis belongs to arrays, got axis=0 with a signal"):
        multirate.decimate(2)(Signal([1]), axis=0)

"""Every gradient against the adjoint matrix of the slow definition, and by the dot test."""

import naive
import numpy as np
import pytest
from cases import jobs, jobs2d, typed
from hypothesis import given, settings
from hypothesis import strategies as st

import ltisys as lti


def integers(rng, shape, dtype):
    values = rng.integers(-9, 10, shape).astype(dtype)
    if np.issubdtype(dtype, np.complexfloating):
        values = values + 1j * rng.integers(-9, 10, shape)
    return values


def assert_all_close(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        assert one.shape == other.shape
        assert one.dtype == other.dtype
        np.testing.assert_allclose(one, other, atol=1e-9)


@settings(max_examples=200)
@given(jobs(), st.sampled_from(["auto", "direct", "fft"]), st.sampled_from([np.float64, np.complex128]))
def test_convolve_vjp_is_the_adjoint(job, method, dtype):
    x, h, words = job
    rng = np.random.default_rng(0)
    x, h = x.astype(dtype), integers(rng, h.shape, dtype)
    y_bar = integers(rng, naive.convolve(x, h, **words).shape, dtype)
    expected = naive.vjp(lambda x, h: naive.convolve(x, h, **words), x, h, y_bar)
    assert_all_close(lti.convolve_vjp(x, h, y_bar, method=method, **words), expected)


@settings(max_examples=60)
@given(jobs2d(), st.sampled_from(["auto", "direct", "fft"]))
def test_convolve2d_vjp_is_the_adjoint(job, method):
    x, h, words = job
    rng = np.random.default_rng(1)
    x, h = x * 1.0, h * 1.0
    y_bar = integers(rng, naive.convolve(x, h, **words).shape, np.float64)
    expected = naive.vjp(lambda x, h: naive.convolve(x, h, **words), x, h, y_bar)
    assert_all_close(lti.convolve2d_vjp(x, h, y_bar, method=method, **typed(words)), expected)
    outer = np.outer(h[:, 0], h[0])
    expected = naive.vjp(lambda x, h: naive.convolve(x, h, **words), x, outer, y_bar)
    assert_all_close(lti.convolve2d_vjp(x, outer, y_bar, method="separable", **typed(words)), expected)


@settings(max_examples=60)
@given(jobs2d(), st.data())
def test_bank_vjp_is_the_adjoint(job, data):
    x, h, words = job
    groups, maps, channels, batch = (data.draw(st.integers(1, 2)) for _ in range(4))
    rng = np.random.default_rng(2)
    dtype = data.draw(st.sampled_from([np.float64, np.complex128]))
    x = integers(rng, (batch, groups * channels, *x.shape), dtype)
    bank = integers(rng, (groups * maps, channels, *h.shape), dtype)
    y_bar = integers(rng, naive.convolve_bank(x, bank, groups=groups, **words).shape, dtype)
    expected = naive.vjp(lambda x, h: naive.convolve_bank(x, h, groups=groups, **words), x, bank, y_bar)
    method = data.draw(st.sampled_from(["auto", "direct", "fft", "gemm"]))
    ours = lti.convolve_bank_vjp(x, bank, y_bar, groups=groups, method=method, **typed(words))
    assert_all_close(ours, expected)


@settings(max_examples=60)
@given(jobs(), st.data())
def test_bank_of_signals_vjp_is_the_adjoint(job, data):
    x, h, words = job
    groups, maps, channels, batch = (data.draw(st.integers(1, 3)) for _ in range(4))
    rng = np.random.default_rng(3)
    x = integers(rng, (batch, groups * channels, x.shape[1]), np.float64)
    bank = integers(rng, (groups * maps, channels, len(h)), np.float64)
    y_bar = integers(rng, naive.convolve_bank(x, bank, groups=groups, **words).shape, np.float64)
    expected = naive.vjp(lambda x, h: naive.convolve_bank(x, h, groups=groups, **words), x, bank, y_bar)
    method = data.draw(st.sampled_from(["auto", "direct", "fft", "gemm"]))
    assert_all_close(lti.convolve_bank_vjp(x, bank, y_bar, groups=groups, method=method, **words), expected)


@pytest.mark.parametrize("method", ["direct", "gemm", "fft", "auto"])
def test_large_banks_pass_the_dot_test_in_three_ways(method):
    rng = np.random.default_rng(4)
    x, bank = rng.standard_normal((7, 48, 61)), rng.standard_normal((24, 48, 9))
    words = {"stride": 2, "method": method}
    y = lti.convolve_bank(x, bank, **words)
    y_bar = rng.standard_normal(y.shape)
    x_bar, bank_bar = lti.convolve_bank_vjp(x, bank, y_bar, **words)
    forward = np.sum(y * y_bar)
    np.testing.assert_allclose([np.sum(x * x_bar), np.sum(bank * bank_bar)], forward, rtol=1e-11)


def test_other_axes_are_summed_over():
    rng = np.random.default_rng(5)
    x, h, y_bar = rng.standard_normal((4, 6, 5)), rng.standard_normal(3), rng.standard_normal((4, 8, 5))
    x_bar, h_bar = lti.convolve_vjp(x, h, y_bar, axis=1)
    assert x_bar.shape == x.shape
    one_by_one = [lti.convolve_vjp(x[i, :, j], h, y_bar[i, :, j])[1] for i in range(4) for j in range(5)]
    np.testing.assert_allclose(h_bar, np.sum(one_by_one, axis=0))


def test_gradients_come_in_the_dtype_of_their_operand():
    x, h = np.ones(4, np.float32), np.ones(2, np.complex64)
    x_bar, h_bar = lti.convolve_vjp(x, h, np.full(5, 1j, np.complex64))
    assert (x_bar.dtype, h_bar.dtype) == (np.float32, np.complex64)
    np.testing.assert_array_equal(x_bar, 0)  # the real part: a real signal moves along the real axis only
    x_bar, h_bar = lti.convolve_vjp(x.astype(np.float16), np.ones(2), np.ones(5))
    assert (x_bar.dtype, h_bar.dtype) == (np.float16, np.float64)


def test_a_constant_border_feeds_the_kernel_and_not_the_signal():
    x, h = np.ones(3), np.ones(3)
    x_bar, h_bar = lti.convolve_vjp(x, h, np.ones(3), "same", padding="constant", value=10)
    np.testing.assert_array_equal(x_bar, [2, 3, 2])
    np.testing.assert_array_equal(h_bar, [12, 3, 12])


def test_what_has_no_gradient_is_refused():
    with pytest.raises(TypeError, match="x has dtype int64: integers and booleans have no gradient"):
        lti.convolve_vjp([1, 2], [1.0], [1.0, 1.0])
    with pytest.raises(TypeError, match="h has dtype bool"):
        lti.convolve_vjp([1.0, 2], np.ones(1, bool), [1.0, 1.0])
    with pytest.raises(TypeError, match="y_bar has dtype complex128, expected float64"):
        lti.convolve_vjp([1.0, 2], [1.0], [1.0, 1j])
    with pytest.raises(ValueError, match=r"y_bar must have the shape of the output, \(3,\), got \(2,\)"):
        lti.convolve_vjp([1.0, 2], [1.0, 1.0], [1.0, 1.0])
    with pytest.raises(ValueError, match=r"y_bar must have the shape of the output, \(1, 1, 2\), got \(2,\)"):
        lti.convolve_bank_vjp(np.ones((1, 1, 2)), np.ones((1, 1, 1)), [1.0, 1.0])

"""The laws of convolution, exact on integers."""

import numpy as np
from cases import PADDINGS, integer_arrays
from hypothesis import given
from hypothesis import strategies as st

import ltisys as lti

signals = st.integers(1, 9).flatmap(lambda n: integer_arrays((n,)))
images = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(integer_arrays)
methods = st.sampled_from(["direct", "fft", "auto"])


@given(signals, signals, methods)
def test_commutative(a, b, method):
    np.testing.assert_array_equal(lti.convolve(a, b, method=method), lti.convolve(b, a, method=method))


@given(signals, signals, signals, methods)
def test_associative(a, b, c, method):
    left = lti.convolve(lti.convolve(a, b, method=method), c, method=method)
    np.testing.assert_array_equal(left, lti.convolve(a, lti.convolve(b, c, method=method), method=method))


@given(images, images, images)
def test_two_dimensions_commute_and_associate(a, b, c):
    np.testing.assert_array_equal(lti.convolve2d(a, b), lti.convolve2d(b, a))
    np.testing.assert_array_equal(lti.convolve2d(lti.convolve2d(a, b), c), lti.convolve2d(a, lti.convolve2d(b, c)))


@given(st.integers(1, 9), st.data(), st.integers(-9, 9), st.integers(-9, 9), st.sampled_from(PADDINGS), methods)
def test_linear_in_the_signal_and_in_the_response(n, data, first, second, padding, method):
    a, b, h = (data.draw(integer_arrays((n,))) for _ in range(3))
    words = {"mode": "same", "padding": padding, "method": method}
    combined = lti.convolve(first * a + second * b, h, **words)
    parts = first * lti.convolve(a, h, **words) + second * lti.convolve(b, h, **words)
    np.testing.assert_array_equal(combined, parts)
    combined = lti.convolve(h, first * a + second * b, **words)
    parts = first * lti.convolve(h, a, **words) + second * lti.convolve(h, b, **words)
    np.testing.assert_array_equal(combined, parts)


@given(signals, signals, st.integers(0, 9), methods)
def test_time_invariant(x, h, shift, method):
    delayed = np.concatenate([np.zeros(shift, np.int64), x])
    y = np.concatenate([np.zeros(shift, np.int64), lti.convolve(x, h, method=method)])
    np.testing.assert_array_equal(lti.convolve(delayed, h, method=method), y)


@given(signals, signals, st.sampled_from(["full", "same"]), st.sampled_from(PADDINGS), st.integers(1, 3))
def test_correlation_is_convolution_with_the_flipped_response(x, h, mode, padding, dilation):
    words = {"padding": padding, "dilation": dilation}
    last = dilation * (len(h) - 1)
    np.testing.assert_array_equal(
        lti.correlate(x, h, mode, origin=0, **words), lti.convolve(x, h[::-1], mode, origin=last, **words)
    )


@given(signals, signals)
def test_complex_correlation_conjugates_the_template(x, h):
    z = x + 1j * x[::-1]
    w = h - 2j * h[::-1]
    np.testing.assert_array_equal(lti.correlate(z, w), lti.convolve(z, np.conj(w[::-1])))


@given(signals, signals)
def test_the_unit_sample_is_the_identity_and_full_same_valid_are_intervals_of_one_result(x, h):
    np.testing.assert_array_equal(lti.convolve(x, [1]), x)
    full = lti.convolve(x, h)
    centre = (len(h) - 1) // 2
    np.testing.assert_array_equal(lti.convolve(x, h, "same"), full[centre : centre + len(x)])
    np.testing.assert_array_equal(lti.convolve(x, h, (len(h) - 1, len(h) - 1)), full)
    if len(h) <= len(x):
        np.testing.assert_array_equal(lti.convolve(x, h, "valid"), full[len(h) - 1 : len(x)])


@given(st.integers(1, 9), signals, st.data(), st.sampled_from(PADDINGS), st.integers(1, 3), st.integers(1, 3))
def test_dot_product_test(n, h, data, padding, stride, dilation):
    x = data.draw(integer_arrays((n,))) * 1.0
    words = {"padding": padding, "stride": stride, "dilation": dilation}
    y = lti.convolve(x, h, **words)
    y_bar = data.draw(integer_arrays(y.shape)) * 1.0
    x_bar, h_bar = lti.convolve_vjp(x, h * 1.0, y_bar, **words)
    assert np.sum(y * y_bar) == np.sum(x * x_bar) == np.sum(h * h_bar)

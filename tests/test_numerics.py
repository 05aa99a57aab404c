"""The numeric contract: dtypes, exact integers, the footprint of NaN and infinity, and error bounds."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ltisys as lti

METHODS = ("direct", "fft", "auto")


@pytest.mark.parametrize("x", [np.float16, np.float32, np.float64, np.complex64, np.complex128, np.int16, bool])
@pytest.mark.parametrize("h", [np.float16, np.float32, np.float64, np.complex64, np.complex128, np.uint8, bool])
def test_result_dtype_is_numpys_and_integers_are_int64(x, h):
    expected = np.result_type(x, h)
    expected = np.dtype(np.int64) if expected.kind in "biu" else expected
    for method in METHODS:
        assert lti.convolve(np.ones(5, x), np.ones(3, h), method=method).dtype == expected
    assert lti.convolve2d(np.ones((5, 5), x), np.ones((3, 3), h)).dtype == expected
    assert lti.convolve_bank(np.ones((1, 1, 5), x), np.ones((1, 1, 3), h)).dtype == expected


@pytest.mark.parametrize("dtype", [np.longdouble, np.clongdouble, object, "U3", "M8[s]"])
def test_dtypes_without_a_kernel_are_refused(dtype):
    bad = np.array([1, 2], dtype) if dtype != "M8[s]" else np.array(["2026-01-01"], dtype)
    with pytest.raises(TypeError, match=r"cannot convolve dtype .* of x"):
        lti.convolve(bad, [1.0])
    with pytest.raises(TypeError, match=r"cannot convolve dtype .* of h"):
        lti.convolve([1.0], bad)


def test_integers_never_wrap():
    assert lti.convolve(np.array([200, 200], np.uint8), np.array([2, 2], np.uint8)).tolist() == [400, 800, 400]
    assert lti.convolve(np.array([True, True]), np.array([True, True])).tolist() == [1, 2, 1]
    largest = 2**62 - 1
    assert lti.convolve([largest, 0], [1, 1]).tolist() == [largest, largest, 0]
    with pytest.raises(OverflowError, match=r"may reach \d+, beyond int64"):
        lti.convolve([2**62, 2**62], [1, 1])
    with pytest.raises(OverflowError, match="beyond int64"):
        lti.convolve([-(2**63)], [-1])
    assert lti.convolve([-(2**63) + 1], [-1]).tolist() == [2**63 - 1]
    with pytest.raises(OverflowError, match="does not fit int64"):
        lti.convolve(np.array([2**64 - 1], np.uint64), [1])
    with pytest.raises(OverflowError, match="beyond int64"):
        lti.convolve([1, 1], [1, 1], "same", padding="constant", value=2**62)
    with pytest.raises(OverflowError, match="beyond int64"):
        lti.convolve_bank([[[2**60]] * 8], [[[1]] * 8])


def test_integers_by_fft_are_exact_or_refused():
    rng = np.random.default_rng(0)
    x, h = rng.integers(-(2**15), 2**15, 3000), rng.integers(-(2**11), 2**11, 500)
    np.testing.assert_array_equal(lti.convolve(x, h, method="fft"), np.convolve(x, h))
    with pytest.raises(ValueError, match="method='fft' would round integers"):
        lti.convolve(x * 2**20, h, method="fft")


@settings(max_examples=150)
@given(
    st.sampled_from([np.nan, np.inf, -np.inf]),
    st.integers(0, 29),
    st.sampled_from(["zero", "reflect", "circular", "replicate"]),
    st.integers(1, 3),
    st.integers(1, 3),
    st.booleans(),
    st.data(),
)
def test_nan_and_infinity_reach_the_outputs_of_their_pairs_only(bad, at, padding, stride, dilation, in_h, data):
    method = data.draw(st.sampled_from(METHODS))
    x, h = np.ones(30), np.array([1.0, 2.0, 0.0, -1.0, 1.0])
    marked_x, marked_h = np.zeros(30, np.int64), np.ones(5, np.int64)
    if in_h:
        h[at % 5] = bad
        marked_x, marked_h = marked_x + 1, np.arange(5) == at % 5
    else:
        x[at] = bad
        marked_x[at] = 1
    words = {"mode": (7, 7), "padding": padding, "stride": stride, "dilation": dilation}
    touched = lti.convolve(marked_x, marked_h, method="direct", **words) > 0  # at least one pair with the bad sample
    np.testing.assert_array_equal(~np.isfinite(lti.convolve(x, h, method=method, **words)), touched)


@pytest.mark.parametrize("method", ["direct", "gemm", "fft", "auto"])
def test_a_bank_keeps_the_footprint_too(method):
    bank = np.ones((2, 3, 3))
    x = np.ones((2, 3, 9))
    x[1, 2, 4] = np.nan
    expected = np.zeros((2, 2, 9), bool)
    expected[1, :, 3:6] = True
    np.testing.assert_array_equal(np.isnan(lti.convolve_bank(x, bank, method=method)), expected)
    bank[0, 1, 0] = np.inf  # the tap that reads one sample ahead: none for the last output
    x[1, 2, 4] = 1
    outside = np.isinf(lti.convolve_bank(x, bank, method=method))
    assert outside[:, 0].tolist() == [[True] * 8 + [False]] * 2
    assert not outside[:, 1].any()
    y_bar = np.ones((2, 2, 9))
    y_bar[0, 1, 8] = np.nan
    x_bar, bank_bar = lti.convolve_bank_vjp(x, np.ones((2, 3, 3)), y_bar, method=method)
    assert np.argwhere(np.isnan(x_bar))[:, 2].tolist() == [7, 8] * 3
    # output 8 meets taps 1 and 2 only: sample 9 does not exist
    assert np.isnan(bank_bar[1]).tolist() == [[False, True, True]] * 3
    assert not np.isnan(bank_bar[0]).any()


def test_separable_keeps_the_footprint():
    x = np.ones((9, 9))
    x[4, 4] = np.nan
    h = np.outer([1.0, 0.0, 1.0], [1.0, 2.0, 1.0])
    np.testing.assert_array_equal(
        np.isnan(lti.convolve2d(x, h, "same", method="separable")),
        np.isnan(lti.convolve2d(x, h, "same", method="direct")),
    )


def bound(dtype, n_taps, scale):
    eps = float(np.finfo(dtype).eps)
    factor = 8 + n_taps / 2 if n_taps <= 512 else 136 + n_taps / 512
    return factor * eps * scale


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_taps", [3, 500, 5000])
def test_direct_sums_stay_within_their_bound(dtype, n_taps):
    # equal signs and values let rounding errors add up instead of cancelling: the worst case for a long plain sum
    x, h = np.full(n_taps + 40, 0.1, dtype), np.full(n_taps, 0.3, dtype)
    exact = float(Fraction(float(x[0])) * Fraction(float(h[0])) * n_taps)
    y = lti.convolve(x, h, "valid", method="direct")
    assert np.abs(y - exact).max() <= bound(dtype, n_taps, exact)
    y = lti.convolve(x, h, "valid", method="fft")
    assert np.abs(y - exact).max() <= 8 * float(np.finfo(dtype).eps) * np.log2(4 * n_taps) * exact


@pytest.mark.parametrize("method", ["direct", "gemm"])
def test_bank_sums_stay_within_their_bound(method):
    x, bank = np.full((2, 600, 12), 0.1, np.float32), np.full((3, 600, 9), 0.3, np.float32)
    product = Fraction(float(x[0, 0, 0])) * Fraction(float(bank[0, 0, 0]))
    y = lti.convolve_bank(x, bank, "valid", method=method)
    exact = float(product * 5400)
    assert np.abs(y - exact).max() <= bound(np.float32, 5400, exact)
    y_bar = np.full((200, 3, 12), 0.1, np.float32)
    x = np.full((200, 2, 12), 0.1, np.float32)
    _, bank_bar = lti.convolve_bank_vjp(x, np.ones((3, 2, 1), np.float32), y_bar, method=method)
    exact = float(Fraction(float(x[0, 0, 0])) ** 2 * 2400)
    assert np.abs(bank_bar - exact).max() <= bound(np.float32, 2400, exact)


def test_fft_error_is_local_to_its_block():
    x = np.zeros(60_000, np.float32)
    x[:100] = 3e6
    h = np.random.default_rng(1).standard_normal(300).astype(np.float32)
    y = lti.convolve(x, h, method="fft")
    assert not y[30_000:].any()


def test_float16_is_computed_in_float32():
    x, h = np.full(3000, 0.01, np.float16), np.ones(2000, np.float16)
    y = lti.convolve(x, h, "valid")
    assert y.dtype == np.float16
    np.testing.assert_allclose(y, 2000 * float(x[0]), rtol=1e-3)  # a float16 sum would stall at 32
    assert np.isinf(lti.convolve(np.full(9, 6e4, np.float16), np.ones(9, np.float16), "valid")).all()


def test_the_result_does_not_depend_on_how_often_it_is_asked():
    rng = np.random.default_rng(2)
    x, bank = rng.standard_normal((9, 16, 40)), rng.standard_normal((8, 16, 5))
    for method in ("direct", "gemm", "fft"):
        first = lti.convolve_bank(x, bank, method=method)
        assert all(np.array_equal(first, lti.convolve_bank(x, bank, method=method)) for _ in range(5))

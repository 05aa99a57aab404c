"""Agreement of every function and method with the slow definitions."""

import itertools
from typing import Any

import naive
import numpy as np
import pytest
from cases import PADDINGS, integer_arrays, jobs, jobs2d, typed
from hypothesis import given, settings
from hypothesis import strategies as st

import ltisys as lti

WORK_DTYPES = (np.int64, np.float32, np.float64, np.complex64, np.complex128)


@settings(max_examples=300)
@given(jobs(), st.sampled_from(["auto", "direct", "fft"]))
def test_convolve_agrees_with_the_definition(job, method):
    x, h, words = job
    np.testing.assert_array_equal(lti.convolve(x, h, method=method, **words), naive.convolve(x, h, **words))


@settings(max_examples=200)
@given(jobs(), st.sampled_from(["auto", "direct", "fft"]))
def test_correlate_agrees_with_the_definition(job, method):
    x, h, words = job
    np.testing.assert_array_equal(lti.correlate(x, h, method=method, **words), naive.correlate(x, h, **words))


@settings(max_examples=200)
@given(jobs2d(), st.sampled_from(["auto", "direct", "fft"]), st.booleans())
def test_convolve2d_agrees_with_the_definition(job, method, correlation):
    x, h, words = job
    ours, slow = (lti.correlate2d, naive.correlate) if correlation else (lti.convolve2d, naive.convolve)
    np.testing.assert_array_equal(ours(x, h, method=method, **typed(words)), slow(x, h, **words))


@settings(max_examples=100)
@given(jobs2d(), st.data())
def test_separable_agrees_with_the_definition(job, data):
    x, h, words = job
    h = np.outer(data.draw(integer_arrays((h.shape[0],))), data.draw(integer_arrays((h.shape[1],))))
    expected = naive.convolve(x, h, **words)
    np.testing.assert_array_equal(lti.convolve2d(x, h, method="separable", **typed(words)), expected)
    np.testing.assert_allclose(
        lti.convolve2d(x * 1.0, h * 1.0, method="separable", **typed(words)), expected, atol=1e-9
    )


@settings(max_examples=150)
@given(jobs2d(), st.data())
def test_bank_agrees_with_the_definition(job, data):
    x, h, words = job
    groups, maps, channels, batch = (data.draw(st.integers(1, 3)) for _ in range(4))
    x = data.draw(integer_arrays((batch, groups * channels, *x.shape)))
    bank = data.draw(integer_arrays((groups * maps, channels, *h.shape)))
    method = data.draw(st.sampled_from(["auto", "direct", "fft", "gemm"]))
    np.testing.assert_array_equal(
        lti.convolve_bank(x, bank, groups=groups, method=method, **typed(words)),
        naive.convolve_bank(x, bank, groups=groups, **words),
    )


@settings(max_examples=100)
@given(jobs(), st.data())
def test_bank_of_signals_agrees_with_the_definition(job, data):
    x, h, words = job
    groups, maps, channels = (data.draw(st.integers(1, 3)) for _ in range(3))
    x = data.draw(integer_arrays((2, groups * channels, x.shape[1])))
    bank = data.draw(integer_arrays((groups * maps, channels, *h.shape)))
    method = data.draw(st.sampled_from(["auto", "direct", "fft", "gemm"]))
    np.testing.assert_array_equal(
        lti.convolve_bank(x, bank, groups=groups, method=method, **words),
        naive.convolve_bank(x, bank, groups=groups, **words),
    )


@pytest.mark.parametrize("dtype", WORK_DTYPES)
@pytest.mark.parametrize("method", ["direct", "fft"])
def test_every_mode_padding_stride_dilation_in_every_dtype(dtype: Any, method):
    rng = np.random.default_rng(2)
    modes: tuple[Any, ...] = ("full", "same", "valid", (2, 9))
    for mode, padding, stride, dilation in itertools.product(modes, PADDINGS, (1, 2, 3), (1, 2)):
        x, h = rng.integers(-9, 10, 11), rng.integers(-9, 10, 4)
        if np.issubdtype(dtype, np.complexfloating):
            x, h = x + 1j * rng.integers(-9, 10, 11), h - 1j * rng.integers(-9, 10, 4)
        words = {"padding": padding, "value": 2 * (padding == "constant"), "stride": stride, "dilation": dilation}
        x, h = x.astype(dtype), h.astype(dtype)
        y = lti.convolve(x, h, mode, method=method, **words)
        assert y.dtype == dtype
        expected = naive.convolve(x, h, mode, **words)
        if method == "direct":
            np.testing.assert_array_equal(y, expected)
        else:
            eps = 0 if y.dtype.kind == "i" else float(np.finfo(y.dtype).eps)
            bound = 16 * eps * 11 * np.abs(h).sum() * 13
            assert np.abs(y - expected).max() <= bound


def test_long_signals_cross_the_blocks_of_every_method():
    rng = np.random.default_rng(3)
    x, h = rng.integers(-9, 10, (2, 5000)), rng.integers(-9, 10, 700)
    expected = np.stack([np.convolve(row, h) for row in x])
    for method in ("direct", "fft", "auto"):
        np.testing.assert_array_equal(lti.convolve(x, h, method=method), expected)
    words: Any = {"mode": (3000, 10), "stride": 7, "dilation": 3, "padding": "reflect"}
    one = lti.convolve(x, h, method="direct", **words)
    np.testing.assert_array_equal(lti.convolve(x, h, method="fft", **words), one)
    extended = lti.extend(x, 3000, 10, "reflect")
    spread = np.zeros(3 * 699 + 1, np.int64)
    spread[::3] = h
    np.testing.assert_array_equal(one[0], np.convolve(extended[0], spread, "valid")[::7])


def test_any_axis_and_any_memory_layout():
    rng = np.random.default_rng(4)
    h = rng.standard_normal(3)
    x = rng.standard_normal((4, 5, 6))
    for axis in (-3, -2, -1, 0, 1, 2):
        expected = np.apply_along_axis(lambda row: np.convolve(row, h), axis, x)
        np.testing.assert_allclose(lti.convolve(x, h, axis=axis), expected, atol=1e-14)
    sliced = x[::-1, ::2, 1::2]
    np.testing.assert_array_equal(lti.convolve(sliced, h), lti.convolve(sliced.copy(), h))
    read_only = x.copy()
    read_only.flags.writeable = False
    np.testing.assert_array_equal(lti.convolve(read_only, h), lti.convolve(x, h))
    big_endian = x.astype(">f8")
    y = lti.convolve(big_endian, h.astype(">f8"))
    assert y.dtype.isnative
    np.testing.assert_array_equal(y, lti.convolve(x, h))
    image = lti.convolve2d(x, np.ones((2, 2)), axes=(2, 0))
    np.testing.assert_allclose(image, lti.convolve2d(x.transpose(1, 2, 0), np.ones((2, 2))).transpose(2, 0, 1))


def test_memory_mapped_files_are_read(tmp_path):
    x = np.memmap(tmp_path / "x.bin", np.float32, "w+", shape=(50,))
    x[:] = np.arange(50)
    np.testing.assert_array_equal(lti.convolve(x, [1.0, -1.0], "valid"), np.ones(49))


def test_a_zero_length_batch_is_fine():
    assert lti.convolve(np.zeros((0, 5)), [1.0, 2.0]).shape == (0, 6)
    assert lti.convolve2d(np.zeros((0, 5, 5)), np.ones((2, 2)), method="fft").shape == (0, 6, 6)
    for method in ("direct", "gemm", "fft", "auto"):
        assert lti.convolve_bank(np.zeros((0, 2, 5)), np.ones((3, 2, 2)), method=method).shape == (0, 3, 5)
    x_bar, bank_bar = lti.convolve_bank_vjp(np.zeros((0, 2, 5)), np.ones((3, 2, 2)), np.zeros((0, 3, 5)))
    assert x_bar.shape == (0, 2, 5)
    assert not bank_bar.any()


def test_out_is_written_in_place():
    x, h = np.arange(5.0), np.ones(2)
    out = np.empty(6)
    assert lti.convolve(x, h, out=out) is out
    np.testing.assert_array_equal(out, np.convolve(x, h))
    line = np.empty((6, 2))[:, 0]
    np.testing.assert_array_equal(lti.convolve(x, h, out=line), out)
    assert lti.convolve(x, h, "same", out=x) is x  # the result may replace its own input
    np.testing.assert_array_equal(x, [0, 1, 3, 5, 7])
    with pytest.raises(ValueError, match=r"out must be an array of dtype float64 and shape \(6,\), got float32 \(6,\)"):
        lti.convolve(np.arange(5.0), h, out=np.empty(6, np.float32))
    with pytest.raises(ValueError, match=r"got list"):
        lti.convolve(np.arange(5.0), h, out=[0] * 6)  # pyright: ignore[reportArgumentType]


def test_valid_exchanges_the_roles_as_the_peers_do():
    short, long = np.array([1, 2, 3]), np.array([1, 0, 2, -1, 4])
    np.testing.assert_array_equal(lti.convolve(short, long, "valid"), np.convolve(short, long, "valid"))
    np.testing.assert_array_equal(
        lti.convolve(short, long, "valid", padding="reflect"), np.convolve(short, long, "valid")
    )
    from scipy.signal import convolve2d

    a, b = np.arange(6).reshape(2, 3), np.arange(12).reshape(3, 4)
    np.testing.assert_array_equal(lti.convolve2d(a, b, "valid"), convolve2d(a, b, "valid"))
    with pytest.raises(ValueError, match="mode='valid' leaves no output"):
        lti.convolve2d(np.ones((2, 9)), np.ones((3, 3)), "valid")
    with pytest.raises(ValueError, match="mode='valid' leaves no output"):
        lti.convolve_bank(np.ones((1, 1, 2)), np.ones((1, 1, 3)), "valid")

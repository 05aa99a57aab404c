"""Winograd's products: the same results within their bound, and only where they can be had."""

from typing import Any

import numpy as np
import pytest
from guarded import guarded
from hypothesis import given, settings
from hypothesis import strategies as st

import ltisys as lti
from ltisys.convolution import winograd
from ltisys.convolution.geometry import correlation_geometry


@settings(max_examples=60)
@given(
    st.tuples(*[st.integers(1, 15)] * 2),
    st.tuples(st.integers(1, 35), st.integers(1, 2), st.integers(1, 11), st.integers(1, 9)),
    st.sampled_from(["same", "full", (2, 3), ((0, 2), (3, 1))]),
    st.sampled_from(["zero", "reflect"]),
    st.sampled_from([np.float32, np.float64, np.complex64]),
)
def test_results_and_gradients_stay_within_the_bound(shape, sizes, mode, padding, dtype):
    batch, groups, maps, channels = sizes
    rng = np.random.default_rng(0)

    def draw(*shape: int) -> np.ndarray:
        values = rng.uniform(-1, 1, shape)
        return (values + 1j * rng.uniform(-1, 1, shape) if dtype is np.complex64 else values).astype(dtype)

    x, bank = draw(batch, groups * channels, *(n + 2 for n in shape)), draw(groups * maps, channels, 3, 3)
    words: dict[str, Any] = {"mode": mode, "padding": padding, "groups": groups}
    y = lti.convolve_bank(x, bank, method="winograd", **words)
    wide = np.complex128 if dtype is np.complex64 else np.float64
    exact = lti.convolve_bank(x.astype(wide), bank.astype(wide), method="direct", **words)
    assert y.dtype == dtype
    bound = 256 * np.finfo(dtype).eps * (2 if dtype is np.complex64 else 1)
    assert np.abs(y - exact).max() <= bound * np.abs(bank).sum(axis=(1, 2, 3)).max() * np.abs(x).max()
    y_bar = draw(*y.shape)
    x_bar, bank_bar = lti.convolve_bank_vjp(x, bank, y_bar, method="winograd", **words)
    exact_x, exact_bank = lti.convolve_bank_vjp(
        x.astype(wide), bank.astype(wide), y_bar.astype(wide), method="direct", **words
    )
    reach = 9 * maps * (9 if padding == "reflect" else 1)  # a sample seen in a mirror collects several gradients
    assert np.abs(x_bar - exact_x).max() <= bound * reach * 2
    np.testing.assert_allclose(bank_bar, exact_bank, atol=2e-2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_batch", [1, 16, 17])
def test_nothing_beyond_the_arrays_is_touched(n_batch, dtype):
    rows, columns = correlation_geometry(5, 3, (1, 1)), correlation_geometry(9, 3, (1, 1))
    for at_end in (True, False):
        x, w = guarded(np.ones((n_batch, 1, 3, 5, 9), dtype), at_end), guarded(np.ones((1, 5, 3, 3, 3), dtype), at_end)
        y = guarded(np.zeros((n_batch, 1, 5, 5, 9), dtype), at_end)
        assert winograd.convolve(w, x, y, rows, columns)
        np.testing.assert_allclose(y[:, :, :, 1:-1, 1:-1], 27, rtol=1e-5)
        np.testing.assert_allclose(y[:, :, :, 0, 0], 12, rtol=1e-5)


def test_a_result_depends_neither_on_the_rest_of_the_batch_nor_on_threads(monkeypatch):
    rng = np.random.default_rng(1)
    x, bank = rng.standard_normal((70, 8, 9, 10)), rng.standard_normal((6, 8, 3, 3))
    y = lti.convolve_bank(x, bank, method="winograd")
    np.testing.assert_array_equal(lti.convolve_bank(x[69:], bank, method="winograd"), y[69:])
    monkeypatch.setenv("LTISYS_THREADS", "3")
    np.testing.assert_array_equal(lti.convolve_bank(x, bank, method="winograd"), y)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_keeps_its_footprint(bad):
    x, bank = np.ones((3, 2, 9, 9)), np.ones((2, 2, 3, 3))
    x[1, 0, 4, 4] = bad
    touched = np.zeros((3, 2, 9, 9), bool)
    touched[1, :, 3:6, 3:6] = True
    np.testing.assert_array_equal(~np.isfinite(lti.convolve_bank(x, bank, method="winograd")), touched)
    bank[0, 1, 1, 1] = bad
    y = lti.convolve_bank(np.ones_like(x), bank, method="winograd")
    assert not np.isfinite(y[:, 0]).any()
    assert np.isfinite(y[:, 1]).all()


def test_it_is_refused_where_it_cannot_be():
    x = np.ones((1, 1, 9, 9))
    with pytest.raises(ValueError, match=r"needs responses of shape \(3, 3\), stride 1 and dilation 1, got \(3, 5\)"):
        lti.convolve_bank(x, np.ones((1, 1, 3, 5)), method="winograd")
    with pytest.raises(ValueError, match=r"stride \(2, 2\)"):
        lti.convolve_bank(x, np.ones((1, 1, 3, 3)), stride=2, method="winograd")
    with pytest.raises(ValueError, match=r"dilation \(1, 2\)"):
        lti.convolve_bank(x, np.ones((1, 1, 3, 3)), dilation=(1, 2), method="winograd")
    with pytest.raises(ValueError, match="would round integers"):
        lti.convolve_bank(x.astype(int), np.ones((1, 1, 3, 3), int), method="winograd")


def test_auto_takes_it_for_deep_layers():
    rng = np.random.default_rng(2)
    x = rng.standard_normal((32, 48, 12, 12)).astype(np.float32)
    bank = rng.standard_normal((48, 48, 3, 3)).astype(np.float32)
    expected = lti.convolve_bank(x, bank, method="winograd")
    np.testing.assert_array_equal(lti.convolve_bank(x, bank), expected)

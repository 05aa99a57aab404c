import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from ltisys.matching.moments import sliding_moments


@given(st.integers(1, 40), st.integers(0, 20), st.integers(0, 9))
def test_it_is_the_mean_and_the_spread_of_every_window(length, more, seed):
    x = np.random.default_rng(seed).normal(size=(2, length + more))
    mean, spread = sliding_moments(x, (length,))
    windows = sliding_window_view(x, length, axis=-1)
    np.testing.assert_allclose(mean, windows.mean(axis=-1), atol=1e-14)
    np.testing.assert_allclose(spread, windows.var(axis=-1) * length, atol=1e-13)


@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (5, 1), (3, 7), (20, 30)])
def test_windows_of_images(shape):
    x = np.random.default_rng(0).normal(size=(2, 20, 30))
    mean, spread = sliding_moments(x, shape)
    windows = sliding_window_view(x, shape, axis=(-2, -1))
    np.testing.assert_allclose(mean, windows.mean(axis=(-2, -1)), atol=1e-14)
    np.testing.assert_allclose(spread, windows.var(axis=(-2, -1)) * shape[0] * shape[1], rtol=1e-12, atol=1e-13)


def test_a_constant_has_no_spread_at_all():
    mean, spread = sliding_moments(np.full(100, 0.1), (37,))
    assert np.all(mean == 0.1)
    assert np.all(spread == 0)


@pytest.mark.parametrize("offset", [1e6, 1e12])
def test_an_offset_costs_only_the_digits_that_the_samples_lost(offset):
    x = offset + np.random.default_rng(0).normal(size=1000)
    exact = sliding_moments(x - offset, (50,))[1]
    np.testing.assert_allclose(sliding_moments(x, (50,))[1], exact, rtol=1e-13)


def test_what_is_loud_elsewhere_does_not_reach_a_window():
    quiet = np.random.default_rng(0).normal(size=200)
    loud = np.concatenate((np.full(100, 1e12), quiet))
    np.testing.assert_array_equal(sliding_moments(loud, (20,))[1][100:], sliding_moments(quiet, (20,))[1])

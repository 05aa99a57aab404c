"""Signals into the lanes of vectors and back."""

import numpy as np
import pytest
from guarded import guarded

from ltisys.convolution import simd, transpose
from ltisys.convolution.compilation import kernel

into_lanes, out_of_lanes = kernel(transpose.into_lanes), kernel(transpose.out_of_lanes)
turn_and_fill = kernel(transpose.turn_and_fill)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1, 1, 1), (5, 3, 7), (16, 2, 16), (17, 3, 33), (40, 1, 49), (32, 2, 130)])
def test_there_and_back_within_bounds(shape, dtype):
    n_batch, n_channels, n_pixels = shape
    given = np.random.default_rng(0).standard_normal(shape).astype(dtype)
    for at_end in (True, False):
        x = guarded(given, at_end).reshape(-1)
        stride = n_channels * n_pixels
        out = guarded(np.zeros((n_pixels, n_channels, n_batch), dtype), at_end)
        into_lanes(x, 0, stride, (n_pixels, n_channels, n_batch, n_batch, n_channels), out.reshape(-1), 0)
        np.testing.assert_array_equal(out, given.transpose(2, 1, 0))
        back = guarded(np.zeros(shape, dtype), at_end)
        out_of_lanes(out.reshape(-1), 0, back.reshape(-1), 0, stride, (n_pixels, n_channels, n_batch, n_batch))
        np.testing.assert_array_equal(back, given)


def test_rows_may_lie_further_apart():
    given = np.arange(2 * 3 * 20.0).reshape(2, 3, 20)
    out = np.full((20, 3, 5), -1.0)
    into_lanes(given.reshape(-1), 0, 60, (20, 3, 2, 5, 3), out.reshape(-1), 0)
    np.testing.assert_array_equal(out[..., :2], given.transpose(2, 1, 0))
    assert (out[..., 2:] == -1).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1, 16), (3, 50), (3, 5), (10, 33), (16, 16), (19, 40)])
def test_fewer_rows_than_lanes_fill_them_within_bounds(shape, dtype):
    n_rows, n_columns = shape
    given = np.random.default_rng(0).standard_normal(shape).astype(dtype)
    width = max(n_rows, simd.lanes_of(given.itemsize))
    for at_end in (True, False):
        x, out = guarded(given, at_end), guarded(np.full((n_columns, width), 7, dtype), at_end)
        turn_and_fill(x.reshape(-1), 0, n_columns, out.reshape(-1), 0, width, shape)
        np.testing.assert_array_equal(out[:, :n_rows], given.T)
        assert np.isfinite(out).all()

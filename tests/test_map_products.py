"""The gradient of a bank with its maps in the lanes: every tile, every order of memory, every share."""

import itertools

import numpy as np
import pytest

from ltisys.convolution import bank_gradient, map_products
from ltisys.convolution.geometry import Geometry, convolution_geometry
from ltisys.convolution.simd import lanes_of
from ltisys.convolution.slices import merged, ordered

POINT = Geometry(1, 1, 1)


def definition(x, y_bar, rows, columns):
    """Return w̄ (G, M, C, KH, KW), term by term, in double precision."""
    w_bar = np.zeros((x.shape[1], y_bar.shape[2], x.shape[2], rows.n_kernel, columns.n_kernel))
    for k, l in np.ndindex(w_bar.shape[3:]):
        for o, p in np.ndindex(rows.n_out, columns.n_out):
            i, j = (g.stride * n + g.step * t - g.offset for g, n, t in ((rows, o, k), (columns, p, l)))
            if 0 <= i < rows.n_in and 0 <= j < columns.n_in:
                w_bar[..., k, l] += np.einsum("bgc,bgm->gmc", x[..., i, j], y_bar[..., o, p], dtype=float)
    return w_bar


def gradient(x, y_bar, rows, columns):
    """Return w̄, all of which is finite."""
    w_bar = bank_gradient.wrt_kernel(x, y_bar, rows, columns)
    assert w_bar is not None
    return w_bar


def in_order(array, innermost):
    """Return an array (B, G, C, H, W) in one of the two orders of memory."""
    return ordered(merged(array), innermost).reshape(array.shape)


def operands(n_batch, n_groups, n_maps, n_channels, rows, columns, dtype):
    rng = np.random.default_rng(n_maps)
    x = rng.standard_normal((n_batch, n_groups, n_channels, rows.n_in, columns.n_in))
    y_bar = rng.standard_normal((n_batch, n_groups, n_maps, rows.n_out, columns.n_out))
    return x.astype(dtype), y_bar.astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_batch", [1, 3, 16, 35])
@pytest.mark.parametrize(("n_maps", "n_channels"), [(8, 1), (17, 3), (24, 4), (40, 7), (33, 13), (56, 26)])
def test_it_equals_the_definition_in_either_order_of_memory(n_maps, n_channels, n_batch, dtype):
    eps = np.finfo(dtype).eps
    for n_groups, stride, dilation in ((1, 1, 1), (2, 2, 1), (1, 1, 2)):
        rows = convolution_geometry(5, 3, "same", stride=stride, centre=1)
        columns = convolution_geometry(9, 2, (3, 1), dilation=dilation)
        x, y_bar = operands(n_batch, n_groups, n_maps, n_channels, rows, columns, dtype)
        expected = definition(x, y_bar, rows, columns)
        orders = itertools.product((False, True), repeat=2)
        found = [gradient(in_order(x, a), in_order(y_bar, b), rows, columns) for a, b in orders]
        scale = definition(np.abs(x), np.abs(y_bar), rows, columns)
        assert map_products.serves(n_maps, np.dtype(dtype).itemsize)
        assert np.all(np.abs(found[0] - expected) <= 140 * eps * scale)
        for each in found[1:]:
            np.testing.assert_array_equal(each, found[0])


@pytest.mark.parametrize(
    ("n_batch", "n_channels", "n", "taps", "near"),
    [
        (33, 12, 30, 5, True),
        (48, 12, 30, 5, False),
        (48, 12, 30, 1, True),
        (32, 16, 64, 3, False),
        (32, 90, 99, 3, False),
    ],
)
def test_samples_read_where_they_lie_and_transposed_ones_give_the_same_bits(n_batch, n_channels, n, taps, near):
    assert bank_gradient._stay_near(4 * n_channels * n, n_batch, taps) == near
    columns = convolution_geometry(n, taps, "same", stride=2, centre=taps // 2)
    x, y_bar = operands(n_batch, 1, 24, n_channels, POINT, columns, np.float32)
    found = gradient(x, y_bar, POINT, columns)
    np.testing.assert_allclose(found, definition(x, y_bar, POINT, columns), rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(found, gradient(in_order(x, True), y_bar, POINT, columns))


@pytest.mark.parametrize("n_batch", [3, 8, 20])
def test_one_sample_lies_in_both_orders(n_batch):
    columns = convolution_geometry(1, 2, (1, 1))
    x, y_bar = operands(n_batch, 1, 8, 1, POINT, columns, np.float64)
    w_bar = gradient(x, y_bar, POINT, columns)
    np.testing.assert_allclose(w_bar, definition(x, y_bar, POINT, columns), rtol=1e-12)


@pytest.mark.parametrize("n_batch", [2, 300])
def test_runs_longer_than_a_chunk_are_cut(n_batch):
    columns = convolution_geometry(600, 5, "same", centre=2)
    x, y_bar = operands(n_batch, 1, 16, 6, POINT, columns, np.float64)
    x, y_bar = x[..., : 600 if n_batch == 2 else 9], y_bar[..., : 600 if n_batch == 2 else 9]
    columns = convolution_geometry(x.shape[-1], 5, "same", centre=2)
    w_bar = gradient(np.ascontiguousarray(x), np.ascontiguousarray(y_bar), POINT, columns)
    np.testing.assert_allclose(w_bar, definition(x, y_bar, POINT, columns), rtol=1e-11, atol=1e-11)


def test_the_threads_do_not_show(monkeypatch):
    columns = convolution_geometry(100, 9, "same", centre=4)
    x, y_bar = operands(64, 1, 24, 24, POINT, columns, np.float32)
    found = []
    for threads in ("1", "2", "3"):
        monkeypatch.setenv("LTISYS_THREADS", threads)
        found.append(gradient(x, y_bar, POINT, columns))
    for each in found[1:]:
        np.testing.assert_array_equal(each, found[0])


def test_lanes_without_a_map_are_read_by_nobody(monkeypatch, recwarn):
    columns = convolution_geometry(20, 3, "same", centre=1)
    n_maps = lanes_of(4) + 1
    x, y_bar = operands(16, 1, n_maps, 5, POINT, columns, np.float32)
    expected = definition(x, y_bar, POINT, columns)
    monkeypatch.setattr(
        np, "empty", lambda shape, dtype=float: np.full(shape, 3e38, dtype)
    )  # fresh memory holds anything
    np.testing.assert_allclose(gradient(x, y_bar, POINT, columns), expected, rtol=1e-4, atol=1e-4)
    assert not recwarn.list


@pytest.mark.parametrize("bad", [np.nan, -np.inf])
@pytest.mark.parametrize("n_maps", [1, 16, 37])
def test_what_is_not_finite_is_told(n_maps, bad):
    columns = convolution_geometry(20, 3, "same", centre=1)
    for which in range(2):
        both = operands(16, 1, n_maps, 5, POINT, columns, np.float32)
        assert bank_gradient.wrt_kernel(*both, POINT, columns) is not None
        both[which][3, 0, -1, 0, 9] = bad
        assert bank_gradient.wrt_kernel(*both, POINT, columns) is None

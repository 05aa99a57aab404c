"""The gradient by Winograd's products: the definition within a bound, in every order, whoever shares the work."""

import itertools

import numpy as np
import pytest
import test_map_products
from guarded import guarded
from test_map_products import definition, in_order, operands

import ltisys as lti
from ltisys.convolution import winograd_gradient
from ltisys.convolution.geometry import convolution_geometry, correlation_geometry
from ltisys.convolution.slices import merged


def gradient(x, y_bar, rows, columns):
    """Return w̄, all of which is finite."""
    shape = x.shape[1], y_bar.shape[2], x.shape[2]
    w_bar = winograd_gradient.wrt_kernel(shape, merged(x), merged(y_bar), rows, columns)
    assert w_bar is not None
    return w_bar


def bound(x, y_bar, rows, columns):
    """Return how far w̄ may be off: a tap shares its rounding with the others of its response."""
    scale = definition(np.abs(x), np.abs(y_bar), rows, columns)
    return 16 * np.finfo(x.dtype).eps * scale.max(axis=(3, 4), keepdims=True)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_batch", [16, 19, 35])
@pytest.mark.parametrize(("n_maps", "n_channels"), [(8, 1), (17, 3), (24, 4), (40, 7), (56, 26)])
def test_it_equals_the_definition_in_either_order_of_memory(n_maps, n_channels, n_batch, dtype):
    for n_groups, rows, columns in (
        (1, convolution_geometry(5, 3, "same"), convolution_geometry(9, 3, (3, 1))),
        (2, correlation_geometry(8, 3, (1, 1)), convolution_geometry(4, 3, "full")),
        (1, correlation_geometry(3, 3, "valid"), correlation_geometry(12, 3, (0, 2))),
    ):
        x, y_bar = operands(n_batch, n_groups, n_maps, n_channels, rows, columns, dtype)
        orders = itertools.product((False, True), repeat=2)
        found = [gradient(in_order(x, a), in_order(y_bar, b), rows, columns) for a, b in orders]
        error = np.abs(found[0] - definition(x, y_bar, rows, columns))
        assert np.all(error <= bound(x, y_bar, rows, columns))
        for each in found[1:]:
            np.testing.assert_array_equal(each, found[0])


@pytest.mark.parametrize("n_batch", [16, 23])
def test_many_tiles_and_many_shares(n_batch):
    rows, columns = correlation_geometry(21, 3, (1, 1)), correlation_geometry(30, 3, (1, 1))
    x, y_bar = operands(n_batch, 1, 20, 12, rows, columns, np.float32)
    w_bar = gradient(x, y_bar, rows, columns)
    x, y_bar = x.astype(np.float64), y_bar.astype(np.float64)
    expected = test_map_products.gradient(x, y_bar, rows, columns)
    scale = test_map_products.gradient(np.abs(x), np.abs(y_bar), rows, columns)
    assert np.all(np.abs(w_bar - expected) <= 16 * np.finfo(np.float32).eps * scale.max(axis=(3, 4), keepdims=True))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_batch", [16, 21])
def test_nothing_beyond_the_arrays_is_touched(n_batch, dtype):
    rows, columns = correlation_geometry(5, 3, (1, 1)), correlation_geometry(9, 3, (1, 1))
    for n_maps, at_end, innermost in itertools.product((8, 19), (True, False), (True, False)):
        x, y_bar = operands(n_batch, 1, n_maps, 3, rows, columns, dtype)
        if innermost:
            x, y_bar = (guarded(each.transpose(3, 4, 1, 2, 0), at_end).transpose(4, 2, 3, 0, 1) for each in (x, y_bar))
        else:
            x, y_bar = guarded(x, at_end), guarded(y_bar, at_end)
        w_bar = gradient(x, y_bar, rows, columns)
        assert np.all(np.abs(w_bar - definition(x, y_bar, rows, columns)) <= bound(x, y_bar, rows, columns))


def test_the_result_does_not_depend_on_threads(monkeypatch):
    rows, columns = correlation_geometry(14, 3, (1, 1)), correlation_geometry(15, 3, (1, 1))
    x, y_bar = operands(37, 1, 33, 20, rows, columns, np.float32)
    results = []
    for threads in ("1", "2", "7"):
        monkeypatch.setenv("LTISYS_THREADS", threads)
        results.append(gradient(x, y_bar, rows, columns))
    for each in results[1:]:
        np.testing.assert_array_equal(each, results[0])


@pytest.mark.parametrize(
    ("n_channels", "n_maps", "side", "n_shares"), [(64, 64, 30, 8), (40, 80, 9, 3), (512, 512, 9, 1)]
)
def test_sums_take_no_more_memory_than_twice_the_larger_array(n_channels, n_maps, side, n_shares):
    geometry = correlation_geometry(side, 3, (1, 1))
    form = winograd_gradient._form((1, n_maps, n_channels), 32, geometry, geometry, 4)
    fits = np.prod(form.shares) <= 2 * 32 * max(n_channels, n_maps) * side * side
    assert form.shares[0] == n_shares
    assert fits == (n_shares > 1)
    assert np.isfinite(form.cost) == fits  # with a single one, or more than that, the definition is taken


def test_a_bank_that_takes_these_products_takes_them_for_its_gradient_where_they_are_fewer(monkeypatch):
    taken = []

    def spy(shape, x, y_bar, rows, columns):
        taken.append(x.shape)
        return original(shape, x, y_bar, rows, columns)

    original = winograd_gradient.wrt_kernel
    monkeypatch.setattr(winograd_gradient, "wrt_kernel", spy)
    rng = np.random.default_rng(3)
    for n_batch, n_channels, method in ((32, 48, "auto"), (32, 48, "gemm"), (3, 48, "winograd"), (32, 1, "winograd")):
        x = rng.standard_normal((n_batch, n_channels, 12, 12)).astype(np.float32)
        bank = rng.standard_normal((48, n_channels, 3, 3)).astype(np.float32)
        y_bar = rng.standard_normal((n_batch, 48, 12, 12)).astype(np.float32)
        _, w_bar = lti.convolve_bank_vjp(x, bank, y_bar, method=method)
        _, expected = lti.convolve_bank_vjp(x, bank, y_bar, method="direct")
        np.testing.assert_allclose(w_bar, expected, atol=2e-2)
    assert taken == [(32, 48, 12, 12)]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("where", ["x", "y_bar"])
def test_what_is_not_finite_keeps_its_footprint(where, bad):
    rng = np.random.default_rng(4)
    x, y_bar = (rng.standard_normal((32, 40, 9, 9)).astype(np.float32) for _ in range(2))
    bank = np.ones((40, 40, 3, 3), np.float32)
    (x if where == "x" else y_bar)[5, 7, 0, 3] = bad
    _, w_bar = lti.convolve_bank_vjp(x, bank, y_bar, method="winograd")
    touched = np.zeros(w_bar.shape, bool)
    touched[(slice(None), 7) if where == "x" else 7] = True
    assert np.isfinite(w_bar[~touched]).all()
    assert not np.isfinite(w_bar[touched]).all()
    assert np.isfinite(w_bar[touched]).any()  # the first row of samples does not meet all taps

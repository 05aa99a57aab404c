"""Banks as long as their signals: three products of matrices, against sums of products in twice the precision."""

import numpy as np
import pytest
from guarded import guarded

import ltisys as lti
from ltisys.convolution import dense, threads
from ltisys.convolution.simd import lanes_of
from ltisys.convolution.slices import frozen
from ltisys.convolution.tiles import pack_weights

SIZES = [(1, 16, 1), (3, 17, 2), (16, 64, 10), (17, 50, 7), (40, 333, 23), (5, 5000, 6)]  # signals, samples, maps


def _drawn(sizes, dtype):
    n_batch, n, n_maps = sizes
    rng = np.random.default_rng(n)
    return (rng.standard_normal(shape).astype(dtype) for shape in ((n_batch, n), (n_maps, n), (n_batch, n_maps)))


def _close(result, a, b):
    """Hold a @ b to the bound of the numeric contract for direct sums."""
    terms, eps = a.shape[1], np.finfo(result.dtype).eps
    bound = (8 + terms / 2 if terms <= 512 else 136 + terms / 512) * eps
    exact = a.astype(np.longdouble) @ b.astype(np.longdouble)
    scale = np.abs(b).sum(axis=0) * np.abs(a).max()
    assert (np.abs(result - exact) <= bound * scale).all()


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_all_three_products(sizes, dtype):
    x, w, y_bar = _drawn(sizes, dtype)
    signals, bank = x[..., None], w[..., None]
    _close(lti.convolve_bank(signals, bank, method="gemm")[..., 0], x, w.T)
    x_bar, w_bar = lti.convolve_bank_vjp(signals, bank, y_bar[..., None], method="gemm")
    _close(x_bar[..., 0], y_bar, w)
    _close(w_bar[..., 0], y_bar.T, x)


@pytest.mark.parametrize("at_end", [False, True])
@pytest.mark.parametrize("height", [16, 64])
@pytest.mark.parametrize("sizes", SIZES)
def test_nothing_else_is_read_or_written(sizes, height, at_end):
    x, w, y_bar = (guarded(array, at_end) for array in _drawn(sizes, np.float32))
    y = guarded(np.zeros_like(y_bar), at_end)
    dense.inner_products(frozen(x), frozen(w), y, *threads.board_for(0))
    _close(y, x, w.T)
    sums = guarded(np.zeros_like(x), at_end)
    packed = guarded(_packed(y_bar), at_end)
    dense.sums_of_rows(packed, frozen(w), sums, height, *threads.board_for(0))
    _close(sums, y_bar, w)


def _packed(factors):
    packed, one = np.empty(factors.size, factors.dtype), np.arange(2)
    pack_weights(frozen(factors.ravel()), (1, *factors.shape), (factors.shape[1], 1), one[:1], one, packed)
    return packed


def test_results_do_not_depend_on_threads(monkeypatch):
    x, w, y_bar = (array[..., None] for array in _drawn((64, 900, 50), np.float32))
    results = []
    for n in ("1", "2"):
        monkeypatch.setenv("LTISYS_THREADS", n)
        results.append((lti.convolve_bank(x, w, method="gemm"), *lti.convolve_bank_vjp(x, w, y_bar, method="gemm")))
    for one, two in zip(*results, strict=True):
        np.testing.assert_array_equal(one, two)


def test_what_is_not_finite_stays_in_its_row():
    x, w, _ = _drawn((20, 2 * lanes_of(4) + 3, 5), np.float32)
    x[4, -1], x[7, 0] = np.nan, np.inf
    y = lti.convolve_bank(x[..., None], w[..., None], method="gemm")[..., 0]
    assert np.isfinite(np.delete(y, [4, 7], axis=0)).all()
    assert np.isnan(y[4]).all()
    assert np.isinf(y[7]).all()


@pytest.mark.parametrize("n", [30, 33])
def test_weights_that_are_not_finite_meet_what_they_meet_in_the_direct_sum(n):
    rng = np.random.default_rng(n)
    x, bank = rng.standard_normal((20, n, 1)).astype(np.float32), rng.standard_normal((5, n, 1)).astype(np.float32)
    bank[2, n - 1], bank[3, 0] = np.inf, np.nan
    found, expected = (lti.convolve_bank(x, bank, method=method) for method in ("gemm", "direct"))
    assert not np.isfinite(expected[:, 2:4]).any()
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
    np.testing.assert_array_equal(np.isinf(found), np.isinf(expected))

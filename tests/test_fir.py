"""Register tiles along rows: every tile touches what it says and nothing else, at any length, cut and padding."""

import itertools

import numpy as np
import pytest

import ltisys as lti
from ltisys.convolution import fir, prepared
from ltisys.convolution.compilation import kernel
from ltisys.convolution.extension import CODES, extended
from ltisys.convolution.geometry import convolution_geometry

MARGIN = 600  # more than the widest tile with its taps
filter_part = kernel(fir.filter_part)


def guarded(values, fill):
    """Return a view of `values` inside a larger array of `fill`, and the larger array."""
    whole = np.full(values.size + 2 * MARGIN, fill, values.dtype)
    view = whole[MARGIN : MARGIN + values.size].reshape(values.shape)
    view[...] = values
    return view, whole


def frozen(array):
    array.flags.writeable = False
    return array


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_taps", [1, 2, 3, 7, 8, 9, 15, 16, 17, 33, 63, 64, 65, 100, 256, 257, 520])
def test_rows_equal_the_definition_and_leave_their_margins_alone(dtype, n_taps):
    rng = np.random.default_rng(n_taps)
    eps = float(np.finfo(dtype).eps)
    for n in (1, 5, 16, 17, 64, 130, 257, 700):
        for before, after in ((0, 0), (n_taps - 1, n_taps - 1), (0, n_taps + 40), (n_taps // 2, 3)):
            n_out = n + before + after - n_taps + 1
            if n_out < 1:
                continue
            x, _ = guarded(rng.standard_normal((2, n)).astype(dtype), np.nan)
            h, _ = guarded(rng.standard_normal(n_taps).astype(dtype), np.nan)
            y, whole = guarded(np.zeros((2, n_out), dtype), 7)
            cuts = sorted({0, n_out // 3, n_out})
            for row in (0, 1):
                for part in itertools.pairwise(cuts):
                    one = frozen(x[row : row + 1]), y[row : row + 1]
                    assert filter_part(frozen(h), *one, before, (0, dtype(0)), 0, *part)
            expected = [np.correlate(np.pad(row.astype(float), (before, after)), h.astype(float), "valid") for row in x]
            scale = float(np.abs(h).sum() * np.abs(x).max())
            assert np.abs(y - expected).max() <= (8 + n_taps / 2) * eps * scale
            assert (whole[:MARGIN] == 7).all()
            assert (whole[-MARGIN:] == 7).all()


@pytest.mark.parametrize("padding", list(CODES))
@pytest.mark.parametrize("before", [0, 1, 40, 5000])
def test_rows_read_past_their_ends_as_the_extension_says(padding, before):
    rng = np.random.default_rng(1)
    for n in (1, 2, 9, 100, 3000):
        x, h = rng.integers(-9, 10, (1, n)).astype(np.float32), rng.integers(-9, 10, 20).astype(np.float32)
        y = np.empty((1, n + before + 30 - 19), np.float32)
        fill = np.float32(3 if padding == "constant" else 0)
        filter_part(frozen(h), frozen(x), y, before, (CODES[padding], fill), 0, 0, y.shape[1])
        whole = extended(x, before, 30, padding, fill, 1)
        np.testing.assert_array_equal(y[0], np.correlate(whole[0], h, "valid"))


@pytest.mark.parametrize("n_taps", [3, 70, 300])
def test_an_output_does_not_depend_on_where_the_work_was_cut(n_taps):
    rng = np.random.default_rng(2)
    x, h = rng.standard_normal((1, 3000)).astype(np.float32), rng.standard_normal(n_taps).astype(np.float32)
    whole = np.empty((1, 3000), np.float32)
    job = (frozen(h), frozen(x)), (n_taps // 2, (0, np.float32(0)))
    filter_part(*job[0], whole, *job[1], 0, 0, 3000)
    for cut in (1, 15, 100, 1500, 2999):
        parts = np.empty_like(whole)
        filter_part(*job[0], parts, *job[1], 0, cut, 3000)
        filter_part(*job[0], parts, *job[1], 0, 0, cut)
        np.testing.assert_array_equal(parts, whole)


def test_a_response_that_is_not_finite_takes_the_loops_that_pair_exactly():
    x, h = np.ones((1, 50)), np.array([1.0, np.inf, 1.0])
    sums = fir.Rows.of(convolution_geometry(50, 3, "full"), "zero", 0, h.dtype)
    assert not sums(h, x, np.empty((1, 52)))
    y = lti.convolve(x[0], h, method="direct")
    assert np.flatnonzero(~np.isfinite(y)).tolist() == list(range(1, 51))
    assert not np.isfinite(lti.convolve(x[0], h, padding="reflect", method="direct")).any()


def test_the_thread_count_does_not_show(monkeypatch):
    rng = np.random.default_rng(3)
    x, h = rng.standard_normal((3, 200_000)), rng.standard_normal(40)
    results = []
    for threads in ("1", "2", "3"):
        monkeypatch.setenv("LTISYS_THREADS", threads)
        results.append([lti.convolve(x, h, method="direct"), lti.convolve(x[0], h, "same", method="direct")])
    for one, other in itertools.pairwise(results):
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_responses_of_direct_sums_are_neither_kept_nor_confused():
    x, h = np.arange(5.0), np.array([1.0, 2.0])
    kept = len(prepared._filters)
    assert lti.convolve(x, h).tolist() == [0, 1, 4, 7, 10, 8]
    h[1] = 0
    assert lti.convolve(x, h).tolist() == [0, 1, 2, 3, 4, 0]
    assert lti.convolve(x[::-1], h[::-1], out=np.empty(6)).tolist() == [0, 4, 3, 2, 1, 0]
    assert len(prepared._filters) == kept


@pytest.mark.parametrize("family", [lti.convolve2d, lti.correlate2d])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_kernel_of_one_row_filters_the_rows_of_images(family, dtype):
    x, h = np.arange(2 * 3 * 40, dtype=dtype).reshape(2, 3, 40), np.array([[3, 1, 2]], dtype)
    one = lti.convolve if family is lti.convolve2d else lti.correlate
    for rows in (x, x[:, :, ::2], x.astype(np.float32)):
        np.testing.assert_array_equal(family(rows, h), one(rows, h[0]))

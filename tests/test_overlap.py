"""Overlap-save with our own transform: error bound, ends, margins, threads, and samples that are not finite."""

import itertools
import math

import numpy as np
import pytest

import ltisys as lti
from ltisys.convolution import overlap
from ltisys.convolution.compilation import kernel
from ltisys.convolution.extension import CODES, extended
from ltisys.convolution.lanefft import shortest_transform, spectrum_of, transform_of
from ltisys.convolution.simd import lanes_of

MARGIN = 300
filter_pairs = kernel(overlap.filter_pairs)


def guarded(values, fill):
    """Return a view of `values` inside a larger array of `fill`, and the larger array."""
    whole = np.full(values.size + 2 * MARGIN, fill, values.dtype)
    view = whole[MARGIN : MARGIN + values.size].reshape(values.shape)
    view[...] = values
    return view, whole


def lengths(dtype, longest=1 << 13):
    n = shortest_transform(np.dtype(dtype).itemsize)
    while n <= longest:
        yield n
        n *= 2


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_blocks_of_every_length_keep_the_error_bound(dtype):
    rng = np.random.default_rng(0)
    eps = float(np.finfo(dtype).eps)
    for n in lengths(dtype):
        for n_taps in (1, n // 3, n - 2 * lanes_of(np.dtype(dtype).itemsize)):
            for draw in (rng.standard_normal, lambda size: np.full(size, 0.1)):
                x, h = draw(3 * n + 5).astype(dtype), draw(n_taps).astype(dtype)
                y = np.empty((1, len(x) - n_taps + 1), dtype)
                assert overlap.blocks_of(h, n, 0, (CODES["zero"], dtype(0)))(x[None], y)
                scale = float(np.abs(h.astype(float)).sum() * np.abs(x).max())
                some = rng.integers(0, y.shape[1], 200)  # exactly, that is in more precision, at some places only
                exact = [float(x[o : o + n_taps].astype(np.longdouble) @ h.astype(np.longdouble)) for o in some]
                assert np.abs(y[0, some] - exact).max() <= 8 * eps * math.log2(n) * scale


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_blocks_leave_their_margins_alone(dtype):
    rng = np.random.default_rng(1)
    for n in lengths(dtype, 2048):
        transform = transform_of(n, np.dtype(dtype))
        for n_taps, n_in, before in itertools.product((1, 5, n // 2), (1, 40, n, 3 * n + 1), (0, 3, n // 2)):
            spectrum = spectrum_of(rng.standard_normal(n_taps).astype(dtype), transform)
            fresh = overlap.fresh_outputs(n, n_taps, np.dtype(dtype).itemsize)
            n_out = n_in + before + n // 2 - n_taps
            if n_out < 1:
                continue
            x, _ = guarded(rng.standard_normal((2, n_in)).astype(dtype), np.nan)
            y, results = guarded(np.zeros((2, n_out), dtype), 7)
            room, workspace = guarded(np.full(4 * n + 2 * fresh, np.nan, dtype), 9)
            x.flags.writeable = False
            shape = (n_taps, transform.m, fresh)
            pairs = -(-2 * -(-n_out // fresh) // 2)
            job = (
                shape,
                transform.constants,
                spectrum,
                before,
                (CODES["zero"], dtype(0)),
                room.reshape(1, -1),
                0,
                0,
                pairs,
            )
            assert filter_pairs(x, y, *job)
            assert (results[:MARGIN] == 7).all()
            assert (results[-MARGIN:] == 7).all()
            assert (workspace[:MARGIN] == 9).all()
            assert (workspace[-MARGIN:] == 9).all()
            assert np.isfinite(y).all()


@pytest.mark.parametrize("padding", list(CODES))
def test_rows_read_past_their_ends_as_the_extension_says(padding):
    rng = np.random.default_rng(2)
    words = {"padding": padding, "value": 3 if padding == "constant" else 0}
    for n, n_taps, mode in itertools.product((1, 50, 3000), (1, 30, 700), ("full", "same", (900, 5))):
        x, h = rng.integers(-9, 10, (3, n)) * 1.0, rng.integers(-9, 10, n_taps) * 1.0
        if mode == "same":
            assert lti.convolve(x, h, mode, method="fft", **words).shape == (3, n)
            continue
        before, after = (n_taps - 1, n_taps - 1) if mode == "full" else mode
        if n + before + after < n_taps:
            continue
        whole = extended(x, before, after, padding, words["value"], 1)
        expected = np.stack([np.convolve(row, h, "valid") for row in whole])
        np.testing.assert_allclose(lti.convolve(x, h, mode, method="fft", **words), expected, atol=1e-8)
        correlated = np.stack([np.correlate(row, h, "valid") for row in whole])
        np.testing.assert_allclose(lti.correlate(x, h, mode, method="fft", **words), correlated, atol=1e-8)


def test_the_thread_count_does_not_show(monkeypatch):
    rng = np.random.default_rng(3)
    x, h = rng.standard_normal((3, 200_000)), rng.standard_normal(900)
    results = []
    for threads in ("1", "2", "3"):
        monkeypatch.setenv("LTISYS_THREADS", threads)
        results.append([lti.convolve(x, h, method="fft"), lti.convolve(x[0], h, "same", method="fft")])
    for one, other in itertools.pairwise(results):
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("at", [0, 1, 4095, 20_000, 39_999])
def test_one_bad_sample_anywhere_in_a_block_is_noticed(bad, at):
    x, h = np.ones(40_000, np.float32), np.ones(300, np.float32)
    x[at] = bad
    y = lti.convolve(x, h, method="fft")
    assert np.flatnonzero(~np.isfinite(y)).tolist() == list(range(at, at + 300))


def test_sums_beyond_the_largest_float_of_the_transform_are_still_right():
    x, h = np.full(5000, 3e36, np.float32), np.zeros(300, np.float32)
    h[0] = 1
    np.testing.assert_allclose(lti.convolve(x, h, "valid", method="fft"), 3e36, rtol=1e-6)


def test_the_cheapest_blocks_grow_with_the_response():
    chosen = [overlap.cheapest(n_taps, 1, 10**7, 4) for n_taps in (10, 1000, 100_000, overlap.LONGEST_RESPONSE)]
    assert chosen == sorted(chosen)
    assert all(n > n_taps for (n, _), n_taps in zip(chosen, (10, 1000, 100_000), strict=False))
    assert chosen[1][1] < overlap.cost(1000, 1, 10**7, 4)

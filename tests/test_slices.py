"""Arrays with the batch innermost in memory: read and returned so without a copy, with the same values bit for bit."""

import numpy as np
import pytest
from guarded import guarded

import ltisys as lti
from ltisys.convolution import slices
from ltisys.convolution.arrays import prepare_bank
from ltisys.convolution.compilation import kernel
from ltisys.convolution.simd import lanes_of
from ltisys.convolution.slices import (
    batch_is_innermost,
    ordered,
    outermost,
    stored,
    with_batch_innermost,
)

take, put = kernel(slices.take), kernel(slices.put)

BATCHES = (1, 7, 16, 17, 40, 64)
JOBS = {  # x without its batch, bank, words
    "images": ((6, 9, 8), (5, 6, 3, 3), {}),
    "images by gemm": ((6, 9, 8), (5, 6, 3, 3), {"method": "gemm"}),
    "images by Winograd": ((6, 9, 8), (5, 6, 3, 3), {"method": "winograd"}),
    "strided images": ((4, 9, 8), (10, 4, 5, 3), {"stride": (2, 3), "mode": "full"}),
    "one channel": ((1, 11, 9), (3, 1, 5, 5), {"stride": 2}),
    "groups": ((6, 5, 7), (4, 3, 3, 3), {"groups": 2}),
    "depthwise": ((6, 5, 7), (6, 1, 3, 3), {"groups": 6}),
    "pointwise": ((9, 8, 7), (12, 9, 1, 1), {"stride": (2, 1)}),
    "signals": ((5, 30), (7, 5, 9), {"dilation": 2}),
    "reflected signals": ((5, 30), (7, 5, 9), {"padding": "reflect"}),
    "dense": ((40, 1), (9, 40, 1), {}),
}


def _innermost(array):
    result = with_batch_innermost(array.shape, array.dtype)
    result[...] = array
    return result


@pytest.fixture(params=JOBS)
def job(request):
    shape, bank, words = JOBS[request.param]
    return lambda batch, dtype=np.float32: _drawn(batch, shape, bank, dtype), words


def _drawn(batch, shape, bank, dtype):
    rng = np.random.default_rng(batch)
    return rng.standard_normal((batch, *shape)).astype(dtype), rng.standard_normal(bank).astype(dtype)


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_values_do_not_depend_on_the_order_in_memory(job, batch, dtype):
    draw, words = job
    x, bank = draw(batch, dtype)
    expected = lti.convolve_bank(x, bank, order="C", **words)
    assert expected.flags.c_contiguous
    for given in (x, _innermost(x), np.asfortranarray(x)):
        for order in ("K", "C"):
            np.testing.assert_array_equal(lti.convolve_bank(given, bank, order=order, **words), expected)
        out = np.empty_like(expected, order="C")
        assert lti.convolve_bank(given, bank, out=out, **words) is out
        np.testing.assert_array_equal(out, expected)
        out = _innermost(np.zeros_like(expected))
        np.testing.assert_array_equal(lti.convolve_bank(given, bank, out=out, **words), expected)


@pytest.mark.parametrize("batch", BATCHES)
def test_gradients_do_not_depend_on_it_either(job, batch):
    draw, words = job
    x, bank = draw(batch)
    y_bar = np.random.default_rng(9).standard_normal(lti.convolve_bank(x, bank, **words).shape).astype(np.float32)
    expected = lti.convolve_bank_vjp(x, bank, y_bar, **words)
    for given in (x, _innermost(x)):
        for error in (y_bar, _innermost(y_bar)):
            for result, value in zip(lti.convolve_bank_vjp(given, bank, error, **words), expected, strict=True):
                np.testing.assert_array_equal(result, value)


def test_a_chain_of_banks_stays_in_its_layout():
    x, bank = _drawn(40, (6, 9, 8), (6, 6, 3, 3), np.float32)
    y = lti.convolve_bank(x, bank)
    assert batch_is_innermost(y)
    for method in ("gemm", "winograd"):
        z = lti.convolve_bank(y, bank, method=method)
        assert batch_is_innermost(z)
        x_bar, _ = lti.convolve_bank_vjp(y, bank, z, method=method)
        assert batch_is_innermost(x_bar)
    assert batch_is_innermost(np.maximum(y, 0))
    assert lti.convolve_bank(y, bank, order="C").flags.c_contiguous


@pytest.mark.parametrize("shape", [(5, 3, 7), (40, 1, 3, 4), (16, 6, 1), (1, 2, 3), (3, 1, 2), (70, 20, 9, 9)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_orders_are_exchanged(shape, dtype):
    x = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
    inside = ordered(x, True)
    np.testing.assert_array_equal(inside, x)
    assert inside.strides == _innermost(x).strides
    back = outermost(inside)
    assert back.flags.c_contiguous
    np.testing.assert_array_equal(back, x)
    assert ordered(inside, True) is inside
    assert outermost(x) is x is ordered(x, False)
    np.testing.assert_array_equal(outermost(inside[..., ::-1]), x[..., ::-1])


@pytest.mark.parametrize("innermost", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("at_end", [False, True])
def test_slices_read_and_write_nothing_else(dtype, innermost, at_end):
    lanes = lanes_of(np.dtype(dtype).itemsize)
    n_batch, n_channels, n_pixels = lanes + 3, 3, 5
    samples = guarded(np.arange(n_batch * n_channels * n_pixels).astype(dtype), at_end)
    shape = (n_pixels, n_channels, n_batch) if innermost else (n_batch, n_channels, n_pixels)
    x = samples.reshape(shape).transpose(2, 1, 0) if innermost else samples.reshape(shape)
    for b, n in ((0, lanes), (3, lanes), (lanes, 3)):
        room = guarded(np.full(n_pixels * n_channels * lanes, -1.0, dtype), at_end)
        take(stored(x, innermost), b, n, (lanes, n_channels), room)
        held = room.reshape(n_pixels, n_channels, lanes)
        np.testing.assert_array_equal(held[..., :n].transpose(2, 1, 0), x[b : b + n])
        assert (held[..., n:] == -1).all()
        if n == lanes:
            written = stored(x, innermost, frozen=False)
            before = samples.copy()
            put(-room, written, b, lanes)
            np.testing.assert_array_equal(x[b : b + n], -held.transpose(2, 1, 0))
            samples[...] = before


def test_a_prepared_bank_is_not_a_copy():
    x, bank = _drawn(3, (2, 5), (2, 2, 3), np.float64)
    prepared = prepare_bank(x, bank)
    np.testing.assert_array_equal(prepared(x), lti.convolve_bank(x, bank))
    bank *= 2
    np.testing.assert_array_equal(prepared(x), lti.convolve_bank(x, bank))
    with pytest.raises(ValueError, match=r"y_bar must have the shape of the output, \(3, 2, 5\), got \(3, 2, 4\)"):
        prepared.wrt_input(x, np.ones((3, 2, 4)))


def test_what_is_not_finite_reaches_the_same_outputs():
    x, bank = _drawn(20, (3, 6, 6), (4, 3, 3, 3), np.float32)
    x[3, 1, 2, 2] = np.nan
    for method in ("gemm", "winograd"):
        for given in (x, _innermost(x)):
            y = lti.convolve_bank(given, bank, method=method)
            expected = lti.convolve_bank(x, bank, method="direct")
            np.testing.assert_array_equal(np.isnan(y), np.isnan(expected))

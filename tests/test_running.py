"""The engine's running filter against the definition: at the seams of its blocks, and with samples not finite."""

import numpy as np
import pytest

import ltisys as lti
from ltisys.convolution.running import RunningFilter, partition_length


def run(h, x, sizes, method="fft"):
    running, y, start = RunningFilter(h, len(x), method), np.empty_like(x), 0
    for size in sizes:
        part = np.ascontiguousarray(x[:, start : start + size])
        made = np.empty_like(part)
        running.apply(part, made)
        y[:, start : start + size] = made
        start += part.shape[1]
    assert start == x.shape[1]
    return y


@pytest.mark.parametrize("taps", [257, 512, 513, 1100])
@pytest.mark.parametrize("sizes", [[1] * 1700, [256, 256, 256, 256, 256, 420], [1, 254, 1, 1, 255, 0, 1188], [1700]])
def test_partitions_meet_without_seams(taps, sizes):
    rng = np.random.default_rng(taps)
    h, x = rng.integers(-9, 10, taps).astype(np.float64), rng.integers(-9, 10, (2, 1700)).astype(np.float64)
    wanted = np.array([np.convolve(row, h)[:1700] for row in x])
    np.testing.assert_array_equal(run(h, x, sizes, "direct"), wanted)
    np.testing.assert_allclose(run(h, x, sizes), wanted, atol=1e-9)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("places", [[0], [255], [256, 300], [3, 1000, 1023, 1024]])
def test_samples_that_are_not_finite_reach_only_what_they_meet(bad, places):
    rng = np.random.default_rng(2)
    h, x = rng.standard_normal(700), rng.standard_normal((2, 2600))
    h[650] = 0
    x[0, places] = bad
    y = run(h, x, [100] * 26)
    wanted = lti.convolve(x, h, "same", origin="causal", method="direct")
    np.testing.assert_array_equal(np.isnan(y), np.isnan(wanted))
    finite = np.isfinite(wanted)
    np.testing.assert_array_equal(y[~finite], wanted[~finite])
    np.testing.assert_allclose(y[finite], wanted[finite], atol=1e-11)


def test_partitions_grow_with_the_root_of_the_response():
    lengths = [partition_length(taps, "auto") for taps in (1, 512, 513, 16384, 65536, 2**20, 2**26)]
    assert lengths == [0, 0, 256, 256, 512, 2048, 8192]
    assert partition_length(10**5, "direct") == 0


def test_a_history_is_cut_where_it_overflows():
    rng = np.random.default_rng(3)
    h, x = rng.integers(-9, 10, 40).astype(np.float32), rng.integers(-9, 10, (1, 5000)).astype(np.float32)
    wanted = np.convolve(x[0], h)[None, :5000]
    for sizes in ([5000], [1023, 1025, 2952], [3] * 1666 + [2]):
        np.testing.assert_array_equal(run(h, x, sizes, "direct"), wanted)

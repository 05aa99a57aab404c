"""The filter bank: designed taps that go on learning."""

import numpy as np
import pytest

import ltisys as lti
from ltisys import nn


def data(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(shape)


def test_it_filters_each_signal_with_each_row_of_taps():
    taps, x = data(3, 5), data(2, 40)
    bank = nn.FilterBank(taps, stride=4, padding="reflect").astype(np.float64)
    y = bank(x).value
    assert y.shape == (2, 3, 10)
    for b, m in np.ndindex(2, 3):
        expected = lti.convolve(x[b], taps[m].astype(np.float32), "same", padding="reflect", stride=4)
        np.testing.assert_allclose(y[b, m], expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(bank(x[:, None]).value, y)


def test_its_taps_learn():
    taps, x = data(2, 3), data(4, 20)
    bank = nn.FilterBank(taps).astype(np.float64)
    bank(x).sum().backward()
    assert bank.weight.grad is not None
    expected = np.sum([lti.convolve_vjp(row, taps[0], np.ones(20), "same")[1] for row in x], axis=0)
    np.testing.assert_allclose(bank.weight.grad[:, 0], [expected, expected], rtol=1e-12)


def test_a_pair_stands_for_random_taps():
    bank = nn.FilterBank((8, 25), rng=3)
    assert bank.weight.shape == (8, 1, 25)
    np.testing.assert_array_equal(bank.weight.value, nn.FilterBank((8, 25), rng=3).weight.value)


def test_its_rows_are_systems():
    taps = data(2, 5)
    assert nn.FilterBank(taps).system(1) == lti.FIR(taps[1].astype(np.float32), start=-2)
    with pytest.raises(ValueError, match="out must be 0 to 1, got 2"):
        nn.FilterBank(taps).system(2)


@pytest.mark.parametrize("taps", [np.ones(5), np.ones((0, 3)), np.ones((2, 2, 2)), 3.0])
def test_it_refuses_what_is_no_matrix(taps):
    with pytest.raises(ValueError, match=r"taps of FilterBank must have shape \(M, K\), or be the pair \(M, K\), got"):
        nn.FilterBank(taps)


def test_it_takes_one_signal_per_example():
    with pytest.raises(ValueError, match=r"FilterBank takes \(B, N\) or \(B, 1, N\), got shape \(2, 3, 40\)"):
        nn.FilterBank((2, 3))(data(2, 3, 40))

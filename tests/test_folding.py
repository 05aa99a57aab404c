"""The folded transform: one product of Q complex points holds both halves of a convolution."""

import numpy as np
import pytest

from ltisys.convolution import folding
from ltisys.convolution.compilation import kernel


@kernel
def fold(x, points, work, constants):
    folding.fold(x, points, work, constants)


@kernel
def unfold(points, first, second, work, constants):
    folding.unfold(points, first, second, work, constants)


def transform(x):
    points, work = np.empty((2, 2, len(x)), x.dtype)
    fold(x, points, work, folding.constants(len(x), x.dtype))
    return points[0] + 1j * points[1]


def halves(z, dtype):
    points, work = np.array([z.real, z.imag], dtype), np.empty((2, len(z)), dtype)
    first, second = np.empty((2, len(z)), dtype)
    unfold(points, first, second, work, folding.constants(len(z), np.dtype(dtype)))
    return np.concatenate((first, second)) / len(z)


@pytest.mark.parametrize("length", [256, 512, 1024, 2048])
def test_points_are_values_at_the_roots_of_i(length):
    x = np.random.default_rng(0).standard_normal(length)
    n = np.arange(length)
    wanted = np.fft.fft(x * np.exp(0.5j * np.pi * n / length))
    np.testing.assert_allclose(np.sort_complex(transform(x).round(9)), np.sort_complex(wanted.round(9)), atol=2e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("length", [256, 512])
def test_a_product_holds_both_halves_of_a_convolution(dtype, length):
    x, h = np.random.default_rng(1).standard_normal((2, length)).astype(dtype)
    y = halves(transform(x) * transform(h), dtype)
    wanted = np.convolve(x.astype(np.float64), h.astype(np.float64))
    bound = 8 * np.finfo(dtype).eps * np.log2(length) * np.abs(h).sum() * np.abs(x).max()
    assert np.abs(y - np.append(wanted, 0)).max() <= bound

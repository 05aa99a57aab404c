"""The locally connected layer: between dense and convolutional."""

import numpy as np
import pytest

from ltisys import nn


def data(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(shape)


def test_each_place_has_a_kernel_of_its_own():
    layer = nn.LocallyConnected2d(2, 3, (4, 5), (2, 3), (2, 1), padding=(1, 0), rng=0).astype(np.float64)
    assert layer.bias is not None
    layer.bias.value[:] = data(*layer.bias.shape)
    x = data(2, 2, 4, 5)
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (0, 0)))
    y = layer(x).value
    assert y.shape == (2, 3, 3, 3)
    for b, m, i, j in np.ndindex(*y.shape):
        patch = padded[b, :, 2 * i : 2 * i + 2, j : j + 3]
        kernel = layer.weight.value[i, j, m, :, ::-1, ::-1]
        assert y[b, m, i, j] == pytest.approx(np.sum(patch * kernel) + layer.bias.value[m, i, j], rel=1e-12)


def test_shared_weights_make_it_a_convolution():
    shared = nn.Conv2d(3, 4, 3, stride=2, padding=1, rng=0).astype(np.float64)
    assert shared.bias is not None
    layer = nn.LocallyConnected2d(3, 4, 9, 3, stride=2, padding=1).astype(np.float64)
    assert layer.bias is not None
    layer.weight.value[:] = shared.weight.value
    layer.bias.value[:] = shared.bias.value[:, None, None]
    x = data(2, 3, 9, 9)
    np.testing.assert_allclose(layer(x).value, shared(x).value, rtol=1e-12, atol=1e-12)


def test_one_region_as_large_as_the_image_makes_it_dense():
    layer = nn.LocallyConnected2d(2, 5, (4, 3), (4, 3), rng=0)
    assert layer.n_parameters == nn.Linear(2 * 4 * 3, 5).n_parameters


def test_it_lies_between_dense_and_convolutional():
    dense = 28 * 28 * (10 * 24 * 24)
    local = nn.LocallyConnected2d(1, 10, 28, 5, bias=False).n_parameters
    assert local == 24 * 24 * nn.Conv2d(1, 10, 5, bias=False).n_parameters
    assert nn.Conv2d(1, 10, 5, bias=False).n_parameters < local < dense


def test_it_refuses():
    with pytest.raises(ValueError, match="in_channels must be at least 1, got 0"):
        nn.LocallyConnected2d(0, 1, 5, 3)
    with pytest.raises(ValueError, match=r"input_size takes one value or one per axis \(2\), got \(5, 5, 5\)"):
        nn.LocallyConnected2d(1, 1, (5, 5, 5), 3)  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match=r"no region of \(3, 7\) fits into \(5, 5\) with padding=\(0, 0\)"):
        nn.LocallyConnected2d(1, 1, 5, (3, 7), padding=(0, 0))
    with pytest.raises(ValueError, match=r"LocallyConnected2d takes \(B, 1, 5, 5\), got shape \(2, 1, 5, 6\)"):
        nn.LocallyConnected2d(1, 1, 5, 3)(data(2, 1, 5, 6))

"""Transposed convolution layers: what they compute, how long it is, and what they refuse."""

import numpy as np
import pytest

from ltisys import nn

NONE_LEFT = r"padding=\(3,\) leaves no output of signals of length \(2,\): got \(-2,\)"


def data(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(shape)


def test_it_is_convolution_of_the_signal_with_zeros_between_its_samples():
    layer = nn.ConvTranspose1d(1, 1, 4, stride=3, bias=False, rng=0).astype(np.float64)
    x = data(5)
    spread = np.zeros(13)
    spread[::3] = x
    y = layer(x.reshape(1, 1, -1)).value[0, 0]
    np.testing.assert_allclose(y, np.convolve(spread, layer.weight.value[0, 0]), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize(
    ("n", "k", "s", "p", "extra", "d"), [(5, 3, 2, 1, 1, 1), (4, 2, 3, 0, 2, 2), (7, 5, 1, 2, 0, 1)]
)
def test_output_sizes(n, k, s, p, extra, d):
    words = {"padding": p, "output_padding": extra, "dilation": d}
    size = (n - 1) * s - 2 * p + d * (k - 1) + extra + 1
    assert nn.ConvTranspose1d(2, 3, k, s, **words)(data(2, 2, n)).shape == (2, 3, size)
    assert nn.ConvTranspose2d(2, 3, k, s, **words)(data(2, 2, n, n)).shape == (2, 3, size, size)


def test_it_brings_back_the_shape_that_a_convolution_took():
    x = data(1, 3, 28, 27)
    small = nn.Conv2d(3, 4, 5, stride=2, padding=2)(x)
    assert nn.ConvTranspose2d(4, 3, 5, stride=2, padding=2, output_padding=(1, 0))(small).shape == x.shape


def test_outputs_keep_the_scale_of_inputs():
    layer = nn.ConvTranspose1d(64, 64, 8, stride=4, groups=2, rng=0)
    y = layer(data(8, 64, 200)).value[:, :, 8:-8]
    # random weights of variance 2 / (terms per output); 64 · 32 · 8 of them estimate it to about a percent
    assert y.std() == pytest.approx(np.sqrt(2), rel=0.05)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"out_channels": 0}, "out_channels must be at least 1, got 0"),
        ({"groups": 2}, "groups=2 must divide in_channels=3 and out_channels=4"),
        ({"kernel_size": (3, 3, 3)}, r"kernel_size takes one value or one per axis \(2\), got \(3, 3, 3\)"),
        ({"stride": 0}, "stride must be at least 1, got 0"),
        ({"padding": -1}, "padding must be at least 0, got -1"),
        ({"stride": (2, 3), "output_padding": (1, 3)}, r"output_padding must be below stride=\(2, 3\), got \(1, 3\)"),
    ],
)
def test_it_refuses_at_construction(arguments, message):
    with pytest.raises(ValueError, match=message):
        nn.ConvTranspose2d(**{"in_channels": 3, "out_channels": 4, "kernel_size": 3, **arguments})


def test_it_names_the_shapes_it_takes():
    with pytest.raises(
        ValueError, match=r"ConvTranspose1d with in_channels=3 takes \(B, 3, N\), got shape \(2, 4, 9\)"
    ):
        nn.ConvTranspose1d(3, 4, 3)(data(2, 4, 9))
    with pytest.raises(ValueError, match=NONE_LEFT):
        nn.ConvTranspose1d(1, 1, 3, padding=3)(data(1, 1, 2))

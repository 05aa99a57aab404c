"""A learned kernel leaves as a System that does what the layer does before decimation."""

import numpy as np
import pytest

import ltisys as lti
from ltisys import nn

GEOMETRIES = [
    {},
    {"kernel_size": 4},
    {"dilation": 3},
    {"mode": "full"},
    {"mode": "valid"},
    {"mode": (2, 3)},
    {"padding": 1},
    {"origin": "causal"},
    {"origin": "ndimage", "kernel_size": 6},
    {"origin": 7},
    {"stride": 3},
]


@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_the_system_gives_the_layers_outputs_before_decimation(geometry):
    layer = nn.Conv1d(**{"in_channels": 1, "out_channels": 2, "kernel_size": 5, "bias": False, "rng": 0, **geometry})
    layer.astype(np.float64)
    x = np.random.default_rng(0).standard_normal(20)
    y = layer(x[np.newaxis, np.newaxis]).value[0, 1]
    system = layer.system(out=1, in_=0)
    signal = system(lti.Signal(x))
    stride = geometry.get("stride", 1)
    np.testing.assert_allclose([signal[stride * n] for n in range(len(y))], y, atol=1e-12)


@pytest.mark.parametrize(
    "geometry", [{}, {"dilation": (1, 2)}, {"padding": (2, 0)}, {"mode": "full"}, {"kernel_size": (2, 5)}]
)
def test_in_two_dimensions(geometry):
    layer = nn.Conv2d(**{"in_channels": 2, "out_channels": 3, "kernel_size": 3, "bias": False, "rng": 0, **geometry})
    layer.astype(np.float64)
    layer.weight.value[2, 0] = 0
    x = np.random.default_rng(0).standard_normal((2, 9, 8))
    y = layer(x[np.newaxis]).value[0, 2]
    signal = layer.system(out=2, in_=1)(lti.Signal(x[1], start=(0, 0)))
    np.testing.assert_allclose(signal[0 : y.shape[0], 0 : y.shape[1]].samples, y, atol=1e-12)


def test_start_is_minus_the_origin():
    assert nn.Conv1d(1, 1, 9).system().start == -4
    assert nn.Conv1d(1, 1, 4).system().start == -1
    assert nn.Conv1d(1, 1, 4, origin="ndimage").system().start == -2
    assert nn.Conv2d(1, 1, (3, 5)).system().start == (-1, -2)


def test_groups_know_their_own_channels():
    layer = nn.Conv1d(4, 2, 3, groups=2, rng=0)
    np.testing.assert_array_equal(layer.system(out=1, in_=3).h, layer.weight.value[1, 1])
    with pytest.raises(ValueError, match="output channel 1 does not see input channel 0: they are in different groups"):
        layer.system(out=1, in_=0)


def test_channels_are_checked():
    layer = nn.Conv1d(3, 2, 3)
    with pytest.raises(ValueError, match="out must be 0 to 1, got 2"):
        layer.system(out=2)
    with pytest.raises(ValueError, match="in_ must be 0 to 2, got -1"):
        layer.system(in_=-1)

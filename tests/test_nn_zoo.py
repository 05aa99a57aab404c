"""The networks: parameter counts as published, and the shapes they take."""

import numpy as np
import pytest

from ltisys import nn


@pytest.mark.parametrize(
    ("net", "shape", "count"),
    [
        (nn.zoo.logistic_regression(5), (2, 5), 6),
        (nn.zoo.softmax_regression(), (2, 1, 28, 28), 7_850),
        (nn.zoo.mlp((784, 300, 100, 10)), (2, 28, 28), 266_610),
        (nn.zoo.lecture_shallow(), (2, 1, 28, 28), 98_820),
        (nn.zoo.tc_resnet8(), (2, 40, 98), 65_050),
        (nn.zoo.tc_resnet8(classes=12), (2, 40, 98), 65_148),  # the paper's 66 k
        (nn.zoo.tc_resnet8(bands=20, classes=4, width=1.5), (2, 20, 31), 142_204),
        (nn.zoo.tc_resnet8(width=1.5), (2, 40, 98), 144_082),  # the paper's 145 k
    ],
)
def test_parameter_counts_and_output_shapes(net, shape, count):
    assert net.n_parameters == count
    y = net.predict(np.zeros(shape, dtype=np.float32))
    assert y.shape == (2, net[-1].weight.shape[0] if isinstance(net[-1], nn.Linear) else 1)
    assert y.dtype == np.float32


@pytest.mark.parametrize(
    "make",
    [nn.zoo.logistic_regression, nn.zoo.softmax_regression, nn.zoo.mlp, nn.zoo.lecture_shallow, nn.zoo.tc_resnet8],
)
def test_the_seed_decides_the_weights(make):
    first, again, other = (make(seed=seed).state() for seed in (1, 1, 2))
    for name in first:
        np.testing.assert_array_equal(first[name], again[name])
    assert any(not np.array_equal(first[name], other[name]) for name in first)


def test_the_lectures_maps_are_14_by_14():
    assert nn.zoo.lecture_shallow()[0](np.zeros((1, 1, 28, 28))).shape == (1, 10, 14, 14)


def test_tc_resnet8_halves_the_frames_three_times():
    net = nn.zoo.tc_resnet8().eval()
    x, shapes = nn.Variable(np.zeros((1, 40, 98), np.float32)), []
    for layer in net[:7]:
        x = layer(x)
        shapes.append(x.shape[1:])
    assert shapes[::2] == [(16, 98), (24, 49), (32, 25), (48, 13)]


def test_zoo_refuses():
    with pytest.raises(ValueError, match=r"mlp needs at least the sizes of input and output, got \(784,\)"):
        nn.zoo.mlp((784,))
    with pytest.raises(ValueError, match="width must be positive, got 0"):
        nn.zoo.tc_resnet8(width=0)

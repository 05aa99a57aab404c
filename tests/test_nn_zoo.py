"""The networks: parameter counts as published, and the shapes they take."""

import numpy as np
import pytest

from ltisys import nn

COUNTS = [
    ("digits", (), (2, 1, 28, 28), 93_802),
    ("logistic_regression", (5,), (2, 5), 6),
    ("softmax_regression", (), (2, 1, 28, 28), 7_850),
    ("mlp", ((784, 300, 100, 10),), (2, 28, 28), 266_610),
    ("lecture_shallow", (), (2, 1, 28, 28), 98_820),
    ("lecture_deep", (), (2, 1, 28, 28), 229_340),
    ("lenet5", (), (2, 1, 28, 28), 61_706),
    ("alexnet", (), (2, 3, 64, 64), 61_100_840),
    ("vgg16", (), (2, 3, 32, 32), 138_357_544),
    ("vgg19", (), (2, 3, 32, 32), 143_667_240),
    ("googlenet", (), (2, 3, 64, 64), 6_624_904),
    ("resnet18", (), (2, 3, 64, 64), 11_689_512),
    ("resnet34", (), (2, 3, 64, 64), 21_797_672),
    ("resnet50", (), (2, 3, 64, 64), 25_557_032),
    ("resnet101", (), (2, 3, 64, 64), 44_549_160),
    ("resnet152", (), (2, 3, 64, 64), 60_192_808),
    ("all_convolutional", (), (2, 3, 32, 32), 1_369_738),
    ("network_in_network", (), (2, 3, 32, 32), 966_986),
    ("tc_resnet8", (), (2, 40, 98), 65_050),
    ("tc_resnet8", (40, 12), (2, 40, 98), 65_148),  # the paper's 66 k
    ("tc_resnet8", (20, 4, 1.5), (2, 20, 31), 142_204),
    ("tc_resnet8", (40, 10, 1.5), (2, 40, 98), 144_082),  # the paper's 145 k
]
SMALL = [
    nn.zoo.logistic_regression,
    nn.zoo.softmax_regression,
    nn.zoo.mlp,
    nn.zoo.lecture_shallow,
    nn.zoo.lecture_deep,
    nn.zoo.lenet5,
    nn.zoo.googlenet,
    nn.zoo.resnet18,
    nn.zoo.all_convolutional,
    nn.zoo.network_in_network,
    nn.zoo.tc_resnet8,
]


@pytest.mark.parametrize(("name", "arguments", "shape", "count"), COUNTS)
def test_parameter_counts_and_output_shapes(name, arguments, shape, count):
    net = getattr(nn.zoo, name)(*arguments)  # made here, so that no two of the largest are in memory together
    assert net.n_parameters == count
    y = net.predict(np.zeros(shape, dtype=np.float32))
    assert y.shape == (2, net.parameters()[-1].shape[0])
    assert y.dtype == np.float32


def test_every_network_is_counted():
    assert {name for name, *_ in COUNTS} | {"classic"} == set(nn.zoo.__all__)


@pytest.mark.parametrize("make", SMALL)
def test_the_seed_decides_the_weights(make):
    first, again, other = (make(seed=seed).state() for seed in (1, 1, 2))
    for name in first:
        np.testing.assert_array_equal(first[name], again[name])
    assert any(not np.array_equal(first[name], other[name]) for name in first)


def test_the_lectures_maps_are_14_by_14():
    assert nn.zoo.lecture_shallow()[0](np.zeros((1, 1, 28, 28))).shape == (1, 10, 14, 14)


def shapes(net: nn.Sequential, *shape: int) -> list[tuple[int, ...]]:
    """The shapes behind each layer, without the batch, for one example."""
    net.eval()
    x, found = nn.Variable(np.zeros((1, *shape), np.float32)), []
    for layer in net:
        x = layer(x)
        found.append(x.shape[1:])
    return found


def test_the_deep_lecture_network_goes_from_28_over_14_to_7_twice():
    found = shapes(nn.zoo.lecture_deep(), 1, 28, 28)
    assert found[:6:2] == [(10, 14, 14), (40, 7, 7), (80, 7, 7)]


def test_lenet5_has_the_maps_of_its_figure():
    maps = [shape for shape in shapes(nn.zoo.lenet5(), 1, 28, 28) if len(shape) == 3]
    assert maps[::3] == [(6, 28, 28), (16, 10, 10)]
    assert maps[2::3] == [(6, 14, 14), (16, 5, 5)]


def test_alexnet_takes_its_dense_layers_from_6_by_6_maps():
    net = nn.zoo.alexnet(classes=2)
    found = shapes(net[:13], 3, 224, 224)
    assert [found[i] for i in (0, 2, 5, 12)] == [(64, 55, 55), (64, 27, 27), (192, 13, 13), (256, 6, 6)]


def test_googlenet_has_the_maps_of_its_table():
    found = shapes(nn.zoo.googlenet()[:-3], 3, 224, 224)
    sides = [shape for before, shape in zip([(0, 0, 0), *found], found, strict=False) if before[1] != shape[1]]
    assert [side for _, side, _ in sides] == [112, 56, 28, 14, 7]
    assert found[-1] == (1024, 7, 7)


def test_resnet50_has_the_maps_of_its_table():
    found = shapes(nn.zoo.resnet50()[:-2], 3, 224, 224)
    assert list(dict.fromkeys(found)) == [
        (64, 112, 112),
        (64, 56, 56),
        (256, 56, 56),
        (512, 28, 28),
        (1024, 14, 14),
        (2048, 7, 7),
    ]


def test_the_all_convolutional_net_averages_6_by_6_maps():
    assert shapes(nn.zoo.all_convolutional(), 3, 32, 32)[-2] == (10, 6, 6)


def test_network_in_network_averages_8_by_8_maps():
    assert shapes(nn.zoo.network_in_network(), 3, 32, 32)[-2] == (10, 8, 8)


@pytest.mark.parametrize(("N", "M", "K"), [(1, 0, 0), (2, 1, 0), (1, 3, 2), (3, 2, 1)])
def test_classic_is_its_pattern(N, M, K):
    net = nn.zoo.classic(N, M, K, channels=3, size=20, maps=4, units=6, classes=5)
    words = {"Conv2d": "conv", "ReLU": "relu", "MaxPool": "pool", "Flatten": "-", "Linear": "fc"}
    written = " ".join(words[type(layer).__name__] for layer in net)
    expected = ("conv relu " * N + "pool ") * M + "- " + "fc relu " * K + "fc"
    assert written == expected
    assert net.predict(np.zeros((2, 3, 20, 20), np.float32)).shape == (2, 5)


def test_classic_refuses():
    with pytest.raises(ValueError, match="N must be at least 1, got 0"):
        nn.zoo.classic(0, 1, 1)
    with pytest.raises(ValueError, match="K must be at least 0, got -1"):
        nn.zoo.classic(1, 1, -1)
    with pytest.raises(ValueError, match="images of side 28 cannot be halved M=5 times"):
        nn.zoo.classic(1, 5, 0)


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

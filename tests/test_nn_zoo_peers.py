"""The networks against their twins in PyTorch with the same weights, forward and backward.

The largest are marked: ``pytest -m large tests/test_nn_zoo_peers.py`` takes about a minute and six gigabytes.
"""

import numpy as np
import pytest
import torch_twin

from ltisys import nn

SMALL = {
    "digits": (1, 28, 28),
    "logistic_regression": (1,),
    "softmax_regression": (1, 28, 28),
    "mlp": (1, 28, 28),
    "lecture_shallow": (1, 28, 28),
    "lecture_deep": (1, 28, 28),
    "lenet5": (1, 28, 28),
    "tc_resnet8": (40, 98),
    "all_convolutional": (3, 64, 64),
    "network_in_network": (3, 64, 64),
    "googlenet": (3, 64, 64),
    "resnet18": (3, 64, 64),
}
LARGE = ("alexnet", "vgg16", "vgg19", "resnet34", "resnet50", "resnet101", "resnet152")
SHAPES = [pytest.param(name, shape, id=name) for name, shape in SMALL.items()]
SHAPES += [pytest.param(name, (3, 64, 64), id=name, marks=pytest.mark.large) for name in LARGE]
WIDE = ["googlenet", "resnet18", *(pytest.param(name, marks=pytest.mark.large) for name in LARGE)]


def largest_difference(ours: np.ndarray | None, theirs: np.ndarray) -> float:
    """The largest difference relative to the largest value."""
    assert ours is not None
    assert ours.shape == theirs.shape
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


def without_dropout(net: nn.Layer) -> nn.Layer:
    """The network in training mode; what is dropped differs from library to library, so nothing is."""
    net.train()
    for layer in net.layers():
        layer.training = not isinstance(layer, nn.Dropout)
    return net


@pytest.mark.parametrize(("name", "shape"), SHAPES)
def test_training_step_equals_pytorch_in_float64(name, shape):
    net = without_dropout(getattr(nn.zoo, name)().astype(np.float64))
    rng = np.random.default_rng(0)
    x = nn.Variable(rng.standard_normal((2, *shape)))
    y = net(x)
    y_bar = rng.standard_normal(y.shape)
    (y * y_bar).sum().backward(keep_errors=False)
    expected, gradients = torch_twin.differentiate(net, x.value, y_bar)
    assert largest_difference(y.value, expected) < 1e-9
    for ours, theirs in zip((x, *net.parameters()), gradients, strict=True):
        assert largest_difference(ours.grad, theirs) < 1e-9


@pytest.mark.parametrize("name", WIDE)
def test_whole_images_equal_pytorch_in_float32(name):
    net = without_dropout(getattr(nn.zoo, name)())
    rng = np.random.default_rng(0)
    for layer in net.layers():
        if isinstance(layer, nn.BatchNorm):
            layer.momentum = 1.0  # remember the next batch, so that evaluation keeps activations in range, too
    with nn.no_grad():
        net(rng.standard_normal((2, 3, 64, 64), dtype=np.float32))
    x = rng.standard_normal((1, 3, 224, 224), dtype=np.float32)
    assert largest_difference(net.predict(x), torch_twin.predict(net.eval(), x)) < 1e-3

"""A folded network computes what the network does in evaluation."""

import numpy as np
import pytest

from ltisys import nn


def lived(net: nn.Layer) -> nn.Layer:
    """With statistics and parameters unlike those at the beginning."""
    rng = np.random.default_rng(0)
    for layer in net.layers():
        if isinstance(layer, nn.BatchNorm):
            layer.running_mean[...] = rng.standard_normal(layer.running_mean.shape)
            layer.running_var[...] = rng.uniform(0.5, 2, layer.running_var.shape)
            layer.weight.value[...] = rng.uniform(0.5, 2, layer.weight.shape)
            layer.bias.value[...] = rng.standard_normal(layer.bias.shape)
    return net.eval()


NETS = {
    "plain": (nn.Sequential(nn.Conv1d(2, 3, 5), nn.BatchNorm(3), nn.ReLU()), (2, 2, 20)),
    "without bias, strided, grouped": (
        nn.Sequential(nn.Conv2d(2, 4, 3, 2, groups=2, bias=False, padding=1), nn.BatchNorm(4)),
        (3, 2, 9, 8),
    ),
    "dense": (nn.Sequential(nn.Linear(4, 3), nn.BatchNorm(3), nn.Dropout(), nn.Linear(3, 2)), (5, 4)),
    "a normalisation alone": (nn.Sequential(nn.BatchNorm(2), nn.ReLU(), nn.BatchNorm(2)), (2, 2, 7)),
    "twice": (nn.Sequential(nn.Conv1d(2, 3, 1), nn.BatchNorm(3), nn.BatchNorm(3)), (2, 2, 7)),
    "nested": (nn.Sequential(nn.Sequential(nn.Conv1d(2, 3, 3)), nn.BatchNorm(3)), (2, 2, 7)),
    "parallel": (nn.Parallel(nn.Sequential(nn.Conv1d(2, 3, 1), nn.BatchNorm(3)), nn.BatchNorm(2)), (2, 2, 7)),
    "residual": (nn.zoo.tc_resnet8(8, 3), (2, 8, 50)),
    "images": (nn.zoo.digits(), (2, 1, 28, 28)),
}


@pytest.mark.parametrize("name", NETS)
def test_nothing_changes_but_the_number_of_layers(name):
    net, shape = NETS[name]
    x = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
    before = {key: value.copy() for key, value in lived(net).state().items()}
    folded = nn.folded(net)
    np.testing.assert_allclose(folded.predict(x), net.predict(x), rtol=1e-4, atol=1e-5)
    for key, value in net.state().items():
        np.testing.assert_array_equal(value, before[key])
    assert not any(layer.training for layer in folded.layers())


def test_behind_a_convolution_nothing_is_left_to_normalise():
    kinds = {type(layer) for layer in nn.folded(nn.zoo.tc_resnet8()).layers()}
    assert kinds == {nn.Sequential, nn.Conv1d, nn.ReLU, nn.Residual, nn.GlobalAvgPool, nn.Linear}


def test_float64_stays():
    net = lived(nn.zoo.tc_resnet8(8, 3)).astype(np.float64)
    x = np.random.default_rng(1).standard_normal((2, 8, 50))
    folded = nn.folded(net)
    assert folded.dtype == np.float64
    np.testing.assert_allclose(folded.predict(x), net.predict(x), rtol=1e-10)

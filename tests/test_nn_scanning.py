"""What the lectures say of stacked convolutions: a scan can be distributed, and what is linear can be fused."""

import numpy as np
import pytest

import ltisys as lti
from ltisys import nn


def data(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(shape)


@pytest.mark.parametrize("stride", [1, 3])
def test_scanning_with_an_mlp_is_a_convolution_and_then_convolutions_of_1(stride):
    channels, width, hidden, classes = 3, 5, 7, 2
    first, second, third = (
        nn.Linear(15, hidden, rng=0),
        nn.Linear(hidden, hidden, rng=1),
        nn.Linear(hidden, classes, rng=2),
    )
    mlp = nn.Sequential(nn.Flatten(), first, nn.ReLU(), second, nn.Tanh(), third).astype(np.float64)
    scan = nn.Sequential(
        nn.Conv1d(channels, hidden, width, stride, mode="valid"),
        nn.ReLU(),
        nn.Conv1d(hidden, hidden, 1),
        nn.Tanh(),
        nn.Conv1d(hidden, classes, 1),
    ).astype(np.float64)
    for step, dense in ((0, first), (2, second), (4, third)):
        assert dense.bias is not None
        dense.bias.value[:] = data(*dense.bias.shape)
        kernels = dense.weight.value.reshape(scan[step].weight.shape)
        scan[step].set_state({"weight": kernels[:, :, ::-1], "bias": dense.bias.value})  # a dense layer does not flip
    x = data(2, channels, 20)
    places = range(0, 20 - width + 1, stride)
    expected = np.stack([mlp(x[:, :, n : n + width]).value for n in places], axis=2)
    np.testing.assert_allclose(scan(x).value, expected, rtol=1e-12, atol=1e-13)


def test_a_scan_can_be_distributed_over_two_layers():
    # the same block of 6 samples seen at once by one layer, or in halves of 3 by a first and put together by a second
    at_once = nn.Conv1d(1, 4, 6, stride=3, mode="valid", bias=False, rng=0)
    distributed = nn.Sequential(nn.Conv1d(1, 4, 3, 3, mode="valid"), nn.ReLU(), nn.Conv1d(4, 4, 2, mode="valid"))
    assert nn.receptive_field(distributed) == nn.receptive_field(at_once)


def test_two_convolutions_with_nothing_between_are_one_filter():
    net = nn.Sequential(*(nn.Conv1d(1, 1, size, bias=False, rng=size) for size in (5, 4))).astype(np.float64)
    one = (net[0].system() * net[1].system()).fuse()
    assert len(one.h) == 8
    x = np.zeros(30)
    x[8:-8] = data(14)  # far from the ends, where the two extend their inputs by zeros one after the other
    np.testing.assert_allclose(net(x[None, None]).value[0, 0], one(x), rtol=1e-12, atol=1e-13)


def test_a_nonlinearity_between_them_keeps_them_two():
    bent = nn.Sequential(nn.Conv1d(1, 1, 5, rng=0), nn.ReLU(), nn.Conv1d(1, 1, 4, rng=1))
    plain = nn.Sequential(bent[0], bent[2])
    assert lti.probe.check(lambda x: plain(x[None, None]).value[0, 0], length=32).linear
    assert not lti.probe.check(lambda x: bent(x[None, None]).value[0, 0], length=32).linear


def test_two_convolutions_of_many_channels_fuse_channel_by_channel():
    first, second = nn.Conv1d(2, 3, 3, bias=False, rng=0), nn.Conv1d(3, 2, 5, bias=False, rng=1)
    net = nn.Sequential(first, second).astype(np.float64)
    fused = nn.Conv1d(2, 2, 7, bias=False).astype(np.float64)
    for out, in_ in np.ndindex(2, 2):
        paths = [np.convolve(first.weight.value[m, in_], second.weight.value[out, m]) for m in range(3)]
        fused.weight.value[out, in_] = sum(paths)
    x = np.pad(data(2, 2, 20), ((0, 0), (0, 0), (6, 6)))
    np.testing.assert_allclose(net(x).value, fused(x).value, rtol=1e-11, atol=1e-12)

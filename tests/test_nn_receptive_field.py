"""Receptive fields: against the samples that an output's gradient reaches, and the numbers of lectures and papers."""

import numpy as np
import pytest

from ltisys import nn
from ltisys.nn import ReceptiveField, receptive_field

Interval = tuple[int, int]

NETS = {
    "stride and dilation": lambda: nn.Sequential(nn.Conv1d(1, 2, 4, 2), nn.Tanh(), nn.Conv1d(2, 1, 3, 3, dilation=2)),
    "modes": lambda: nn.Sequential(nn.Conv1d(1, 1, 3, mode="full"), nn.Conv1d(1, 1, 4, mode=(1, 2)), nn.Sigmoid()),
    "valid": lambda: nn.Sequential(nn.Conv1d(1, 1, 4, mode="valid"), nn.Conv1d(1, 1, 3, padding=0)),
    "origins": lambda: nn.Sequential(nn.Conv1d(1, 1, 5, origin="causal"), nn.Conv1d(1, 1, 4, origin=-2)),
    "pools": lambda: nn.Sequential(nn.AvgPool(3, 2, 1), nn.Conv1d(1, 1, 2), nn.BatchNorm(1), nn.LpPool(3, 2)),
    "residual": lambda: nn.Residual(nn.Conv1d(1, 1, 5, 2, origin="causal"), nn.Conv1d(1, 1, 3, 2, origin=0)),
    "identity beside": lambda: nn.Residual(nn.Conv1d(1, 1, 3, origin=4)),
    "cropped beside": lambda: nn.Residual(nn.Conv1d(1, 1, 5, mode="valid"), nn.Crop(1, 3)),
    "parallel": lambda: nn.Sequential(
        nn.Parallel(nn.Conv1d(1, 2, 7), nn.Conv1d(1, 1, 4), nn.ELU()), nn.Conv1d(4, 1, 1)
    ),
    "filter bank": lambda: nn.Sequential(nn.FilterBank((4, 9), 4), nn.LocalResponseNorm(3), nn.Conv1d(4, 1, 3)),
}


def seen_by(net: nn.Layer, output: int, length: int) -> Interval:
    """First and one past the last sample that moves an output of a net of positive weights, by its gradient."""
    rng = np.random.default_rng(0)
    net.astype(np.float64).eval()
    for parameter in net.parameters():
        parameter.value[...] = rng.uniform(0.1, 0.2, parameter.shape)
    x = nn.Variable(rng.uniform(0.1, 1, (1, 1, length)))
    pick = np.zeros(net(x.value).shape)
    pick[0, :, output] = 1
    (net(x) * pick).sum().backward()
    assert x.grad is not None
    (moved,) = np.nonzero(x.grad[0, 0])
    return int(moved[0]), int(moved[-1]) + 1


@pytest.mark.parametrize("name", NETS)
def test_it_is_what_the_gradient_of_one_output_reaches(name):
    net = NETS[name]()
    field = receptive_field(net)
    for output in (11, 12):
        start = field.start[0] + field.stride[0] * output
        assert start >= 0  # the whole field lies inside, or the gradient could not show it
        assert seen_by(net, output, 150) == (start, start + field.size[0])


def test_small_kernels_in_a_row_see_as_far_as_a_large_one_with_fewer_weights():
    channels = 6

    def plain(size: int, count: int) -> nn.Sequential:
        return nn.Sequential(*(nn.Conv2d(channels, channels, size, bias=False) for _ in range(count)))

    assert receptive_field(plain(3, 2)) == receptive_field(plain(5, 1))
    assert receptive_field(plain(3, 3)) == receptive_field(plain(7, 1))
    assert plain(3, 3).n_parameters == 27 * channels**2
    assert plain(7, 1).n_parameters == 49 * channels**2


def test_published_fields():
    assert receptive_field(nn.zoo.alexnet(classes=1)[:13]).size == (195, 195)  # Araujo et al., table 1
    # by hand: 7, then (11 - 7) for the pool, four 3×3 at stride 4, and 1 + 3 at 4 and 8, 8 and 16, 16 and 32
    assert receptive_field(nn.zoo.resnet18()[:-2]).size == (11 + 32 + 56 + 112 + 224,) * 2


def test_channels_that_become_an_axis_change_nothing_but_a_group_of_channels_does():
    layer = nn.Conv2d(1, 1, (3, 5), (2, 1))
    assert receptive_field(nn.Sequential(nn.Unflatten(1, (1, 40)), layer)) == receptive_field(layer)
    with pytest.raises(ValueError, match="Unflatten has no receptive field of its own"):
        receptive_field(nn.Sequential(nn.Unflatten(1, (2, 20)), nn.Conv2d(2, 1, 3)))


def test_axes_may_differ():
    net = nn.Sequential(
        nn.Conv2d(1, 1, (3, 1), (2, 1), padding=(1, 0)), nn.MaxPool((2, 3), dilation=(3, 1)), nn.Softmax()
    )
    assert receptive_field(net) == ReceptiveField(size=(9, 3), stride=(4, 3), start=(-1, 0))
    local = nn.LocallyConnected2d(1, 1, (8, 9), (3, 2), (1, 2), padding=(1, 0))
    assert receptive_field(local) == ReceptiveField(size=(3, 2), stride=(1, 2), start=(-1, 0))


def test_pools_alone_have_one_axis_for_all():
    assert receptive_field(nn.Sequential(nn.MaxPool(2), nn.MaxPool(3, 1))) == ReceptiveField((6,), (2,), (0,))


def test_nothing_sees_itself():
    assert receptive_field(nn.Sequential()) == ReceptiveField((1,), (1,), (0,))


@pytest.mark.parametrize(
    "layer", [nn.Flatten(), nn.GlobalAvgPool(), nn.ConvTranspose1d(1, 1, 3, 2), nn.Softmax(axis=2), nn.Linear(2, 2)]
)
def test_it_refuses_what_sees_everything_or_puts_samples_between(layer):
    net = nn.Sequential(nn.Conv1d(1, 1, 3), layer)
    with pytest.raises(ValueError, match=rf"{type(layer).__name__} has no receptive field .* before it, such as net"):
        receptive_field(net)


def test_branches_must_have_the_same_stride():
    with pytest.raises(ValueError, match=r"branches side by side have strides \(2,\) and \(1,\): they cannot meet"):
        receptive_field(nn.Residual(nn.Conv1d(1, 1, 3, 2)))

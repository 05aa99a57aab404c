"""Layers: what they compute, their shapes, their modes, and what they refuse."""

import numpy as np
import pytest

import ltisys as lti
from ltisys import nn

RNG = np.random.default_rng


def data(*shape: int) -> np.ndarray:
    return RNG(0).standard_normal(shape)


def test_a_convolution_layer_is_the_engine_with_a_bias():
    layer = nn.Conv1d(4, 6, 3, stride=2, dilation=2, groups=2, padding="reflect", rng=0).astype(np.float64)
    assert layer.bias is not None
    layer.bias.value[:] = np.arange(6)
    x = data(2, 4, 11)
    expected = lti.convolve_bank(x, layer.weight.value, stride=2, dilation=2, groups=2, padding="reflect")
    np.testing.assert_allclose(layer(x).value, expected + np.arange(6.0)[:, None])


@pytest.mark.parametrize("n", [1, 7, 8])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("size", [1, 4, 5])
def test_same_gives_the_ceiling_of_the_length_over_the_stride(n, stride, size):
    assert nn.Conv1d(1, 1, size, stride=stride, rng=0)(data(1, 1, n)).shape == (1, 1, -(-n // stride))


@pytest.mark.parametrize(("n", "k", "p", "s"), [(5, 2, 0, 3), (28, 5, 2, 2), (7, 3, 1, 1), (9, 4, 3, 2)])
def test_integer_padding_gives_the_lectures_output_size(n, k, p, s):
    size = (n + 2 * p - k) // s + 1
    assert nn.Conv1d(1, 1, k, s, padding=p, rng=0)(data(1, 1, n)).shape == (1, 1, size)
    assert nn.Conv2d(1, 1, k, s, padding=p, rng=0)(data(1, 1, n, n)).shape == (1, 1, size, size)


def test_a_size_that_is_not_positive_is_an_error():
    with pytest.raises(ValueError, match="leaves no output: a kernel of length 5"):
        nn.Conv2d(1, 1, 5, padding=0)(data(1, 1, 9, 4))
    with pytest.raises(ValueError, match=r"no window of size \(3,\), dilation \(2,\) fits into \(4,\)"):
        nn.MaxPool(3, dilation=2)(data(1, 1, 4))


def test_integer_padding_may_differ_by_axis():
    layer = nn.Conv2d(1, 1, 3, padding=(1, 0), rng=0)
    assert layer.geometry["mode"] == ((1, 1), (0, 0))
    assert layer(data(1, 1, 5, 5)).shape == (1, 1, 5, 3)


def test_the_lectures_convolution_runs_in_pytorch_words():
    layer = nn.Conv2d(in_channels=3, out_channels=2, kernel_size=2, stride=1, padding=1)
    assert layer(data(1, 3, 5, 5)).shape == (1, 2, 6, 6)
    assert layer.n_parameters == 2 * 3 * 4 + 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"in_channels": 0}, "in_channels must be at least 1, got 0"),
        ({"groups": 2}, "groups=2 must divide in_channels=3 and out_channels=4"),
        ({"kernel_size": (3, 3, 3)}, r"kernel_size takes one value or one per axis \(2\), got \(3, 3, 3\)"),
        ({"stride": 0}, "stride must be at least 1, got 0"),
        ({"mode": "sane"}, "unknown mode 'sane'"),
        ({"padding": "nought"}, "unknown padding 'nought'"),
        ({"padding": -1}, "padding must be at least 0, got -1"),
        ({"origin": "centre"}, "unknown origin 'centre'"),
        ({"padding": 1, "mode": "full"}, "padding=1 stands for a mode of its own, but mode='full' was given too"),
    ],
)
def test_convolution_layers_refuse_at_construction(arguments, message):
    with pytest.raises(ValueError, match=message):
        nn.Conv2d(**{"in_channels": 3, "out_channels": 4, "kernel_size": 3, **arguments})


def test_convolution_layers_name_the_shape_they_take():
    with pytest.raises(ValueError, match=r"Conv1d with in_channels=3 takes \(B, 3, N\), got shape \(2, 4, 9\)"):
        nn.Conv1d(3, 4, 3)(data(2, 4, 9))
    with pytest.raises(ValueError, match=r"Conv2d with in_channels=1 takes \(B, 1, H, W\), got shape \(28, 28\)"):
        nn.Conv2d(1, 4, 3)(data(28, 28))


def test_linear_takes_any_number_of_leading_axes():
    layer = nn.Linear(3, 2, rng=0).astype(np.float64)
    assert layer.bias is not None
    layer.bias.value[:] = [1, 2]
    x = data(4, 5, 3)
    np.testing.assert_allclose(layer(x).value, x @ layer.weight.value.T + layer.bias.value)


def test_linear_refuses():
    with pytest.raises(ValueError, match="Linear needs at least 1 feature on each side, got 3 and 0"):
        nn.Linear(3, 0)
    with pytest.raises(ValueError, match=r"Linear\(in_features=3, .*\) takes \(..., 3\), got shape \(5, 4\)"):
        nn.Linear(3, 2)(data(5, 4))


def test_weights_are_drawn_with_he_scale_and_from_rng():
    layer = nn.Conv2d(32, 64, 3, rng=1)
    assert layer.weight.dtype == np.float32
    assert layer.weight.value.std() == pytest.approx(np.sqrt(2 / (32 * 9)), rel=0.02)
    np.testing.assert_array_equal(layer.weight.value, nn.Conv2d(32, 64, 3, rng=1).weight.value)
    assert not np.array_equal(nn.Linear(3, 3).weight.value, nn.Linear(3, 3).weight.value)


def test_batch_norm_normalises_in_training_and_remembers():
    layer = nn.BatchNorm(3, momentum=0.5).astype(np.float64)
    x = 5 + 2 * data(8, 3, 10)
    y = layer(x).value
    np.testing.assert_allclose(y.mean(axis=(0, 2)), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=(0, 2)), 1, rtol=1e-5)
    np.testing.assert_allclose(layer.running_mean, 0.5 * x.mean(axis=(0, 2)))
    np.testing.assert_allclose(layer.running_var, 0.5 + 0.5 * x.var(axis=(0, 2), ddof=1))


def test_batch_norm_uses_what_it_remembers_in_evaluation():
    layer = nn.BatchNorm(2).astype(np.float64).eval()
    layer.running_mean[:], layer.running_var[:] = [1, 2], [4, 9]
    layer.weight.value[:], layer.bias.value[:] = [1, 10], [0, 5]
    x = data(4, 2)
    expected = (x - [1, 2]) / np.sqrt(np.array([4, 9]) + 1e-5) * [1, 10] + [0, 5]
    np.testing.assert_allclose(layer(x).value, expected)
    np.testing.assert_array_equal(layer.running_mean, [1, 2])


def test_batch_norm_refuses():
    with pytest.raises(ValueError, match="BatchNorm needs at least 1 channel, got 0"):
        nn.BatchNorm(0)
    with pytest.raises(ValueError, match=r"BatchNorm\(3\) takes \(B, 3, ...\), got \(5, 4\)"):
        nn.BatchNorm(3)(data(5, 4))


def test_dropout_keeps_the_mean_and_is_silent_in_evaluation():
    layer = nn.Dropout(0.25, rng=0)
    x = np.ones((200, 200), dtype=np.float32)
    y = layer(x).value
    assert y.dtype == np.float32
    np.testing.assert_allclose(np.unique(y), [0, 4 / 3])
    assert np.mean(y == 0) == pytest.approx(0.25, abs=0.01)
    np.testing.assert_array_equal(layer.eval()(x).value, x)


def test_dropout_hides_the_same_numbers_from_the_error_signal():
    x = nn.Variable(np.ones((4, 5)))
    y = nn.Dropout(0.5, rng=0)(x)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, y.value)


@pytest.mark.parametrize("p", [-0.1, 1.0])
def test_dropout_refuses(p):
    with pytest.raises(ValueError, match=rf"p of Dropout must lie in \[0, 1\), got {p}"):
        nn.Dropout(p)


def test_pools_work_in_one_and_two_dimensions():
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    np.testing.assert_array_equal(nn.MaxPool(2)(x).value, [[[[5, 7], [13, 15]]]])
    np.testing.assert_array_equal(nn.AvgPool((1, 2), stride=(2, 2))(x).value, [[[[0.5, 2.5], [8.5, 10.5]]]])
    np.testing.assert_array_equal(nn.MaxPool(2, dilation=2)(x[:, :, 0]).value, [[[2.0]]])
    np.testing.assert_array_equal(nn.GlobalAvgPool()(x).value, [[7.5]])


def test_lp_pool_gives_the_lectures_picture():
    image = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]], dtype=float)
    expected = [
        [(2 + 5**5 + 6**5) / 4, (2**5 + 4**5 + 7**5 + 8**5) / 4],
        [(3**5 + 2**5 + 1 + 2**5) / 4, (1 + 3**5 + 4**5) / 4],
    ]
    y = nn.LpPool(5, 2)(image[None, None]).value[0, 0]
    np.testing.assert_allclose(y, np.power(expected, 1 / 5), rtol=1e-14)
    np.testing.assert_array_equal(y.round(2), [[4.87, 6.61], [2.38, 3.16]])


@pytest.mark.parametrize(("n", "size", "stride"), [(28, 2, 2), (7, 3, 2), (5, 5, 1)])
def test_pools_give_the_lectures_output_size(n, size, stride):
    for pool in (nn.MaxPool(size, stride), nn.AvgPool(size, stride), nn.LpPool(2, size, stride)):
        assert pool(data(1, 1, n, n)).shape == (1, 1, (n - size) // stride + 1, (n - size) // stride + 1)


def test_a_pool_can_be_learned():
    # network in network: the same small network on each 2×2 block is a convolution of stride 2, then one of 1×1
    net = nn.Sequential(nn.Conv2d(1, 4, 2, stride=2, mode="valid", rng=0), nn.ReLU(), nn.Conv2d(4, 1, 1, rng=1))
    x = data(1, 1, 6, 4)
    y = net(x).value
    assert y.shape == (1, 1, 3, 2)
    np.testing.assert_allclose(y[..., 1:2, 0:1], net(x[:, :, 2:4, 0:2]).value, rtol=1e-6)


def test_adaptive_averages_divide_any_length():
    x = np.arange(7.0).reshape(1, 1, 7)
    np.testing.assert_allclose(nn.AdaptiveAvgPool(3)(x).value, [[[1, 3, 5]]])  # 0 1 2 | 2 3 4 | 4 5 6
    np.testing.assert_array_equal(nn.AdaptiveAvgPool(7)(x).value, x)
    np.testing.assert_allclose(
        nn.AdaptiveAvgPool((1, 1))(data(2, 3, 4, 5)).value[..., 0, 0], data(2, 3, 4, 5).mean((2, 3))
    )


def test_ceil_mode_keeps_what_would_stick_out():
    assert nn.MaxPool(3, 2)(data(1, 1, 112, 6)).shape == (1, 1, 55, 2)
    assert nn.MaxPool(3, 2, ceil_mode=True)(data(1, 1, 112, 6)).shape == (1, 1, 56, 3)


def test_pools_refuse():
    with pytest.raises(ValueError, match=r"p of LpPool must be at least 1, got 0\.5"):
        nn.LpPool(0.5, 2)
    with pytest.raises(ValueError, match="size must be at least 1, got 0"):
        nn.AdaptiveAvgPool((2, 0))
    with pytest.raises(ValueError, match=r"size of a pool needs one value or 1, got \(2, 2\) for shape \(1, 1, 4\)"):
        nn.AdaptiveAvgPool((2, 2))(data(1, 1, 4))
    with pytest.raises(ValueError, match=r"no window of size \(5,\), dilation \(1,\) fits into \(4,\)"):
        nn.LpPool(2, 5)(data(1, 1, 4))
    with pytest.raises(ValueError, match=r"a pool takes \(B, C, N\) or \(B, C, H, W\), got shape \(3, 4\)"):
        nn.MaxPool(2)(data(3, 4))
    with pytest.raises(ValueError, match=r"size of a pool needs one value or 1, got \(2, 2\) for shape \(1, 1, 4\)"):
        nn.AvgPool((2, 2))(data(1, 1, 4))


def test_activation_layers():
    x = np.array([[-2.0, 0.0, 2.0]])
    np.testing.assert_array_equal(nn.ReLU()(x).value, [[0, 0, 2]])
    np.testing.assert_array_equal(nn.LeakyReLU(0.1)(x).value, [[-0.2, 0, 2]])
    np.testing.assert_allclose(nn.Sigmoid()(x).value, 1 / (1 + np.exp(-x)))
    np.testing.assert_array_equal(nn.Tanh()(x).value, np.tanh(x))
    np.testing.assert_allclose(nn.Softmax()(x).value, np.exp(x) / np.exp(x).sum())
    np.testing.assert_allclose(nn.ELU(0.5)(x).value, [[0.5 * (np.exp(-2) - 1), 0, 2]], rtol=1e-15)


def test_maxout_is_the_larger_of_two_dense_layers():
    both = nn.Linear(3, 8, rng=0)
    x = data(5, 3)
    z = both(x).value
    np.testing.assert_array_equal(nn.Sequential(both, nn.Maxout(2))(x).value, np.maximum(z[:, ::2], z[:, 1::2]))
    assert nn.Maxout(3)(data(2, 6, 4, 5)).shape == (2, 2, 4, 5)


def test_maxout_refuses():
    with pytest.raises(ValueError, match="pieces must be at least 1, got 0"):
        nn.Maxout(0)
    with pytest.raises(ValueError, match=r"pieces=3 must divide the 4 channels of an x of shape \(2, 4\)"):
        nn.Maxout(3)(data(2, 4))


def test_local_response_norm_refuses():
    with pytest.raises(ValueError, match="size must be at least 1, got 0"):
        nn.LocalResponseNorm(0)
    with pytest.raises(ValueError, match=r"LocalResponseNorm takes \(B, C, ...\), got shape \(4,\)"):
        nn.LocalResponseNorm(3)(data(4))


def test_residual_adds_its_shortcut():
    body, shortcut = nn.Linear(3, 2, rng=0), nn.Linear(3, 2, rng=1)
    x = data(4, 3)
    expected = body(x).value + shortcut(x).value
    np.testing.assert_allclose(nn.Residual(body, shortcut)(x).value, expected)


def test_residual_refuses_shapes_that_differ():
    with pytest.raises(ValueError, match=r"the body of Residual gives shape \(4, 2\), its shortcut \(4, 3\)"):
        nn.Residual(nn.Linear(3, 2))(data(4, 3))


def test_parallel_lines_its_branches_up():
    a, b = nn.Conv1d(3, 2, 3, rng=0), nn.Conv1d(3, 5, 1, rng=1)
    x = data(2, 3, 7)
    y = nn.Parallel(a, b)(x).value
    np.testing.assert_array_equal(y, np.concatenate([a(x).value, b(x).value], axis=1))


def test_parallel_hands_each_branch_its_part_of_the_error_signal():
    x = nn.Variable(data(2, 3))
    nn.Parallel(nn.Sequential(), nn.Sequential(), nn.ReLU())(x).sum().backward()
    np.testing.assert_array_equal(x.grad, 2.0 + (x.value > 0))


def test_parallel_refuses():
    with pytest.raises(ValueError, match="Parallel needs at least one branch, got none"):
        nn.Parallel()
    with pytest.raises(ValueError, match=r"differ in more than channels: \(1, 2, 7\), \(1, 2, 4\)"):
        nn.Parallel(nn.Conv1d(1, 2, 3), nn.Conv1d(1, 2, 3, stride=2))(data(1, 1, 7))
    with pytest.raises(TypeError, match="Parallel is made of layers, got 3"):
        nn.Parallel(nn.ReLU(), 3)  # pyright: ignore[reportArgumentType]


def test_combinators_are_made_of_layers():
    with pytest.raises(TypeError, match="Sequential is made of layers, got 3"):
        nn.Sequential(nn.ReLU(), 3)  # pyright: ignore[reportArgumentType]


def test_sequential_is_a_sequence():
    net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
    assert len(net) == 3
    assert list(net)[1] is net[1]
    assert list(net[:2]) == [net[0], net[1]]


class Doubled(nn.Conv1d):
    """Computes its output in a way of its own, which a ReLU behind it must not leave out."""

    def __call__(self, x):
        return 2 * super().__call__(x)


RECTIFIED = {
    "convolution": lambda: nn.Conv1d(3, 4, 3, rng=0),
    "convolution without a bias": lambda: nn.Conv1d(3, 4, 3, bias=False, rng=0),
    "images": lambda: nn.Sequential(nn.Unflatten(2, (6, 5)), nn.Conv2d(3, 4, 3, rng=0)),
    "dense": lambda: nn.Linear(30, 20, rng=0),
    "dense without a bias": lambda: nn.Linear(30, 20, bias=False, rng=0),
    "dense rows": lambda: nn.Sequential(nn.Flatten(), nn.Linear(90, 7, rng=0)),
    "batch norm": lambda: nn.BatchNorm(3),
    "residual": lambda: nn.Residual(nn.Conv1d(3, 3, 3, rng=0)),
    "projected": lambda: nn.Residual(nn.Conv1d(3, 4, 3, rng=0), nn.Conv1d(3, 4, 1, rng=1)),
    "pool": lambda: nn.MaxPool(2),
    "subclass": lambda: Doubled(3, 4, 3, rng=0),
}


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("innermost", [False, True])
@pytest.mark.parametrize("layer", RECTIFIED)
def test_a_layer_before_a_relu_computes_both(layer, innermost, dtype, training):
    x = data(20, 3, 30).astype(dtype)
    x = np.ascontiguousarray(x.T).T if innermost else x
    found = []
    for together in (False, True):
        one, given = RECTIFIED[layer]().astype(dtype), nn.Variable(x)
        for parameter in one.parameters():
            parameter.value += 0.1 * RNG(1).standard_normal(parameter.shape).astype(dtype)
        net = nn.Sequential(one, nn.ReLU()) if together else one
        net.train() if training else net.eval()
        y = net(given) if together else nn.functions.relu(net(given))
        (y * RNG(2).standard_normal(y.shape).astype(dtype)).sum().backward()
        found.append((y.value, given.grad, *(each.grad for each in one.parameters()), *one.state().values()))
    assert found[0][0].min() == 0
    tolerance = 1e-12 if dtype is np.float64 else 1e-5  # of numbers about 1, and of sums of some hundred of them
    for apart, both in zip(*found, strict=True):
        np.testing.assert_allclose(both, apart, rtol=tolerance, atol=tolerance * np.abs(apart).max())


def test_a_relu_alone_or_twice_is_a_relu():
    x = data(2, 3)
    for net in (nn.Sequential(nn.ReLU()), nn.Sequential(nn.ReLU(), nn.ReLU())):
        np.testing.assert_array_equal(net(x).value, np.maximum(x, 0))


def test_parameters_come_in_network_order_weight_before_bias():
    block = nn.Residual(nn.Sequential(nn.Linear(2, 2), nn.BatchNorm(2)), nn.Linear(2, 2, bias=False))
    net = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), block)
    names = [name for name, _ in net.named_parameters()]
    assert names == [
        "0.weight",
        "0.bias",
        "2.body.0.weight",
        "2.body.0.bias",
        "2.body.1.weight",
        "2.body.1.bias",
        "2.shortcut.weight",
    ]
    assert [parameter for _, parameter in net.named_parameters()] == net.parameters()
    assert net.n_parameters == 8 + 6 + 4 + 4
    assert net.state().keys() - names == {"2.body.1.running_mean", "2.body.1.running_var"}


def test_a_shared_layer_counts_once():
    layer = nn.Linear(2, 2)
    assert nn.Sequential(layer, nn.ReLU(), layer).n_parameters == 6


def test_train_and_eval_reach_every_layer():
    net = nn.Sequential(nn.Residual(nn.Dropout()), nn.BatchNorm(2))
    assert {layer.training for layer in net.eval().layers()} == {False}
    assert {layer.training for layer in net.train().layers()} == {True}


def test_predict_goes_batch_by_batch_and_restores_the_mode():
    net = nn.Sequential(nn.Linear(3, 4, rng=0), nn.BatchNorm(4), nn.Dropout(0.5), nn.Linear(4, 2, rng=0))
    net[1].training = False
    x = data(10, 3)
    y = net.predict(x, batch_size=3)
    assert y.dtype == np.float32
    assert [layer.training for layer in net] == [True, False, True, True]
    np.testing.assert_allclose(y, net.eval()(x.astype(np.float32)).value, rtol=1e-6)
    np.testing.assert_array_equal(y, net.predict(x.tolist(), batch_size=3))


def test_predict_refuses():
    with pytest.raises(ValueError, match="predict needs at least one example, got none"):
        nn.Linear(3, 2).predict(np.zeros((0, 3)))
    with pytest.raises(ValueError, match="batch_size must be at least 1, got 0"):
        nn.Linear(3, 2).predict(data(1, 3), batch_size=0)


def test_state_round_trip_and_refusals():
    net, other = nn.Linear(3, 2, rng=0), nn.Linear(3, 2, rng=1)
    other.set_state(net.state())
    np.testing.assert_array_equal(other.weight.value, net.weight.value)
    assert other.weight.value is not net.weight.value
    with pytest.raises(ValueError, match="no values for 'bias': the state is that of another network"):
        net.set_state({"weight": net.weight.value})
    with pytest.raises(ValueError, match="'gain' is no part of this network"):
        net.set_state({**net.state(), "gain": np.ones(1)})
    with pytest.raises(ValueError, match=r"'bias' must have shape \(2,\), got \(3,\)"):
        net.set_state({**net.state(), "bias": np.ones(3)})


def test_astype_changes_parameters_and_buffers():
    net = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm(2)).astype(np.float64)
    assert {array.dtype for array in net.state().values()} == {np.dtype(np.float64)}
    assert net.dtype == np.float64


def test_repr_can_be_typed_back():
    net = nn.Sequential(nn.Conv1d(2, 3, 3, padding=1), nn.ReLU(), nn.GlobalAvgPool(), nn.Linear(3, 2))
    assert repr(eval(repr(net), {**vars(nn)})) == repr(net)


def test_summary_lists_shapes_and_counts():
    lines = nn.zoo.lecture_shallow().summary((60000, 1, 28, 28)).splitlines()
    assert lines[1].split() == ["Conv2d", "(B,", "10,", "14,", "14)", "260"]
    assert lines[-1].split() == ["total", "98,820"]
    assert len(lines) == 8


def test_unflatten_undoes_flatten():
    x = data(2, 3, 4, 5)
    flat = nn.Flatten()(x)
    np.testing.assert_array_equal(nn.Unflatten(1, (3, 4, 5))(flat).value, x)
    np.testing.assert_array_equal(nn.Unflatten(-1, (3, 4, 5))(flat).value, x)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.Unflatten(0, (1, 2)), "dim of Unflatten must not be 0, the axis of the batch"),
        (lambda: nn.Unflatten(1, (1, 0)), r"sizes of Unflatten must be at least 1 each, got \(1, 0\)"),
        (lambda: nn.Unflatten(1, (2, 3))(data(2, 5)), r"takes 6 along axis 1, got shape \(2, 5\)"),
        (lambda: nn.Unflatten(-2, (1, 2))(data(2, 5)), r"takes 2 along axis -2, got shape \(2, 5\)"),
        (lambda: nn.Unflatten(2, (1, 5))(data(2, 5)), r"takes 5 along axis 2, got shape \(2, 5\)"),
        (lambda: nn.Crop(-1, 2), "Crop leaves out 0 samples or more at each end, got -1 and 2"),
        (lambda: nn.Crop(2, 2)(data(1, 1, 4)), r"needs more than 4 samples, got shape \(1, 1, 4\)"),
    ],
)
def test_shapes_that_cannot_be_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_body_in_mode_valid_meets_its_cropped_input():
    net = nn.Residual(nn.Conv2d(1, 1, 3, mode=((1, 1), (0, 0)), rng=0), nn.Crop(1, 1))
    x = data(2, 1, 4, 6)
    np.testing.assert_allclose(net(x).value, net.body(x).value + x[..., 1:-1])

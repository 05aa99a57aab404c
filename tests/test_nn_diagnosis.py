"""What fit says when numbers are not finite: the layer, what went in, what came out, and what helps."""

import numpy as np
import pytest

from ltisys import nn
from ltisys.nn.diagnosis import origin_of

RNG = np.random.default_rng(0)
X, T = RNG.standard_normal((12, 4)).astype(np.float32), RNG.integers(0, 3, 12)


def deep() -> nn.Sequential:
    rng = np.random.default_rng(1)
    body = nn.Sequential(nn.Linear(8, 8, rng=rng), nn.BatchNorm(8), nn.ReLU(), nn.Linear(8, 8, rng=rng))
    return nn.Sequential(
        nn.Linear(4, 8, rng=rng),
        nn.Dropout(0.25),
        nn.Residual(body),
        nn.Parallel(nn.Tanh(), nn.Sequential(nn.ReLU(), nn.Linear(8, 2, rng=rng))),
        nn.Linear(10, 3, rng=rng),
    )


def train(net, x: np.ndarray = X, t: np.ndarray = T, **options):
    options = {"loss": nn.cross_entropy, "epochs": 4, "batch_size": 4, "progress": False, **options}
    options.setdefault("optimiser", nn.SGD(net.parameters(), lr=0.01))
    return nn.fit(net, (x, t), **options)


@pytest.mark.parametrize(
    ("place", "parameter", "name", "kind"),
    [
        ((0,), "weight", "0", "Linear"),
        ((2, "body", 3), "weight", "2.body.3", "Linear"),
        ((2, "body", 1), "bias", "2.body.1", "BatchNorm"),
        ((3, "branches", 1, 1), "bias", "3.1.1", "Linear"),
        ((4,), "weight", "4", "Linear"),
    ],
)
def test_an_overflow_is_found_in_the_layer_where_it_arises(place, parameter, name, kind):
    net = deep()
    layer = net
    for step in place:
        layer = getattr(layer, step) if isinstance(step, str) else layer[step]  # pyright: ignore
    broken = getattr(layer, parameter)
    broken.value[...] = np.sign(broken.value + 0.5) * 3e38
    if parameter == "bias":
        broken.value[...] = np.inf
    with pytest.raises(ValueError, match=rf"layer {name}, {kind}\(") as caught:
        train(net)
    assert str(caught.value).startswith("epoch 1, step 1: the loss became ")
    assert f"its {parameter} " in str(caught.value)


def test_what_went_in_and_what_came_out_are_told_with_the_advice():
    net = nn.Sequential(nn.Linear(2, 2, rng=0), nn.ReLU(), nn.Linear(2, 2, rng=0))
    net[0].weight.value[...] = 1e20
    net[2].weight.value[...] = 1e20
    message = (
        r"epoch 1, step 1: the loss became nan; the first layer that gives no finite numbers is layer 2, "
        r"Linear\(in_features=2, out_features=2, bias=True\): in \(1, 2\) from 2e\+20 to 2e\+20, "
        r"its weight \(2, 2\) from 1e\+20 to 1e\+20, its bias \(2,\) from 0 to 0, out \(1, 2\) \(2 of 2 not finite\)\. "
        r"Its numbers have outgrown their dtype: lower the learning rate, clip, or scale the inputs down"
    )
    with pytest.raises(ValueError, match=message):
        train(net, np.ones((1, 2), np.float32), np.array([0]))


def test_a_residual_is_named_when_only_the_sum_overflows():
    net = nn.Sequential(nn.Residual(nn.Sequential()), nn.Linear(1, 2, rng=0))
    origin = origin_of(net, np.array([[3e38]], np.float32))
    assert origin is not None
    assert (origin.name, type(origin.layer)) == ("0", nn.Residual)
    assert origin.x.item() == np.float32(3e38)
    assert origin.y.item() == np.inf


def test_a_learning_rate_that_is_too_high_is_blamed():
    net = deep()
    with pytest.raises(ValueError, match=r"epoch \d, step \d: .*lower the learning rate"):
        train(net, optimiser=nn.SGD(net.parameters(), lr=1e30), epochs=9)


def test_a_network_that_is_one_layer_is_named_without_a_place():
    net = nn.Linear(4, 3, rng=0)
    net.weight.value[0, 0] = np.nan
    message = (
        r"is Linear\(in_features=4.*its weight \(3, 4\) from .* \(1 of 12 not finite\).*were broken before this step"
    )
    with pytest.raises(ValueError, match=message):
        train(net)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_number_in_the_data_is_found_with_its_example(value):
    x = X.copy()
    x[7, 2] = value
    message = (
        r"epoch 1, step \d: the loss became nan because the batch itself is not finite: \(4, 4\) from .* \(1 of 16 "
    )
    with pytest.raises(ValueError, match=message + r"not finite\)\. Look at example 7 of the data"):
        train(deep(), x)


def test_an_augmentation_that_breaks_examples_is_thought_of():
    with np.errstate(all="ignore"), pytest.raises(ValueError, match="and at the augmentation if there is one"):
        train(deep(), augment=lambda x, rng: x / 0)


def test_targets_are_looked_at_when_all_layers_are_fine():
    net = nn.Linear(4, 1, rng=0)
    t = np.zeros((12, 1))
    t[3] = np.nan
    message = (
        r"although all layers give finite numbers: look at the targets, \(12, 1\) from 0 to 0 \(1 of 12 not finite\)"
    )
    with pytest.raises(ValueError, match=message):
        train(net, t=t, loss=nn.squared_error, batch_size=12)


def test_an_error_signal_that_is_not_finite_is_named_where_it_would_be_clipped():
    def root(y, t):
        return ((y * 0.0) ** 0.5).sum()  # 0 with an infinite slope

    net = nn.Linear(4, 1, rng=0)
    message = r"epoch 1, step 1: the loss is finite, but the error signal of 'weight' is not: \(1, 4\).*of 4 not finite"
    with np.errstate(all="ignore"), pytest.raises(ValueError, match=message):
        train(net, t=np.zeros((12, 1)), loss=root, clip=1.0)


def test_weights_that_break_in_the_last_step_are_not_taken_for_trained_ones():
    net = nn.Linear(4, 3, rng=0)
    message = r"epoch 1: the last step has left 'weight' \(3, 4\).* not finite.*: lower the learning rate 1e\+200"
    with pytest.raises(ValueError, match=message):
        train(net, optimiser=nn.SGD(net.parameters(), lr=1e200), epochs=1, batch_size=12)


def test_looking_changes_nothing_and_sees_the_same_dropout():
    net = deep().train()
    net[1].rng = np.random.default_rng(3)
    before = {name: array.copy() for name, array in net.state().items()}
    state = net[1].rng.bit_generator.state
    assert origin_of(net, X) is None
    for name, array in net.state().items():
        np.testing.assert_array_equal(array, before[name])
    assert net[1].rng.bit_generator.state == state


def test_the_dropout_of_the_step_is_repeated():
    """Half of the runs drop the one number that overflows; those that keep it name the layer after it."""
    outcomes = set()
    for seed in range(8):
        net = nn.Sequential(nn.Dropout(0.5), nn.Linear(1, 2, rng=0))
        net[1].weight.value[...] = [[3e38], [3e38]]
        told = ""
        try:
            train(net, np.full((1, 1), 1.0), np.array([0]), seed=seed, epochs=1, optimiser=Still(net))
        except ValueError as error:
            told = str(error)
        outcomes.add(told.partition(", Linear")[0].partition("first layer")[2])
    assert outcomes == {"", " that gives no finite numbers is layer 1"}


class Still(nn.Optimiser):
    """Moves nothing."""

    def __init__(self, net):
        super().__init__(net.parameters(), 1.0, 0.0)

    def step(self):
        pass

    def _move(self, index, value, grad):
        raise AssertionError("nothing should move")

"""Early stopping: when it ends a run, and which weights are left."""

import math

import numpy as np
import pytest

from ltisys import nn


def epochs_of(stopping, net, values, quantity="validation_loss"):
    """Feed it epochs with these values, each with weights equal to its number; tells at which it ended."""
    history = nn.History()
    for number, value in enumerate(values, start=1):
        getattr(history, quantity).append(value)
        net.weight.value[...] = number
        if stopping(nn.Epoch(number, len(values), net, history)) is True:
            return number
    return None


@pytest.mark.parametrize(
    ("options", "values", "end", "best"),
    [
        ({"patience": 2}, [3, 2, 1, 1.5, 1.2, 0], 5, 3),
        ({"patience": 2}, [3, 2, 2.5, 1, 1.5, 0.5], None, 6),
        ({"patience": 1}, [1, 1, 0], 2, 1),  # equal is no better
        ({"patience": 2, "least": 0.5}, [3, 2.6, 2.4, 2.3, 2.2, 0], 5, 3),
        ({"patience": 2, "quantity": "validation_accuracy"}, [0.1, 0.5, 0.4, 0.5, 0.9], 4, 2),
        ({"patience": 1, "quantity": "accuracy"}, [0.1, 0.2, 0.2], 3, 2),
        ({"patience": 3}, [math.nan, math.nan, 2, 1], None, 4),
        ({"patience": 2}, [2, math.nan, math.nan, 1], 3, 1),
    ],
)
def test_when_it_ends_and_what_is_left(options, values, end, best):
    net = nn.Linear(1, 1, rng=0)
    stopping = nn.EarlyStopping(net, **options)
    assert epochs_of(stopping, net, values, options.get("quantity", "validation_loss")) == end
    assert (stopping.best_epoch, stopping.best) == (best, values[best - 1])
    stopping.finish()
    assert net.weight.item() == best


def test_before_any_epoch_nothing_is_put_back():
    net = nn.Linear(1, 1, rng=0)
    stopping = nn.EarlyStopping(net)
    net.weight.value[...] = 7
    stopping.finish()
    assert net.weight.item() == 7


def test_buffers_come_back_too():
    net = nn.Sequential(nn.BatchNorm(1))
    stopping = nn.EarlyStopping(net, quantity="loss")
    history = nn.History(loss=[1.0])
    stopping(nn.Epoch(1, 2, net, history))
    net.state()["0.running_mean"][...] = 5
    stopping.finish()
    assert net.state()["0.running_mean"].item() == 0


def data(seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((40, 3), dtype=np.float32), rng.integers(0, 2, 40)


def train(net, callbacks, **options):
    optimiser = nn.AdamW(net.parameters(), lr=0.05)
    options = {"validation": data(1), "epochs": 40, "batch_size": 8, "progress": False, **options}
    return nn.fit(net, data(), loss=nn.cross_entropy, optimiser=optimiser, callbacks=callbacks, **options)


def test_a_run_ends_with_its_best_weights():
    net = nn.zoo.mlp((3, 16, 2))
    stopping = nn.EarlyStopping(net, patience=4)
    history = train(net, [stopping])
    assert len(history.loss) == stopping.best_epoch + 4 < 40
    assert stopping.best == min(history.validation_loss)
    assert nn.evaluate(net, data(1), loss=nn.cross_entropy)[0] == pytest.approx(stopping.best, rel=1e-6)


def test_the_best_average_comes_back():
    net = nn.zoo.mlp((3, 16, 2))
    stopping = nn.EarlyStopping(net, patience=4)
    train(net, [stopping], average=nn.EMA(net, decay=0.9))
    assert nn.evaluate(net, data(1), loss=nn.cross_entropy)[0] == pytest.approx(stopping.best, rel=1e-6)


def test_the_network_ends_with_the_average_that_was_validated():
    net = nn.zoo.mlp((3, 4, 2))
    history = train(net, [], average=nn.EMA(net, decay=0.9), epochs=3)
    plain = nn.zoo.mlp((3, 4, 2))
    train(plain, [], epochs=3)
    loss = nn.evaluate(net, data(1), loss=nn.cross_entropy, batch_size=8)[0]
    assert loss == history.validation_loss[-1] != nn.evaluate(plain, data(1), loss=nn.cross_entropy, batch_size=8)[0]


def test_any_callback_can_end_a_run_and_only_by_true():
    seen = []
    history = train(nn.zoo.mlp((3, 2)), [lambda epoch: seen.append(0) or 1, lambda epoch: epoch.number == 3])
    assert len(history.loss) == len(seen) == 3


def test_state_and_back():
    net = nn.Linear(1, 1, rng=0)
    stopping, again = nn.EarlyStopping(net), nn.EarlyStopping(net)
    epochs_of(stopping, net, [2, 1, 3])
    again.set_state(stopping.state())
    assert (again.best, again.best_epoch) == (1, 2)
    again.finish()
    assert net.weight.item() == 2
    with pytest.raises(ValueError, match="no values for 'best'"):
        again.set_state({})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"quantity": "error"},
            "quantity must be one of loss, validation_loss, accuracy, validation_acc.*, got 'error'",
        ),
        ({"patience": 0}, "patience must be at least 1 epoch, got 0"),
        ({"least": -1.0}, "least must not be negative, got -1.0"),
        ({"least": math.nan}, "least must not be negative, got nan"),
    ],
)
def test_what_is_out_of_range_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        nn.EarlyStopping(nn.ReLU(), **options)


def test_a_validation_that_is_missed_is_missed_at_once():
    net = nn.zoo.mlp((3, 2))
    with pytest.raises(ValueError, match="EarlyStopping follows 'validation_loss', but there is no validation"):
        train(net, [nn.EarlyStopping(net)], validation=None)


def test_an_average_follows_once():
    net = nn.zoo.mlp((3, 2))
    average = nn.EMA(net)
    with pytest.raises(ValueError, match="give it as average= or as a callback, not as both"):
        train(net, [average], average=average)

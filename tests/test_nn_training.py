"""Training: it learns, it repeats itself bit for bit, it reports, and it stops cleanly."""

import math

import numpy as np
import pytest

from ltisys import nn


def rings(n: int = 300, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two classes that no straight line separates: a disc and the ring around it."""
    rng = np.random.default_rng(seed)
    t = rng.integers(0, 2, n)
    radius, angle = rng.uniform(0, 1, n) + 1.5 * t, rng.uniform(0, 2 * np.pi, n)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).astype(np.float32), t


def pulses(n: int = 240, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Which of three short patterns was hidden somewhere in noise?"""
    rng = np.random.default_rng(seed)
    patterns = np.array([[1, 1, 1, 1, 1], [1, -1, 1, -1, 1], [1, 1, 0, -1, -1]])
    t = rng.integers(0, 3, n)
    x = 0.2 * rng.standard_normal((n, 1, 32), dtype=np.float32)
    for row, label, place in zip(x, t, rng.integers(0, 27, n), strict=True):
        row[0, place : place + 5] += 2 * patterns[label]
    return x, t


def small_net(seed: int = 0) -> nn.Sequential:
    rng = np.random.default_rng(seed)
    return nn.Sequential(
        nn.Conv1d(1, 8, 5, rng=rng),
        nn.BatchNorm(8),
        nn.ReLU(),
        nn.GlobalAvgPool(),
        nn.Dropout(0.1),
        nn.Linear(8, 3, rng=rng),
    )


def train(net, data, **options):
    options = {"loss": nn.cross_entropy, "epochs": 2, "batch_size": 32, "progress": False, **options}
    options.setdefault("optimiser", nn.AdamW(net.parameters(), lr=1e-2))
    return nn.fit(net, data, **options)


def test_a_dense_network_separates_rings():
    net = nn.zoo.mlp((2, 16, 2))
    optimiser = nn.AdamW(net.parameters(), lr=0.02)
    steps = 20 * 10
    history = train(
        net,
        rings(),
        optimiser=optimiser,
        epochs=20,
        schedule=nn.OneCycle(optimiser, 0.03, steps),
        validation=rings(seed=1),
    )
    assert history.validation_accuracy[-1] > 0.99
    assert history.loss[-1] < 0.1 < history.loss[0]
    assert [len(values) for values in vars(history).values()] == [20] * 5
    assert optimiser.lr < 1e-4


def test_a_convolutional_network_finds_patterns_wherever_they_are():
    net = small_net()
    history = train(net, pulses(), epochs=30, validation=pulses(seed=1))
    assert history.validation_accuracy[-1] > 0.97


def test_the_same_seed_gives_the_same_weights_bit_for_bit():
    def weights(seed: int) -> dict[str, np.ndarray]:
        net = small_net()
        train(net, pulses(), seed=seed, augment=lambda x, rng: x + 0.1 * rng.standard_normal(x.shape, dtype=np.float32))
        return net.state()

    first, again, other = weights(3), weights(3), weights(4)
    for name in first:
        np.testing.assert_array_equal(first[name], again[name])
    assert not np.array_equal(first["0.weight"], other["0.weight"])


def test_an_epoch_of_training_is_the_steps_written_out():
    x, t = rings(64)
    by_hand, by_fit = nn.zoo.mlp((2, 4, 2)), nn.zoo.mlp((2, 4, 2))
    order = np.random.default_rng((7, 1)).permutation(64)
    optimiser = nn.SGD(by_hand.parameters(), lr=0.1, momentum=0.9)
    for start in (0, 24, 48):
        batch = order[start : start + 24]
        optimiser.zero_grad()
        nn.cross_entropy(by_hand(nn.Variable(x[batch])), t[batch]).backward()
        optimiser.step()
    sgd = nn.SGD(by_fit.parameters(), lr=0.1, momentum=0.9)
    train(by_fit, (x, t), optimiser=sgd, epochs=1, batch_size=24, seed=7)
    for name, array in by_hand.state().items():
        np.testing.assert_array_equal(by_fit.state()[name], array)


def test_augment_may_replace_examples_and_targets():
    seen = []

    def swap(x, rng):
        assert isinstance(rng, np.random.Generator)
        return -x, np.full(len(x), 1)

    def loss(y, t):
        seen.append(t)
        return nn.cross_entropy(y, t)

    train(nn.zoo.mlp((2, 2)), rings(10), epochs=1, loss=loss, augment=swap)
    np.testing.assert_array_equal(seen[0], np.ones(10))


def test_lists_count_as_arrays():
    x, t = rings(20)
    assert train(nn.zoo.mlp((2, 2)), (x.tolist(), t.tolist())).accuracy == train(nn.zoo.mlp((2, 2)), (x, t)).accuracy


def test_examples_may_be_computed_on_demand():
    class Squares:
        def __len__(self):
            return 20

        def __getitem__(self, index):
            assert index.dtype.kind == "i"
            return (index[:, np.newaxis] ** 2) % 7

    history = train(nn.zoo.mlp((1, 2)), (Squares(), np.arange(20) % 2), validation=(Squares(), np.arange(20) % 2))
    assert len(history.loss) == 2


def test_the_history_holds_means_over_all_examples():
    net = nn.zoo.mlp((2, 2))
    x, t = rings(50)
    history = train(net, (x, t), optimiser=nn.SGD(net.parameters(), lr=1e-12), epochs=1, batch_size=16)
    loss, accuracy = nn.evaluate(net, (x, t), loss=nn.cross_entropy, batch_size=7)
    assert history.loss[0] == pytest.approx(loss, rel=1e-5)
    assert history.accuracy[0] == pytest.approx(accuracy)
    assert accuracy == np.mean(net.predict(x).argmax(axis=1) == t)
    assert history.validation_loss == []


def test_accuracy_of_probabilities_and_of_numbers():
    x, t = rings(40)
    net = nn.zoo.mlp((2, 2))
    classes, probabilities = (nn.evaluate(net, (x, u), loss=nn.cross_entropy)[1] for u in (t, np.eye(2)[t]))
    assert classes == probabilities
    line = nn.zoo.logistic_regression(2)
    assert math.isnan(train(line, (x, t[:, np.newaxis]), loss=nn.squared_error).accuracy[-1])


def test_callbacks_see_every_epoch_and_every_step():
    class Watcher:
        def __init__(self):
            self.steps, self.epochs = 0, []

        def after_step(self):
            self.steps += 1

        def __call__(self, epoch):
            self.epochs.append((epoch.number, epoch.epochs, epoch.net.training, len(epoch.history.loss)))

    watcher = Watcher()
    net = nn.zoo.mlp((2, 2))
    train(net, rings(65), epochs=2, callbacks=[watcher, nn.EMA(net)])
    assert watcher.steps == 2 * 3
    assert watcher.epochs == [(1, 2, False, 1), (2, 2, False, 2)]


def test_the_network_is_left_in_evaluation_mode_without_error_signals():
    net = small_net()
    train(net, pulses(40))
    assert not any(layer.training for layer in net.layers())
    assert all(parameter.grad is None for parameter in net.parameters())


def test_an_interrupt_passes_through_and_leaves_a_usable_network(capsys):
    def interrupt(epoch):
        raise KeyboardInterrupt

    net = small_net()
    with pytest.raises(KeyboardInterrupt):
        train(net, pulses(40), callbacks=[interrupt], progress=True)
    assert not net.training
    assert net.predict(pulses(4)[0]).shape == (4, 3)
    assert "epoch 1/2" in capsys.readouterr().err


def test_progress_writes_one_line_per_epoch(capsys):
    train(nn.zoo.mlp((2, 2)), rings(40), epochs=3, validation=rings(40), progress=True)
    out, err = capsys.readouterr()
    lines = [line for line in err.splitlines() if line.startswith("epoch") and "loss" in line]
    assert out == ""
    assert [line.split()[1] for line in lines] == ["1/3", "2/3", "3/3"]
    assert all(word in lines[0] for word in ("loss", "accuracy", "validation loss", " s"))


def test_no_progress_is_silent(capsys):
    train(nn.zoo.mlp((2, 2)), rings(40))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        ((np.zeros((3, 2)), np.zeros(2, int)), {}, "data needs one target per example, got 3 examples and 2 targets"),
        ((np.zeros((0, 2)), np.zeros(0, int)), {}, "data holds no examples"),
        (rings(4), {"validation": (np.zeros((0, 2)), np.zeros(0, int))}, "validation holds no examples"),
        (rings(4), {"epochs": 0}, "epochs must be at least 1, got 0"),
        (rings(4), {"batch_size": 0}, "batch_size must be at least 1, got 0"),
    ],
)
def test_fit_refuses(data, options, message):
    with pytest.raises(ValueError, match=message):
        train(nn.zoo.mlp((2, 2)), data, **options)

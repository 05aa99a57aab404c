"""A scanned stream against the network on each of its windows."""

import numpy as np
import pytest

from ltisys import nn
from ltisys.audio import LogMel
from ltisys.spotting.frontend import FrontEnd
from ltisys.spotting.network import scanning_network
from ltisys.spotting.scanning import Scanner, divided, softmax

FRONT_END = FrontEnd(LogMel(), (-6.0,) * 40, (3.0,) * 40)
RNG = np.random.default_rng


def along_time(**words):
    return nn.Sequential(
        nn.Conv1d(40, 4, 9, 2, rng=0, **words), nn.ReLU(), nn.MaxPool(3, 2), nn.GlobalAvgPool(), nn.Linear(4, 3, rng=1)
    )


def trained_statistics(net):
    """A network whose normalisation remembers other means than 0."""
    for layer in net.layers():
        if isinstance(layer, nn.BatchNorm):
            layer.running_mean[...] = RNG(0).standard_normal(layer.running_mean.shape) / 3
    return net.eval()


@pytest.mark.parametrize("net", [scanning_network(seed=1), along_time(mode="valid")], ids=["residual", "plain"])
def test_every_look_is_the_network_on_its_window(net):
    net = trained_statistics(net)
    scanner = Scanner(net, FRONT_END)
    heard = RNG(2).standard_normal((40, 4 * scanner.step)).astype(np.float32)
    silence = FRONT_END(np.zeros(FRONT_END.samples, np.float32))
    row = np.concatenate([silence, heard], axis=1)
    looks = np.concatenate([scanner.push(part) for part in np.split(heard, 4, axis=1)])
    ends = silence.shape[1] + scanner.hop * np.arange(1, len(looks) + 1)
    windows = np.stack([row[:, end - scanner.window : end] for end in ends])
    np.testing.assert_allclose(looks, softmax(net.predict(windows)), rtol=1e-3, atol=1e-6)
    assert np.ptp(looks, axis=0).max() > 1e-3


def test_a_look_sees_as_much_as_the_network_sees_of_a_clip():
    net = scanning_network(seed=1).eval()
    window = Scanner(net, FRONT_END).window
    x = RNG(0).standard_normal((2, 40, FRONT_END.frames)).astype(np.float32)
    assert window <= FRONT_END.frames
    np.testing.assert_allclose(net.predict(x), net.predict(x[..., :window]), rtol=1e-4, atol=1e-6)


def test_steps_taken_together_are_the_same_bit_for_bit():
    one, other = (Scanner(trained_statistics(scanning_network(seed=1)), FRONT_END) for _ in range(2))
    frames = RNG(0).standard_normal((40, 21 * one.step)).astype(np.float32)
    together = [other.push(part) for part in np.split(frames, [2 * one.step, 5 * one.step], axis=1)]
    step_by_step = [one.push(part) for part in np.split(frames, 21, axis=1)]
    np.testing.assert_array_equal(np.concatenate(together), np.concatenate(step_by_step))


def test_reset_begins_anew():
    scanner = Scanner(scanning_network(), FRONT_END)
    frames = RNG(0).standard_normal((40, scanner.step)).astype(np.float32)
    first, second = scanner.push(frames), scanner.push(frames)
    assert not np.array_equal(first, second)
    scanner.reset()
    np.testing.assert_array_equal(scanner.push(frames), first)


@pytest.mark.parametrize("words", [{"mode": "same"}, {"mode": (0, 4)}, {"mode": "full"}])
def test_a_network_that_pads_along_time_is_refused(words):
    with pytest.raises(ValueError, match="the network pads along time: a stream needs convolutions in mode 'valid'"):
        Scanner(along_time(**words), FRONT_END)


def test_a_network_that_sees_too_far_is_refused():
    net = nn.Sequential(nn.Conv1d(40, 2, 159, mode="valid"), nn.GlobalAvgPool(), nn.Linear(2, 3))
    with pytest.raises(ValueError, match="the network sees 159 frames at once, a window holds 158"):
        Scanner(net, FRONT_END)


@pytest.mark.parametrize("net", [nn.Linear(2, 3), nn.Sequential(nn.ReLU()), nn.Sequential(nn.GlobalAvgPool())])
def test_a_network_without_a_mean_over_time_is_refused(net):
    with pytest.raises(ValueError, match="the network must be a Sequential of layers, one GlobalAvgPool, and layers"):
        divided(net)

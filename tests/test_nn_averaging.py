"""The moving average of the weights."""

import numpy as np
import pytest

from ltisys import nn


def test_the_average_follows_its_formula():
    net = nn.Linear(2, 1, rng=0).astype(np.float64)
    ema = nn.EMA(net, decay=0.4)
    average = net.weight.value.copy()
    for n in range(1, 9):
        net.weight.value += n
        ema.after_step()
        d = min(0.4, (1 + n) / (10 + n))
        average = d * average + (1 - d) * net.weight.value
    with ema.averaged():
        np.testing.assert_allclose(net.weight.value, average)


def test_the_weights_come_back_bit_for_bit_even_after_an_error():
    net = nn.Linear(3, 2, rng=0)
    ema = nn.EMA(net)
    net.weight.value += 1
    value, before = net.weight.value, net.weight.value.copy()

    def fail_inside():
        with ema.averaged():
            assert not np.array_equal(net.weight.value, before)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_inside()
    assert net.weight.value is value
    np.testing.assert_array_equal(net.weight.value, before)


def test_decay_is_checked():
    with pytest.raises(ValueError, match=r"decay must lie in \[0, 1\), got 1.0"):
        nn.EMA(nn.Linear(1, 1), decay=1.0)

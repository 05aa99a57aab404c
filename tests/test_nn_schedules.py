"""Learning rates over the steps."""

import math

import numpy as np
import pytest

from ltisys import nn


def optimiser(lr: float = 1.0) -> nn.SGD:
    return nn.SGD([nn.Variable(0.0)], lr=lr)


def rates(schedule: nn.Schedule, steps: int) -> list[float]:
    seen = []
    for _ in range(steps):
        seen.append(schedule.optimiser.lr)
        schedule.step()
    return seen


def test_one_cycle_has_pytorch_values():
    # torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=20), by its formula
    expected = []
    for step in range(20):
        first, top, last = 0.1 / 25, 0.1, 0.1 / 25 / 1e4
        if step <= 5:
            expected.append(top + (first - top) / 2 * (1 + math.cos(math.pi * step / 5)))
        else:
            expected.append(last + (top - last) / 2 * (1 + math.cos(math.pi * (step - 5) / 14)))
    np.testing.assert_allclose(rates(nn.OneCycle(optimiser(), max_lr=0.1, steps=20), 20), expected)
    assert expected[5] == 0.1


def test_one_cycle_of_a_single_step_and_without_a_way_up():
    assert nn.OneCycle(optimiser(), max_lr=0.1, steps=1).rate(0) == pytest.approx(0.1 / 25e4)
    assert nn.OneCycle(optimiser(), max_lr=0.1, steps=10, warmup=0.1).rate(0) == 0.1


def test_cosine_falls_from_the_rate_of_the_optimiser():
    np.testing.assert_allclose(
        rates(nn.Cosine(optimiser(2.0), steps=5, final=1.0), 5), 1.5 + 0.5 * np.cos(np.pi * np.arange(5) / 4)
    )


def test_cosine_warms_up_in_a_straight_line():
    seen = rates(nn.Cosine(optimiser(4.0), steps=8, warmup=3), 8)
    np.testing.assert_allclose(seen[:4], [1, 2, 3, 4])
    assert seen[-1] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("make", [lambda o: nn.OneCycle(o, 0.1, 4), lambda o: nn.Cosine(o, 4, final=0.1)])
def test_the_last_rate_stays(make):
    schedule = make(optimiser())
    seen = rates(schedule, 7)
    assert seen[3:] == [seen[3]] * 4


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda o: nn.OneCycle(o, 0.1, 0), "a schedule needs at least 1 step, got 0"),
        (lambda o: nn.OneCycle(o, 0.0, 5), "max_lr must be positive, got 0.0"),
        (lambda o: nn.OneCycle(o, 0.1, 5, warmup=2), r"warmup must lie in \[0, 1\], got 2"),
        (lambda o: nn.OneCycle(o, 0.1, 5, start=0), "start and end must be positive, got 0 and 10000.0"),
        (lambda o: nn.Cosine(o, 5, final=-1), "final must not be negative, got -1"),
        (lambda o: nn.Cosine(o, 5, warmup=5), "warmup must be 0 to steps − 1 = 4, got 5"),
        (lambda o: nn.Cosine(o, 0), "a schedule needs at least 1 step, got 0"),
    ],
)
def test_schedules_refuse(make, message):
    with pytest.raises(ValueError, match=message):
        make(optimiser())

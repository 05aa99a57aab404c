"""Optimisers against their update rules written out."""

import numpy as np
import pytest

from ltisys import nn

START = np.random.default_rng(0).standard_normal((3, 2))
GRADS = np.random.default_rng(1).standard_normal((5, 3, 2))


def run(make) -> np.ndarray:
    w = nn.Variable(START.copy())
    optimiser = make([w])
    for grad in GRADS:
        w.grad = grad
        optimiser.step()
    return w.value


def test_plain_descent():
    np.testing.assert_allclose(run(lambda p: nn.SGD(p, lr=0.1)), START - 0.1 * GRADS.sum(axis=0))


@pytest.mark.parametrize("nesterov", [False, True])
def test_momentum_and_decay(nesterov):
    w, v = START.copy(), np.zeros_like(START)
    for grad in GRADS:
        g = grad + 0.01 * w
        v = 0.9 * v + g
        w = w - 0.1 * (g + 0.9 * v if nesterov else v)
    moved = run(lambda p: nn.SGD(p, lr=0.1, momentum=0.9, nesterov=nesterov, weight_decay=0.01))
    np.testing.assert_allclose(moved, w)


def adam(decay: float) -> np.ndarray:
    w, m, v = START.copy(), np.zeros_like(START), np.zeros_like(START)
    for n, g in enumerate(GRADS, start=1):
        w = w - 0.1 * decay * w
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
        w = w - 0.1 * (m / (1 - 0.9**n)) / (np.sqrt(v / (1 - 0.99**n)) + 1e-8)
    return w


def test_adam_and_its_decoupled_decay():
    np.testing.assert_allclose(run(lambda p: nn.Adam(p, lr=0.1, betas=(0.9, 0.99))), adam(0.0))
    np.testing.assert_allclose(run(lambda p: nn.AdamW(p, lr=0.1, betas=(0.9, 0.99), weight_decay=0.3)), adam(0.3))


OPTIMISERS = [
    lambda p: nn.SGD(p, lr=0.1),
    lambda p: nn.SGD(p, lr=0.1, momentum=0.9),
    lambda p: nn.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    lambda p: nn.Adam(p, lr=0.1),
    lambda p: nn.AdamW(p, lr=0.1),
]


@pytest.mark.parametrize("make", OPTIMISERS)
def test_updates_are_in_place_in_float32_and_leave_error_signals_alone(make):
    w, scalar, frozen = (
        nn.Variable(np.array([1, 2], np.float32)),
        nn.Variable(np.float32(3)),
        nn.Variable(np.array([5], np.float32)),
    )
    optimiser = make([w, scalar, frozen])
    value, grad = w.value, np.array([1, -1], np.float32)
    w.grad, scalar.grad = grad, np.array(1, np.float32)
    optimiser.step()
    assert w.value is value
    assert w.dtype == scalar.dtype == np.float32
    assert w.value[0] < 1 < 2 < w.value[1]
    assert scalar.item() < 3
    np.testing.assert_array_equal(grad, [1, -1])
    np.testing.assert_array_equal(frozen.value, [5])


def test_zero_grad_forgets():
    w = nn.Variable(1.0)
    optimiser = nn.SGD([w], lr=0.1)
    (w * 2).backward()
    optimiser.zero_grad()
    assert w.grad is None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda w: nn.SGD([], lr=0.1), "an optimiser needs at least one parameter, got none"),
        (lambda w: nn.SGD([w], lr=0), "lr must be positive, got 0"),
        (lambda w: nn.SGD([w], lr=float("nan")), "lr must be positive, got nan"),
        (lambda w: nn.AdamW([w], weight_decay=-1), "weight_decay must not be negative, got -1"),
        (lambda w: nn.SGD([w], lr=0.1, momentum=1), r"momentum must lie in \[0, 1\), got 1"),
        (lambda w: nn.SGD([w], lr=0.1, nesterov=True), "nesterov=True needs momentum > 0, got momentum=0"),
        (lambda w: nn.Adam([w], betas=(0.9, 1.0)), r"betas must lie in \[0, 1\), got \(0.9, 1.0\)"),
    ],
)
def test_optimisers_refuse(make, message):
    with pytest.raises(ValueError, match=message):
        make(nn.Variable(1.0))

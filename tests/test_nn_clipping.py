"""Clipping by the norm over all parameters."""

import numpy as np
import pytest

from ltisys import nn


def parameters(*errors):
    made = []
    for error in errors:
        parameter = nn.Variable(np.zeros_like(error))
        parameter.grad = error
        made.append(parameter)
    return made


def test_longer_error_signals_keep_their_direction_and_shorter_ones_everything():
    rng = np.random.default_rng(0)
    errors = [rng.standard_normal((3, 4)), rng.standard_normal(5), np.array(2.0)]
    norm = float(np.linalg.norm(np.concatenate([error.ravel() for error in errors])))
    moving = parameters(*errors)
    assert nn.clip_gradients(moving, 0.5) == pytest.approx(norm)
    for parameter, error in zip(moving, errors, strict=True):
        np.testing.assert_allclose(parameter.grad, 0.5 * error / norm)
        assert parameter.grad is not error
    still = parameters(*errors)
    assert nn.clip_gradients(still, norm * 1.001) == pytest.approx(norm)
    assert all(parameter.grad is error for parameter, error in zip(still, errors, strict=True))


def test_a_norm_beyond_float32_is_clipped():
    (huge,) = parameters(np.array([3e30, 4e30], np.float32))
    assert nn.clip_gradients([huge], 1.0) == pytest.approx(5e30)
    assert huge.grad is not None
    assert huge.grad.dtype == np.float32
    np.testing.assert_allclose(huge.grad, [0.6, 0.8], rtol=1e-6)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_is_told_and_left_alone(value):
    error = np.array([1.0, value])
    (broken,) = parameters(error)
    assert not np.isfinite(nn.clip_gradients([broken], 1.0))
    assert broken.grad is error


def test_parameters_without_error_signals_are_left_out():
    assert nn.clip_gradients([nn.Variable(1.0)], 1.0) == 0


@pytest.mark.parametrize("most", [0.0, -1.0, np.nan])
def test_the_largest_norm_is_positive(most):
    with pytest.raises(ValueError, match=f"the largest norm must be positive, got {most}"):
        nn.clip_gradients([], most)


def test_fit_clips_each_step():
    x, t = np.array([[1e3, 0.0]], np.float32), np.array([1])
    net = nn.Linear(2, 2, rng=0)
    before = [parameter.value.copy() for parameter in net.parameters()]
    rule = nn.SGD(net.parameters(), lr=1.0)
    nn.fit(net, (x, t), loss=nn.cross_entropy, optimiser=rule, epochs=1, batch_size=1, clip=0.25, progress=False)
    moved = [(p.value - b).ravel() for p, b in zip(net.parameters(), before, strict=True)]
    assert np.linalg.norm(np.concatenate(moved)) == pytest.approx(0.25, rel=1e-5)  # float32

"""Losses against their definitions."""

import numpy as np
import pytest

from ltisys import nn

LOGITS = np.random.default_rng(0).standard_normal((4, 3))
T = np.array([0, 2, 1, 1])


def bar(variable: nn.Variable) -> np.ndarray:
    """The error signal, which must be there."""
    assert variable.grad is not None
    return variable.grad


def log_softmax(z: np.ndarray) -> np.ndarray:
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def test_cross_entropy_of_class_indices_is_the_mean_negative_log_probability():
    assert nn.cross_entropy(nn.Variable(LOGITS), T).item() == pytest.approx(
        -log_softmax(LOGITS)[np.arange(4), T].mean()
    )


def test_cross_entropy_takes_probabilities():
    p = np.random.default_rng(1).dirichlet(np.ones(3), size=4)
    assert nn.cross_entropy(LOGITS, p).item() == pytest.approx(-(p * log_softmax(LOGITS)).sum(axis=1).mean())
    assert nn.cross_entropy(LOGITS, np.eye(3)[T]).item() == pytest.approx(nn.cross_entropy(LOGITS, T).item())


def test_label_smoothing_mixes_with_the_uniform_distribution():
    smooth = 0.9 * np.eye(3)[T] + 0.1 / 3
    assert nn.cross_entropy(LOGITS, T, label_smoothing=0.1).item() == pytest.approx(
        nn.cross_entropy(LOGITS, smooth).item()
    )


def test_the_error_signal_is_softmax_minus_target():
    z = nn.Variable(LOGITS)
    nn.cross_entropy(z, T).backward()
    np.testing.assert_allclose(bar(z), (np.exp(log_softmax(LOGITS)) - np.eye(3)[T]) / 4)


def test_cross_entropy_survives_huge_logits():
    z = nn.Variable(np.array([[1e4, -1e4]], np.float32))
    loss = nn.cross_entropy(z, [1])
    loss.backward()
    assert loss.dtype == np.float32
    assert loss.item() == 2e4
    np.testing.assert_array_equal(bar(z), [[1, -1]])


@pytest.mark.parametrize(
    ("logits", "t", "options", "message"),
    [
        (np.zeros(3), [0], {}, r"cross_entropy takes logits \(B, C\), got shape \(3,\)"),
        (LOGITS, [0, 1, 2, 3], {}, "class indices must be 0 to 2, got 3"),
        (LOGITS, [0, 1, 2, -1], {}, "class indices must be 0 to 2, got -1"),
        (LOGITS, [0, 1], {}, "4 outputs need as many targets, got 2"),
        (LOGITS, np.zeros((4, 2)), {}, r"targets must have shape \(4,\) or \(4, 3\), got \(4, 2\)"),
        (LOGITS, T, {"label_smoothing": 1.5}, r"label_smoothing must lie in \[0, 1\], got 1.5"),
    ],
)
def test_cross_entropy_refuses(logits, t, options, message):
    with pytest.raises(ValueError, match=message):
        nn.cross_entropy(logits, t, **options)


def test_class_indices_must_be_integers():
    with pytest.raises(TypeError, match="class indices must be integers, got dtype float64"):
        nn.cross_entropy(LOGITS, [0.0, 1.0, 2.0, 1.0])


def test_squared_error_is_the_lectures_half_square_averaged_over_the_batch():
    y, t = LOGITS, np.ones((4, 3))
    assert nn.squared_error(y, t).item() == pytest.approx(0.5 * ((y - t) ** 2).sum() / 4)
    assert nn.squared_error(nn.Variable(3.0), 1.0).item() == 2.0


def test_squared_error_keeps_float32_and_refuses_other_shapes():
    assert nn.squared_error(np.array([[1, 2]], np.float32), [[0.0, 0.0]]).dtype == np.float32
    with pytest.raises(ValueError, match=r"outputs and targets must have one shape, got \(4, 1\) and \(4,\)"):
        nn.squared_error(np.zeros((4, 1)), np.zeros(4))

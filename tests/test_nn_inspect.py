"""Looking into networks: each tool against what is known of a network made for it."""

import sys

import numpy as np
import pytest

from ltisys import nn
from ltisys.nn import inspect

rng = np.random.default_rng(0)
ONE = nn.Conv1d(1, 2, 3)


def blocks(n: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Bright squares at chance places, and where their corners are."""
    x, corners = np.zeros((n, 1, 12, 12), np.float32), rng.integers(1, 8, (n, 2))
    for image, (i, j) in zip(x, corners, strict=True):
        image[0, i : i + 3, j : j + 3] = rng.uniform(0.5, 1)
    return x, corners


def small() -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(1, 3, 3, rng=1), nn.ReLU(), nn.MaxPool(2), nn.Flatten(), nn.Linear(108, 4, rng=2))


def test_activations_end_in_the_output_and_change_nothing():
    net, (x, _) = small().train(), blocks(5)
    found = inspect.activations(net, x)
    assert list(found) == ["0 Conv2d", "1 ReLU", "2 MaxPool", "3 Flatten", "4 Linear"]
    np.testing.assert_array_equal(found["4 Linear"], net.predict(x))
    np.testing.assert_array_equal(found["1 ReLU"], np.maximum(found["0 Conv2d"], 0))
    assert net.training


def test_a_matched_filter_finds_its_squares():
    net = nn.Sequential(nn.Conv2d(1, 2, 3, bias=False, rng=0), nn.ReLU())
    net[0].weight.value[1] = 1
    x, corners = blocks()
    patches = inspect.maximally_activating(net, x, channel=1, count=5)
    np.testing.assert_allclose([p.value for p in patches], np.sort(9 * x.max(axis=(1, 2, 3)))[:-6:-1], rtol=1e-6)
    for patch in patches:
        assert patch.place == tuple(corners[patch.example] + 1)
        np.testing.assert_array_equal(patch.samples, np.full((1, 3, 3), x[patch.example].max()))


def test_a_patch_at_the_border_is_continued_by_zeros():
    net = nn.Conv2d(1, 1, 3, bias=False)
    net.weight.value[:] = 1
    x = np.zeros((1, 1, 4, 4), np.float32)
    x[0, 0, 0, 0] = 1
    patch = inspect.maximally_activating(net, x, 0, count=1)[0]
    assert patch.samples.sum() == 1
    assert patch.place == (0, 0)
    assert patch.samples[0, 1, 1] == 1


def test_ascent_raises_the_score_and_leaves_no_trace():
    net = small().train()
    wanted = np.array([[0, 0, 1, 0]], np.float32)
    before = {name: value.copy() for name, value in net.state().items()}
    x = inspect.ascend(net, (1, 12, 12), lambda y: (y * wanted).sum(), steps=30)
    assert x.shape == (1, 12, 12)
    noise = (0.01 * rng.standard_normal((1, 1, 12, 12))).astype(np.float32)
    assert net.predict(x[None])[0, 2] > net.predict(noise)[0, 2] + 1
    assert all(np.array_equal(value, before[name]) for name, value in net.state().items())
    assert all(parameter.grad is None for parameter in net.parameters())
    assert net.training


def test_templates_score_by_inner_products():
    net, x = nn.zoo.softmax_regression(), rng.standard_normal((3, 784)).astype(np.float32)
    found = inspect.templates(net, (28, 28))
    bias = net.parameters()[1].value
    np.testing.assert_allclose(x @ found.reshape(10, -1).T + bias, net.predict(x), rtol=1e-4, atol=1e-5)


def test_neighbours_against_every_distance():
    points, queries = rng.standard_normal((30, 2, 3)), rng.standard_normal((4, 2, 3))
    found = inspect.nearest(points, queries, count=7)
    distances = np.linalg.norm((queries[:, None] - points).reshape(4, 30, -1), axis=2)
    np.testing.assert_array_equal(found.indices, np.argsort(distances, axis=1)[:, :7])
    np.testing.assert_allclose(found.distances, np.sort(distances, axis=1)[:, :7])


def test_principal_components_are_uncorrelated_and_rank_by_variance():
    features = rng.standard_normal((50, 4)) @ np.diag([5, 2, 1, 0.1]) + 3
    projected, shares = inspect.principal_components(features, 4)
    covariance = projected.T @ projected / 50
    np.testing.assert_allclose(covariance, np.diag(np.diag(covariance)), atol=1e-10)
    values = np.linalg.eigvalsh(np.cov(features.T, bias=True))[::-1]
    np.testing.assert_allclose(np.diag(covariance), values)
    np.testing.assert_allclose(shares, values / values.sum())


def test_convolution_is_equivariant_pooling_less_and_a_global_mean_invariant():
    net = nn.Sequential(nn.Conv2d(1, 4, 3, rng=0), nn.ReLU(), nn.MaxPool(2), nn.GlobalAvgPool())
    x, _ = blocks()
    x = np.pad(x, ((0, 0), (0, 0), (0, 0), (2, 6)))
    found = {(r.layer, r.shift): r for r in inspect.shift_responses(net, x, (1, 2))}
    assert found["0 Conv2d", 1].defect < 1e-6
    assert found["0 Conv2d", 1].change > 0.3
    assert np.isnan(found["2 MaxPool", 1].defect)  # a stride of 2 does not divide the shift
    assert found["2 MaxPool", 2].defect < 1e-6
    assert found["2 MaxPool", 1].change < found["1 ReLU", 1].change
    assert found["3 GlobalAvgPool", 2].change < 1e-6


def test_tsne_without_scikit_learn_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.manifold", None)
    with pytest.raises(ImportError, match=r't-SNE needs scikit-learn: pip install "ltisys\[inspect\]"'):
        inspect.tsne(np.zeros((5, 2)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: inspect.maximally_activating(ONE, np.zeros((1, 1, 9)), 2), "channel must be 0 to 1, got 2"),
        (lambda: inspect.maximally_activating(ONE, np.zeros((1, 1, 9)), 0, 0), "count must be at least 1"),
        (lambda: inspect.ascend(nn.Linear(2, 1), (2,), lambda y: y.sum(), steps=0), "steps must be at least 1, got 0"),
        (lambda: inspect.templates(small(), (12, 12)), "templates are those of a linear classifier"),
        (lambda: inspect.templates(nn.Linear(4, 2), (3,)), "have 3 samples, the classifier takes 4"),
        (lambda: inspect.nearest(np.zeros((3, 2)), np.zeros((1, 3))), "points have 2 coordinates and queries 3"),
        (lambda: inspect.nearest(np.zeros((3, 2)), np.zeros((1, 2)), 4), "count must be 1 to 3, got 4"),
        (lambda: inspect.principal_components(np.zeros((1, 2))), "need at least two examples, got 1"),
        (lambda: inspect.principal_components(np.zeros((5, 2)), 3), "count must be 1 to 2, got 3"),
        (lambda: inspect.shift_responses(small(), np.zeros((1, 1, 12, 12)), (12,)), "shifts must be 1 to 11, got 12"),
    ],
)  # fmt: skip
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()

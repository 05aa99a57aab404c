"""Multiply-adds, against counts by hand and those of papers."""

import pytest

from ltisys import nn


@pytest.mark.parametrize(
    ("layer", "shape", "expected"),
    [
        (nn.Conv1d(3, 4, 5), (2, 3, 10), 10 * 4 * 3 * 5),
        (nn.Conv1d(4, 4, 5, stride=2, groups=2, mode="valid"), (1, 4, 11), 4 * 4 * 2 * 5),
        (nn.Conv2d(3, 4, (3, 1)), (1, 3, 6, 7), 42 * 4 * 3 * 3),
        (nn.FilterBank((4, 9), 4), (1, 100), 25 * 4 * 9),
        (nn.ConvTranspose1d(3, 4, 5, stride=2), (1, 3, 10), 10 * 3 * 4 * 5),
        (nn.Linear(7, 3), (5, 7), 21),
        (nn.LocallyConnected2d(2, 3, (5, 5), 3), (1, 2, 5, 5), 9 * 3 * 2 * 9),
        (nn.Parallel(nn.Conv1d(1, 2, 3), nn.Conv1d(1, 1, 1)), (1, 1, 10), 70),
        (nn.Residual(nn.Conv1d(1, 2, 3), nn.Conv1d(1, 2, 1)), (1, 1, 10), 80),
        (nn.Sequential(nn.ReLU(), nn.MaxPool(2), nn.Conv1d(1, 2, 3)), (1, 1, 10), 30),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, nn.Layer) else "",
)
def test_every_product_counts(layer, shape, expected):
    assert nn.macs(layer, shape) == expected


def test_counts_of_papers():
    assert nn.macs(nn.zoo.tc_resnet8(classes=12), (1, 40, 98)) == pytest.approx(1.5e6, rel=0.02)  # Choi et al., table 2
    assert nn.macs(nn.zoo.resnet18(), (1, 3, 224, 224)) == pytest.approx(1.8e9, rel=0.02)  # He et al., table 1

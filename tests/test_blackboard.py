"""The lecture's table and its two ways of seeing convolution."""

import numpy as np
import pytest
from hypothesis import given

from ltisys import Signal, flip_and_filter, shifting_table, translate_and_scale
from ltisys.testing import signals

LECTURE = """\
k:       -2  -1   0   1   2   3   4   5
x[k]:             3   1   2
h[-k]:    1   2   3
h[1-k]:       1   2   3
h[2-k]:           1   2   3
h[3-k]:               1   2   3
h[4-k]:                   1   2   3
h[5-k]:                       1   2   3

y[0] = 3·3 = 9
y[1] = 3·2 + 1·3 = 9
y[2] = 3·1 + 1·2 + 2·3 = 11
y[3] = 1·1 + 2·2 = 5
y[4] = 2·1 = 2
y[5] = 0"""


def test_the_table_is_that_of_the_lecture():
    assert shifting_table([3, 1, 2], [3, 2, 1]) == LECTURE


def test_a_table_knows_where_signals_start():
    table = shifting_table(Signal([1, -2], start=3), Signal([1.5], start=-1))
    assert table.splitlines() == [
        "k:         3    4    5",
        "x[k]:      1   -2",
        "h[2-k]:  1.5",
        "h[3-k]:       1.5",
        "h[4-k]:            1.5",
        "",
        "y[2] = 1·1.5 = 1.5",
        "y[3] = (-2)·1.5 = -3",
        "y[4] = 0",
    ]


def test_a_table_of_complex_and_boolean_samples():
    assert shifting_table([True], [1 + 2j]).splitlines()[-2:] == ["y[0] = 1·(1+2j) = 1+2j", "y[1] = 0"]


@given(signals(), signals())
def test_both_ways_lead_to_the_convolution(x, h):
    translations = list(translate_and_scale(x, h))
    assert len(translations) == len(h)
    assert sum(step.term for step in translations) == x * h
    assert translations[-1].total == x * h
    assert all(step.term == x.shift(step.k) * step.weight for step in translations)
    overlaps = list(flip_and_filter(x, h))
    assert Signal([step.value for step in overlaps], overlaps[0].n) == x * h
    assert all(step.flipped == h.reverse().shift(step.n) for step in overlaps)
    assert all(step.products.samples.sum() == step.value for step in overlaps)


@given(signals(ndim=2, most=4), signals(ndim=2, most=3))
def test_both_ways_see_images_too(x, h):
    assert list(translate_and_scale(x, h))[-1].total == x * h
    overlaps = list(flip_and_filter(x, h))
    values = np.array([step.value for step in overlaps]).reshape((x * h).shape)
    assert Signal(values, overlaps[0].n) == x * h


def test_the_example_of_the_first_lecture():
    steps = list(translate_and_scale([[1, 3, 1], [0, -1, 1], [2, 2, -1]], [[1, 2], [0, -1]]))
    assert [step.weight for step in steps] == [1, 2, 0, -1]
    assert steps[-1].total == Signal([[1, 5, 7, 2], [0, -2, -4, 1], [2, 6, 4, -3], [0, -2, -2, 1]], (0, 0))


def test_steps_can_be_read():
    assert [str(step) for step in translate_and_scale([3, 1, 2], [3, 2])] == [
        "h[0] = 3: Signal([9, 3, 6], start=0) -> Signal([9, 3, 6], start=0)",
        "h[1] = 2: Signal([6, 2, 4], start=1) -> Signal([9, 9, 8, 4], start=0)",
    ]
    assert str(next(flip_and_filter([3, 1], [3, 2]))) == (
        "y[0] = 9: Signal([2, 3], start=-1) -> Signal([0, 9], start=-1)"
    )
    assert str(next(flip_and_filter([[3]], [[2]]))).startswith("y[0, 0] = 6: ")


def test_what_does_not_fit_is_refused_before_the_first_step():
    with pytest.raises(ValueError, match=r"x must have a single channel, got samples of shape \(2, 1, 1, 1\)"):
        flip_and_filter(np.ones((2, 1, 1, 1)), [1])
    with pytest.raises(ValueError, match="equally many index axes, got 1 and 2"):
        translate_and_scale([1], [[1]])
    with pytest.raises(ValueError, match="rates must agree, got 1 and 2"):
        translate_and_scale(Signal([1], rate=1), Signal([1], rate=2))
    with pytest.raises(ValueError, match="a table is for signals in time, got 2 index axes"):
        shifting_table([[1]], [[1]])
    with pytest.raises(OverflowError, match="int64"):
        flip_and_filter([2**62], [2])

"""Counterexamples: shrunk, right, and readable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage, signal

from ltisys import Signal
from ltisys.probe import Counterexample, check
from ltisys.probe.laws import Sides
from ltisys.probe.shrink import shrunk


def on_the_indices(x, length=64):
    return x[0:length].samples.astype(float)


def test_a_median_needs_a_few_unit_samples():
    example = check(lambda x: signal.medfilt(x, 3)).counterexample
    assert example is not None
    assert example.law == "additive"
    x1, x2 = map(on_the_indices, example.inputs)
    left = signal.medfilt(x1 + x2, 3)
    right = signal.medfilt(x1, 3) + signal.medfilt(x2, 3)
    low, high = example.left.support
    np.testing.assert_array_equal(example.left.samples, left[low:high])
    np.testing.assert_array_equal(example.right.samples, right[low:high])
    assert str(example).splitlines() == [
        "f(x1 + x2) ≠ f(x1) + f(x2)",
        "  x1            = δ[n - 32]",
        "  x2            = δ[n - 33]",
        "  f(x1 + x2)    = [1, 1] from n = 32",
        "  f(x1) + f(x2) = [0, 0] from n = 32",
    ]


def test_a_clipped_gain_shows_its_limit():
    report = check(lambda x: np.clip(x, -1, 1))
    first, second = report.counterexamples
    assert first.inputs == (Signal([1], start=32), Signal([1], start=32))
    assert (first.left, first.right) == (Signal([1], start=32), Signal([2], start=32))
    assert (second.law, second.number) == ("homogeneous", 2)


def test_a_constant_breaks_linearity_at_zero():
    example = check(lambda x: x + 1).counterexample
    assert example is not None
    assert example.inputs == (Signal([0]), Signal([0]))
    assert (example.left[5], example.right[5]) == (1, 2)


def test_a_modulator_is_shown_by_a_delayed_unit_sample():
    example = check(lambda x: x * (-1.0) ** np.arange(x.size)).counterexample
    assert example is not None
    assert (example.law, example.number, example.inputs) == ("time_invariant", 1, (Signal([1], start=8),))
    assert str(example).splitlines()[2:] == [
        "  f(x[n - 1]) = [-1] from n = 9",
        "  f(x)[n - 1] = [1] from n = 9",
    ]


def test_what_happens_at_the_ends_is_shown_there():
    joined = check(lambda x: np.roll(x, 1)).counterexample
    assert joined is not None
    assert (joined.law, joined.inputs) == ("ends", (Signal([1], start=62),))
    assert (joined.left, joined.right) == (Signal([1], start=0), Signal([0], start=0))
    mirrored = check(lambda x: ndimage.uniform_filter1d(x, 3, mode="mirror")).counterexample
    assert mirrored is not None
    assert mirrored.law == "ends"
    assert min(mirrored.inputs[0].start, 63 - mirrored.inputs[0].start) <= 1


def test_cutting_to_whole_numbers_is_shown_by_two_halves():
    report = check(lambda x: ndimage.convolve1d(x.astype(np.int16), [0.5, 0.5]))
    example = report.counterexample
    assert example is not None
    assert example.inputs == (Signal([1], start=32), Signal([1], start=32))
    assert (example.left, example.right) == (Signal([1, 1], start=31), Signal([0, 0], start=31))


def test_signals_are_written_as_they_are_read_best():
    sides = Sides(np.array([np.nan, 1.25]), np.array([np.nan, 3.0]), 7, 3.0)
    few = Counterexample.of("homogeneous", (np.array([0.0, -1.0, 2.5, 0.0]),), 0.5, sides)
    assert str(few).splitlines() == [
        "f(0.5 x) ≠ 0.5 f(x)",
        "  x        = -δ[n - 1] + 2.5 δ[n - 2]",
        "  f(0.5 x) = [1.25] from n = 8",
        "  0.5 f(x) = [3] from n = 8",
    ]
    many = Counterexample.of("repeatable", (np.arange(20.0),), None, sides)
    assert "x                 = Signal([ 1,  2,  3, ..., 17, 18, 19], start=1)" in str(many)
    assert "x           = δ[n]\n" in str(Counterexample.of("ends", (np.array([1.0]),), 1, sides))


def test_only_the_samples_around_the_largest_difference_are_shown():
    left, right = np.ones(30), np.zeros(30)
    left[20] = 5
    example = Counterexample.of("ends", (np.ones(1),), 1, Sides(left, right, 100, 5.0))
    assert example.left.support == (116, 124)


def test_a_report_can_be_read():
    report = check(lambda x: np.repeat(x[::2], 2), 64)
    assert str(report).splitlines()[:4] == [
        "<lambda>, tried with 64 samples, relative tolerance 1.5e-08",
        "  linear          yes",
        "  time-invariant  no       period 2",
        "  causal          yes",
    ]
    assert report.reasons == ("period 2",)
    assert "1 out for 2 in, period 2" in str(check(lambda x: x[::2]))
    assert "homogeneous, not additive" in str(check(lambda x: signal.medfilt(x, 3)))
    assert "linear but for cutting to whole numbers" in str(check(lambda x: x.astype(int)))
    assert "affine: linear but for the constant f(0)" in str(check(lambda x: x + 1))
    assert "other rules at the ends" in str(check(np.gradient))


@given(st.lists(st.integers(-200, 200), min_size=3, max_size=30), st.integers(1, 50))
def test_shrinking_keeps_the_law_broken_and_ends_at_one_sample(values, limit):
    x = np.array([*values, 3.0 * limit])
    smallest = shrunk(x + 0.25, lambda x: bool(np.any(np.abs(x) > limit)))
    assert np.count_nonzero(smallest) == 1
    assert limit < smallest.max() <= max(2.5 * limit, limit + 1)


@pytest.mark.parametrize(("least", "plainest"), [(0.9, 1.0), (0.3, 0.5), (0.07, 0.1), (-1.0, 0.0)])
def test_shrinking_takes_the_plainest_numbers_that_will_do(least, plainest):
    def breaks(x):
        return least < np.abs(x).max() <= 2 * abs(least)

    start = np.array([0.0, 1.1 * least if least > 0 else 0.5, 0.0])
    np.testing.assert_array_equal(shrunk(start, breaks), [0, plainest, 0])


def test_what_cannot_be_made_plainer_stays():
    x = np.array([0.0, 1e-5, 0.0])
    np.testing.assert_array_equal(shrunk(x, lambda x: 0 < np.abs(x).max() < 1e-4), x)

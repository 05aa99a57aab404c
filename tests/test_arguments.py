# pyright: reportArgumentType=false, reportCallIssue=false
# wrong types are what some of these tests are about
"""Bad input gets an error that quotes it, before any work."""

import numpy as np
import pytest

import ltisys as lti

CASES = [
    (lambda: lti.convolve([1.0], [1.0], "sume"), ValueError, "unknown mode 'sume': use 'full', 'same', 'valid' or a pair"),
    (lambda: lti.convolve([1.0], [1.0], (1, -1)), ValueError, "mode's after must be at least 0, got -1"),
    (lambda: lti.convolve([1.0], [1.0], (1, 0.5)), TypeError, "mode's after must be an integer, got 0.5"),
    (lambda: lti.convolve([1.0], [1.0], ("same", "full")), ValueError, "unknown mode"),
    (lambda: lti.convolve([1.0], [1.0], padding="mirrored"), ValueError, "unknown padding 'mirrored'"),
    (lambda: lti.convolve([1.0], [1.0], padding=0), ValueError, "unknown padding 0"),
    (lambda: lti.convolve([1.0], [1.0], value=1), ValueError, "value=1 goes with padding='constant' only"),
    (lambda: lti.convolve([1.0], [1.0], stride=0), ValueError, "stride must be at least 1, got 0"),
    (lambda: lti.convolve([1.0], [1.0], stride=1.0), TypeError, "stride must be an integer, got 1.0"),
    (lambda: lti.convolve([1.0], [1.0], stride=True), TypeError, "stride must be an integer, got True"),
    (lambda: lti.convolve([1.0], [1.0], dilation=-2), ValueError, "dilation must be at least 1, got -2"),
    (lambda: lti.convolve([1.0], [1.0], stride=(1, 2)), ValueError, r"stride takes one value or one per axis \(1\)"),
    (lambda: lti.convolve([1.0], [1.0], origin="centre"), ValueError, "unknown origin 'centre'"),
    (lambda: lti.convolve([1.0], [1.0], origin=0.5), TypeError, "origin must be None, .* got 0.5"),
    (lambda: lti.convolve([1.0], [1.0], axis=1), ValueError, "axis 1 does not exist: x has 1 dimension"),
    (lambda: lti.convolve([1.0], [1.0], axis=None), TypeError, "axis must be an integer, got None"),
    (lambda: lti.convolve([1.0], [1.0], method="quick"), ValueError, "unknown method 'quick': use 'auto' or one of 'direct', 'fft'"),
    (lambda: lti.convolve([1.0], [1.0], method="gemm"), ValueError, "unknown method 'gemm'"),
    (lambda: lti.convolve([1.0], [[1.0]]), ValueError, r"h must have 1 dimension, got shape \(1, 1\)"),
    (lambda: lti.convolve(1.0, [1.0]), ValueError, r"x must have at least 1 dimension, got shape \(\)"),
    (lambda: lti.convolve([], [1.0]), ValueError, r"x is empty: its filtered axes have lengths \(0,\)"),
    (lambda: lti.convolve([1.0], []), ValueError, r"the response is empty: it has shape \(0,\)"),
    (lambda: lti.convolve2d([[1.0]], [1.0]), ValueError, r"h must have 2 dimensions, got shape \(1,\)"),
    (lambda: lti.convolve2d([1.0], [[1.0]]), ValueError, r"x must have at least 2 dimensions"),
    (lambda: lti.convolve2d([[1.0]], [[1.0]], axes=(0, 0)), ValueError, r"axes must differ, got \(0, 0\)"),
    (lambda: lti.convolve2d([[1.0]], [[1.0]], axes=-1), ValueError, "axes must be a pair of integers"),
    (lambda: lti.convolve2d([[1.0]], [[1.0]], padding=("zero",)), ValueError, r"padding takes one value or one per axis \(2\)"),
    (lambda: lti.convolve2d([[1.0]], [[1.0]], origin=(1, 2, 3)), ValueError, r"origin takes one value or one per axis \(2\)"),
    (lambda: lti.convolve2d(np.ones((9, 9)), np.eye(3), method="separable"), ValueError, "needs a kernel that is a sum of at most 2 outer products"),
    (lambda: lti.convolve_bank(np.ones((1, 2, 5)), np.ones((2, 3, 3))), ValueError, "x has 2 channels and the bank 2 maps of 3 channels each"),
    (lambda: lti.convolve_bank(np.ones((1, 4, 5)), np.ones((3, 2, 3)), groups=2), ValueError, "maps must divide by 2"),
    (lambda: lti.convolve_bank(np.ones((1, 4, 5)), np.ones((3, 2, 3)), groups=0), ValueError, "groups must be at least 1, got 0"),
    (lambda: lti.convolve_bank(np.ones((4, 5)), np.ones((3, 4, 3))), ValueError, r"takes x of shape \(B, C, N\), got \(4, 5\)"),
    (lambda: lti.convolve_bank(np.ones((4, 5)), np.ones((3, 4))), ValueError, r"bank must have shape \(M, C/groups, K\) or"),
    (lambda: lti.convolve_bank(np.ones((1, 0, 5)), np.ones((3, 0, 3))), ValueError, "x is empty"),
    (lambda: lti.convolve_bank(np.ones((1, 1, 5)), np.ones((1, 1, 3)), order="F"), ValueError, "unknown order 'F'"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), CASES, ids=[message[:40] for _, _, message in CASES])
def test_error_quotes_what_was_given(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_an_array_on_a_gpu_that_cannot_be_used_is_refused_in_one_line():
    class OnGpu:
        __cuda_array_interface__ = None

    with pytest.raises((ImportError, RuntimeError, TypeError), match=r"needs numba-cuda: pip|no NVIDIA GPU|interface"):
        lti.convolve(OnGpu(), [1.0])


def test_per_axis_words_are_taken_per_axis():
    x, h = np.arange(12.0).reshape(3, 4), np.ones((2, 2))
    words = {"stride": (1, 2), "dilation": (2, 1), "padding": ("reflect", "zero"), "origin": ("causal", 1)}
    y = lti.convolve2d(x, h, "same", **words)
    down = lti.convolve(x, [1.0, 1.0], "same", axis=0, dilation=2, padding="reflect", origin="causal")
    np.testing.assert_array_equal(y, lti.convolve(down, [1.0, 1.0], "same", stride=2, origin=1))
    np.testing.assert_array_equal(
        lti.convolve2d(x, h, ((0, 1), (1, 0))),
        lti.convolve(lti.convolve(x, [1.0, 1.0], (0, 1), axis=0), [1, 1], (1, 0)),
    )

"""How arrays come in and go out: views, places to write to, and what is refused."""

import naive
import numpy as np
import pytest
from device_arrays import assert_near, lti, samples, size, there


def test_any_axis_of_any_view():
    x, h = samples((3, 8, 4), "f8"), samples((3,), "f8", 1)
    part = there(x)[::2, 1:7, ::-1] if hasattr(there(x), "_ary") else there(x)[::2, 1:7]
    here = part.copy_to_host()
    for axis in (0, 1, 2):
        right = np.moveaxis(naive.convolve(np.moveaxis(here, axis, -1), h, "full"), -1, axis)
        assert_near(lti.convolve(part, h, axis=axis), np.ascontiguousarray(right), size(here, h), 3)
        y_bar = samples(right.shape, "f8", 2)
        x_bar, h_bar = lti.convolve_vjp(part, there(h), there(y_bar), axis=axis)
        wanted = naive.vjp(
            lambda a, b, axis=axis: np.moveaxis(naive.convolve(np.moveaxis(a, axis, -1), b, "full"), -1, axis),
            here,
            h,
            y_bar,
        )
        assert_near(x_bar, wanted[0], size(y_bar, h), 60)
        assert_near(h_bar, wanted[1], size(y_bar, here), 60)


def test_results_are_written_where_they_are_wanted_even_over_their_samples():
    x, h = samples((9,)), samples((4,), seed=1)
    on_device = there(x)
    result = lti.convolve(on_device, h, "same", out=on_device)
    assert result is on_device
    assert_near(result, naive.convolve(x, h, "same"), size(x, h), 4)
    with pytest.raises(ValueError, match=r"out must be an array on the GPU of dtype float32 and shape \(12,\)"):
        lti.convolve(there(x), h, out=on_device)
    with pytest.raises(ValueError, match=r"out must be .*, got float32"):
        lti.convolve(there(x), h, out=np.empty(12, "f4"))


def test_a_response_may_come_from_main_memory_but_not_samples():
    x, h = samples((5,)), samples((2,), seed=1)
    assert_near(lti.convolve(there(x), h), naive.convolve(x, h), size(x, h), 2)
    with pytest.raises(TypeError, match="move x there"):
        lti.convolve(x, there(h))


def test_nothing_is_left_of_an_empty_batch():
    assert lti.convolve(there(np.empty((0, 5))), [1.0, 2.0]).shape == (0, 6)


def test_integers_that_might_not_fit_are_refused():
    assert lti.convolve(there(np.array([3, 1, 2])), [3, 2, 1]).copy_to_host().tolist() == [9, 9, 11, 5, 2]
    with pytest.raises(OverflowError, match=r"beyond int64"):
        lti.convolve(there(np.array([2**62, 0, -5])), [3])
    with pytest.raises(OverflowError, match="does not fit int64"):
        lti.convolve(there(np.array([2**63], np.uint64)), [1])
    with pytest.raises(TypeError, match="no gradient"):
        lti.convolve_vjp(there(np.array([1, 2])), [1, 1], [1, 1, 1])


def test_the_checks_are_those_of_the_cpu():
    x = there(np.ones(4))
    with pytest.raises(ValueError, match="unknown padding 'warp'"):
        lti.convolve(x, [1.0], padding="warp")
    with pytest.raises(ValueError, match="method='winograd' does not run on a GPU"):
        lti.convolve_bank(there(np.ones((1, 1, 4, 4))), np.ones((1, 1, 3, 3)), method="winograd")
    with pytest.raises(ValueError, match=r"y_bar must have the shape of the output, \(5,\), got \(4,\)"):
        lti.convolve_vjp(x, [1.0, 1.0], np.ones(4))
    with pytest.raises(TypeError, match="cannot convolve dtype"):
        lti.convolve(x, np.ones(2, np.longdouble))


def test_the_same_input_gives_the_same_bits():
    x, bank, y_bar = samples((3, 2, 40)), samples((2, 2, 5), seed=1), samples((3, 2, 40), seed=2)
    first, second = (lti.convolve_bank_vjp(there(x), there(bank), there(y_bar)) for _ in range(2))
    for a, b in zip(first, second, strict=True):
        assert np.array_equal(a.copy_to_host(), b.copy_to_host())

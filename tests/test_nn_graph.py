"""The graph: the lectures' small circuits with their numbers, fan-out, and what a graph refuses."""

import weakref

import numpy as np
import pytest

from ltisys.nn import Variable, functions, no_grad


def bar(variable: Variable) -> np.ndarray:
    """The error signal, which must be there."""
    assert variable.grad is not None
    return variable.grad


def test_fan_out_is_summed():
    x = Variable([1.0, 2.0])
    (x * x + x * 3 - x).sum().backward()
    np.testing.assert_allclose(bar(x), 2 * x.value + 3 - 1)


def test_every_node_is_finished_before_it_passes_on_its_error_signal():
    x = Variable(2.0)
    a = x * x
    b = a * a  # a feeds b and, one step further, c
    c = b + a
    c.backward()
    assert float(bar(x)) == pytest.approx(4 * 2.0**3 + 2 * 2.0)


def test_deep_graphs_need_no_recursion():
    x = y = Variable(1.0)
    for _ in range(5000):
        y = y + 0.0
    y.backward()
    assert float(bar(x)) == 1.0


def test_broadcasting_is_undone():
    x, y, z = Variable(np.ones((2, 3))), Variable(np.ones((1, 3))), Variable(2.0)
    (x * y + z).sum().backward()
    np.testing.assert_array_equal(bar(y), [[2.0, 2.0, 2.0]])
    assert bar(z).shape == ()
    assert float(bar(z)) == 6.0


def test_arrays_on_the_left_leave_the_work_to_the_variable():
    x = Variable([1.0, 2.0])
    for y in (np.ones(2) + x, np.ones(2) - x, np.ones(2) * x, np.ones(2) / x, np.ones((2, 2)) @ x, np.float64(2) * x):
        assert isinstance(y, Variable)


def test_numbers_never_promote_float32():
    x = Variable(np.array([1, 2], np.float32))
    for y in (x + 1, 2.5 * x, x / 3, 1 - x, x**2, -x, x.mean(), x.sum(axis=0), x.reshape(2, 1)):
        assert y.dtype == np.float32


def test_a_parameter_keeps_its_dtype_among_wider_data():
    w = Variable(np.array([1, 2], np.float32))
    (w * np.ones(2)).sum().backward()
    assert bar(w).dtype == np.float32


def test_error_signals_of_several_losses_add_up():
    x = Variable(3.0)
    (x * 2).backward()
    (x * 5).backward()
    assert float(bar(x)) == 7.0


def test_error_signals_of_computed_variables_are_dropped_on_request():
    x = Variable(3.0)
    y = x * 2
    (y * y).backward(keep_errors=False)
    assert y.grad is None
    assert float(bar(x)) == 24.0


def test_computed_variables_are_forgotten_once_nothing_waits_for_them():
    x = Variable(np.ones(3))
    y = x * 2
    alive = weakref.ref(y.value)
    loss = (y * y).sum()
    del y
    assert alive() is not None
    loss.backward(keep_errors=False)
    assert alive() is None
    assert np.array_equal(bar(x), 8 * np.ones(3))


def test_nothing_is_recorded_under_no_grad_or_for_constants():
    x = Variable(3.0)
    with no_grad():
        y = x * x
    assert (y.operation, y.parents) == ("", ())
    assert functions.exp(np.ones(2)).operation == ""
    assert (x * x).operation == "multiply"


def test_recording_resumes_after_an_error():
    with pytest.raises(RuntimeError), no_grad():
        raise RuntimeError
    assert (Variable(1.0) + 1).operation == "add"


def test_an_unwanted_error_signal_is_never_computed():
    x = Variable([-1.0])
    (x**2).sum().backward()  # the exponent's would take the logarithm of -1 and warn
    assert float(bar(x)[0]) == -2.0


def test_backward_twice_is_refused():
    x = Variable(3.0)
    y = x * x
    y.backward()
    with pytest.raises(ValueError, match="backward has already run through 'multiply': compute the loss again"):
        y.backward()
    with pytest.raises(ValueError, match="backward has already run through 'multiply'"):
        (y + 1).backward()
    assert float(bar(x)) == 6.0


def test_backward_starts_at_a_scalar():
    y = Variable([1.0, 2.0]) * 2
    with pytest.raises(
        ValueError, match=r"backward starts at a scalar, got 'multiply' of shape \(2,\): sum or average"
    ):
        y.backward()


def test_backward_needs_a_graph():
    with pytest.raises(ValueError, match="nothing was recorded for 'w'"):
        Variable(1.0, "w").backward()


@pytest.mark.parametrize("value", [[1j], ["a"], [None]])
def test_only_real_numbers_are_values(value):
    with pytest.raises(TypeError, match="a Variable holds real numbers, got dtype"):
        Variable(value)


def test_integers_become_float64():
    assert Variable([1, 2]).dtype == np.float64


def test_repr_shows_value_and_name():
    assert repr(Variable([1.0, 2.0], "w")) == "Variable([1., 2.], name='w')"


def test_a_wrong_shape_is_reported_with_the_operation_and_what_it_was_given():
    weight = Variable(np.ones((2, 3)), "weight")
    with pytest.raises(ValueError, match=r"multiply of weight \(2, 3\), \(4,\): operands could not be broadcast"):
        _ = weight * np.ones(4)
    with pytest.raises(ValueError, match=r"matmul of weight \(2, 3\), weight \(2, 3\): "):
        _ = weight @ weight

"""Every primitive's pullback against central differences in float64; the table below must name them all."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ltisys.nn import Variable, functions
from ltisys.nn.functions import Windows
from ltisys.nn.graph import PRIMITIVES


def bar(variable: Variable) -> np.ndarray:
    """The error signal, which must be there."""
    assert variable.grad is not None
    return variable.grad


Case = tuple[tuple[Any, ...], dict[str, Any]]


def normal(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


def positive(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0.5, 2.0, shape)


def distinct(*shape: int) -> np.ndarray:
    """No two values nearer than 1, none near 0: away from the corners of max and relu."""
    values = np.arange(np.prod(shape)) - np.prod(shape) / 2 + 0.25
    return np.random.default_rng(0).permutation(values).reshape(shape)


def probabilities(*shape: int) -> np.ndarray:
    p = positive(*shape, seed=5)
    return p / p.sum(axis=1, keepdims=True)


CASES: dict[str, list[Case]] = {
    "add": [((normal(2, 3), normal(2, 3, seed=1)), {}), ((normal(2, 1, 4), normal(3, 1)), {}), ((normal(2), 3.0), {})],
    "subtract": [((normal(2, 3), normal(3)), {}), ((1.0, normal(2)), {})],
    "multiply": [((normal(2, 3), normal(2, 1)), {}), ((normal(3), 2), {}), ((normal(), normal(4)), {})],
    "divide": [((normal(2, 3), positive(3)), {}), ((1.0, positive(2, 2)), {})],
    "power": [((positive(2, 3), normal(3)), {}), ((normal(4), 3), {})],
    "exp": [((normal(2, 3),), {})],
    "log": [((positive(2, 3),), {})],
    "matmul": [
        ((normal(2, 3), normal(3, 4)), {}),
        ((normal(2, 3), normal(3)), {}),
        ((normal(3), normal(3, 4)), {}),
        ((normal(3), normal(3, seed=1)), {}),
        ((normal(5, 2, 3), normal(3, 4)), {}),
        ((normal(3), normal(5, 3, 2)), {}),
    ],
    "relu": [((distinct(3, 4),), {})],
    "leaky_relu": [((distinct(3, 4),), {"slope": 0.1})],
    "sigmoid": [((normal(3, 4),), {})],
    "tanh": [((normal(3, 4),), {})],
    "softmax": [((normal(3, 4),), {}), ((normal(2, 3, 4),), {"axis": -1})],
    "reshape": [((normal(2, 6),), {"shape": (3, 4)})],
    "transpose": [((normal(2, 3, 4),), {})],
    "sum": [((normal(2, 3, 4),), {}), ((normal(2, 3, 4),), {"axis": (0, 2)}), ((normal(2, 3),), {"axis": -1})],
    "mean": [((normal(2, 3, 4),), {}), ((normal(2, 3, 4),), {"axis": (1, 2)})],
    "linear": [
        ((normal(5, 3), normal(2, 3), normal(2)), {}),
        ((normal(5, 3), normal(2, 3)), {}),
        ((normal(4, 5, 3), normal(2, 3), normal(2)), {}),
    ],
    "convolve_bank": [
        ((normal(2, 3, 8), normal(4, 3, 3), normal(4)), {}),
        ((normal(2, 4, 9), normal(4, 2, 3)), {"stride": 2, "dilation": 2, "groups": 2, "padding": "reflect"}),
        ((normal(2, 2, 6, 5), normal(3, 2, 3, 2), normal(3)), {"mode": ((1, 0), (2, 1)), "stride": (2, 1)}),
    ],
    "batch_norm": [
        ((normal(5, 3, 4), positive(3), normal(3)), {}),
        ((normal(6, 2), positive(2), normal(2)), {"eps": 0.1}),
        ((normal(2, 2, 3, 2), positive(2), normal(2)), {}),
    ],
    "normalise": [
        ((normal(5, 3, 4), positive(3), normal(3)), {"mean": normal(3, seed=7), "variance": positive(3, seed=8)}),
    ],
    "max_pool": [
        ((distinct(2, 3, 7),), {"windows": Windows((2,), (2,), (0,), (1,))}),
        ((distinct(2, 2, 6, 5),), {"windows": Windows((3, 2), (2, 1), (1, 1), (1, 2))}),
    ],
    "avg_pool": [
        ((normal(2, 3, 7),), {"windows": Windows((3,), (2,), (1,), (1,))}),
        ((normal(2, 2, 6, 5),), {"windows": Windows((2, 2), (2, 2), (0, 0), (1, 1))}),
    ],
    "softmax_cross_entropy": [((normal(4, 3),), {"targets": probabilities(4, 3)})],
    "half_squared_distance": [((normal(4, 3), normal(4, 3, seed=1)), {}), ((normal(), normal(seed=1)), {})],
}

ALL = [pytest.param(name, *case, id=f"{name}-{i}") for name, cases in CASES.items() for i, case in enumerate(cases)]


def weighted_sum(function: Callable[..., Variable], arguments: tuple, options: dict, weights: np.ndarray) -> float:
    return float(np.sum(weights * function(*arguments, **options).value))


def test_the_table_names_every_primitive():
    assert CASES.keys() == PRIMITIVES.keys()


@pytest.mark.parametrize(("name", "arguments", "options"), ALL)
def test_pullback_equals_central_differences(name, arguments, options):
    function = PRIMITIVES[name]
    variables = [Variable(a) if isinstance(a, np.ndarray) else a for a in arguments]
    y = function(*variables, **options)
    weights = np.asarray(normal(*y.shape, seed=99))
    (y * weights).sum().backward()
    step = 1e-5
    for position, variable in enumerate(variables):
        if not isinstance(variable, Variable):
            continue
        estimate = np.empty(variable.shape)
        for index in np.ndindex(variable.shape):
            ends = []
            for sign in (+1, -1):
                moved = [np.array(a) if isinstance(a, np.ndarray) else a for a in arguments]
                moved[position][index] += sign * step
                ends.append(weighted_sum(function, tuple(moved), options, weights))
            estimate[index] = (ends[0] - ends[1]) / (2 * step)
        np.testing.assert_allclose(bar(variable), estimate, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("name", "arguments", "options"), ALL)
def test_dtype_is_kept_forward_and_backward(name, arguments, options, dtype):
    def cast(value):
        return value.astype(dtype) if isinstance(value, np.ndarray) else value

    variables = [Variable(cast(a)) if isinstance(a, np.ndarray) else a for a in arguments]
    y = PRIMITIVES[name](*variables, **{key: cast(value) for key, value in options.items()})
    assert y.dtype == dtype
    y.sum().backward()
    assert {bar(v).dtype for v in variables if isinstance(v, Variable)} == {np.dtype(dtype)}


@pytest.mark.parametrize(("name", "arguments", "options"), ALL)
def test_arguments_and_error_signals_are_left_alone(name, arguments, options):
    before = [np.array(a) for a in arguments]
    variables = [Variable(a) if isinstance(a, np.ndarray) else a for a in arguments]
    y = PRIMITIVES[name](*variables, **options)
    (y * np.ones(y.shape)).sum().backward()
    np.testing.assert_array_equal(bar(y), np.ones(y.shape))
    for argument, copy in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(argument, copy)


def test_sigmoid_does_not_overflow():
    np.testing.assert_allclose(functions.sigmoid(np.array([-1e4, 1e4])).value, [0.0, 1.0])


def test_softmax_does_not_overflow():
    np.testing.assert_allclose(functions.softmax(np.array([[1e4, 0.0]])).value, [[1.0, 0.0]])


def test_batch_norm_is_exact_far_from_zero():
    x = (1e4 + np.random.default_rng(0).standard_normal((64, 2, 50))).astype(np.float32)
    y = functions.batch_norm(x, np.ones(2, np.float32), np.zeros(2, np.float32)).value
    np.testing.assert_allclose(y.std(axis=(0, 2)), 1, rtol=1e-3)


def test_the_first_of_equal_maxima_gets_the_error_signal():
    x = Variable([[[1.0, 3.0, 3.0, 3.0]]])
    functions.max_pool(x, windows=Windows((4,), (4,), (0,), (1,))).sum().backward()
    np.testing.assert_array_equal(bar(x), [[[0.0, 1.0, 0.0, 0.0]]])


def test_padding_is_never_the_largest():
    x = np.full((1, 1, 3), -5.0)
    y = functions.max_pool(x, windows=Windows((3,), (1,), (1,), (1,)))
    np.testing.assert_array_equal(y.value, x)


def test_windows_refuse_what_makes_no_sense():
    with pytest.raises(ValueError, match=r"size of a pool must be at least 1, got \(0,\)"):
        Windows((0,), (1,), (0,), (1,))
    with pytest.raises(ValueError, match=r"stride of a pool must be at least 1, got \(0,\)"):
        Windows((2,), (0,), (0,), (1,))
    with pytest.raises(ValueError, match=r"dilation of a pool must be at least 1, got \(-1,\)"):
        Windows((2,), (1,), (0,), (-1,))
    with pytest.raises(ValueError, match=r"padding of a pool must be 0 to half the size \(2,\), got \(2,\)"):
        Windows((2,), (1,), (2,), (1,))
    with pytest.raises(ValueError, match=r"no window of size \(5,\), dilation \(1,\) fits into \(4,\)"):
        Windows((5,), (1,), (0,), (1,)).counts((4,))

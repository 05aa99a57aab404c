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
    "add_relu": [((distinct(2, 6), 0.1 * normal(2, 6)), {}), ((distinct(2, 3, 4), 0.1 * normal(2, 3, 4)), {})],
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
    "elu": [((distinct(3, 4) / 4,), {"alpha": 0.7})],
    "maxout": [((distinct(3, 4),), {"pieces": 2}), ((distinct(2, 3, 6),), {"pieces": 3, "axis": -1})],
    "sigmoid": [((normal(3, 4),), {})],
    "tanh": [((normal(3, 4),), {})],
    "softmax": [((normal(3, 4),), {}), ((normal(2, 3, 4),), {"axis": -1})],
    "reshape": [((normal(2, 6),), {"shape": (3, 4)})],
    "transpose": [((normal(2, 3, 4),), {})],
    "sum": [((normal(2, 3, 4),), {}), ((normal(2, 3, 4),), {"axis": (0, 2)}), ((normal(2, 3),), {"axis": -1})],
    "mean": [((normal(2, 3, 4),), {}), ((normal(2, 3, 4),), {"axis": (1, 2)})],
    "pair_power": [((normal(2, 4, 3),), {}), ((normal(3, 2),), {})],
    "running_mean": [((normal(2, 3, 7),), {"share": 0.3}), ((normal(4),), {"share": 1.0})],
    "crop": [((normal(2, 3, 5),), {"before": 1, "after": 2}), ((normal(4),), {"before": 0, "after": 0})],
    "concatenate": [((normal(2, 3, 4), normal(2, 1, 4)), {}), ((normal(2, 3), normal(1, 3)), {"axis": 0})],
    "linear": [
        ((normal(5, 3), normal(2, 3), normal(2)), {}),
        ((normal(5, 3), normal(2, 3)), {}),
        ((normal(4, 5, 3), normal(2, 3), normal(2)), {}),
        ((normal(5, 20), normal(4, 20), normal(4)), {"relu": True}),
        ((normal(4, 5, 3), normal(2, 3)), {"relu": True}),
    ],
    "convolve_bank": [
        ((normal(2, 3, 8), normal(4, 3, 3), normal(4)), {}),
        ((normal(2, 4, 9), normal(4, 2, 3)), {"stride": 2, "dilation": 2, "groups": 2, "padding": "reflect"}),
        ((normal(2, 2, 6, 5), normal(3, 2, 3, 2), normal(3)), {"mode": ((1, 0), (2, 1)), "stride": (2, 1)}),
        ((normal(2, 3, 8), normal(4, 3, 3), normal(4)), {"relu": True}),
        ((normal(2, 2, 4, 5), normal(3, 2, 3, 3)), {"relu": True}),
    ],
    "convolve_bank_transpose": [
        ((normal(2, 3, 4), normal(3, 2, 3), normal(2)), {"extent": (12,), "mode": (0, 0), "stride": 3}),
        (
            (normal(2, 4, 3), normal(4, 1, 3)),
            {"extent": (8,), "mode": (1, 1), "stride": 2, "dilation": 2, "groups": 2},
        ),
        (
            (normal(1, 2, 3, 2), normal(2, 3, 2, 3), normal(3)),
            {"extent": (7, 4), "mode": ((0, 0), (1, 1)), "stride": (2, 3)},
        ),
    ],
    "filter_locally": [
        ((normal(2, 3, 4, 5), normal(2, 2, 2, 3, 3, 2), normal(2, 2, 2)), {"stride": (1, 3), "padding": (0, 0)}),
        ((normal(2, 1, 4, 4), normal(2, 3, 2, 1, 3, 2)), {"stride": (3, 2), "padding": (1, 1)}),
    ],
    "local_response_norm": [
        ((normal(2, 5, 3),), {"size": 3, "alpha": 0.9, "beta": 0.75, "k": 2.0}),
        ((normal(2, 4),), {"size": 2, "alpha": 0.5, "beta": 0.5, "k": 1.0}),
        ((normal(2, 3, 2, 2),), {"size": 9, "alpha": 3.0, "beta": 1.5, "k": 0.5}),
    ],
    "batch_norm": [
        ((normal(5, 3, 4), positive(3), normal(3)), {}),
        ((normal(6, 2), positive(2), normal(2)), {"eps": 0.1}),
        ((normal(2, 2, 3, 2), positive(2), normal(2)), {}),
        ((normal(3, 2, 3, 2), positive(2), normal(2)), {"relu": True}),
        ((normal(3, 2, 5).T.copy().T, positive(2), normal(2)), {"relu": True}),
    ],
    "normalise": [
        ((normal(5, 3, 4), positive(3), normal(3)), {"mean": normal(3, seed=7), "variance": positive(3, seed=8)}),
        (
            (normal(5, 3, 4), positive(3), normal(3)),
            {"mean": normal(3, seed=7), "variance": positive(3, seed=8), "relu": True},
        ),
    ],
    "max_pool": [
        ((distinct(2, 3, 7),), {"windows": Windows((2,), (2,), (0,), (1,))}),
        ((distinct(2, 2, 6, 5),), {"windows": Windows((3, 2), (2, 1), (1, 1), (1, 2))}),
        ((distinct(2, 1, 6, 7),), {"windows": Windows((3, 2), (2, 2), (0, 1), (1, 1), ceil=True)}),
    ],
    "avg_pool": [
        ((normal(2, 3, 7),), {"windows": Windows((3,), (2,), (1,), (1,))}),
        ((normal(2, 2, 6, 5),), {"windows": Windows((2, 2), (2, 2), (0, 0), (1, 1))}),
    ],
    "lp_pool": [
        ((positive(2, 3, 7),), {"p": 3, "windows": Windows((3,), (2,), (1,), (1,))}),
        ((distinct(2, 2, 4, 5),), {"p": 2.5, "windows": Windows((2, 2), (2, 1), (0, 0), (1, 1))}),
        ((distinct(2, 1, 6),), {"p": 1, "windows": Windows((2,), (2,), (0,), (1,))}),
    ],
    "adaptive_avg_pool": [((normal(2, 3, 7),), {"size": (3,)}), ((normal(1, 2, 3, 4),), {"size": (5, 4)})],
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


@pytest.mark.parametrize(("name", "arguments", "options"), ALL)
def test_pullback_passes_the_dot_test(name, arguments, options):
    # ⟨ȳ, J v⟩ = ⟨Jᵀ ȳ, v⟩ along one random direction v, where J v comes from differences of fourth order
    variables = [Variable(a) if isinstance(a, np.ndarray) else a for a in arguments]
    directions = [normal(*a.shape, seed=31 + i) if isinstance(a, np.ndarray) else 0 for i, a in enumerate(arguments)]
    y = PRIMITIVES[name](*variables, **options)
    y_bar = np.asarray(normal(*y.shape, seed=77))
    (y * y_bar).sum().backward()

    def along(step: float) -> float:
        moved = tuple(
            a + step * v if isinstance(a, np.ndarray) else a for a, v in zip(arguments, directions, strict=True)
        )
        return weighted_sum(PRIMITIVES[name], moved, options, y_bar)

    step = 1e-3
    slope = (8 * (along(step) - along(-step)) - (along(2 * step) - along(-2 * step))) / (12 * step)
    pairs = zip(variables, directions, strict=True)
    terms = np.concatenate([np.ravel(bar(v) * d) for v, d in pairs if isinstance(v, Variable)])
    assert abs(slope - terms.sum()) <= 1e-8 * (np.abs(terms).sum() + np.sum(np.abs(y_bar * y.value)))


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


def test_elu_does_not_overflow():
    np.testing.assert_array_equal(functions.elu(np.array([-1e4, 1e4])).value, [-1.0, 1e4])


def test_the_first_of_equal_channels_wins():
    x = Variable([[2.0, 2.0, 1.0, 1.0]])
    functions.maxout(x, pieces=2).sum().backward()
    np.testing.assert_array_equal(bar(x), [[1.0, 0.0, 1.0, 0.0]])


def test_lp_pool_neither_overflows_nor_divides_by_zero():
    x = Variable([[[1e200, 1e200, 0.0, 0.0]]])
    y = functions.lp_pool(x, p=8, windows=Windows((2,), (2,), (0,), (1,)))
    np.testing.assert_allclose(y.value, [[[1e200, 0.0]]], rtol=1e-15)
    y.sum().backward()
    np.testing.assert_allclose(bar(x), [[[0.5, 0.5, 0.0, 0.0]]], rtol=1e-15)


def test_lp_pool_goes_from_the_mean_to_the_maximum():
    x = positive(2, 3, 8)
    windows = Windows((4,), (2,), (0,), (1,))
    np.testing.assert_allclose(
        functions.lp_pool(x, p=1, windows=windows).value, functions.avg_pool(x, windows=windows).value, rtol=1e-14
    )
    largest = functions.max_pool(x, windows=windows).value
    # the mean over n = 4 places lies within a factor n^(1/p) of the largest
    np.testing.assert_allclose(functions.lp_pool(x, p=1e4, windows=windows).value, largest, rtol=1.4e-4)


def test_transposed_convolution_is_the_adjoint_of_the_reversed_bank():
    x, y = normal(2, 3, 9, 8), normal(2, 4, 4, 8, seed=1)
    bank = normal(4, 3, 3, 2, seed=2)
    words = {"stride": (2, 1), "mode": ((0, 0), (1, 1)), "dilation": (1, 2)}
    there = np.sum(y * functions.convolve_bank(x, bank, **words).value)
    back = functions.convolve_bank_transpose(y, np.flip(bank, (2, 3)), extent=(9, 8), **words).value
    np.testing.assert_allclose(np.sum(back * x), there, rtol=1e-12)


def test_a_transposed_convolution_answers_one_sample_with_its_kernel():
    x, bank = np.zeros((1, 1, 4)), normal(1, 1, 3)
    x[..., 1] = 1
    y = functions.convolve_bank_transpose(x, bank, extent=(12,), stride=3, mode=(0, 0)).value
    np.testing.assert_allclose(y[0, 0], np.r_[np.zeros(3), bank[0, 0], np.zeros(6)], rtol=1e-14, atol=0)


def test_equal_kernels_everywhere_are_a_convolution():
    x, bank = normal(2, 3, 6, 7), normal(4, 3, 3, 2)
    everywhere = np.broadcast_to(bank, (3, 4, *bank.shape))
    y = functions.filter_locally(x, everywhere, stride=(2, 2), padding=(1, 1)).value
    expected = functions.convolve_bank(x, bank, mode=((1, 1), (1, 1)), stride=2).value
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-12)


def test_local_response_norm_counts_neighbours_as_the_definition_does():
    x = normal(2, 6, 3)
    y = functions.local_response_norm(x, size=4, alpha=0.8, beta=0.75, k=2.0).value
    for c in range(6):
        near = x[:, max(0, c - 2) : c + 2]  # 4 // 2 in front, (4 - 1) // 2 behind
        expected = x[:, c] / (2.0 + 0.8 / 4 * np.sum(near**2, axis=1)) ** 0.75
        np.testing.assert_allclose(y[:, c], expected, rtol=1e-13)


def test_a_last_window_begins_inside():
    # N = 6, size 3, stride 2: two whole windows, a third sticks out; of size 1 and stride 3 a third would begin outside
    assert Windows((3,), (2,), (0,), (1,), ceil=True).counts((6,)) == (3,)
    assert Windows((1,), (4,), (0,), (1,), ceil=True).counts((6,)) == (2,)
    x = np.array([[[1.0, 2.0, 3.0, 4.0, 5.0, 0.0]]])
    y = functions.max_pool(x, windows=Windows((3,), (2,), (0,), (1,), ceil=True))
    np.testing.assert_array_equal(y.value, [[[3.0, 5.0, 5.0]]])


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

"""The kit for other people's tests: laws that pass what is right and catch what is not, and strategies."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ltisys as lti
from ltisys import testing
from ltisys.convolution import Geometry
from ltisys.testing import (
    assert_adjoint,
    assert_associative,
    assert_commutative,
    assert_flip,
    assert_gradient,
    assert_linear,
    assert_time_invariant,
    firs,
    geometries,
    iirs,
    samples,
    signals,
)


def same(x, h):
    return np.convolve(x, h, "same")


def correlate_same(x, h):
    return np.correlate(x, h, "same")


@pytest.mark.parametrize("convolve", [np.convolve, lti.convolve])
def test_convolution_obeys_every_law(convolve):
    assert_commutative(convolve)
    assert_associative(convolve)
    assert_linear(convolve)
    assert_time_invariant(convolve)
    assert_flip(lambda x, h: convolve(x, h[::-1].conj()), convolve)
    assert_flip(lambda x, h: convolve(x, h[::-1].conj()), convolve, np.array([1j, 2]), np.array([3, 1j]))
    assert_adjoint(convolve, lambda y, h: np.correlate(y, h, "valid"))
    assert_adjoint(lambda x: convolve(x, [1j, 2]), lambda y: np.correlate(y, [1j, 2], "valid"), [1j, 1, 3])


def test_gradients():
    assert_gradient(lti.convolve, lti.convolve_vjp)
    assert_gradient(lti.convolve, lti.convolve_vjp, [1, 2j, 3], [1j, 1])
    assert_gradient(
        lambda x, h: lti.convolve2d(x, h, padding="reflect"),
        lambda x, h, y_bar: lti.convolve2d_vjp(x, h, y_bar, padding="reflect"),
        np.arange(12.0).reshape(3, 4),
        np.ones((2, 2)),
    )
    assert_gradient(np.tanh, lambda x, y_bar: y_bar / np.cosh(x) ** 2, [0.5, -1.0])


def test_an_even_kernel_makes_correlate_same_no_adjoint():
    assert_adjoint(lambda x: same(x, np.arange(3.0)), lambda y: correlate_same(y, np.arange(3.0)))
    with pytest.raises(AssertionError, match="not the adjoint: ⟨y, A x⟩ ="):
        assert_adjoint(same, correlate_same)


def test_broken_laws_are_caught_with_both_sides():
    with pytest.raises(
        AssertionError, match=r"not commutative: f\(a, b\) = \[1, 2\], f\(b, a\) = \[3\] for a = \[1, 2\]"
    ):
        assert_commutative(lambda a, b: a, [1, 2], [3])
    with pytest.raises(AssertionError, match="not associative"):
        assert_associative(same)
    with pytest.raises(AssertionError, match=r"not linear: f\(2x - 3y\) = "):
        assert_linear(lambda x, h: np.maximum(np.convolve(x, h), 0))
    with pytest.raises(AssertionError, match="not linear"):
        assert_linear(lambda x: x + 1)
    with pytest.raises(AssertionError, match=r"not time-invariant: f\(x\[n - 2\]\)"):
        assert_time_invariant(lambda x: x * np.arange(x.size), shift=2)
    with pytest.raises(AssertionError, match="not the flip: correlate"):
        assert_flip(same, same)
    with pytest.raises(AssertionError, match=r"not the adjoint: Aᴴ y has shape \(3,\), expected \(2,\)"):
        assert_adjoint(lambda x: x, lambda y: np.zeros(3), [1, 2])
    with pytest.raises(AssertionError, match=r"not the adjoint: A x has shape \(2,\), expected \(3,\)"):
        assert_adjoint(lambda x: x, lambda y: y, [1, 2], [1, 2, 3])
    with pytest.raises(AssertionError, match="not the gradient for operand 1: differences give"):
        assert_gradient(lti.convolve, lambda x, h, y_bar: (lti.convolve_vjp(x, h, y_bar)[0], h))
    with pytest.raises(AssertionError, match=r"not the gradient for operand 0: it has shape \(2,\), expected \(1,\)"):
        assert_gradient(np.sin, lambda x, y_bar: np.ones(2), [1.0])
    with pytest.raises(AssertionError, match="not the gradient: 1 gradients for 2 operands"):
        assert_gradient(lti.convolve, lambda x, h, y_bar: x)


def test_nan_agrees_with_nothing():
    with pytest.raises(AssertionError, match="not commutative"):
        assert_commutative(lambda a, b: np.array([np.nan]))


def test_rounding_is_tolerated_and_whole_numbers_are_not_rounded():
    single = np.random.default_rng(0).standard_normal((2, 50)).astype(np.float32)
    assert_commutative(lambda a, b: np.convolve(a, b) * np.float32(1 + 1e-6 * (a is b)), *single)
    with pytest.raises(AssertionError, match="not commutative"):
        assert_commutative(lambda a, b: np.array([10**9, a[0]]), [1], [2])
    assert_commutative(lambda a, b: np.array([10**9, a[0]]), [1], [2], rtol=1e-6)


def test_operands_are_copied():
    def spoils(x):
        x *= 2
        return x.copy()

    assert_linear(spoils)
    assert_adjoint(spoils, spoils)


def test_arguments_that_do_not_fit_are_refused():
    with pytest.raises(TypeError, match="give all operands or none"):
        assert_commutative(np.convolve, [1])
    with pytest.raises(ValueError, match="shift must be at most the length of x, 2, got 3"):
        assert_time_invariant(np.cumsum, [1, 2], shift=3)


@given(
    samples(4, dtype=np.int8), samples(dtype=bool), samples((2, 3), dtype=complex, largest=3), samples(dtype=np.uint8)
)
def test_samples_are_what_was_asked_for(four, booleans, table, positive):
    assert (four.shape, four.dtype) == ((4,), np.int8)
    assert booleans.dtype == bool
    assert (table.shape, table.dtype) == ((2, 3), np.complex128)
    assert np.abs(table.real).max() <= 3
    assert 1 <= positive.size <= 9
    assert positive.max() <= 9


@given(signals(most=3), signals(ndim=2, most=2), firs(dtype=complex), firs(ndim=2, most=2))
def test_signals_and_responses(x, image, complex_system, kernel):
    assert len(x) <= 3
    assert image.ndim == kernel.ndim == 2
    assert complex_system.h.dtype == np.complex128
    assert kernel(image) == kernel.response * image


@given(iirs(order=4, radius=0.5))
def test_recursive_systems_are_stable(system):
    assert system.is_stable
    assert np.abs(system.poles).max(initial=0) < 0.51


@given(geometries(most=4), st.data())
def test_geometries_pass_the_dot_test(geometry, data):
    kernel = data.draw(samples(geometry.n_kernel))
    relation = {
        (o, k, i)
        for o in range(geometry.n_out)
        for k in range(geometry.n_kernel)
        for i in range(geometry.n_in)
        if geometry.stride * o + geometry.step * k == geometry.spread * i + geometry.offset
    }
    back = geometry.wrt_input()
    assert isinstance(back, Geometry)
    assert {(i, k, o) for o, k, i in relation} == {
        (i, k, o)
        for i in range(back.n_out)
        for k in range(back.n_kernel)
        for o in range(back.n_in)
        if back.stride * i + back.step * k == back.spread * o + back.offset
    }
    assert kernel.size == geometry.n_kernel


@pytest.mark.parametrize("name", ["samples", "signals", "firs", "iirs", "geometries"])
def test_strategies_say_what_to_install(monkeypatch, name):
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(ImportError, match=r"needs Hypothesis, which comes with the extra \[test\]: pip install"):
        getattr(testing, name)()


def test_the_laws_need_no_hypothesis(monkeypatch):
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    assert_commutative(np.convolve)

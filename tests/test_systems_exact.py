"""Polynomials without rounding, against fractions and against roots that are known."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import scipy.signal
from cases import integer_arrays
from hypothesis import given
from hypothesis import strategies as st

from ltisys.systems.exact import MOST, Exact

peer: Any = scipy.signal  # the types that checkers infer for it are often wrong

PARTS = st.floats(-2, 2).map(lambda v: round(v, 4))
NUMBERS = st.one_of(PARTS, st.builds(complex, PARTS, PARTS))


def fractions(polynomial):
    """Real and imaginary parts of the coefficients."""
    unit = 1 << polynomial.shift
    return [(Fraction(re, unit), Fraction(im, unit)) for re, im in polynomial.whole]


def definition(gain, roots):
    parts = [(Fraction(complex(gain).real), Fraction(complex(gain).imag))]
    for root in roots:
        u, v = Fraction(complex(root).real), Fraction(complex(root).imag)
        turned = [(u * a - v * b, u * b + v * a) for a, b in parts]
        parts = [(a - c, b - d) for (a, b), (c, d) in zip([*parts, (0, 0)], [(0, 0), *turned], strict=True)]
    return parts


@given(NUMBERS, st.lists(NUMBERS, max_size=6), st.integers(0, 3))
def test_a_product_is_that_of_fractions(gain, roots, late):
    assert fractions(Exact.product(gain, roots, late)) == [(0, 0)] * late + definition(gain, roots)


@given(st.lists(NUMBERS, min_size=1, max_size=6), st.lists(NUMBERS, min_size=1, max_size=6))
def test_a_sum_is_that_of_fractions(f, g):
    total = fractions(Exact.of(f) + Exact.of(g))
    for k, (re, im) in enumerate(total):
        terms = [complex(c[k]) for c in (f, g) if k < len(c)]
        assert re == sum(Fraction(term.real) for term in terms)
        assert im == sum(Fraction(term.imag) for term in terms)


@given(integer_arrays((4,)), st.integers(-60, 60))
def test_coefficients_come_back(h, exponent):
    scaled = h * 2.0**exponent
    np.testing.assert_array_equal(Exact.of(scaled).coefficients, scaled)
    np.testing.assert_array_equal(Exact.of(scaled * 1j).coefficients, scaled * 1j)
    np.testing.assert_array_equal(Exact.of(scaled)[1:3].coefficients, scaled[1:3])


def matched(found, roots):
    """The largest distance from a root to what was found of it, each of them used once, relative to the root."""
    left, worst = list(found), 0.0
    for root in roots:
        nearest = min(left, key=lambda z, root=root: abs(z - root))
        left.remove(nearest)
        worst = max(worst, abs(nearest - root) / abs(root))
    assert not left
    return worst


@pytest.mark.parametrize(
    "roots",
    [
        [0.5, -0.25, 0.125],
        [0.5j, 0.25, -2.0, 1 + 1j],
        [0.5, 0.5 + 2**-40, -0.5],
        np.arange(1, 21) / 32,  # Wilkinson's polynomial
        peer.butter(20, 0.05, output="zpk")[1],
        peer.ellip(40, 0.1, 120, 0.3, output="zpk")[1],
        1e-6 * np.arange(1, 8),
        1e6 * np.arange(1, 8),
    ],
)
def test_roots_are_found_to_the_last_digits(roots):
    polynomial = Exact.product(3.0, roots)
    assert matched(polynomial.roots(), roots) <= 4 * np.finfo(float).eps
    if len(roots) >= 20:
        assert matched(np.roots(polynomial.coefficients), roots) > 1e-6  # which double precision has lost


def test_roots_of_real_coefficients_are_conjugate_in_pairs():
    roots = np.concatenate([(p, np.conj(p)) for p in np.linspace(0.5, 0.9, 8) * np.exp(1j * np.linspace(0.1, 3, 8))])
    found = Exact.of(np.poly(np.append(roots, [0.3, -0.7])).real).roots()
    assert np.count_nonzero(np.imag(found) == 0) == 2
    assert matched(found, np.conj(found)) <= 4 * np.finfo(float).eps


@pytest.mark.parametrize("fold", [2, 3, 6, 20])
def test_multiple_roots_keep_the_coefficients(fold):
    polynomial = Exact.product(1.0, [0.5] * fold + [-0.75])
    np.testing.assert_allclose(np.poly(polynomial.roots()), polynomial.coefficients, rtol=1e-9)


def test_beyond_the_degree_that_is_refined_roots_are_eigenvalues():
    h = np.random.default_rng(0).normal(size=MOST + 2)
    np.testing.assert_array_equal(Exact.of(h).roots(), np.roots(h))


def test_few_roots_are_eigenvalues_and_none_are_none():
    np.testing.assert_array_equal(Exact.of([1.0, -0.3, -0.1]).roots(), np.roots([1.0, -0.3, -0.1]))
    assert Exact.of([2.0]).roots().size == 0

from typing import Any

import numpy as np
import pytest
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st

import ltisys as lti
from ltisys import FIR, IIR, Signal
from ltisys.systems import z

peer: Any = scipy.signal  # the types that checkers infer for it are often wrong


def test_z_looks_ahead_and_its_powers_delay():
    assert z == FIR([1], start=-1)
    assert z**-1 == lti.delay(1)
    assert z**-3 * z**2 == lti.delay(1)
    assert z**0 == FIR([1])
    assert 1 + 2 * z**-1 == FIR([1, 2])


def test_rational_expressions_in_z_are_recursions():
    S = (1 + z**-1) / (1 - 0.5 * z**-1)
    assert isinstance(S, IIR)
    np.testing.assert_array_equal(S.sos, [[1, 1, 0, 1, -0.5, 0]])
    assert 1 / (1 - 0.5 * z**-1) == IIR([1], [1, -0.5])
    assert z / (z - 0.5) == IIR([1], [1, -0.5])
    assert 1 / (z - 0.5) == IIR([0, 1], [1, -0.5])
    assert (1 + z**-1) ** 2 / (1 - 0.5 * z**-1) ** 2 == S**2
    assert not (1 / (1 - 2 * z**-1)).is_stable


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=5), st.integers(1, 5), st.integers(-4, 4))
def test_an_inverse_undoes(rest, first, start):
    S = FIR([first, *rest], start)
    x = Signal(np.random.default_rng(0).integers(-9, 9, 8), start=2)
    undone = (S**-1)(S(x), length=S(x).samples.size + 12)
    there = S**-1 * S
    assert there(x, length=8).isclose(x, rtol=1e-6)
    assert undone.start == x.start + start


def test_inverses_of_every_kind():
    S, F = IIR([2, 1], [1, -0.5]), FIR([2, 1])
    inverse = S**-1
    assert isinstance(inverse, IIR)
    np.testing.assert_array_equal(inverse.sos, [[0.5, -0.25, 0, 1, 0.5, 0]])
    assert FIR([1]) == S / S
    assert FIR([1]) == (F * S) ** -2 * F**2 * S**2
    assert (F * S) / S == F
    assert FIR([1]) == (S + 1) / (S + 1)
    assert IIR([0, 1], [1, -0.5]) ** -1 == FIR([1, -0.5], start=-1)
    assert FIR([1]) == 1 / (S + F) * (S + F)
    assert S / 2 == 0.5 * S
    assert FIR([0, 3, 0]) ** -1 == FIR([1 / 3], start=-1)
    assert FIR([[2]], start=(1, 2)) ** -1 == FIR([[0.5]], start=(-1, -2))


def test_what_has_no_inverse():
    S = IIR([1], [1, -0.5])
    for wrong in (
        lambda: FIR([0]) ** -1,
        lambda: S / FIR([0, 0]),
        lambda: 1 / (S - S),
        lambda: IIR([0], [1, 0.5]) ** -1,
    ):
        with pytest.raises(ValueError, match="the zero system has no inverse"):
            wrong()
    with pytest.raises(ValueError, match=r"recursions work in time, got a response of shape \(1, 2\) to divide by"):
        pow(FIR([[1, 2]]), -1)
    for wrong in (lambda: S.H**-1, lambda: 1 / (S + S.H), lambda: S.feedback(S.H)):
        with pytest.raises(ValueError, match="only systems that run forwards in time are inverted or fed back"):
            wrong()


def loops():
    S, T = IIR([1, 0.3], [1, -0.5, 0.2]), IIR([0, 0.7], [1, 0.4])
    F, G = FIR([1, -2, 0.5]), FIR([0.5, 0.25])
    return [(S, T), (S, G), (F, T), (F, G), (S + F, T), (S * F, G * T), (lti.delay(1), 0.5), (S, 1), (F, -0.3)]


@pytest.mark.parametrize(("S", "T"), loops())
def test_feedback_is_the_fixed_point_of_the_loop(S, T):
    closed, x = S.feedback(T), Signal(np.random.default_rng(0).normal(size=30))
    y = closed(x, length=30)
    back = T * y if isinstance(T, int | float) else T(y, length=30)
    assert y.isclose(S(x - back, length=30), rtol=1e-10)


@pytest.mark.parametrize(("S", "T"), loops())
def test_feedback_is_S_over_1_plus_S_T(S, T):
    omega = np.linspace(0.1, 3, 40)
    h = [s.frequency_response(omega)[1] if isinstance(s, lti.System) else s for s in (S, T, S.feedback(T))]
    np.testing.assert_allclose(h[2], h[0] / (1 + h[0] * h[1]), rtol=1e-9)


def test_feedback_with_numbers_and_without_a_loop():
    assert lti.delay(1).feedback() == 1 / (z + 1)
    assert FIR([1, 2]).feedback(0) == FIR([1, 2])
    assert FIR([1, 2]).feedback(FIR([0])) == FIR([1, 2])


def test_loops_that_cannot_be():
    with pytest.raises(ValueError, match="a loop must be causal, got one that begins at -1"):
        FIR([1, 2], start=-1).feedback(0.5)
    for S in (FIR([1, 2]), IIR([1], [1, 0.5])):
        with pytest.raises(ValueError, match="a loop without delay must not have the gain -1"):
            S.feedback(-1)


@pytest.mark.parametrize("seed", range(30))
def test_sums_have_the_roots_of_their_fraction(seed):
    rng = np.random.default_rng(seed)
    b1, b2 = rng.normal(size=3), rng.normal(size=2)
    a1, a2 = np.poly(rng.uniform(-0.9, 0.9, 3)), np.poly(rng.uniform(-0.9, 0.9, 2))
    S = IIR(b1, a1) + IIR(b2, a2)
    num = np.polynomial.polynomial.polyadd(np.convolve(b1, a2), np.convolve(b2, a1))
    np.testing.assert_allclose(np.poly(S.zeros[S.zeros != 0]), (num / num[0]), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(
        np.sort(np.real(S.poles)), np.sort(np.real(np.append(np.roots(a1), np.roots(a2)))), atol=1e-6
    )
    _, H = S.frequency_response(30)
    np.testing.assert_allclose(H, peer.freqz(num, np.convolve(a1, a2), 30)[1], rtol=1e-9)
    assert IIR(num, np.convolve(a1, a2)) == S


def test_poles_that_terms_share_are_not_doubled():
    S = IIR([1], [1, -0.5])
    np.testing.assert_allclose((S + 3 * S).poles, [0.5])
    np.testing.assert_allclose((S * S).poles, [0.5, 0.5])

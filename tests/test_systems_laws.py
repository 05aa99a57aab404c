"""The algebra of systems, exact on integer responses."""

import numpy as np
import pytest
from cases import integer_arrays
from hypothesis import given
from hypothesis import strategies as st

import ltisys as lti
from ltisys import FIR, IIR, Signal
from ltisys.systems import Parallel, Series


@st.composite
def whole_numbers(draw, shape):
    """Draw integers, or complex ones with whole parts."""
    real = draw(integer_arrays(shape))
    return real + 1j * draw(integer_arrays(shape)) if draw(st.booleans()) else real


@st.composite
def in_time(draw, kind):
    return kind(draw(whole_numbers((draw(st.integers(1, 6)),))), draw(st.integers(-9, 9)))


@st.composite
def in_images(draw, kind):
    shape = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    return kind(draw(integer_arrays(shape)), draw(st.tuples(st.integers(-5, 5), st.integers(-5, 5))))


def several(*kinds):
    return st.one_of(st.tuples(*map(in_time, kinds)), st.tuples(*map(in_images, kinds)))


@st.composite
def recursions(draw):
    """Recursions whose responses are exact in double precision: poles at powers of 1/2."""
    b = draw(integer_arrays((draw(st.integers(1, 3)),)))
    return IIR(b, [1, draw(st.sampled_from([-0.5, 0.25, 0.5]))], draw(st.integers(-3, 3)))


def unit(S):
    """The identity among systems with the axes of S."""
    return lti.delay(0 if S.ndim == 1 else (0, 0))


@given(several(FIR, FIR, FIR))
def test_series_and_parallel_are_a_commutative_ring(systems):
    S, T, U = systems
    assert S * T == T * S
    assert (S * T) * U == S * (T * U)
    assert S + T == T + S
    assert (S + T) + U == S + (T + U)
    assert S * (T + U) == S * T + S * U
    assert (S + T) * U == S * U + T * U
    assert S * 1 == S
    assert S - S == 0 * S
    assert S + 0 * T == S
    assert S * (0 * T) == 0 * S
    assert S + (-S) == T - T
    assert S * unit(S) == unit(S) * S == S
    assert S**3 == S * S * S
    assert S**0 * T == T
    assert 2 * S == S + S == S * 2
    assert 3 - S == -(S - 3)


@given(several(FIR, FIR))
def test_the_adjoint_of_a_product_is_the_product_of_the_adjoints(systems):
    S, T = systems
    assert (S * T).H == T.H * S.H
    assert (S + T).H == S.H + T.H
    assert (2j * S).H == -2j * S.H
    assert (S**3).H == S.H**3
    assert unit(S) == unit(S).H
    assert S.H.H == S


@given(in_time(FIR))
def test_the_adjoint_reverses_in_time(S):
    assert (S.H.start, S.H.stop) == (-S.start - len(S.h) + 1, 1 - S.start)


@given(several(FIR, FIR, Signal))
def test_the_algebra_is_that_of_the_outputs(systems):
    S, T, x = systems
    assert (S * T)(x) == S(T(x))
    assert (S + T)(x) == S(x) + T(x)
    assert (S - T)(x) == S(x) - T(x)
    assert (2 * S)(x) == 2 * S(x)


@given(several(FIR, Signal, Signal))
def test_a_system_is_linear(systems):
    S, x, y = systems
    assert S(3 * x - y) == 3 * S(x) - S(y)


@given(several(FIR, Signal))
def test_a_system_is_time_invariant_and_its_support_exact(systems):
    S, x = systems
    by = 4 if x.ndim == 1 else (4, -2)
    assert S(x.shift(by)) == S(x).shift(by)
    low, high = ([a] if S.ndim == 1 else a for a in (S.start, S.stop))
    assert S(x).starts == tuple(a + b for a, b in zip(x.starts, low, strict=True))
    assert S(x).stops == tuple(a + b - 1 for a, b in zip(x.stops, high, strict=True))


@given(several(FIR, Signal, Signal))
def test_the_dot_test_on_signals(systems):
    S, x, y = systems
    left, right = y.conj() * S(x).reverse(), S.H(y).conj() * x.reverse()
    origin = 0 if x.ndim == 1 else (0, 0)
    assert left[origin] == right[origin]


@given(st.one_of(in_time(FIR), recursions()), st.integers(0, 2**32))
def test_the_dot_test_on_arrays(S, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(-9, 9, (2, 8)).astype(float)
    assert np.vdot(y, S(x)) == np.vdot(S.H(y), x)


@given(whole_numbers((3,)), whole_numbers((2,)), st.integers(0, 4))
def test_feedback_is_the_loop_run_sample_by_sample(h, g, start):
    """The error e = x - T y, the output y = S e: whole numbers stay whole, so that the loop is exact."""
    S, T, n = FIR(h, start), FIR(g, 1), 12
    x = np.random.default_rng(0).integers(-2, 3, n)
    e, y = np.zeros((2, n), complex)
    for i in range(n):
        e[i] = x[i] - sum(g[k] * y[i - 1 - k] for k in range(2) if i - 1 - k >= 0)
        y[i] = sum(h[k] * e[i - start - k] for k in range(3) if i - start - k >= 0)
    closed = S.feedback(T)
    found = closed(Signal(x), length=n)
    np.testing.assert_allclose(found[0:n].samples, y, rtol=0, atol=1e-9 * max(1, np.abs(y).max()))


@given(recursions(), st.integers(1, 8), st.integers(-5, 5), st.integers(0, 2**32))
def test_a_recursion_backwards_is_its_definition(S, length, start, seed):
    """y[n] = Σ_k conj(h[k]) x[n + k], of which a finite signal meets finitely many k."""
    x = Signal(np.random.default_rng(seed).integers(-9, 9, length) * (1 - 2j), start)
    stop = x.stop - S.start + 1
    h = S.unit_sample_response(60)
    low = x.start - 20
    expected = [sum(np.conj(h[k]) * x[n + k] for k in range(min(0, S.start), x.stop - n)) for n in range(low, stop)]
    y = Signal(S.H.values(x.samples.astype(complex), x.start, low, stop), low)
    np.testing.assert_array_equal(y.samples, expected)
    assert S.H(x) == y[x.start : x.stop]


@given(recursions(), recursions(), in_time(FIR))
def test_recursions_obey_the_laws_as_well(S, T, F):
    assert S * T == T * S
    assert S + F == F + S
    assert (S + T) * F == S * F + T * F
    assert (S * F).H == S.H * F.H
    assert S.H.H == S
    assert S * S.H == S.H * S
    nothing = FIR([0])
    assert nothing == S - S
    assert S != S + 1
    assert S**2 == S * S


@given(recursions(), recursions(), in_time(FIR), st.integers(0, 2**32))
def test_trees_give_what_their_branches_give(S, T, F, seed):
    x = Signal(np.random.default_rng(seed).integers(-9, 9, 6), start=2)
    for whole, parts in (
        (S + T, S(x, length=20) + T(x, length=20)),
        (2 * S - T, 2 * S(x, length=20) - T(x, length=20)),
        (S + F, S(x, length=20) + F(x, length=20)),
    ):
        assert whole(x, length=20).isclose(parts, rtol=1e-14)
    h, g = S.unit_sample_response(40), F.unit_sample_response()
    assert (S * F)(x, length=20).isclose((x * h * g)[2:22], rtol=1e-14)


def test_images_and_time_do_not_mix():
    image = FIR([[1, 2]])
    for wrong in (lambda: image * FIR([1]), lambda: image + FIR([1]), lambda: image * IIR([1], [1, 0.5])):
        with pytest.raises(ValueError, match="systems must have equally many index axes, got 2 and 1"):
            wrong()
    with pytest.raises(ValueError, match="a system with 2 index axes cannot filter a signal with 1"):
        image(Signal([1]))
    assert image != FIR([1, 2])


def test_rates_meet():
    S, T = FIR([1, 1], rate=8000), IIR([1], [1, -0.5], rate=16000)
    for wrong in (lambda: S * T, lambda: S + T, lambda: S / T, lambda: S.feedback(T)):
        with pytest.raises(ValueError, match=r"rates must agree, got (8000 and 16000|16000 and 8000)"):
            wrong()
    for system in (S, T):
        with pytest.raises(ValueError, match=r"rates must agree, got .* and 44100"):
            system(Signal([1], rate=44100))
    free = IIR([1], [1, -0.5])
    for system in (S, 2 * S, S * S, S + 1, S.H, S * free, S + free, S / free, (S * free).H, S.feedback(0.1)):
        assert system.rate == 8000
    assert S(Signal([1])).rate == (S * free)(Signal([1])).rate == S.unit_sample_response().rate == 8000
    without_rate = FIR([1, 1])
    assert without_rate != S


def test_numpy_numbers_leave_the_arithmetic_to_the_system():
    S = FIR([1, 2])
    assert isinstance(np.float64(2) * S, FIR)
    assert np.float64(2) * S == S + S
    assert np.int64(1) + S == FIR([2, 2])


def test_what_is_no_system_is_refused():
    S = FIR([1, 2])
    for wrong in (
        lambda: S * {},
        lambda: S + {},
        lambda: S - {},
        lambda: S / {},
        lambda: {} / S,
        lambda: S * Signal([1]),
    ):
        with pytest.raises(TypeError, match="unsupported operand"):
            wrong()
    with pytest.raises(TypeError, match="unsupported operand"):
        S**0.5  # type: ignore[operator]
    with pytest.raises(TypeError, match="unhashable"):
        hash(S)
    assert S != "S"


def test_series_and_parallel_stay_small():
    S, F = IIR([1], [1, -0.5]), FIR([1, 2])
    assert isinstance(S * S, IIR)
    assert isinstance(lti.delay(3) * S * 2, IIR)
    chain, sum_ = F * S * F * S.H * S, F + S + F - S
    assert isinstance(chain, Series)
    assert isinstance(sum_, Parallel)
    assert [type(part).__name__ for part in chain.parts] == ["FIR", "IIR", "Anticausal"]
    assert [type(term).__name__ for term in sum_.terms] == ["FIR", "IIR", "IIR"]

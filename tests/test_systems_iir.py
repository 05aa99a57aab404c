import math
from typing import Any

import numpy as np
import pytest
import scipy.signal

import ltisys as lti
from ltisys import FIR, IIR, Signal
from ltisys.systems.decay import Decay

peer: Any = scipy.signal  # the types that checkers infer for it are often wrong

RNG_SEEDS = range(20)
HALF: Any = 0.5
PAIR: Any = (0, 0)


def random_coefficients(seed, order=4, dtype: type = float):
    """Coefficients of a stable recursion with poles of magnitude up to 0.95."""
    rng = np.random.default_rng(seed)
    if dtype is complex:
        poles = rng.uniform(0.2, 0.95, order) * np.exp(2j * np.pi * rng.uniform(size=order))
        return rng.normal(size=order + 1) + 1j * rng.normal(size=order + 1), np.poly(poles)
    half = rng.uniform(0.2, 0.95, order // 2) * np.exp(1j * np.pi * rng.uniform(size=order // 2))
    return rng.normal(size=rng.integers(1, order + 2)), np.poly(np.concatenate((half, half.conj()))).real


@pytest.mark.parametrize("seed", RNG_SEEDS)
def test_it_is_lfilter(seed):
    b, a = random_coefficients(seed)
    x = np.random.default_rng(seed).normal(size=(3, 200))
    expected = peer.lfilter(b, a, x)
    np.testing.assert_allclose(IIR(b, a)(x), expected, rtol=0, atol=1e-11 * np.abs(expected).max())
    np.testing.assert_allclose(IIR(b, a)(x.T, axis=0), expected.T, rtol=0, atol=1e-11 * np.abs(expected).max())


@pytest.mark.parametrize("seed", RNG_SEEDS)
@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_complex_coefficients_are_lfilter_too(seed, order):
    b, a = random_coefficients(seed, order, complex)
    rng = np.random.default_rng(seed)
    x = rng.normal(size=100) + 1j * rng.normal(size=100)
    expected = peer.lfilter(b, a, x)
    np.testing.assert_allclose(IIR(b, a)(x), expected, rtol=0, atol=1e-11 * np.abs(expected).max())
    S = IIR(b, a)
    y = rng.normal(size=100) + 1j * rng.normal(size=100)
    np.testing.assert_allclose(np.vdot(y, S(x)), np.vdot(S.H(y), x), rtol=1e-11)


@pytest.mark.parametrize("b", [[0, 0, 1], [0, 0, 0, 0, 0, 1, 2], [0], [1, 2, 3, 4, 5, 6]])
def test_leading_zeros_delay_and_long_numerators_fit(b):
    x, a = np.random.default_rng(0).normal(size=50), [2, -0.5, 0.1]
    expected = peer.lfilter(b, a, x)
    np.testing.assert_allclose(IIR(b, a)(x), expected, atol=1e-13)
    y = IIR(b, a)(Signal(x))
    assert y.support == (0, 50)
    np.testing.assert_allclose(y.samples, expected, atol=1e-13)


def test_up_to_order_two_the_coefficients_are_kept():
    np.testing.assert_array_equal(IIR([1, 2], [2, 1, 0.3]).sos, [[0.5, 1, 0, 1, 0.5, 0.15]])
    sos = peer.butter(7, 0.1, output="sos")
    np.testing.assert_array_equal(IIR.from_sos(sos).sos, sos)
    np.testing.assert_array_equal(IIR.from_sos(2 * sos).sos, sos)


def test_order_40_stays_accurate():
    z, p, k = peer.ellip(40, 0.1, 120, 0.3, output="zpk")
    sos = peer.zpk2sos(z, p, k)
    x = np.random.default_rng(0).normal(size=500)
    S, T = IIR.from_sos(sos), IIR.from_zpk(z, p, k)
    expected = peer.sosfilt(sos, x)
    np.testing.assert_array_equal(S(x), expected)
    np.testing.assert_allclose(T(x), expected, atol=1e-9)
    omega, H = S.frequency_response(400)
    np.testing.assert_allclose(H, peer.freqz_zpk(z, p, k, omega)[1], atol=1e-9)
    assert S.is_stable
    assert S == T


def test_a_signal_keeps_its_interval_unless_asked():
    S, x = IIR([1], [1, -0.5]), Signal([1, 0, 1], start=4, rate=8000)
    assert S(x) == Signal([1, 0.5, 1.25], start=4, rate=8000)
    assert S(x).support == (4, 7)
    assert S(x, length=5).samples.tolist() == [1, 0.5, 1.25, 0.625, 0.3125]
    assert S(x, length=2).support == (4, 6)
    moved = IIR([1], [1, -0.5], start=-2)
    assert moved(x).samples.tolist() == [1.25, 0.625, 0.3125]
    assert moved([1, 0, 1]).tolist() == [1.25, 0.625, 0.3125]
    stereo = Signal([[1, 0], [0, 2]], start=1)
    assert S(stereo) == Signal([[1, 0.5], [0, 2]], start=1)


@pytest.mark.parametrize("tol", [1e-3, 1e-6, 1e-12])
@pytest.mark.parametrize("seed", RNG_SEEDS)
def test_the_tail_is_below_its_bound(seed, tol):
    b, a = random_coefficients(seed)
    S, x = IIR(b, a), Signal(np.random.default_rng(seed).normal(size=20), start=3)
    long = S(x, length=2000)
    y = S(x, length="tail", tol=tol)
    assert y.start == 3
    assert np.abs(long[y.stop : 2003].samples).sum() <= tol
    h = S.unit_sample_response(tol=tol)
    assert np.abs(S.unit_sample_response(2000)[h.stop : 2000].samples).sum() <= tol


def poles_of(kind):
    pair = 0.99 * np.exp(1j * np.array([0.3, -0.3]))
    return {
        "one": [0.5],
        "slow": [0.9999],
        "double": [0.9, 0.9],
        "ring": [*pair, *pair, *pair],
        "butterworth": peer.butter(8, 0.01, output="zpk")[1],
        "elliptic": peer.ellip(20, 0.1, 80, 0.3, output="zpk")[1],
    }[kind]


@pytest.mark.parametrize("kind", ["one", "slow", "double", "ring", "butterworth", "elliptic"])
def test_the_bound_on_the_tail_holds_and_is_not_far(kind):
    S = IIR.from_zpk([0.3], poles_of(kind), 0.01)
    decay = Decay.of(S.roots())
    for tol in (1e-3, 1e-9):
        length = decay.length(tol)
        h = np.abs(S.unit_sample_response(S.roots().start + 2 * length).samples[S.roots().start :])
        rest = np.cumsum(h[::-1])[::-1]
        assert rest[length] <= decay.rest(length) <= tol
        assert np.argmax(rest <= tol) >= length / 3


def test_the_bound_without_poles_or_without_gain():
    assert Decay.of(IIR([1]).roots()).rest(0) >= 1
    assert Decay.of(IIR([0], [1, 0.5]).roots()).length(1e-3) == 0
    assert IIR([0], [1, 0.5]).unit_sample_response() == Signal([0])


def test_norm_bounds_the_sum_of_magnitudes():
    assert math.isclose(IIR([1], [1, 0.5]).norm, 2, rel_tol=1e-5)
    assert IIR([0], [1, 0.5]).norm <= 1e-5
    assert IIR([1], [1, -1]).norm == math.inf


def test_responses():
    S = IIR([1], [1, -0.5])
    assert S.unit_sample_response(3).samples.tolist() == [1, 0.5, 0.25]
    assert S.step_response(3).samples.tolist() == [1, 1.5, 1.75]
    early = IIR([1], [1, -0.5], start=-2)
    assert early.unit_sample_response(3) == Signal([1, 0.5, 0.25], start=-2)
    assert early.step_response(3) == Signal([1, 1.5, 1.75], start=-2)
    back = S.H.step_response(4)
    assert back.stop == back.start + 4
    two_sided = (S * S.H).unit_sample_response()
    assert two_sided.isclose(Signal([4 / 3 * 0.5 ** abs(n) for n in range(-60, 61)], start=-60), rtol=1e-12)
    _, expected = peer.dimpulse(([1], [1, -0.5, 0], 1), n=5)
    np.testing.assert_allclose(lti.delay(2)(S.unit_sample_response(5))[0:5].samples, expected[0].ravel())


def test_an_accumulator_and_an_unstable_system_run_but_have_no_end():
    accumulator, growing = IIR([1], [1, -1]), IIR([1], [1, -2])
    assert accumulator([1, 2, 3]).tolist() == [1, 3, 6]
    assert growing([1, 0, 0]).tolist() == [1, 2, 4]
    for S in (accumulator, growing):
        assert not S.is_stable
        for wrong in (S.unit_sample_response, lambda S=S: S(Signal([1]), length="tail"), lambda S=S: S.fuse(tol=1e-3)):
            with pytest.raises(ValueError, match="the response of an unstable system does not die out, poles"):
                wrong()
    with pytest.raises(ValueError, match=r"lie clearly inside the unit circle, got one at the radius 2\.0"):
        Decay.of(growing.roots())
    with pytest.raises(ValueError, match="tol must be positive, got 0"):
        IIR([1], [1, -0.5]).unit_sample_response(tol=0)


def test_fuse_needs_a_tolerance():
    S = IIR([1], [1, -0.5])
    with pytest.raises(ValueError, match=r"the response of IIR.* never ends; say with tol="):
        S.fuse()
    fused = S.fuse(tol=1e-9)
    assert isinstance(fused, FIR)
    assert fused.norm == pytest.approx(2, abs=1e-9)
    assert IIR([1, 2], [2]).fuse() == FIR([0.5, 1])
    assert IIR([1, 2], [2])(Signal([1])) == Signal([0.5, 1])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64, np.complex128])
def test_the_precision_of_the_input_is_kept(dtype):
    x = np.arange(9).astype(dtype)
    for S in (IIR([1], [1, -0.5]), IIR([1], [1, -0.5]).H, IIR([1], [1, -0.5]) + 1, IIR([1], [1, -0.5]) * FIR([1, 1])):
        assert S(x).dtype == S(Signal(x)).samples.dtype == dtype
        np.testing.assert_array_equal(S(x), S(x.astype(np.complex128)).astype(dtype) if x.dtype.kind == "c" else S(x))
        assert S(np.arange(3)).dtype == np.float64


def test_low_precision_input_is_filtered_in_double_precision():
    b, a = peer.butter(2, 1e-3)
    x = np.random.default_rng(0).normal(size=20000).astype(np.float32)
    expected = peer.lfilter(b, a, x.astype(np.float64))
    np.testing.assert_allclose(IIR(b, a)(x), expected, rtol=1e-6, atol=1e-9)


def test_poles_zeros_and_gain_go_in_and_come_out():
    z, p = [0.3, 1.0], [0.5, 0.2j, -0.2j]
    S = IIR.from_zpk(z, p, 2.0)
    np.testing.assert_allclose(np.sort_complex(S.poles), np.sort_complex(p), atol=1e-15)
    np.testing.assert_allclose(np.sort(S.zeros), z, atol=1e-15)
    np.testing.assert_allclose(S.frequency_response(50)[1], peer.freqz_zpk(z, p, 2.0, 50)[1], rtol=1e-12)
    T = IIR([1], [1, -0.5])
    np.testing.assert_array_equal(T.zeros, [0])
    assert IIR.from_zpk(T.zeros, T.poles, 1) == T
    ahead = IIR.from_zpk([0, 0], [0.5], 1)
    assert (ahead.start, ahead.is_causal, ahead.latency) == (-1, False, 1)


def test_complex_roots_need_no_conjugates():
    z, p, k = [0.5, 1j, 2], [0.5j, 0.9, -0.3 + 0.2j], 1 - 2j
    S = IIR.from_zpk(z, p, k)
    np.testing.assert_allclose(S.frequency_response(50)[1], k * peer.freqz_zpk(z, p, 1, 50)[1], atol=1e-12)
    np.testing.assert_allclose(np.sort_complex(S.poles), np.sort_complex(p), atol=1e-14)


def test_properties():
    S = IIR([1], [1, -0.5], start=2)
    assert (S.start, S.stop, S.latency, S.ndim) == (2, math.inf, 0, 1)
    assert (S.is_fir, S.is_causal, S.is_stable) == (False, True, True)
    assert (S.H.start, S.H.stop, S.H.latency) == (-math.inf, -1, math.inf)
    assert not S.H.is_causal
    assert IIR([1, 0.3], [1, -0.5]).is_minimum_phase
    assert not S.is_minimum_phase
    assert not IIR([1, 3], [1, -0.5]).is_minimum_phase
    assert (FIR([1], start=-1) * S).is_causal
    assert not (FIR([1, 1], start=-1) + S).is_causal
    assert not (S.H + S).is_causal
    assert (S + FIR([1, 1], start=-1) - FIR([1, 1], start=-1)).is_causal
    with pytest.raises(ValueError, match="read-only"):
        S.sos[0, 0] = 3


def test_the_adjoint_runs_backwards():
    S = IIR([1], [1, -0.5])
    assert S.H(Signal([0, 0, 1], start=3)) == Signal([0.25, 0.5, 1], start=3)
    y = S.H(Signal([1], start=3), length="tail")
    assert y.stop == 4
    assert y.isclose(S.unit_sample_response().reverse().shift(3), rtol=1e-15)
    zero_phase = (S * S.H)(Signal([1.0]), length="tail")
    assert zero_phase.isclose(zero_phase.reverse(), rtol=1e-12)


def test_forwards_and_backwards_is_exact_however_long_both_ring():
    b, a = peer.butter(2, 0.01)
    S, x = IIR(b, a), np.random.default_rng(0).normal(size=50)
    padded = np.concatenate((np.zeros(5000), x, np.zeros(5000)))
    expected = S(S(padded)[::-1])[::-1][5000:5050]
    np.testing.assert_allclose((S.H * S)(x), expected, rtol=1e-11)
    np.testing.assert_allclose((S * S.H)(x), expected, rtol=1e-11)


def test_an_unstable_two_sided_system_is_refused():
    S = IIR([1], [1, -2])
    with pytest.raises(ValueError, match="the response of an unstable system does not die out"):
        (S * S.H)([1.0, 2.0])


def test_repr_can_be_typed_again():
    S = IIR([1], [1, -0.5], start=1, rate=8000)
    assert repr(S) == "IIR.from_sos([[ 1. ,  0. ,  0. ,  1. , -0.5,  0. ]], start=1, rate=8000)"
    assert eval(repr(S)) == S


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: IIR([1], [0, 1]), ValueError, r"a\[0\] must not be zero, got a=\[0.0, 1.0\]"),
        (lambda: IIR([[1]], [1]), ValueError, r"b must be a vector of coefficients of z⁻¹, got shape \(1, 1\)"),
        (lambda: IIR([1], []), ValueError, r"a must be a vector of coefficients of z⁻¹, got shape \(0,\)"),
        (lambda: IIR([np.nan], [1]), ValueError, r"b must be finite, got \[nan\]"),
        (lambda: IIR("b"), TypeError, "b must hold numbers, got dtype <U1"),
        (lambda: IIR([1], start=HALF), TypeError, r"start must be one integer or a pair of them, got 0\.5"),
        (lambda: IIR([1], start=PAIR), ValueError, r"a recursive system works along one axis, got start=\(0, 0\)"),
        (lambda: IIR([1], rate=-1), ValueError, "rate must be positive, got -1"),
        (lambda: IIR.from_sos([1, 2, 3]), ValueError, r"sos must have the shape \(sections, 6\), got \(3,\)"),
        (lambda: IIR.from_sos([[1, 0, 0, 0, 1, 0]]), ValueError, r"a0 of every section must not be zero, got \[0.0\]"),
        (
            lambda: IIR([1], [1, 0.5])([1.0], "full"),
            ValueError,
            "starts from rest and gives mode=\"same\".*mode='full'",
        ),
        (lambda: IIR([1], [1, 0.5])([1.0], padding="reflect"), ValueError, "padding='reflect'"),
        (lambda: IIR([1], [1, 0.5])([1.0], stride=2), ValueError, "a recursive system takes only axis=, got stride"),
        (lambda: IIR([1], [1, 0.5])([]), ValueError, r"x needs at least one sample, got shape \(0,\)"),
        (lambda: IIR([1], [1, 0.5])(3.0), ValueError, r"x needs at least one sample, got shape \(\)"),
    ],
)
def test_bad_arguments_are_quoted(make, error, message):
    with pytest.raises(error, match=message):
        make()

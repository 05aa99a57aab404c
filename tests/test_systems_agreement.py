"""Systems against scipy.signal and python-control on 200 random ones, and against fifty digits at high orders."""

from functools import cache
from typing import Any

import control
import mpmath
import numpy as np
import pytest
import scipy.signal

from ltisys import FIR, IIR
from ltisys.systems import System

peer: Any = scipy.signal  # the types that checkers infer for it are often wrong
other: Any = control

SEEDS = range(200)
OMEGA = np.linspace(0.05, 3.1, 40)
RTOL = 1e-9


def close(found, expected):
    """Within 1e-9 of the largest value: near a zero of H, rounding of coefficients is relative to what cancels."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=RTOL * np.abs(expected).max())


@cache
def coefficients(seed):
    """A stable recursion of order 1 to 5 that is no worse conditioned than rounding of its coefficients allows."""
    rng = np.random.default_rng(seed)
    order = int(rng.integers(1, 6))
    pairs = rng.uniform(0.1, 0.9, order // 2) * np.exp(1j * np.pi * rng.uniform(0.05, 0.95, order // 2))
    poles = np.concatenate((pairs, pairs.conj(), rng.uniform(-0.9, 0.9, order % 2)))
    return rng.normal(size=order + 1), np.atleast_1d(np.poly(poles)).real


@pytest.mark.parametrize("seed", SEEDS)
def test_one_system_is_that_of_scipy(seed):
    b, a = coefficients(seed)
    S, x = IIR(b, a), np.random.default_rng(seed).normal(size=200)
    plant = peer.dlti(b, a, dt=1)
    close(S.frequency_response(OMEGA)[1], plant.freqresp(OMEGA)[1])
    close(S.frequency_response(OMEGA)[1], peer.freqz_sos(S.sos, OMEGA)[1])
    close(S.group_delay(OMEGA)[1], peer.group_delay((b, a), OMEGA)[1])
    close(S.unit_sample_response(60).samples, peer.dimpulse(plant, n=60)[1][0].ravel())
    close(S.step_response(60).samples, peer.dstep(plant, n=60)[1][0].ravel())
    close(S(x), peer.sosfilt(S.sos.copy(), x))
    close(S(x), peer.lfilter(b, a, x))


@pytest.mark.parametrize("seed", SEEDS)
def test_decimation_is_that_of_upfirdn(seed):
    rng = np.random.default_rng(seed)
    h, x, down = rng.normal(size=rng.integers(1, 40)), rng.normal(size=rng.integers(1, 100)), int(rng.integers(1, 6))
    close(FIR(h)(x, "full", stride=down), peer.upfirdn(h, x, down=down))


def of_control(system):
    return np.asarray(system(np.exp(1j * OMEGA)))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_algebra_is_that_of_control(seed):
    one, two = coefficients(seed), coefficients(seed + 1000)
    S, T, gain = IIR(*one), IIR(*two), float(np.random.default_rng(seed).normal())
    P, Q = (other.tf(*c, 1) for c in (one, two))
    pairs: list[tuple[System, Any]] = [
        (S * T, other.series(P, Q)),
        (S + T, other.parallel(P, Q)),
        (S - T, P - Q),
        (gain * S, gain * P),
        (-S, other.negate(P)),
        (S.feedback(T), other.feedback(P, Q)),
        (S.feedback(gain), other.feedback(P, gain)),
        (S.feedback(-T), other.feedback(P, Q, sign=1)),
    ]
    for ours, theirs in pairs:
        close(ours.frequency_response(OMEGA)[1], of_control(theirs))


def digits(system, omega):
    """H(ω) of sections with fifty digits."""
    with mpmath.workdps(50):
        w = mpmath.expj(-mpmath.mpf(float(omega)))
        value = w**system.delay
        for row in system.sos.tolist():
            b0, b1, b2, a0, a1, a2 = map(mpmath.mpf, row)
            value *= (b0 + w * (b1 + w * b2)) / (a0 + w * (a1 + w * a2))
        return value


def worst(system, expected):
    """The largest relative error against values with fifty digits."""
    H = system.frequency_response(OMEGA)[1].tolist()
    with mpmath.workdps(50):
        return max(float(abs(mpmath.mpc(h) - e) / abs(e)) for h, e in zip(H, expected, strict=True))


def random_sections(seed, order):
    rng = np.random.default_rng(seed)
    roots = []
    for low, high in ((0.3, 1.2), (0.3, 0.97)):
        half = rng.uniform(low, high, order // 2) * np.exp(1j * np.pi * rng.uniform(size=order // 2))
        roots.append(np.concatenate((half, half.conj())))
    S = IIR.from_zpk(roots[0], roots[1], 1.0)
    return S.scaled(float(1 / np.abs(S.frequency_response(512)[1]).max()))


def high_orders():
    for order in (8, 14, 20):
        yield random_sections(order, order), random_sections(order + 1, order)
        yield (
            IIR.from_sos(peer.ellip(order, 0.1, 60, 0.3, output="sos")),
            IIR.from_sos(peer.butter(order, 0.4, output="sos")).scaled(0.5),
        )
        narrow = [IIR.from_sos(peer.butter(order, edge, output="sos")) for edge in (0.05, 0.07)]
        yield narrow[0], narrow[1]
        yield narrow[0], narrow[0].scaled(0.3)


@pytest.mark.parametrize(("S", "T"), list(high_orders()))
def test_sums_and_feedback_of_high_order_are_accurate(S, T):
    with mpmath.workdps(50):
        s, t = ([digits(system, omega) for omega in OMEGA] for system in (S, T))
        total = [a + b for a, b in zip(s, t, strict=True)]
        closed = [a / (1 + a * b) for a, b in zip(s, t, strict=True)]
    assert worst(S + T, total) <= RTOL
    assert worst(IIR.from_roots((S + T).roots()), total) <= RTOL
    assert worst(S.feedback(T), closed) <= RTOL


def test_a_cascade_of_order_40_is_accurate():
    z, p, k = peer.ellip(40, 0.1, 120, 0.3, output="zpk")
    with mpmath.workdps(50):
        expected = []
        for omega in OMEGA:
            w = mpmath.expj(mpmath.mpf(float(omega)))
            expected.append(k * mpmath.fprod(w - a for a in z) / mpmath.fprod(w - a for a in p))
    assert worst(IIR.from_zpk(z, p, k), expected) <= RTOL
    half = [IIR.from_sos(peer.zpk2sos(z, p, k)[rows]) for rows in (slice(10), slice(10, None))]
    assert worst(half[0] * half[1], expected) <= RTOL

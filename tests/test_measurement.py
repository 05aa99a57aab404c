"""Measured responses against the systems that answered, with noise of known strength and with distortion."""

import math

import numpy as np
import pytest

import ltisys as lti
from ltisys.measurement import MaximumLengthSequence, Measured, Sweep

RATE = 8000
BOX = lti.design.bandpass(121, 400, 2500, rate=RATE)


def answer(excitation, noise=0.0, seed=0):
    y = BOX(excitation.signal).samples
    return lti.Signal(y + noise * np.random.default_rng(seed).standard_normal(len(y)), rate=RATE)


@pytest.mark.parametrize("order", [7, 8, 11])
def test_a_sequence_finds_any_response_within_its_period_exactly(order):
    excitation = MaximumLengthSequence(order, rate=RATE)
    length = 2**order - 1
    h = np.random.default_rng(order).standard_normal(length)
    found = excitation.response(lti.FIR(h)(excitation.signal))
    np.testing.assert_allclose(found.system.h, h, atol=1e-10)
    assert found.system.rate == RATE
    assert found.error < 1e-10
    assert found.samples == 3 * length


def test_the_sequence_has_the_autocorrelation_of_its_definition():
    m = MaximumLengthSequence(6, periods=3).signal.samples[:63]
    circular = [float(m @ np.roll(m, k)) for k in range(63)]
    assert circular == [63.0] + [-1.0] * 62
    assert abs(m.sum()) == 1


@pytest.mark.parametrize("noise", [0.01, 0.3])
@pytest.mark.parametrize(
    ("excitation", "bias"),
    # outside its band a sweep finds nothing: that is no noise
    [(MaximumLengthSequence(9, periods=5, rate=RATE), 0.0), (Sweep(20_000, 20, 4000, rate=RATE), 5e-5)],
    ids=["sequence", "sweep"],
)
def test_the_error_that_is_stated_is_the_error_that_is_made(excitation, bias, noise):
    stated, made = [], []
    for seed in range(12):
        found = excitation.response(answer(excitation, noise, seed), len(BOX.h))
        stated.append(found.error)
        made.append(math.sqrt(np.mean((found.system.h - BOX.h) ** 2)))
    # of twelve measurements the root mean squares differ by a few per cent
    assert math.sqrt(np.mean(np.square(made))) == pytest.approx(
        math.sqrt(np.mean(np.square(stated))), rel=0.15, abs=bias
    )


def test_more_periods_and_longer_sweeps_leave_less_noise():
    errors = [
        MaximumLengthSequence(9, periods=p, rate=RATE).response(answer(MaximumLengthSequence(9, p, RATE), 0.1)).error
        for p in (5, 17)
    ]
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.2)  # 4 periods against 16
    errors = [
        Sweep(n, 20, 4000, rate=RATE).response(answer(Sweep(n, 20, 4000, rate=RATE), 0.1), 121).error
        for n in (10_000, 40_000)
    ]
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.2)


def test_a_sweep_keeps_distortion_out_of_the_response_and_tells_how_much_there_is():
    sweep = Sweep(40_000, 20, 4000, rate=RATE)
    x = sweep.signal
    clean = sweep.response(BOX(x), 121)
    assert clean.distortion == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(clean.system.h, BOX.h, atol=2e-3)
    squared = lti.Signal(x.samples + 0.1 * x.samples**2, rate=RATE)  # a sine of amplitude 1: harmonic of 0.05
    bent = sweep.response(BOX(squared), 121)
    np.testing.assert_allclose(bent.system.h, BOX.h, atol=2e-3)
    assert bent.distortion == pytest.approx(0.05**2, rel=0.3)
    assert "harmonic distortion: -2" in str(bent)


def test_a_response_that_begins_early_is_measured_with_its_start():
    sweep, early = Sweep(20_000, 20, 4000, rate=RATE), lti.FIR(BOX.h, start=-60, rate=RATE)
    found = sweep.response(early(sweep.signal)[0 : sweep.signal.stop], 121, start=-60)
    assert found.system.start == -60
    np.testing.assert_allclose(found.system.h, BOX.h, atol=2e-3)


def test_the_report_says_what_stands_out():
    text = str(Measured(lti.FIR([0.0, 1.0, 0.002], start=4), error=0.01, samples=99))
    assert text.splitlines() == [
        "3 taps from n = 4 on, measured with 99 samples",
        "standard error of a tap: 0.01, which is 40 dB below the largest",
        "above twice the error: 1 taps, n = 5 ... 5",
    ]
    assert "above twice the error: 0 taps" in str(Measured(lti.FIR([0.0]), 0.0, 9, 0.0))


SEQUENCE, SWEEP = MaximumLengthSequence(6, rate=RATE), Sweep(1000, 20, 4000, rate=RATE)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: MaximumLengthSequence(1), "order must lie between 2 and 24, got 1"),
        (lambda: MaximumLengthSequence(25), "order must lie between 2 and 24, got 25"),
        (lambda: MaximumLengthSequence(5, periods=2), "periods must be at least 3, got 2"),
        (lambda: SEQUENCE.response(np.zeros(100)), "the recording ends at 100, before the 252 samples that are needed"),
        (lambda: SEQUENCE.response(SEQUENCE.signal, 64), "63 samples measures at most so many taps, got taps=64"),
        (lambda: SEQUENCE.response(lti.Signal(np.zeros(300), rate=1)), "has 8000 samples per second, the recording 1"),
        (lambda: SEQUENCE.response(lti.Signal(np.zeros((2, 300)))), r"one channel, got samples of shape \(2, 300\)"),
        (lambda: SEQUENCE.response(np.full(300, np.nan)), "finite real samples"),
        (lambda: Sweep(10, 20, 4000, rate=RATE), "length must be at least 64, got 10"),
        (lambda: Sweep(1000, 20, 5000, rate=RATE), "0 < low < high <= 4000 hertz must hold, got low=20, high=5000"),
        (lambda: Sweep(1000, 0.4, 0.1), "0 < low < high <= 0.5 cycles per sample must hold"),
        (lambda: Sweep(1000, 0.1, 0.4, repeats=1), "repeats must be at least 2, got 1"),
        (lambda: Sweep(1000, 0.1, 0.4, pause=-1), "pause must be at least 0, got -1"),
        (
            lambda: SWEEP.response(SWEEP.signal, 900),
            "measure taps from -65 to 250, got 900 from 0 on; sweep for longer",
        ),
        (lambda: SWEEP.response(SWEEP.signal, 9, start=-99), "got 9 from -99 on"),
        (lambda: SWEEP.response(SWEEP.signal[0:900], 9), "the recording ends at 900, before the 2500 samples"),
    ],
)
def test_what_cannot_be_measured_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()

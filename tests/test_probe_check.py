"""The verdicts of the probe: what they mean, and what is said when there is none."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from scipy import ndimage, signal

import ltisys as lti
from ltisys import Signal
from ltisys.probe import check


def butterworth(order, edge) -> tuple[np.ndarray, np.ndarray]:
    return signal.butter(order, edge)  # pyright: ignore[reportReturnType]


def test_a_linear_time_invariant_function_breaks_nothing():
    report = check(lti.FIR([1, 2, 3], start=1))
    assert report.linear
    assert report.additive
    assert report.homogeneous
    assert report.time_invariant
    assert report.causal
    assert not report.affine
    assert not report.edge_only
    assert not report.truncates
    assert report.period is None
    assert report.rate == 1
    assert report.counterexample is None
    assert report.notes == ()


def test_a_system_that_looks_ahead_is_not_causal():
    assert not check(lti.FIR([1, 2, 3], start=-1)).causal
    assert check(lti.IIR([1], [1, -0.5])).causal


@pytest.mark.parametrize("group", [2, 4, 8])
def test_turning_groups_of_samples_around_is_not_causal(group):
    report = check(lambda x: x.reshape(-1, group)[:, ::-1].ravel())
    assert (report.linear, report.time_invariant, report.period, report.causal) == (True, False, group, False)


@pytest.mark.parametrize("length", [32, 63, 100])
@pytest.mark.parametrize("seed", [0, 1])
def test_neither_length_nor_seed_changes_a_verdict(length, seed):
    b, a = butterworth(3, 0.3)
    ends = check(lambda x: signal.filtfilt(b, a, x), length, seed=seed)
    assert (ends.linear, ends.time_invariant, ends.edge_only, ends.causal) == (True, True, True, False)
    median = check(lambda x: signal.medfilt(x, 3), length, seed=seed)
    assert (median.linear, median.time_invariant, median.edge_only, median.causal) == (False, True, False, False)
    half = check(lambda x: signal.filtfilt(b, a, x)[::2], length, seed=seed)
    assert (half.linear, half.time_invariant, half.period, half.rate) == (True, False, 2, Fraction(1, 2))
    assert not check(signal.detrend, length, seed=seed).time_invariant


@pytest.mark.parametrize("period", [2, 3, 7, 50])
def test_a_modulator_has_its_period(period):
    report = check(lambda x: x * np.cos(2 * np.pi * np.arange(x.size) / period))
    assert (report.linear, report.time_invariant, report.period) == (True, False, period)


def test_a_modulator_without_a_period_has_none():
    assert check(lambda x: x * np.cos(0.3 * np.arange(x.size))).period is None


def test_a_period_may_be_hidden_by_the_ends():
    b, a = butterworth(4, 0.2)
    held = check(lambda x: np.repeat(signal.filtfilt(b, a, x)[::4], 4)[: x.size])
    assert (held.linear, held.time_invariant, held.period, held.rate) == (True, False, 4, 1)


def test_a_delay_longer_than_half_the_signal_is_seen():
    report = check(lambda x: np.concatenate([np.zeros(40), x[:-40]]))
    assert (report.linear, report.time_invariant, report.edge_only, report.causal) == (True, True, False, True)


def test_a_function_of_one_length_only_is_checked_at_that_length():
    rng = np.random.default_rng(0)
    running, mixed = np.tri(64), rng.standard_normal((64, 64))
    report = check(lambda x: running @ x)
    assert (report.linear, report.time_invariant, report.causal) == (True, True, True)
    report = check(lambda x: mixed @ x)
    assert (report.linear, report.time_invariant, report.causal, report.period) == (True, False, False, None)


def test_tapers_are_time_invariant_inside():
    tapered = check(lambda x: x * signal.get_window(("tukey", 0.1), x.size, fftbins=False))
    assert (tapered.time_invariant, tapered.edge_only) == (True, True)
    bell = check(lambda x: x * np.hanning(x.size))
    assert (bell.time_invariant, bell.edge_only) == (False, False)


def test_precision_is_found_and_tolerated():
    b, a = butterworth(4, 0.2)
    single = check(lambda x: signal.lfilter(b.astype("f4"), a.astype("f4"), x.astype("f4")))
    assert (single.linear, single.time_invariant) == (True, True)
    assert single.tolerance == np.sqrt(np.finfo(np.float32).eps)
    hidden = check(lambda x: np.cumsum(x.astype("f4")).astype(float))
    assert (hidden.linear, hidden.time_invariant) == (True, True)
    half = check(lambda x: np.convolve(x.astype("f2"), np.ones(3, "f2")))
    assert (half.linear, half.tolerance) == (True, np.sqrt(np.finfo(np.float16).eps))
    assert check(np.cumsum).tolerance == np.sqrt(np.finfo(float).eps)


def test_whole_numbers_can_be_fed():
    taps = [0.25, 0.5, 0.25]
    cut = check(lambda x: ndimage.convolve1d(x, taps), dtype=np.int16)
    assert (cut.linear, cut.time_invariant, cut.truncates) == (False, True, True)
    floating = check(lambda x: ndimage.convolve1d(x, taps))
    assert (floating.linear, floating.truncates) == (True, False)
    assert floating.notes == ("fed with integers, f cuts its result to whole numbers",)
    exact = check(lambda x: np.convolve(x, [1, 2, 1]), dtype=np.int64)
    assert (exact.linear, exact.time_invariant, exact.truncates) == (True, True, False)
    bytes_ = check(lambda x: ndimage.uniform_filter1d(x, 3), dtype=np.uint8)
    assert (bytes_.linear, bytes_.truncates) == (False, True)


def test_unsigned_numbers_stay_positive():
    seen = []

    def records(x):
        seen.append(x)
        return np.square(x.astype(int))

    report = check(records, dtype=np.uint8)
    assert report.counterexample is not None
    assert report.counterexample.inputs == (Signal([1], start=32), Signal([1], start=32))
    assert max(x.max() for x in seen) < 128


def test_nonlinear_functions_do_not_count_as_cut_to_whole_numbers():
    for f in (np.sign, lambda x: (x > 0).astype(int), lambda x: np.abs(x).astype(int), np.argsort):
        report = check(f)
        assert (report.linear, report.truncates) == (False, False)


def test_small_and_large_signals_are_tried():
    assert not check(lambda x: np.where(np.abs(x) < 0.01, 0, x)).linear
    assert not check(lambda x: np.clip(x, -1000, 1000)).linear
    assert check(np.square).homogeneous is False
    assert check(lambda x: np.cbrt(x**3 + np.roll(x, 1) ** 3)).homogeneous


def test_what_is_not_finite_is_told():
    report = check(np.sqrt)
    assert report.linear is False
    assert report.notes == ("f gives nan for finite numbers",)
    assert check(np.log).notes == ("f gives -inf for zeros", "f gives nan for finite numbers")


def test_exceptions_and_other_answers_are_told_and_nothing_is_claimed():
    def fails(x):
        raise RuntimeError("no\n  licence")

    report = check(fails)
    assert report.notes == ("f raised RuntimeError for 64 samples: no licence",)
    verdicts = (report.linear, report.additive, report.time_invariant, report.causal, report.period, report.affine)
    assert verdicts == (None,) * 6
    assert check(np.mean).notes == ("f gave an array of shape () for 64 samples, which is no signal",)
    assert check(lambda x: x.astype(str)).notes == ("f gave an array of dtype <U32, which holds no numbers",)
    assert "unknown" in str(report)


def test_a_function_that_fails_for_some_signals_is_judged_where_it_does_not():
    def only_small(x):
        if np.abs(x).max() > 1000:
            raise OverflowError("too loud")
        return np.cumsum(x)

    report = check(only_small)
    assert report.linear is None
    assert report.time_invariant
    assert report.notes == ("f raised OverflowError for 64 samples: too loud",)


def test_a_function_that_needs_more_samples_gets_them():
    taps = signal.firwin(31, 0.3)
    report = check(lambda x: signal.filtfilt(taps, 1, x))
    assert (report.linear, report.time_invariant, report.edge_only, report.length) == (True, True, True, 128)
    assert [note[:35] for note in report.notes] == ["f raised ValueError for 64 samples:"]


def test_outputs_of_changing_length_are_told():
    report = check(lambda x: x[x > 0])
    assert report.time_invariant is None
    assert any("samples for inputs of equal length" in note for note in report.notes)


def test_a_function_with_memory_or_dice_is_not_repeatable():
    rng, count = np.random.default_rng(0), itertools.count()
    for f in (lambda x: x + rng.standard_normal(x.size), lambda x: x * next(count)):
        report = check(f)
        assert report.linear is False
        assert [example.law for example in report.counterexamples] == ["repeatable"]


def test_the_signals_of_the_probe_are_its_own():
    def spoils(x):
        x[:] = 2 * x
        return x

    assert check(spoils).linear


def test_reports_are_repeatable():
    assert str(check(np.abs)) == str(check(np.abs))


def test_bad_arguments_are_refused():
    with pytest.raises(TypeError, match="f must be callable, got 3"):
        check(3)  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="length must be at least 16, got 8"):
        check(np.abs, 8)
    with pytest.raises(TypeError, match="dtype must be one of real numbers, got complex128"):
        check(np.abs, dtype=complex)

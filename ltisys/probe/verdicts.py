"""The check of a black box: every law tried, every verdict with its reason."""

import operator
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import DTypeLike

from .blackbox import BlackBox, Clock, Function, Refused
from .linearity import Pairs, is_additive, is_affine, is_homogeneous, is_truncated, signal_pairs
from .report import Report
from .search import not_additive, not_at_the_ends, not_homogeneous, not_repeatable, not_time_invariant
from .time import Trial, causal, ends_differ, period, time_invariant

_SHORTEST = 16
_DOUBLINGS = 4  # how often a function is asked with twice the length if it gives nothing at first


def check(f: Function, length: int = 64, *, dtype: DTypeLike = np.float64, seed: int = 0) -> Report:
    """Whether a function from array to array is linear, time-invariant, causal; and if not, how it fails.

    The function is asked some hundred times, with copies of random signals of several amplitudes, with sums, multiples
    and delays of them; it is known by its answers alone.

    Parameters
    ----------
    f : callable
        Takes a vector of real numbers and returns one, of the same or of another length. If it takes longer ones too,
        up to 64 times `length`, what happens at the ends is told apart from what happens inside.
    length : int, default 64
        Samples of the signals it is tried with, at least 16. It should be several times the memory of f. If f gives
        nothing for so many, twice, four and eight times as many are tried.
    dtype : dtype, default float64
        Of the arrays it is fed with. Integers are allowed.
    seed : int, default 0
        Of the random signals: equal seeds give equal reports.

    Returns
    -------
    Report
        The verdicts, and counterexamples reduced to few samples that are small whole numbers. What f raises, or gives
        instead of a vector of numbers, is told in ``notes``, and the verdicts that cannot be reached are None.

    Raises
    ------
    TypeError
        An f that cannot be called; a dtype of complex numbers or none at all.
    ValueError
        A length below 16.

    Notes
    -----
    The ends of a signal are foreign to a system that knows no ends, so `time_invariant` and `causal` speak of bursts
    in silence and of outputs at least an eighth of the length away from both ends. If they differ, f is asked for
    signals of twice the length, and again, up to 64 times: what comes from the ends fades.

    A function that gives more or fewer samples than it takes is compared at its own rate: the period of a decimator
    is its factor. Output m is taken to belong to time m / rate, so that the full convolution is causal, and
    ``np.diff``, whose first output needs the second input, is not.

    Examples
    --------
    >>> import numpy as np
    >>> from ltisys import probe
    >>> report = probe.check(lambda x: np.convolve(x, [1, 2, 1]))
    >>> report.linear, report.time_invariant, report.causal
    (True, True, True)
    >>> print(probe.check(np.abs))
    absolute, tried with 64 samples, relative tolerance 1.5e-08
      linear          no       neither additive nor homogeneous
      time-invariant  yes
      causal          yes
      f(x1 + x2) ≠ f(x1) + f(x2)
        x1            = δ[n - 32]
        x2            = -δ[n - 32]
        f(x1 + x2)    = [0] from n = 32
        f(x1) + f(x2) = [2] from n = 32
      f(-1 x) ≠ -1 f(x)
        x       = δ[n - 32]
        f(-1 x) = [1] from n = 32
        -1 f(x) = [-1] from n = 32
    """
    if not callable(f):
        raise TypeError(f"f must be callable, got {f!r}")
    if np.dtype(dtype).kind not in "fiu":
        raise TypeError(f"dtype must be one of real numbers, got {np.dtype(dtype)}")
    length = operator.index(length)
    if length < _SHORTEST:
        raise ValueError(f"length must be at least {_SHORTEST}, got {length}")
    report = Report(getattr(f, "__name__", type(f).__name__), length)
    with np.errstate(all="ignore"):
        for longer in range(_DOUBLINGS):
            try:
                box = BlackBox.opened(f, dtype, length << longer)
            except Refused as refusal:
                report = replace(report, notes=report.notes or (str(refusal),))
            else:
                return _judged(replace(report, length=length << longer, tolerance=box.tolerance), box, seed)
    return report


def _judged(report: Report, box: BlackBox, seed: int) -> Report:
    """The report with all verdicts that can be reached."""
    for part in (_sums, _times):
        try:
            report = part(report, box, seed)
        except Refused as refusal:
            report = replace(report, notes=(*report.notes, str(refusal)))
    return report


def _sums(report: Report, box: BlackBox, seed: int) -> Report:
    """The report with everything about sums and factors."""
    pairs = signal_pairs(box, report.length, seed)
    additive, homogeneous = is_additive(box, pairs), is_homogeneous(box, pairs)
    linear = additive and homogeneous
    found = [not_repeatable(box, pairs)]
    if not additive and found == [None]:
        found.append(not_additive(box, pairs))
    if not homogeneous and found[0] is None:
        found.append(not_homogeneous(box, pairs))
    return replace(
        report,
        additive=additive,
        homogeneous=homogeneous,
        affine=not linear and is_affine(box, pairs),
        truncates=not linear and is_truncated(box, pairs),
        counterexamples=tuple(example for example in found if example),
        notes=(*report.notes, *_remarks(box, pairs)),
    )


def _times(report: Report, box: BlackBox, seed: int) -> Report:
    """The report with everything about time."""
    trial = Trial(box, Clock.of(box, report.length), report.length, seed)
    steady = time_invariant(trial)
    ends = steady and ends_differ(trial)
    found = None
    if all(example.law != "repeatable" for example in report.counterexamples):
        found = not_time_invariant(trial) if not steady else not_at_the_ends(trial) if ends else None
    return replace(
        report,
        time_invariant=steady,
        edge_only=ends,
        period=None if steady else period(trial),
        causal=causal(trial),
        rate=trial.clock.rate,
        counterexamples=report.counterexamples + ((found,) if found else ()),
    )


def _remarks(box: BlackBox, pairs: Pairs) -> Iterator[str]:
    """What a user should know beside the verdicts."""
    for name, x in (("zeros", np.zeros_like(pairs[0][0])), ("finite numbers", pairs[0][0])):
        y = box(x)
        if not np.all(np.isfinite(y)):
            yield f"f gives {y[~np.isfinite(y)][0]:g} for {name}"
    if box.whole:
        return
    x = np.rint(100 * pairs[0][0])
    y, again, fed_whole = box(x), box(x), replace(box, dtype=np.dtype(np.int64))
    try:
        cut = fed_whole.raw(x)
    except Refused:
        return
    if cut.dtype.kind in "iu" and np.array_equal(y, again) and cut.shape == y.shape and np.abs(cut - y).max() > 0.01:
        yield "fed with integers, f cuts its result to whole numbers"

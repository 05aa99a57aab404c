"""Calls so small that what they cost is their set-up."""

import itertools
from collections.abc import Iterator
from functools import partial

import numpy as np
from scipy import signal

import ltisys as lti

from .measure import OURS, Budget, Cell, Job, run

SUITE = "tiny calls"
N, K = 64, 5
RESPONSES = 64


def jobs() -> Iterator[Job]:
    """A filter known from earlier calls, and another one in every call."""
    for dtype in (np.float32, np.float64):
        for known in (True, False):
            yield Job(SUITE, _name(dtype, known), partial(_measure, dtype, known), True)


def _name(dtype: type, known: bool) -> str:
    return f"{np.dtype(dtype).name} N={N} K={K}{'' if known else ', a new filter every time'}"


def _measure(dtype: type, known: bool, budget: Budget, earlier: object) -> Cell:
    rng = np.random.default_rng(0)
    x, responses = rng.standard_normal(N).astype(dtype), rng.standard_normal((RESPONSES, K)).astype(dtype)
    calls = {OURS: lti.convolve, "scipy.signal.convolve": signal.convolve, "numpy.convolve": np.convolve}
    if known:
        candidates = {name: partial(call, x, responses[0]) for name, call in calls.items()}
        ready = lti.plan((N,), (K,), dtype).bind(responses[0])
        candidates[f"{OURS} planned"] = lambda: ready(x)
    else:
        candidates = {name: _fresh(call, x, responses) for name, call in calls.items()}
    return run(Cell(SUITE, _name(dtype, known)), candidates, tolerance=1e-5, budget=budget)


def _fresh(call, x, responses):
    cycle = itertools.cycle(responses)
    return lambda: call(x, next(cycle))

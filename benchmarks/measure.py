"""Timing that can be compared: one process, candidates in turn, every result verified before it is timed."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

PAUSE = 0.003  # seconds: the worker threads of other libraries spin for a while after each call
SHORTEST = 300e-6  # seconds: shorter calls are repeated within one sample
TOO_SLOW = 2.0  # seconds: a peer that takes longer is left out of the cell, and said so

Candidate = Callable[[], np.ndarray]


@dataclass
class Cell:
    """One job, timed for every candidate.

    Attributes
    ----------
    suite, name : str
        Which table, and what the job is.
    seconds : dict of str to float
        Median time of each candidate that took part.
    left_out : dict of str to str
        Candidates that did not take part, with the reason.
    work : dict of str to float
        Multiply-adds ("products") and bytes read and written ("bytes") that the job cannot do without.
    note : str
        What else a reader must know, such as the method that was chosen.
    """

    suite: str
    name: str
    seconds: dict[str, float] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    work: dict[str, float] = field(default_factory=dict)
    note: str = ""

    def ratio(self, *names: str) -> float:
        """Time of the fastest of the named peers (of all by default) divided by ours."""
        peers = [
            t for name, t in self.seconds.items() if not name.startswith("ltisys") and (not names or name in names)
        ]
        return min(peers) / self.seconds["ltisys"] if peers else float("nan")


def run(cell: Cell, candidates: Mapping[str, Candidate], *, tolerance: float, rounds: int) -> Cell:
    """Verify the candidates against the first one and time them in turn.

    Parameters
    ----------
    cell : Cell
        Filled in place.
    candidates : mapping
        Name to a call without arguments; "ltisys" first. All return the same result.
    tolerance : float
        Largest deviation from our result, relative to its largest magnitude.
    rounds : int
        Samples of each candidate.
    """
    reference = None
    repeats = {}
    for name, call in candidates.items():
        call()  # warm up: compile, plan, load
        start = time.perf_counter()
        result = np.asarray(call())
        took = time.perf_counter() - start
        if reference is None:
            reference = result
        error = np.max(np.abs(result - reference)) / np.max(np.abs(reference))
        if result.shape != reference.shape or not error <= tolerance:
            raise AssertionError(f"{cell.suite} {cell.name}: {name} differs from ltisys by {error:.2g}")
        if took > TOO_SLOW:
            cell.left_out[name] = f"over {TOO_SLOW:g} s"
        else:
            repeats[name] = max(1, round(SHORTEST / max(took, 1e-7)))
    samples = {name: [] for name in repeats}
    for _ in range(rounds):
        for name, repeat in repeats.items():
            call = candidates[name]
            time.sleep(PAUSE)
            call()
            start = time.perf_counter()
            for _ in range(repeat):
                call()
            samples[name].append((time.perf_counter() - start) / repeat)
    cell.seconds = {name: statistics.median(times) for name, times in samples.items()}
    return cell


def geometric_mean(ratios: list[float]) -> float:
    """Geometric mean of the ratios that are numbers."""
    known = [r for r in ratios if r == r]
    return statistics.geometric_mean(known) if known else float("nan")

"""Timing that can be compared: one process, candidates in turn, every result verified before it is timed."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

# Threads of a library may spin after a call. Linux books what those on other processors use every four milliseconds or
# more often: within less, none may seem to work.
PAUSE = 0.005  # seconds between two looks whether any still does
LONGEST_PAUSE = 0.05
IDLE = 0.5  # of a processor: what all threads together use when none spins
WARM = 0.002  # seconds of untimed calls before a sample: all threads are awake then, and caches hold what is used
SHORTEST = 300e-6  # seconds: shorter calls are repeated within one sample
TOO_SLOW = 2.0  # seconds: a candidate that is expected to need more is left out of the cell, and said so
ROUNDS = 15  # samples of a candidate, fewer where they would take longer than its budget
FEWEST = 3

Candidate = Callable[[], Any]
OURS = "ltisys"


@dataclass
class Cell:
    """One job, timed for every candidate.

    Attributes
    ----------
    suite, name : str
        Which table, and what the job is.
    seconds : dict of str to float
        Median time of each candidate that took part. Ours is "ltisys", variations of it begin with "ltisys".
    left_out : dict of str to str
        Candidates that did not take part, with the reason.
    work : dict of str to float
        Multiply-adds ("products") and bytes read and written ("bytes") that the job cannot do without, and the
        size of a sample ("itemsize").
    note : str
        What else a reader must know, such as the method that was chosen.
    commit, engine : str
        The state of the repository, and a digest of the engine's files, that were measured.
    took : float
        Seconds that measuring took, for the expectation of the next run.
    """

    suite: str
    name: str
    seconds: dict[str, float] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    work: dict[str, float] = field(default_factory=dict)
    note: str = ""
    commit: str = ""
    engine: str = ""
    took: float = 0.0

    def peers(self) -> dict[str, float]:
        """Return the times of all who are not us."""
        return {name: t for name, t in self.seconds.items() if not name.startswith(OURS)}

    def ratio(self, *names: str, ours: str = OURS) -> float:
        """Time of the fastest of the named peers (of all by default) divided by ours; NaN where none took part."""
        peers = [t for name, t in self.peers().items() if not names or name in names]
        return min(peers) / self.seconds[ours] if peers and ours in self.seconds else float("nan")


class Known(NamedTuple):
    """An earlier cell from which times of this one are foreseen: its name in the same suite, and how much longer."""

    name: str
    factor: float


class Job(NamedTuple):
    """A cell that can be measured: `measure(budget, earlier)` fills it.

    `earlier` maps (suite, name) to the cells there are; `seconds` is about how long measuring takes.
    """

    suite: str
    name: str
    measure: Callable[["Budget", Mapping[tuple[str, str], Cell]], Cell]
    is_quick: bool = False
    seconds: float = 3.0


class Budget(NamedTuple):
    """How much may be spent: seconds of samples for each candidate, and how many samples at most."""

    seconds: float = 0.4
    rounds: int = ROUNDS


def foresee(cell: Cell, candidates: Mapping[str, Candidate], earlier: Cell | None, factor: float) -> dict:
    """Return the candidates without those that, judged by an earlier cell, need more than TOO_SLOW."""
    chosen = {}
    for name, call in candidates.items():
        seen = earlier.seconds.get(name) if earlier else None
        if earlier and name in earlier.left_out and factor >= 1:
            cell.left_out[name] = earlier.left_out[name]
        elif seen is not None and seen * factor > TOO_SLOW and name != OURS:
            cell.left_out[name] = f"over {TOO_SLOW:g} s"
        else:
            chosen[name] = call
    return chosen


def run(cell: Cell, candidates: Mapping[str, Candidate], *, tolerance: float, budget: Budget) -> Cell:
    """Verify the candidates against the first one and time them in turn.

    Parameters
    ----------
    cell : Cell
        Filled in place.
    candidates : mapping
        Name to a call without arguments; ours first. All return the same result.
    tolerance : float
        Largest deviation from our result, relative to its largest magnitude.
    budget : Budget
        For the samples.
    """
    once = verified(cell, candidates, tolerance)
    chosen = {name: call for name, call in candidates.items() if name not in cell.left_out}
    cell.seconds |= {name: statistics.median(times) for name, times in sampled(chosen, once, budget).items()}
    return cell


def timed(candidates: Mapping[str, Candidate], budget: Budget) -> dict[str, float]:
    """Return the median time of candidates whose results differ, or were verified before."""
    once = {}
    for name, call in candidates.items():
        call()  # warm up
        start = time.perf_counter()
        call()
        once[name] = time.perf_counter() - start
    return {name: statistics.median(times) for name, times in sampled(candidates, once, budget).items()}


def verified(cell: Cell, candidates: Mapping[str, Candidate], tolerance: float) -> dict[str, float]:
    """Return how long each candidate takes; raise AssertionError where results differ, note those that are slow."""
    reference, once = None, {}
    for name, call in candidates.items():
        start = time.perf_counter()
        call()  # warm up: compile, plan, load
        took = time.perf_counter() - start
        if took > TOO_SLOW and name != OURS:
            cell.left_out[name] = f"over {TOO_SLOW:g} s"
            continue
        start = time.perf_counter()
        result = np.asarray(call())
        once[name] = time.perf_counter() - start
        if reference is None:
            reference = np.array(result)
        if result.shape != reference.shape:
            raise AssertionError(f"{cell.suite} {cell.name}: {name} has shape {result.shape}, not {reference.shape}")
        error = deviation(result, reference)
        if not error <= tolerance:
            raise AssertionError(f"{cell.suite} {cell.name}: {name} differs from {OURS} by {error:.2g}")
    return once


def deviation(result: np.ndarray, reference: np.ndarray) -> float:
    """Return the largest deviation relative to the largest magnitude, without copies of large arrays."""
    if reference.ndim < 3:
        result, reference = result[None], reference[None]
    largest = max(float(np.max(np.abs(b))) for b in reference)
    return max(float(np.max(np.abs(a - b))) for a, b in zip(result, reference, strict=True)) / largest


def sampled(candidates: Mapping[str, Candidate], once: Mapping[str, float], budget: Budget) -> dict[str, list[float]]:
    """Return samples of the time of each candidate, taken in turn."""
    repeats = {name: max(1, round(SHORTEST / max(once[name], 1e-7))) for name in candidates}
    wanted = {name: _rounds(once[name] * (repeats[name] + 1), budget) for name in candidates}
    rounds = max(wanted.values(), default=0)
    samples = {name: [] for name in candidates}
    for turn in range(rounds):
        for name, call in candidates.items():
            if turn * wanted[name] // rounds == (turn - 1) * wanted[name] // rounds and turn:
                continue  # a slow one sits this round out
            _rest()
            if once[name] < budget.seconds:
                _warm_up(call)
            start = time.perf_counter()
            for _ in range(repeats[name]):
                call()
            samples[name].append((time.perf_counter() - start) / repeats[name])
    return samples


def _rest() -> None:
    """Wait until no thread of this process spins."""
    used = time.process_time()
    for _ in range(round(LONGEST_PAUSE / PAUSE)):
        time.sleep(PAUSE)
        before, used = used, time.process_time()
        if used - before < IDLE * PAUSE:
            return


def _warm_up(call: Candidate) -> None:
    """Call once at least, and for so long."""
    start = time.perf_counter()
    call()
    while time.perf_counter() - start < WARM:
        call()


def _rounds(each: float, budget: Budget) -> int:
    return min(budget.rounds, max(FEWEST if each < budget.seconds else 2, int(budget.seconds / (each + WARM))))


def geometric_mean(ratios: list[float]) -> float:
    """Geometric mean of the ratios that are numbers."""
    known = [r for r in ratios if r == r]
    return statistics.geometric_mean(known) if known else float("nan")

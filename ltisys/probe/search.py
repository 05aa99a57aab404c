"""Where counterexamples are looked for: one attempt for every law, shrunk as soon as it succeeds."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import final

import numpy as np

from .blackbox import BlackBox, Refused
from .counterexample import Counterexample
from .laws import Sides, additive, delayed, homogeneous, largest, outputs_of, placed, repeatable, shifted
from .linearity import Pairs, scalings
from .shrink import shrunk
from .time import Trial, wraps


@final
@dataclass(frozen=True)
class Attempt:
    """A law as a function of one vector of numbers, from which its signals are made.

    Attributes
    ----------
    law, number
        As in `Counterexample`.
    inputs : callable
        The signals of the law, from the vector.
    sides : callable
        The two sides of the law for those signals.
    tolerance : float
        Relative difference up to which they agree.
    """

    law: str
    number: float | None
    inputs: Callable[[np.ndarray], tuple[np.ndarray, ...]]
    sides: Callable[..., Sides]
    tolerance: float

    def first(self, vectors: Iterable[np.ndarray]) -> Counterexample | None:
        """The first vector that breaks the law, shrunk; one that does so in finite numbers, if there is any."""
        vectors = list(vectors)
        for finite in (True, False):
            for vector in vectors:
                size = self._violation(vector, finite)
                if size > self.tolerance:
                    # small signals, but no smaller differences than can be seen when both sides are printed
                    least = max(self.tolerance, min(0.05, size / 20))
                    smallest = shrunk(vector, lambda x: self._violation(x, finite) > least)  # noqa: B023 - used at once
                    inputs = self.inputs(smallest)
                    return Counterexample.of(self.law, inputs, self.number, self.sides(*inputs))
        return None

    def _violation(self, vector: np.ndarray, finite: bool) -> float:
        """By how much the law is broken, relative to the scale; if so wished, only where both sides are finite."""
        try:
            sides = self.sides(*self.inputs(vector))
        except Refused:
            return 0.0
        if not finite:
            return sides.deviation
        both = np.isfinite(sides.left) & np.isfinite(sides.right)
        return Sides(sides.left[both], sides.right[both], 0, sides.scale).deviation


def not_repeatable(box: BlackBox, pairs: Pairs) -> Counterexample | None:
    """A signal whose output changes from one time to the next."""
    return Attempt("repeatable", None, _alone, lambda x: repeatable(box, x), box.tolerance).first([pairs[0][0]])


def not_additive(box: BlackBox, pairs: Pairs) -> Counterexample | None:
    """Two small signals whose outputs do not add up."""
    attempt = Attempt("additive", None, _halves, lambda x1, x2: additive(box, x1, x2), box.tolerance)
    plain = [(x, y) for x in _plain(pairs) for y in _plain(pairs)]
    return attempt.first(np.concatenate(pair) for pair in plain + pairs)


def not_homogeneous(box: BlackBox, pairs: Pairs) -> Counterexample | None:
    """A small signal and a factor that does not pass through."""
    for factor, x in scalings(box, [(x, x) for x in _plain(pairs)] + pairs):
        law = Attempt("homogeneous", factor, _alone, lambda x, a=factor: homogeneous(box, a, x), box.tolerance)
        if found := law.first([x]):
            return found
    return None


def not_time_invariant(trial: Trial) -> Counterexample | None:
    """A small signal that makes another output when it comes a little later."""
    guard = trial.guard(trial.length)
    for shift in (1, 2, 3, trial.length // 4):
        room = trial.length - 2 * guard - shift
        if found := _when_moved("time_invariant", trial, shift, guard, room):
            return found
    return None


def not_at_the_ends(trial: Trial) -> Counterexample | None:
    """A small signal that meets another rule at an end than a sample further inside."""
    last = trial.length - 1 - trial.width
    for at in (0, last):
        if found := _when_moved("ends", trial, 1, at, trial.width):
            return found
    if not wraps(trial):
        return None

    def around(x: np.ndarray) -> Sides:
        y, left = outputs_of(trial.box, x, delayed(x, 1))
        return Sides(left, delayed(y, 1), 0, largest(y, left))

    law = Attempt("ends", 1, lambda burst: (placed(burst, last, trial.length),), around, trial.tolerance)
    return law.first(trial.bursts())


def _when_moved(law: str, trial: Trial, shift: int, at: int, room: int) -> Counterexample | None:
    """A signal on `room` samples from index `at` on that a shift changes."""
    inside = law == "time_invariant"
    guard = ceil(trial.guard(trial.length) * trial.clock.rate) if inside else 0

    def inputs(burst: np.ndarray) -> tuple[np.ndarray, ...]:
        return (placed(burst, at, trial.length),)

    attempt = Attempt(law, shift, inputs, lambda x: shifted(trial.box, x, shift, shift, guard), trial.tolerance)
    return attempt.first(_bursts(trial, room))


def _bursts(trial: Trial, room: int) -> Iterator[np.ndarray]:
    """Single samples first, then all the room at once."""
    for k in sorted({room // 2, room // 2 + 1, 0, room - 1}):
        yield np.eye(1, room, k)[0]
    rng = np.random.default_rng(trial.seed)
    for amplitude in trial.box.amplitudes:
        yield trial.box.random(rng, room, amplitude)


def _plain(pairs: Pairs) -> list[np.ndarray]:
    """Single samples in the middle: where they break a law, nothing smaller does."""
    middle, length = pairs[0][0].size // 2, pairs[0][0].size
    one, next_one = np.eye(2, length, middle)
    return [one, next_one, -one]


def _alone(x: np.ndarray) -> tuple[np.ndarray, ...]:
    return (x,)


def _halves(both: np.ndarray) -> tuple[np.ndarray, ...]:
    return tuple(np.split(both, 2))

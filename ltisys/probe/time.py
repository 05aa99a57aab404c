"""Verdicts about time: invariance, period, the ends, causality. Each is tried with short bursts in silence.

A function may treat the ends of its input in its own way and still be time-invariant inside. The two are told apart by
asking for longer signals: what comes from the ends fades, from length to doubled length, faster than any power of the
length that a true dependence on time is seen to have.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import final

import numpy as np

from .blackbox import BlackBox, Clock, Refused
from .laws import Sides, delayed, largest, outputs_of, placed, shifted

_ALMOST = 0.02  # a misfit that may come from the ends
_FADES = 1 / 50  # 1 / N^2 falls to a quarter when N is doubled, an exponential soon below any fraction


@final
@dataclass(frozen=True)
class Trial:
    """Where time is tried: a box, its clock, the nominal length, and the seed of the bursts."""

    box: BlackBox
    clock: Clock
    length: int
    seed: int

    @property
    def tolerance(self) -> float:
        """The box's tolerance."""
        return self.box.tolerance

    @property
    def width(self) -> int:
        """Samples in a burst: a quarter of the nominal length, however long the silence around it."""
        return self.length // 4

    def guard(self, length: int) -> int:
        """Input samples at each end that do not count as inside: an eighth."""
        return length // 8

    def bursts(self) -> list[np.ndarray]:
        """One burst of each amplitude; the smallest and the largest show other bends of a curve."""
        rng = np.random.default_rng(self.seed)
        return [self.box.random(rng, self.width, amplitude) for amplitude in self.box.amplitudes]

    def shifted(self, x: np.ndarray, shift: int, *, inside: bool) -> Sides:
        """The law of time invariance for a shift that the clock keeps."""
        guard = ceil(self.guard(x.size) * self.clock.rate) if inside else 0
        return shifted(self.box, x, shift, self.clock.delay(shift), guard)


def time_invariant(trial: Trial) -> bool:
    """Whether a shifted input gives the equally shifted output, inside."""
    return trial.clock.rate == 1 and holds_inside(trial, lambda length: _shifts(trial, length, 1))


def period(trial: Trial) -> int | None:
    """The period, counted on the faster of the two clocks, of a system that a shift by one sample changes."""
    longest = trial.clock.lengths(trial.length)[:3][-1]
    steps = [step for step in range(1, longest // 2 + 1) if trial.clock.keeps(step)]
    almost = []
    for step in steps:
        misfit = _misfit(trial, longest, step)
        if misfit <= trial.tolerance:
            return _on_faster_clock(trial.clock, step)
        if misfit < _ALMOST:
            almost.append(step)
    for step in almost[:16]:
        if holds_inside(trial, lambda length, step=step: _shifts(trial, length, step)):
            return _on_faster_clock(trial.clock, step)
    return None


def ends_differ(trial: Trial) -> bool:
    """Whether a burst that touches an end, but does not pass it, gives another output than one in the middle."""
    touching = (trial.shifted(x, shift, inside=False) for x, shift in _to_the_ends(trial))
    return any(sides.deviation > trial.tolerance for sides in touching) or wraps(trial)


def wraps(trial: Trial) -> bool:
    """Whether a burst that comes near an end is seen to leave through it and to come in again at the other."""
    for x, shift in _to_the_ends(trial):
        y, turned, silence = outputs_of(trial.box, x, delayed(x, shift), np.zeros_like(x))
        if y.size != x.size:
            return False
        beyond = slice(0, shift) if shift > 0 else slice(shift, None)
        around = largest((turned - silence)[beyond])
        sides = Sides(turned, np.roll(y, shift), 0, largest(y, turned))
        if sides.deviation <= trial.tolerance and around > 10 * trial.tolerance * sides.scale:
            return True
    return False


def causal(trial: Trial) -> bool:
    """Whether inputs that agree up to some time give outputs that agree up to that time, inside."""
    return holds_inside(trial, lambda length: _changes(trial, length))


def holds_inside(trial: Trial, sides_at: Callable[[int], Iterator[Sides]]) -> bool:
    """Whether a law holds once the ends are far enough away.

    It does if it holds to rounding at the first length at which anything is to be seen, or if its violation fades as
    only the influence of the ends does. A law that nothing is seen of has not been broken.
    """
    before = None
    for length in trial.clock.lengths(trial.length):
        try:
            every = list(sides_at(length))
        except Refused:
            if length == trial.length:
                raise
            break
        if not any(sides.tells for sides in every):
            continue
        now = max(sides.deviation for sides in every)
        if now <= (trial.tolerance if before is None else before * _FADES):
            return True
        before = now
    return before is None


def _shifts(trial: Trial, length: int, step: int) -> Iterator[Sides]:
    """The law of time invariance for a shift by `step` and by about a quarter of the nominal length."""
    guard, width = trial.guard(length), trial.width
    far = step * max(1, (trial.length // 4) // step)
    for burst in trial.bursts():
        for shift in sorted({step, far}):
            last = length - guard - width - shift
            for at in sorted({guard, max(guard, (length - width) // 2 - shift), max(guard, last)}):
                yield trial.shifted(placed(burst, at, length), shift, inside=True)


def _on_faster_clock(clock: Clock, step: int) -> int:
    return max(step, clock.delay(step))


def _misfit(trial: Trial, length: int, step: int) -> float:
    """By how much a shift by `step` is not only a shift, for bursts at three phases; infinite if nothing is seen."""
    guard, worst = trial.guard(length), 0.0
    starts = range(guard, min(guard + 3, length - guard - trial.width - step))
    for burst in trial.bursts() if starts else ():
        for at in starts:
            sides = trial.shifted(placed(burst, at, length), step, inside=True)
            worst = max(worst, sides.deviation if sides.tells else np.inf)
            if worst > _ALMOST:
                return worst
    return worst if starts else np.inf


def _to_the_ends(trial: Trial) -> Iterator[tuple[np.ndarray, int]]:
    """Bursts in the middle, and the shifts that bring them to the ends."""
    middle = (trial.length - trial.width) // 2
    for burst in trial.bursts():
        for sign in (1,) if trial.box.dtype.kind == "u" else (1, -1):
            for shift in (trial.length - trial.width - middle, -middle):
                yield placed(sign * burst, middle, trial.length), shift


def _changes(trial: Trial, length: int) -> Iterator[Sides]:
    """Outputs before the first sample in which two inputs differ, in silence and in the middle of noise."""
    rng = np.random.default_rng(trial.seed)
    usual, *others = trial.box.amplitudes
    for loud, louder in ((usual, usual), *((other, other) for other in others), (usual, max(others))):
        noise, change = trial.box.random(rng, 2 * trial.width, loud), trial.box.random(rng, trial.width // 2, louder)
        starts = [length // 4 + phase for phase in range(4)] + [length // 2 + 1, 3 * length // 4]
        for at in starts:  # several phases, for a function may work in groups of samples
            for background in (np.zeros(length), placed(noise, at - trial.width, length)):
                changed = background + placed(change, at, length)
                y, other = outputs_of(trial.box, background, changed)
                low, high = ceil(trial.guard(length) * trial.clock.rate), ceil(at * trial.clock.rate)
                scale = largest(y, other)
                if largest(y[low:] - other[low:]) > 1e-3 * scale:
                    yield Sides(y[low:high], other[low:high], low, scale)

"""What a probe found: verdicts, and the counterexamples behind them."""

from dataclasses import dataclass
from fractions import Fraction
from typing import final

from .counterexample import Counterexample


@final
@dataclass(frozen=True, eq=False)
class Report:
    """What `check` found out about a function f; a verdict that could not be reached is None.

    Attributes
    ----------
    name : str
        What the function calls itself.
    length : int
        Samples of the signals it was tried with; longer ones were taken where the ends reached too far inside.
    tolerance : float or None
        Largest difference, relative to the largest sample involved, that counts as rounding: the square root of eps of
        the precision that f was found to work in.
    additive : bool
        f(x1 + x2) = f(x1) + f(x2).
    homogeneous : bool
        f(a x) = a f(x) for every real a, negative ones included.
    affine : bool
        Not linear, but f(x) - f(0) is.
    time_invariant : bool
        A delay of the input by any number of samples delays the output by as many and changes nothing else, inside:
        what happens only at the ends is `edge_only`.
    edge_only : bool
        Time-invariant inside, and not at the ends: they are extended, tapered or joined. A signal that is taken to be
        zero beyond its ends breaks nothing.
    period : int or None
        Smallest period of a system that is not time-invariant but periodically so, None for all others. It is counted
        in input samples, or in output samples where there are more of them.
    causal : bool
        No output depends on a later input, inside. Output m belongs to the time m / rate of the input.
    truncates : bool
        Linear but for whole numbers, to which an integer dtype cuts or rounds the result.
    rate : Fraction or None
        Samples out per sample in, but for a constant number.
    counterexamples : tuple of Counterexample
        One for every law that is broken.
    notes : tuple of str
        What else happened, in words: exceptions, values that are not finite.
    """

    name: str
    length: int
    tolerance: float | None = None
    additive: bool | None = None
    homogeneous: bool | None = None
    affine: bool | None = None
    time_invariant: bool | None = None
    edge_only: bool | None = None
    period: int | None = None
    causal: bool | None = None
    truncates: bool | None = None
    rate: Fraction | None = None
    counterexamples: tuple[Counterexample, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def linear(self) -> bool | None:
        """Additive and homogeneous."""
        if self.additive is None or self.homogeneous is None:
            return None
        return self.additive and self.homogeneous

    @property
    def counterexample(self) -> Counterexample | None:
        """The first of the counterexamples: of linearity if it fails, else of time invariance, else at the ends."""
        return self.counterexamples[0] if self.counterexamples else None

    @property
    def reasons(self) -> tuple[str, ...]:
        """What the verdicts on linearity and time leave out, in words: how they fail, and where."""
        return tuple(reason for reason in (self._sums, self._time) if reason)

    def __str__(self) -> str:
        tolerance = "" if self.tolerance is None else f", relative tolerance {self.tolerance:.1e}"
        rows = [
            ("linear", _word(self.linear), self._sums),
            ("time-invariant", _word(self.time_invariant), self._time),
            ("causal", _word(self.causal), ""),
        ]
        lines = [f"{self.name}, tried with {self.length} samples{tolerance}"]
        lines += [f"  {name:<15} {verdict:<8} {reason}".rstrip() for name, verdict, reason in rows]
        lines += [f"  note: {note}" for note in self.notes]
        for example in self.counterexamples:
            lines += [f"  {line}" for line in str(example).splitlines()]
        return "\n".join(lines)

    @property
    def _sums(self) -> str:
        if self.linear is not False:
            return ""
        if self.truncates:
            return "linear but for cutting to whole numbers"
        if self.affine:
            return "affine: linear but for the constant f(0)"
        if self.homogeneous:
            return "homogeneous, not additive"
        return "additive, not homogeneous" if self.additive else "neither additive nor homogeneous"

    @property
    def _time(self) -> str:
        if self.time_invariant:
            return "other rules at the ends" if self.edge_only else ""
        parts = []
        if self.rate is not None and self.rate != 1:
            parts.append(f"{self.rate.numerator} out for {self.rate.denominator} in")
        if self.period is not None:
            parts.append(f"period {self.period}")
        return ", ".join(parts)


def _word(verdict: bool | None) -> str:
    return "unknown" if verdict is None else "yes" if verdict else "no"

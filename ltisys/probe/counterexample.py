"""A broken law: the small signals that break it, and both of its sides."""

from dataclasses import dataclass
from typing import final

import numpy as np

from ..signal import Signal
from .laws import Sides

_SHOWN = 8  # samples of a side


@final
@dataclass(frozen=True, eq=False)
class Counterexample:
    """Signals for which a function breaks a law.

    Attributes
    ----------
    law : str
        "repeatable", "additive", "homogeneous", "time_invariant", or "ends": time invariance that fails only there.
    inputs : tuple of Signal
        x1 and x2 for "additive", else x; without the zeros around them.
    number : float or None
        The factor of "homogeneous", the delay in samples of "time_invariant" and "ends".
    left, right : Signal
        The two sides that the law says are equal, where they differ most: at most eight samples.
    """

    law: str
    inputs: tuple[Signal, ...]
    number: float | None
    left: Signal
    right: Signal

    @classmethod
    def of(cls, law: str, inputs: tuple[np.ndarray, ...], number: float | None, sides: Sides) -> "Counterexample":
        """The counterexample in signals that can be read."""
        worst = int(np.argmax(sides.differences))
        low = min(max(0, worst - _SHOWN // 2), max(0, sides.left.size - _SHOWN))
        differing = low + np.flatnonzero(sides.differences[low : low + _SHOWN])
        first, last = (int(differing[0]), int(differing[-1])) if differing.size else (worst, worst)
        left, right = (Signal(_whole(y[first : last + 1]), sides.start + first) for y in (sides.left, sides.right))
        return cls(law, tuple(Signal(_whole(x)).trim() for x in inputs), number, left, right)

    @property
    def sides(self) -> tuple[str, str]:
        """The two sides in words."""
        number = "" if self.number is None else f"{self.number:.4g}"
        return {
            "repeatable": ("f(x)", "f(x), asked again"),
            "additive": ("f(x1 + x2)", "f(x1) + f(x2)"),
            "homogeneous": (f"f({number} x)", f"{number} f(x)"),
        }.get(self.law, (f"f(x[n - {number}])", f"f(x)[n - {number}]"))

    def __str__(self) -> str:
        names = ("x1", "x2") if len(self.inputs) > 1 else ("x",)
        rows = [(name, _as_unit_samples(x)) for name, x in zip(names, self.inputs, strict=True)]
        rows += [(name, _as_list(y)) for name, y in zip(self.sides, (self.left, self.right), strict=True)]
        wide = max(len(name) for name, _ in rows)
        return "\n".join([f"{self.sides[0]} ≠ {self.sides[1]}"] + [f"  {name:<{wide}} = {text}" for name, text in rows])


def _whole(values: np.ndarray) -> np.ndarray:
    """Whole numbers as integers, which are read more easily."""
    whole = np.isrealobj(values) and np.all(np.isfinite(values)) and np.array_equal(values, np.rint(values))
    return values.astype(np.int64) if whole and np.abs(values).max() < 2**53 else values


def _as_unit_samples(x: Signal) -> str:
    """A signal as it is decomposed: 2 δ[n - 3] - δ[n - 4]."""
    terms = [(n, x[n]) for n in x.n.tolist() if x[n] != 0]
    if not terms:
        return "0"
    if len(terms) > _SHOWN:
        return repr(x)
    text = ""
    for n, value in terms:
        sign = " - " if value < 0 else " + "
        size = "" if abs(value) == 1 else f"{abs(value):.4g} "
        text += f"{sign}{size}δ[n{f' - {n}' if n else ''}]"
    return text.removeprefix(" + ").replace(" - ", "-", 1) if text.startswith(" - ") else text.removeprefix(" + ")


def _as_list(y: Signal) -> str:
    return f"[{', '.join(f'{value:.4g}' for value in y.samples)}] from n = {y.start}"

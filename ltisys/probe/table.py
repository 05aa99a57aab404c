"""The verdicts on well-known functions, as a page of Markdown."""

from .gallery import gallery
from .report import Report
from .verdicts import check

_PAGE = """# What a probe says about well-known functions

Each function was asked as a black box by `ltisys.probe.check`, with signals of 64 samples. It is linear if a sum of
inputs gives the sum of the outputs and a factor passes through. It is time-invariant if, away from the ends, a delay of
the input only delays the output; what it does with the ends is told apart. It is causal if no output depends on a later
input, output m belonging to the time of the m-th input (or of the right fraction of it, for another rate).

Here x is the signal and n its index, h = [1, 2, 3, 4], and (b, a) or sos a Butterworth lowpass of order 4. This page is
written by `python -m ltisys.probe --write`.

"""


def reports() -> dict[str, Report]:
    """What `check` finds out about every function of the gallery."""
    return {name: check(function) for name, function in gallery().items()}


def page(found: dict[str, Report]) -> str:
    """The page: how the verdicts are to be read, and a row for every function."""
    rows = [("function", "linear", "time-invariant", "causal", "remarks"), ("---",) * 5]
    rows += [_row(name, report) for name, report in found.items()]
    return _PAGE + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(name: str, report: Report) -> tuple[str, ...]:
    words = [{True: "yes", False: "**no**", None: "unknown"}[v] for v in (report.linear, report.time_invariant)]
    causal = {True: "yes", False: "no", None: "unknown"}[report.causal]
    return (f"`{name}`", *words, causal, "; ".join([*report.reasons, *report.notes]))

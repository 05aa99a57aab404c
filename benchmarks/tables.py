"""Cells as tables for people."""

import fnmatch
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from .ceilings import Limits
from .comparisons import of
from .limits import share
from .measure import OURS, Cell, geometric_mean

HIDDEN = tuple(f"{OURS} {method}" for method in ("direct", "fft", "separable", "gemm", "winograd"))


def against_peers(cells: Sequence[Cell], limits: Limits) -> list[str]:
    """Return one row for every cell: times, the share of a limit, ratios, and the reason where it is behind."""
    names = list(dict.fromkeys(name for cell in cells for name in (*cell.seconds, *cell.left_out)))
    ours = [name for name in names if name.startswith(OURS) and name not in HIDDEN]
    peers = [name for name in names if not name.startswith(OURS)]
    versions = [name for name in ours if name == OURS or name.endswith("contiguous")]
    columns = {"job": [cell.name for cell in cells], "method": [cell.note for cell in cells]}
    columns |= {name: [_entry(cell, name) for cell in cells] for name in ours}
    columns["of the limit"] = [str(share(cell, limits) or "") for cell in cells]
    columns |= {name: [_entry(cell, name) for cell in cells] for name in peers}
    columns |= {f"best peer / {name}": [_bold(cell.ratio(ours=name)) for cell in cells] for name in versions}
    columns["why behind"] = [reason(cell) if is_behind(cell) else "" for cell in cells]
    shown = {head: entries for head, entries in columns.items() if any(entries)}
    rows = zip(*shown.values(), strict=True)
    return [_row(list(shown)), "|---" * len(shown) + "|", *(_row([entry or "–" for entry in row]) for row in rows)]


def _row(entries: list[str]) -> str:
    return f"| {' | '.join(entries)} |"


def _entry(cell: Cell, name: str) -> str:
    return time_of(cell.seconds[name]) if name in cell.seconds else cell.left_out.get(name, "")


def _bold(ratio: float) -> str:
    return f"**{ratio:.2f}**" if ratio == ratio else ""


def summary(suite: str, cells: list[Cell]) -> list[str]:
    """Return a row for every comparison of a table: geometric mean, lowest ratio, cells behind."""
    rows = []
    for comparison in of(suite):
        ratios = comparison.ratios(cells)
        if not ratios:
            continue
        lowest = min(ratios, key=ratios.__getitem__)
        least = 1.0 if comparison.each is None else comparison.each
        behind = sum(ratio < least for ratio in ratios.values())
        aims = [f"mean {comparison.mean:g}"] if comparison.mean else []
        aims += [f"each {comparison.each:g}"] if comparison.each else []
        mean = geometric_mean(list(ratios.values()))
        rows.append(
            f"| {suite} | {comparison.title} | **{mean:.2f}** | {', '.join(aims) or '–'} | "
            f"{ratios[lowest]:.2f} ({lowest}) | {behind} of {len(ratios)} below {least:g} |"
        )
    return rows


def is_behind(cell: Cell) -> bool:
    """Tell whether a cell stays below what one of the comparisons of its table aims at in each."""
    return any(
        ratio < (1.0 if comparison.each is None else comparison.each)
        for comparison in of(cell.suite)
        for ratio in comparison.ratios([cell]).values()
    )


def reason(cell: Cell) -> str:
    """Return why a cell is behind."""
    key = f"{cell.suite}: {cell.name}"
    return next((why for pattern, why in _reasons().items() if fnmatch.fnmatchcase(key, pattern)), "not known yet")


@cache
def _reasons() -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / "reasons.toml").read_text(encoding="utf-8"))


def time_of(seconds: float) -> str:
    """Return a time with three digits and its unit.

    Examples
    --------
    >>> time_of(0.00123456), time_of(3.2e-7)
    ('1.23 ms', '320 ns')
    """
    for unit, scale in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * scale >= 1:
            return f"{seconds * scale:.3g} {unit}"
    return f"{seconds * 1e9:.0f} ns"

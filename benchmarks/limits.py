"""How far a cell is from what the machine can do at most."""

import math
from typing import NamedTuple

from . import banks, filters, images
from .ceilings import Limits
from .measure import OURS, Cell

LARGE = 2 << 20  # bytes read and written, beyond the second-level caches, from which a copy is a limit
DTYPES = {4: "float32", 8: "float64"}


class Share(NamedTuple):
    """A part of a limit: of the multiply-adds, "FMA", or of the bytes a copy moves, "copy"."""

    part: float
    limit: str

    def __str__(self) -> str:
        return f"{self.part:.0%} {self.limit}"


def share(cell: Cell, limits: Limits) -> Share | None:
    """Return the limit that a cell is nearest to; the result written in place where that was timed.

    Products are those of the definition, so what needs fewer (transforms, Winograd) is measured by bytes alone.
    """
    seconds = cell.seconds.get(f"{OURS} out=", cell.seconds.get(OURS))
    if not cell.work or not seconds:
        return None
    shares = []
    if cell.note not in ("fft", "winograd"):
        peak = limits["products per second"][DTYPES[int(cell.work["itemsize"])]]
        shares.append(Share(cell.work["products"] / seconds / peak, "FMA"))
    if cell.work["bytes"] >= LARGE:
        copies = limits["bytes per second"]
        size = min(copies, key=lambda size: abs(math.log(2 * int(size) / cell.work["bytes"])))
        shares.append(Share(cell.work["bytes"] / seconds / copies[size], "copy"))
    return max(shares, default=None)


def lines(cells: list[Cell], limits: Limits) -> list[str]:
    """Return the rows of the table of limits: who, what is aimed at, lowest and highest share, cells below the aim."""
    rows = ["| cells | aim | lowest | highest | below the aim |", "|---|---|---|---|---|"]
    for title, aim, chosen in (
        ("direct 7×7, of the multiply-adds", 0.45, [c for c in _of(cells, images.SUITE) if c.name.endswith(" 7×7")]),
        ("banks forward, batch 32 and 128, of the multiply-adds", 0.45, _banks(cells)),
        ("K = 3 on large data, of a copy", 0.75, [c for c in _of(cells, filters.WARM) if c.name.endswith("K=3")]),
        ("3×3 on large data, of a copy", 0.75, [c for c in _of(cells, images.SUITE) if c.name.endswith(" 3×3")]),
    ):
        wanted = "copy" if aim == 0.75 else "FMA"
        if wanted == "copy":
            chosen = [cell for cell in chosen if cell.work["bytes"] >= LARGE]
        shares = {cell.name: found.part for cell in chosen if (found := share(cell, limits)) and found.limit == wanted}
        if shares:
            below = [name for name, part in shares.items() if part < aim]
            named = f"{len(below)} of {len(shares)}{': ' + ', '.join(below) if below else ''}"
            rows.append(f"| {title} | {aim:.0%} | {min(shares.values()):.0%} | {max(shares.values()):.0%} | {named} |")
    return rows if len(rows) > 2 else []


def _of(cells: list[Cell], suite: str) -> list[Cell]:
    return [cell for cell in cells if cell.suite == suite]


def _banks(cells: list[Cell]) -> list[Cell]:
    return [cell for cell in _of(cells, banks.FORWARD) if not cell.name.endswith("batch 1")]

"""The page of a file of results: everything on it follows from the file."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from . import choices, first_call, growth, limits, paddings, record, tables
from .measure import Cell

Table = Callable[[list[Cell]], list[str]]
SHAPED: dict[str, Table] = {
    paddings.SUITE: paddings.table,
    growth.OVER_N: growth.table,
    growth.OVER_K: growth.table,
    first_call.SUITE: first_call.table,
}


def path_of(results: Path) -> Path:
    """Return where the page of a file of results stands: the grid is the README of the benchmarks."""
    if results.resolve() == (record.FOLDER / "grid.json").resolve():
        return record.FOLDER.parent / "README.md"
    return results.with_suffix(".md")


def records() -> list[Path]:
    """Return the files of results that have a page in the repository."""
    return [path for path in (record.FOLDER / "grid.json",) if path.exists()]


def write(results: Path) -> Path:
    """Write the page of a file of results, and return where."""
    page = path_of(results)
    page.write_text(markdown(results), encoding="utf-8")
    return page


def markdown(results: Path) -> str:
    """Return the page of a file of results."""
    machine, ceilings, held = record.read(results)
    cells = list(held.values())
    suites = list(dict.fromkeys(cell.suite for cell in cells))
    lines = [*_head(machine, ceilings, cells)]
    rows = [row for suite in suites if suite not in SHAPED for row in tables.summary(suite, _of(cells, suite))]
    if rows:
        head = "| table | time of … / time of ltisys | geometric mean | aim | lowest | behind |"
        lines += ["", "## In short", "", head, "|---|---|---|---|---|---|", *rows]
    for title, section in (
        ("How far from the limit", limits.lines(cells, ceilings)),
        ("What `auto` takes", choices.lines(cells)),
    ):
        if section:
            lines += ["", f"## {title}", "", *section]
    for suite in suites:
        chosen = _of(cells, suite)
        table = SHAPED[suite](chosen) if suite in SHAPED else tables.against_peers(chosen, ceilings)
        lines += ["", f"## {suite}", "", *table]
    return "\n".join(lines) + "\n"


def _of(cells: list[Cell], suite: str) -> list[Cell]:
    return [cell for cell in cells if cell.suite == suite]


def _head(machine, ceilings, cells: list[Cell]) -> list[str]:
    versions = ", ".join(f"{name} {v}" for name, v in machine["versions"].items())
    settings = " ".join(f"{name}={value}" for name, value in machine["allocator"].items())
    commits = Counter(cell.commit for cell in cells)
    measured = ", ".join(f"{commit} ({n} cells)" if len(commits) > 1 else commit for commit, n in commits.items())
    products, copies = ceilings["products per second"], ceilings["bytes per second"]
    return [
        "# Benchmarks",
        "",
        "Written by `python -m benchmarks`; every figure follows from a file in `results/`.",
        "Candidates take turns in one process, each when no thread of another spins any more and after untimed calls",
        "of its own; the medians are compared. Every result is verified before it is timed. A ratio above 1 means that",
        "ltisys is faster; the best peer is the fastest of all in that cell. All have all processors. Every call",
        "allocates its result, but for `out=`, by which the share of a limit is taken. A peer that needs over 2 s, or",
        "would by a smaller job, is left out. Peers take part where they are installed:",
        "`pip install opencv-python-headless mkl_fft torch==2.13.0`.",
        "",
        f"Machine: {machine['processor']}, {machine['threads']} threads, vectors of {machine['vectors']}, "
        f"Python {machine['python']}; {versions}.",
        f"Commit: {measured}.",
        f"Allocator: `{settings}`.",
        "",
        "Limits of the machine, measured on all threads: "
        + ", ".join(f"{rate / 1e9:.3g}·10⁹ {dtype} multiply-adds per second" for dtype, rate in products.items())
        + "; copies, read and written, "
        + ", ".join(f"{rate / 1e9:.3g} GB/s of {int(size) / 1e6:.3g} MB" for size, rate in copies.items())
        + ".",
    ]

"""The results as tables for people."""

from collections.abc import Mapping, Sequence
from typing import Any

from .measure import Cell, geometric_mean


def markdown(machine: Mapping[str, Any], limits: Mapping[str, float], cells: Sequence[Cell]) -> str:
    """Return the page: how it was measured, the machine's limits, one table a suite."""
    versions = ", ".join(f"{name} {v}" for name, v in machine["versions"].items())
    settings = " ".join(f"{name}={value}" for name, value in machine["allocator"].items())
    lines = [
        "# Benchmarks",
        "",
        "Written by `python -m benchmarks`; every figure comes from the JSON file of the same name beside this page.",
        "Candidates take turns in one process, each after a pause and an untimed call; the medians are compared.",
        "Every result is verified before it is timed. A ratio above 1 means that ltisys is faster.",
        "Peers take part where they are installed:",
        "`pip install opencv-python-headless mkl_fft torch==2.13.0`.",
        "",
        f"Machine: {machine['processor']}, {machine['threads']} threads, Python {machine['python']}; {versions};",
        f"commit {machine['commit']}.",
        f"Allocator: `{settings}`.",
        "",
        *(f"- {value / 1e9:.3g}·10⁹ {name}" for name, value in limits.items()),
    ]
    for suite in dict.fromkeys(cell.suite for cell in cells):
        lines += ["", f"## {suite}", "", *_table([cell for cell in cells if cell.suite == suite])]
    return "\n".join(lines) + "\n"


def _table(cells: Sequence[Cell]) -> list[str]:
    peers = list(dict.fromkeys(name for cell in cells for name in (*cell.seconds, *cell.left_out) if name != "ltisys"))
    head = ["job", "ltisys", "10⁹ products/s", *peers, "best peer / ltisys"]
    rows = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for cell in cells:
        ours = cell.seconds["ltisys"]
        times = [_time(cell.seconds[p]) if p in cell.seconds else cell.left_out.get(p, "–") for p in peers]
        rate = f"{cell.work['products'] / ours / 1e9:.1f}" if "products" in cell.work else "–"
        rows.append("| " + " | ".join([cell.name, _time(ours), rate, *times, f"**{cell.ratio():.2f}**"]) + " |")
    ratios = [cell.ratio() for cell in cells]
    behind = [cell.name for cell in cells if cell.ratio() < 1]
    rows += ["", f"Geometric mean of the ratios to the best peer: **{geometric_mean(ratios):.2f}**."]
    for peer in peers:
        rows.append(f"To {peer}: {geometric_mean([cell.ratio(peer) for cell in cells]):.2f}.")
    rows.append(f"Behind in {len(behind)} of {len(cells)} cells{': ' + ', '.join(behind) if behind else ''}.")
    return rows


def _time(seconds: float) -> str:
    for unit, scale in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * scale >= 1:
            return f"{seconds * scale:.3g} {unit}"
    return f"{seconds * 1e9:.0f} ns"

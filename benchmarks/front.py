"""The speed table of the front page: ``python -m benchmarks.front`` writes it into README.md from the kept results."""

import json
import re
from pathlib import Path
from statistics import geometric_mean

ROOT = Path(__file__).parent.parent
RESULTS = tuple(ROOT / "benchmarks" / "results" / name for name in ("grid.json", "quick.json"))
_BLOCK = re.compile(r"(<!-- speed -->\n).*?(<!-- /speed -->)", re.DOTALL)


def table(results: tuple[Path, ...] = RESULTS) -> str:
    """Return the table of the first file of results that exists: one row for every suite with other libraries in it."""
    kept = next((path for path in results if path.exists()), None)
    if kept is None:
        return "No results are kept here yet: `python -m benchmarks --quick` measures.\n"
    held = json.loads(kept.read_text(encoding="utf-8"))
    machine = held["machine"]
    suites = dict.fromkeys(cell["suite"] for cell in held["cells"])
    rows = [row for suite in suites if (row := _row(suite, [c for c in held["cells"] if c["suite"] == suite]))]
    lines = [
        "| jobs | cells | time of the best peer / ours | worst … best | behind in |",
        "|---|---|---|---|---|",
        *rows,
    ]
    where = f"{machine['processor']}, {machine['threads']} threads"
    lines += ["", f"From [{kept.name}]({kept.relative_to(ROOT).as_posix()}), measured on {where}."]
    return "\n".join(lines) + "\n"


def filled(page: str, block: str) -> str:
    """Return a page with the block between its two markers replaced."""
    if not _BLOCK.search(page):
        raise ValueError("the page has no place for the table: <!-- speed --> … <!-- /speed -->")
    return _BLOCK.sub(lambda found: found[1] + block + found[2], page)


def _row(suite: str, cells: list[dict]) -> str:
    """One suite in a row, or nothing where nobody else took part."""
    ratios = []
    for cell in cells:
        peers = [seconds for name, seconds in cell["seconds"].items() if not name.startswith("ltisys")]
        if peers and "ltisys" in cell["seconds"]:
            ratios.append(min(peers) / cell["seconds"]["ltisys"])
    if not ratios:
        return ""
    behind = sum(ratio < 1 for ratio in ratios)
    spread = f"{min(ratios):.2f} … {max(ratios):.2f}"
    return f"| {suite} | {len(ratios)} | **{geometric_mean(ratios):.2f}** | {spread} | {behind} |"


if __name__ == "__main__":
    readme = ROOT / "README.md"
    readme.write_text(filled(readme.read_text(encoding="utf-8"), table()), encoding="utf-8")

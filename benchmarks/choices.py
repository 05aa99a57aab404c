"""Whether "auto" takes the fastest method: every method that may apply is timed in the cells of the grid."""

from .measure import OURS, Cell

NEAR, WORST, OFTEN = 1.15, 1.5, 0.95


def losses(cells: list[Cell]) -> dict[str, tuple[float, str, str]]:
    """Return for each cell the time of "auto" over that of the best method, its method and the best one."""
    found = {}
    for cell in cells:
        forced = {
            name.removeprefix(f"{OURS} "): t
            for name, t in cell.seconds.items()
            if name.removeprefix(f"{OURS} ") in ("direct", "fft", "separable", "gemm", "winograd")
        }
        if len(forced) > 1 or (forced and cell.note not in forced):
            best = min(forced, key=forced.__getitem__)
            # the same method twice differs by chance: what is held against the best is the method that was taken
            taken = min(cell.seconds[OURS], forced.get(cell.note, cell.seconds[OURS]))
            found[f"{cell.suite}: {cell.name}"] = taken / forced[best], cell.note, best
    return found


def lines(cells: list[Cell]) -> list[str]:
    """Return the section about "auto"."""
    found = losses(cells)
    if not found:
        return []
    near = sum(loss <= NEAR for loss, *_ in found.values())
    worst = max(found, key=lambda name: found[name][0])
    text = [
        f"Of {len(found)} cells in which more than one method may pay, `auto` is within {NEAR - 1:.0%} of the best "
        f"forced method in {near} ({near / len(found):.0%}; aim {OFTEN:.0%}).",
        f"Worst: {found[worst][0]:.2f} × in {worst} (aim {WORST:g}).",
    ]
    behind = sorted(((loss, name, m, b) for name, (loss, m, b) in found.items() if loss > NEAR), reverse=True)
    if behind:
        text += ["", "| job | auto takes | best | auto / best |", "|---|---|---|---|"]
        text += [f"| {name} | {method} | {best} | {loss:.2f} |" for loss, name, method, best in behind]
    return text

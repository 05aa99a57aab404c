"""How the cost of a filter grows: flat per sample in N, and like log K once transforms take over."""

import math
from collections.abc import Iterator
from functools import partial

import numpy as np

import ltisys as lti

from .measure import OURS, Budget, Cell, Job, timed

OVER_N, OVER_K = "growth over N", "growth over K"
LENGTHS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
TAPS_OF_LENGTHS = (3, 64, 1024)
TAPS = (4, 16, 64, 256, 1024, 4096, 16384, 65536)
LENGTH = 1_000_000


def jobs() -> Iterator[Job]:
    """Filters of three lengths over N, and one signal over K; float32, mode "same", the result in place."""
    for n in LENGTHS:
        taps = [k for k in TAPS_OF_LENGTHS if 2 * k <= n]
        yield Job(OVER_N, f"N={n:.0e}", partial(_measure, OVER_N, f"N={n:.0e}", [(n, k) for k in taps]), n == 1000)
    for k in TAPS:
        yield Job(OVER_K, f"K={k}", partial(_measure, OVER_K, f"K={k}", [(LENGTH, k)]), k == 64)


def _measure(suite: str, name: str, sizes: list[tuple[int, int]], budget: Budget, earlier: object) -> Cell:
    candidates, methods = {}, []
    for n, k in sizes:
        rng = np.random.default_rng(0)
        x, h = rng.standard_normal(n, dtype=np.float32), rng.standard_normal(k, dtype=np.float32)
        ready = lti.plan((n,), (k,), np.float32, mode="same").bind(h)
        y = np.empty_like(x)
        candidates[f"{OURS} K={k}"] = partial(ready, x, out=y)
        methods.append(ready.method)
        part = slice(n // 2, n // 2 + 100)
        first = part.start - k + 1 + (k - 1) // 2
        around = np.zeros(99 + k)
        inside = slice(max(0, first), min(n, first + 99 + k))
        around[inside.start - first : inside.stop - first] = x[inside]
        error = np.max(np.abs(ready(x)[part] - np.convolve(around, h.astype(float), "valid")))
        if not error <= 1e-4 * np.abs(h).sum() * np.abs(x).max():
            raise AssertionError(f"{suite} N={n} K={k}: the result is wrong by {error:.2g}")
    work = {"samples": float(sizes[0][0])}
    return Cell(suite, name, seconds=timed(candidates, budget), work=work, note=", ".join(methods))


def table(cells: list[Cell]) -> list[str]:
    """Return a row for every length: ns per sample, and for growth over K that over log2 K."""
    names = list(dict.fromkeys(name for cell in cells for name in cell.seconds))
    if cells[0].suite == OVER_K:
        rows = ["| K | method | ns per sample | … / log2 K |", "|---|---|---|---|"]
        for cell in cells:
            ((name, seconds),) = cell.seconds.items()
            each = 1e9 * seconds / cell.work["samples"]
            k = int(name.split("=")[1])
            rows.append(f"| {k} | {cell.note} | {each:.3f} | {each / math.log2(k):.4f} |")
        return rows
    rows = [f"| N | {' | '.join(f'{name.split()[1]}, ns per sample' for name in names)} | methods |"]
    rows.append("|---" * (len(names) + 2) + "|")
    for cell in cells:
        each = [f"{1e9 * cell.seconds[n] / cell.work['samples']:.3f}" if n in cell.seconds else "–" for n in names]
        rows.append(f"| {cell.name.removeprefix('N=')} | {' | '.join(each)} | {cell.note} |")
    return rows

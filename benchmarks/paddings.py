"""What the border costs: the same filter with every padding."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

import ltisys as lti

from .measure import OURS, Budget, Cell, Job, timed
from .tables import time_of

SUITE = "paddings"
PADDINGS = ("zero", "constant", "reflect", "symmetric", "replicate", "circular")
IN_NUMPY = {"zero": "constant", "constant": "constant", "replicate": "edge", "circular": "wrap"}
ROWS = ((10_000, 16), (10_000, 256), (1_000_000, 3), (1_000_000, 64), (1_000_000, 1024))
IMAGES = ((64, 3), (512, 3), (512, 7), (512, 15), (2048, 3), (2048, 15))
NEAR = 1.15
QUICK = {(10_000, 16), (512, 7)}


def jobs() -> Iterator[Job]:
    """Signals and images, mode "same", float32."""
    for n, k in ROWS:
        yield Job(SUITE, f"1-D N={n:.0e} K={k}", partial(_measure, (n,), (k,)), (n, k) in QUICK)
    for size, k in IMAGES:
        yield Job(SUITE, f"2-D {size}² {k}×{k}", partial(_measure, (size, size), (k, k)), (size, k) in QUICK)


def _measure(shape: tuple[int, ...], taps: tuple[int, ...], budget: Budget, earlier: object) -> Cell:
    rng = np.random.default_rng(0)
    x, h = (rng.standard_normal(size, dtype=np.float32) for size in (shape, taps))
    convolve = lti.convolve if len(shape) == 1 else lti.convolve2d
    candidates = {}
    for padding in PADDINGS:
        words: dict[str, Any] = {"mode": "same", "padding": padding}
        if padding == "constant":
            words["value"] = 2
        candidates[f"{OURS} {padding}"] = partial(convolve, x, h, **words)
        wide = np.pad(x, [(k - 1 - (k - 1) // 2, (k - 1) // 2) for k in taps], **_in_numpy(padding))
        error = np.max(np.abs(candidates[f"{OURS} {padding}"]() - convolve(wide, h, "valid")))
        if not error <= 1e-4 * np.abs(h).sum() * np.abs(wide).max():
            raise AssertionError(f"{SUITE} {shape} {taps}: {padding} differs from a padded copy by {error:.2g}")
    name = f"1-D N={shape[0]:.0e} K={taps[0]}" if len(shape) == 1 else f"2-D {shape[0]}² {taps[0]}×{taps[0]}"
    return Cell(SUITE, name, seconds=timed(candidates, budget))


def _in_numpy(padding: str) -> dict[str, Any]:
    words: dict[str, Any] = {"mode": IN_NUMPY.get(padding, padding)}
    return {**words, "constant_values": 2} if padding == "constant" else words


def table(cells: list[Cell]) -> list[str]:
    """Return a row for every job: each padding's time, and the slowest over the fastest."""
    rows = [f"| job | {' | '.join(PADDINGS)} | slowest / fastest |", "|---" * (len(PADDINGS) + 2) + "|"]
    spreads = {cell.name: max(cell.seconds.values()) / min(cell.seconds.values()) for cell in cells}
    for cell in cells:
        times = " | ".join(time_of(cell.seconds[f"{OURS} {padding}"]) for padding in PADDINGS)
        rows.append(f"| {cell.name} | {times} | {spreads[cell.name]:.2f} |")
    far = [name for name, spread in spreads.items() if spread > NEAR]
    return [*rows, "", f"More than {NEAR - 1:.0%} apart in {len(far)} of {len(cells)}{_named(far)}."]


def _named(names: list[str]) -> str:
    return f": {', '.join(names)}" if names else ""

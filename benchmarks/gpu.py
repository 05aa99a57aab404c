"""Measure this library on an NVIDIA GPU against CuPy and PyTorch: `python -m benchmarks.gpu`, within nine minutes.

First it checks that kernels compile and small results are right, then measures what the device can do at most, then the
cases of `gpu_cases`, the most telling ones first. Every row is on disk as soon as it is measured, so a run that is cut
off is still worth something. Times are medians of seven event-timed batches; each result is compared with float64 sums
of NumPy at a few places, and one that is wrong is not timed. Without a GPU it says so in one line and
exits with code 2.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from . import gpu_peers
from .gpu_cases import L2, Case, Row, bank_gradient_at, cases, input_gradient_at, output_at, table
from .record import FOLDER

SECONDS = 500  # that a run may take; one that began is allowed to end
BATCHES = 7
SHORTEST = 2e-3  # seconds of a batch
TOO_SLOW = 2.0  # seconds of a call
PLACES = 12  # at which a result is compared
WRONG = 1e-2  # deviation from which a result is no result; TF32 keeps ten bits of each factor


class Results:
    """The file of results, whole after every row."""

    def __init__(self, path: Path, machine: Mapping[str, Any]) -> None:
        self.path, self.machine = path, dict(machine)
        self.ceilings: dict[str, float] = {}
        self.rows: list[Row] = []

    def keep(self, row: Row) -> None:
        """Add a row and write the file."""
        self.rows.append(row)
        self.write()

    def write(self) -> None:
        """Write the file and its tables, each whole or not at all."""
        content = {"machine": self.machine, "ceilings": self.ceilings, "rows": [asdict(row) for row in self.rows]}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        head = ["# On a GPU", "", f"{self.machine.get('device')}: {self.ceilings}"]
        page = "\n".join([*head, *(table(self.rows, self.ceilings) if self.ceilings else [])]) + "\n"
        for path, text in ((self.path, json.dumps(content, indent=1) + "\n"), (self.path.with_suffix(".md"), page)):
            temporary = path.with_name(path.name + ".part")
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(path)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a case or two of each suite")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="after which no further row is begun")
    parser.add_argument("--results", type=Path, default=FOLDER / "gpu.json", help="the file of results")
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    if missing := _missing():
        print(f"nothing is measured: {missing}", file=sys.stderr)
        return 2
    from . import gpu_device as device

    results = Results(options.results, device.machine())
    if wrong := device.wrong():
        print(f"nothing is measured: {wrong}", file=sys.stderr)
        return 1
    results.ceilings = device.ceilings()
    results.write()
    print(results.ceilings, flush=True)
    chosen = [case for case in cases() if case.is_quick or not options.quick]
    left = measure(results, chosen, device, lambda: options.seconds - (time.perf_counter() - start))
    print("\n".join(table(results.rows, results.ceilings)))
    print(f"{results.path} is written" + (f"; no time was left for {left} cases" if left else ""))
    return 0


def measure(results: Results, chosen: list[Case], device: Any, seconds_left: Callable[[], float]) -> int:
    """Measure all candidates of the cases while there is time; return how many cases were left."""
    for done, case in enumerate(chosen):
        operands = _operands(case)
        copies = max(1, round(2 * L2 / (4 * operands[0].size)))
        there = [device.upload(operands) for _ in range(copies)]
        for name, call in gpu_peers.candidates(case).items():
            if seconds_left() <= 0:
                return len(chosen) - done
            results.keep(row_of(case, name, call, operands, there, device))
            print(asdict(results.rows[-1]), flush=True)
    return 0


def row_of(case: Case, name: str, call: Callable, operands, there, device: Any) -> Row:
    """Return the row of a candidate: verified, then timed on inputs in turn."""
    row = Row(case.suite, case.name, name, work={"products": case.products, "bytes": case.bytes})
    try:
        result = call(*there[0])
        device.wait()
        row.error = error_of(case, operands, [device.download(each) for each in _parts(result)])
        if not row.error <= WRONG:  # nor is what is no number
            row.left_out = f"wrong by {row.error:.1e}"
            return row
        once = device.seconds([lambda: call(*there[-1])])
        if once > TOO_SLOW:
            row.left_out = f"over {TOO_SLOW:g} s"
            return row
        repeats = max(1, round(SHORTEST / once))
        turns = [there[i % len(there)] for i in range(repeats)]
        batch = [lambda given=given: call(*given) for given in turns]
        samples = [device.seconds(batch) / repeats for _ in range(BATCHES)]
        row.seconds = statistics.median(samples)
        row.spread = (max(samples) - min(samples)) / row.seconds
    except Exception as failure:  # a peer that cannot do a job is a row, not the end
        row.left_out = f"{type(failure).__name__}: {str(failure).splitlines()[0][:100] if str(failure) else ''}"
    return row


def error_of(case: Case, operands, results: list[np.ndarray]) -> float:
    """Return the largest deviation from sums in float64 at a few places, in units of the largest of those sums."""
    x, bank, y_bar = operands
    rng = np.random.default_rng(1)
    pairs = []
    for part, result in enumerate(results):
        for _ in range(PLACES):
            place: Any = tuple(int(rng.integers(n)) for n in result.shape)
            if not case.is_gradient:
                right = output_at(x, bank, place)
            elif part == 0:
                right = input_gradient_at(y_bar, bank, place)
            else:
                right = bank_gradient_at(x, y_bar, place, case.bank[2:])
            pairs.append((part, float(result[place]), right))
    largest = [max(abs(right) for p, _, right in pairs if p == part) for part in range(len(results))]
    return float(np.max([abs(given - right) / largest[part] for part, given, right in pairs]))


def _operands(case: Case) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x, y_bar = (
        rng.standard_normal(shape, dtype=np.float32) for shape in (case.x, case.y if case.is_gradient else (1,) * 4)
    )
    bank = rng.standard_normal(case.bank, dtype=np.float32)
    if case.is_separable:
        bank = (bank[..., :1] * bank[..., :1, :]).astype(np.float32)
    return x, bank, y_bar


def _parts(result: Any) -> tuple[Any, ...]:
    return result if isinstance(result, tuple) else (result,)


def _missing() -> str:
    """Return what is missing for a measurement, in one line, or nothing."""
    try:
        from ltisys.convolution.cuda.target import refuse_missing_device

        refuse_missing_device()
        import cupy  # noqa: F401  # pyright: ignore[reportMissingImports]
    except (ImportError, RuntimeError) as missing:
        return str(missing)
    return ""


if __name__ == "__main__":
    sys.exit(main())

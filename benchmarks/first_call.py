"""What the first call of a process costs: with the kernels on disk, and with nothing compiled before."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial

from .measure import OURS, Budget, Cell, Job
from .tables import time_of

SUITE = "first call"
SET_UP = "import numpy as np, ltisys as lti; x = np.ones(5000, np.float32); h = np.ones(600, np.float32); "
IMAGE = "x = np.ones((80, 90), np.float32); "
BATCH = "x = np.ones((20, 4, 12, 12), np.float32); w = np.ones((6, 4, 3, 3), np.float32); "
CALLS = {
    "a short filter": "y = lti.convolve(x, h[:5]); assert y[100] == 5",
    "a long filter": "y = lti.convolve(x, h, method='fft'); assert abs(y[1000] - 600) < 1e-2",
    "an image": IMAGE + "y = lti.convolve2d(x, np.ones((5, 5), np.float32)); assert y[20, 20] == 25",
    "a bank": BATCH + "y = lti.convolve_bank(x, w); assert abs(y[0, 0, 5, 5] - 36) < 1e-3",
    "a bank, its gradients": BATCH + "a, b = lti.convolve_bank_vjp(x, w, np.ones((20, 6, 12, 12), np.float32)); "
    "assert abs(a[0, 0, 5, 5] - 54) < 1e-3",
}
PROCESSES = 5
IMPORTED, SECOND, FRESH = f"{OURS} imported", f"{OURS} second process", f"{OURS} nothing compiled"
AIMS = {IMPORTED: 0.3, SECOND: 0.6, FRESH: 3.0}


def jobs() -> Iterator[Job]:
    """Whole processes, from the start of Python to the first result."""
    for name, call in CALLS.items():
        yield Job(SUITE, name, partial(_measure, name, call), seconds=12.0)


def _measure(name: str, call: str, budget: Budget, earlier: object) -> Cell:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "NUMBA_CACHE_DIR": folder}

        def process(code: str) -> float:
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, env=environment)
            return time.perf_counter() - start

        fresh = process(SET_UP + call)
        second = statistics.median(process(SET_UP + call) for _ in range(PROCESSES))
        imported = statistics.median(process("import ltisys") for _ in range(PROCESSES))
    return Cell(SUITE, name, seconds={IMPORTED: imported, SECOND: second, FRESH: fresh})


def table(cells: list[Cell]) -> list[str]:
    """Return a row for every call, and the aims."""
    heads = [f"{name.removeprefix(OURS + ' ')} (aim {aim:g} s)" for name, aim in AIMS.items()]
    rows = [f"| the call | {' | '.join(heads)} |", "|---|---|---|---|"]
    for cell in cells:
        rows.append(f"| {cell.name} | {' | '.join(time_of(cell.seconds[name]) for name in AIMS)} |")
    return [*rows, "", "From the start of Python to the first result, its import of NumPy included."]

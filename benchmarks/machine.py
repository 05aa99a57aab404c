"""What the numbers were measured on: versions, allocator settings, and the limits of the machine."""

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from . import measure

# Fresh large outputs cost page faults with the default settings of glibc, for whoever allocates them: heap pages are
# kept instead, on all sides alike.
ALLOCATOR = {
    "MALLOC_MMAP_THRESHOLD_": "4294967296",
    "MALLOC_TRIM_THRESHOLD_": "8589934592",
    "MALLOC_TOP_PAD_": "67108864",
}
PEERS = ("numpy", "scipy", "numba", "opencv-python-headless", "torch", "mkl_fft")


def with_allocator_settings(module: str = "benchmarks") -> None:
    """Start this process, ``python -m module``, again with the allocator settings, unless it has them."""
    if any(os.environ.get(name) != value for name, value in ALLOCATOR.items()):
        os.execve(sys.executable, [sys.executable, "-m", module, *sys.argv[1:]], {**os.environ, **ALLOCATOR})


def describe() -> dict[str, object]:
    """Return processor, versions, commit and settings."""
    return {
        "processor": _processor(),
        "threads": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
        "commit": _commit(),
        "versions": {name: _version(name) for name in PEERS},
        "allocator": ALLOCATOR,
    }


def ceilings(rounds: int) -> dict[str, float]:
    """Measure what the machine can do at most: multiply-adds per second in float32, and bytes copied per second."""
    n = 1536
    a, b = (np.random.default_rng(i).standard_normal((n, n), dtype=np.float32) for i in range(2))
    product = measure.run(measure.Cell("limits", "product"), {"ltisys": lambda: a @ b}, tolerance=0, rounds=rounds)
    source = np.ones(1 << 25, np.float32)
    target = np.empty_like(source)

    def copy():
        half = len(source) // 2
        np.copyto(target[:half], source[:half])
        np.copyto(target[half:], source[half:])
        return target[:1]

    copied = measure.run(measure.Cell("limits", "copy"), {"ltisys": copy}, tolerance=0, rounds=rounds)
    return {
        "multiply-adds of a float32 matrix product, per second": n**3 / product.seconds["ltisys"],
        "bytes copied (read and written) by one thread, per second": 2 * source.nbytes / copied.seconds["ltisys"],
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open() as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _commit() -> str:
    try:
        outcome = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return outcome.stdout.strip()

"""What the numbers were measured on: processor, versions, commit and allocator settings."""

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Fresh large outputs cost page faults with the default settings of glibc, for whoever allocates them: heap pages are
# kept instead, on all sides alike.
ALLOCATOR = {
    "MALLOC_MMAP_THRESHOLD_": "4294967296",
    "MALLOC_TRIM_THRESHOLD_": "8589934592",
    "MALLOC_TOP_PAD_": "67108864",
}
POOLS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
PEERS = ("numpy", "scipy", "numba", "opencv-python-headless", "torch", "mkl_fft")


def with_allocator_settings(module: str = "benchmarks") -> None:
    """Start this process, ``python -m module``, again with the allocator settings and all processors for all."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = {**ALLOCATOR, **dict.fromkeys(POOLS, str(processors))}
    if any(os.environ.get(name) != value for name, value in wanted.items()):
        os.execve(sys.executable, [sys.executable, "-m", module, *sys.argv[1:]], {**os.environ, **wanted})


def describe() -> dict[str, object]:
    """Return processor, vectors, threads, versions and settings: what measurements must share to stand in one table."""
    from ltisys.convolution import simd, threads

    return {
        "processor": _processor(),
        "vectors": f"{8 * simd.REGISTER_BYTES} bits",
        "threads": threads.count(),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in PEERS},
        "allocator": ALLOCATOR,
    }


def commit() -> str:
    """Return the commit of this repository, marked if files differ from it."""
    try:
        outcome = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--exclude", "*"],
            capture_output=True, text=True, check=True, cwd=Path(__file__).parent,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return outcome.stdout.strip()


def engine() -> str:
    """Return a digest of the engine's files: results stay valid while it is the same."""
    from ltisys.convolution import cache

    return cache.fingerprint()[:12]


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

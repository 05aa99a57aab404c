"""``ltisys doctor``: what is installed, and whether it works."""

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import typer

from .console import AsJson, show_json, working

_PACKAGES = ("ltisys", "numpy", "scipy", "numba", "matplotlib", "soundfile", "safetensors", "pooch", "typer", "rich")


def doctor(
    warm: bool = typer.Option(False, "--warm", help="Compile what most programs need, so that no first call waits."),
    as_json: AsJson = False,
) -> None:
    """Say what is installed, which devices there are, and whether the engine computes what it should.

    Example: ltisys doctor --warm
    """
    with working("compiling and checking the engine"):
        report = examine()
    if warm:
        report["warm"] = _warm()
    if as_json:
        show_json(report)
    else:
        for name, value in report.items():
            text = "  ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
            typer.echo(f"{name:<12} {text}")
    if report["engine"] != "ok":
        raise typer.Exit(1)


def examine() -> dict[str, Any]:
    """Versions, places and the result of the self-test, by name."""
    import os

    return {
        "python": f"{platform.python_version()} at {sys.executable}",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "packages": {name: _version(name) for name in _PACKAGES},
        **_engine(),
        "gpu": _gpu(),
        "gpu engine": _gpu_engine(),
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _engine() -> dict[str, Any]:
    """A convolution by every method, with the lecture's numbers, and where compiled code lies."""
    import numpy as np

    import ltisys as lti

    right = [9, 9, 11, 5, 2]
    wrong = [
        method
        for method in ("direct", "fft")
        if not np.array_equal(lti.convolve([3, 1, 2], [3, 2, 1], method=method), right)
    ]
    x, bank = np.ones((1, 2, 5)), np.ones((3, 2, 2))
    if not np.array_equal(lti.convolve_bank(x, bank, mode="valid"), np.full((1, 3, 4), 4.0)):
        wrong.append("bank")
    return {"engine": "ok" if not wrong else f"wrong results: {', '.join(wrong)}", **_compiler()}


def _compiler() -> dict[str, Any]:
    """How the engine runs here: its vectors and threads, and where its compiled code is kept."""
    from ltisys.convolution import cache, simd, threads

    return {
        "vectors": f"{8 * simd.REGISTER_BYTES} bits, {simd.REGISTERS} registers",
        "threads": f"{threads.count()} (LTISYS_THREADS changes it), the engine's own",
        "cache": cache.folder(),
    }


def _warm() -> str:
    """Compile the common set of kernels, telling on standard error which one is at work."""
    import time

    from ltisys.convolution.warm import common_jobs

    start, jobs = time.perf_counter(), list(common_jobs())
    for name, job in jobs:
        with working(name):
            job()
    return f"{len(jobs)} sets of kernels ready after {time.perf_counter() - start:.1f} s"


def _gpu() -> str:
    """What the driver calls the graphics processors, or that there are none."""
    import shutil
    import subprocess

    program = shutil.which("nvidia-smi")
    if program is None:
        return "none found"
    answer = subprocess.run([program, "--list-gpus"], capture_output=True, text=True, timeout=10, check=False)
    return "; ".join(answer.stdout.split("\n")).strip("; ") or "none found"


def _gpu_engine() -> str:
    """Whether the engine computes on the first graphics processor what it should, with what and why not."""
    from ltisys.convolution.cuda import doctor

    return doctor.examine()

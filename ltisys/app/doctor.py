"""``ltisys doctor``: what is installed, and whether it works."""

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import typer

from .console import AsJson, show_json, working

_PACKAGES = ("ltisys", "numpy", "scipy", "numba", "matplotlib", "soundfile", "safetensors", "pooch", "typer", "rich")


def doctor(as_json: AsJson = False) -> None:
    """Say what is installed, which devices there are, and whether the engine computes what it should.

    Example: ltisys doctor
    """
    with working("compiling and checking the engine"):
        report = examine()
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
    """Of the compiler: its threading layer and its cache folder, as its own settings have them."""
    module = sys.modules.get("numba")
    if module is None:
        return {"compiler": "not loaded"}
    config: Any = module.config
    threads = {"number": config.NUMBA_NUM_THREADS, "layer": config.THREADING_LAYER}
    return {
        "threads": threads,
        "cache": config.CACHE_DIR or "__pycache__ beside the engine, or the user's cache folder",
    }


def _gpu() -> str:
    """What the driver calls the graphics processors, or that there are none."""
    import shutil
    import subprocess

    program = shutil.which("nvidia-smi")
    if program is None:
        return "none found"
    answer = subprocess.run([program, "--list-gpus"], capture_output=True, text=True, timeout=10, check=False)
    return "; ".join(answer.stdout.split("\n")).strip("; ") or "none found"

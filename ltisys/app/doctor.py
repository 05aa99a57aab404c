"""``ltisys doctor``: what is installed, and whether it works."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import typer

from .console import AsJson, show_json, working

_PACKAGES = ("ltisys", "numpy", "scipy", "numba", "matplotlib", "soundfile", "safetensors", "pooch", "typer", "rich")
_EXTRAS = ("torch", "cupy", "cupy-cuda12x", "cupy-cuda13x", "numba-cuda", "onnxruntime", "sounddevice", "scikit-learn")
_VARIABLES = (
    "LTISYS_",
    "NUMBA_",
    "OMP_",
    "OPENBLAS_",
    "MKL_",
    "CUDA_VISIBLE_DEVICES",
)  # beginnings of names that matter


def doctor(
    warm: bool = typer.Option(False, "--warm", help="Compile what most programs need, so that no first call waits."),
    as_json: AsJson = False,
) -> None:
    """Say what is installed, which devices there are, and whether the engine computes what it should.

    The engine computes the lectures' examples; the exit code is 1 if one is wrong. Paste the report into an issue:
    it says how the engine runs here, and no name but that of the machine's processor.

    Example: ltisys doctor

    Example: ltisys doctor --warm    compiles now what would be compiled on first use
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
    return {
        "python": f"{platform.python_version()} at {_short(sys.executable)}",
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.platform()}",
        "packages": {name: _version(name) or "missing" for name in _PACKAGES},
        "extras": {name: found for name in _EXTRAS if (found := _version(name))} or "none installed",
        **_engine(),
        **_compiler(),
        "gpu": _gpu(),
        "variables": {k: _short(v) for k, v in sorted(os.environ.items()) if k.startswith(_VARIABLES)} or "none set",
        "data": _data(),
        "gpu-sums": _gpu_engine("examine"),
        "gpu-fft": _gpu_engine("transforms"),
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _short(path: str) -> str:
    """A path without the name of whoever is at home there."""
    home = str(Path.home())
    return f"~{path[len(home) :]}" if path.startswith(home + os.sep) else path


def _processor() -> str:
    """What the processor calls itself, where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0]}, {platform.machine()}" if names else platform.processor() or platform.machine()


def _engine() -> dict[str, Any]:
    """The lectures' examples, and how long that took, compiling included."""
    import time

    import numpy as np

    import ltisys as lti

    start = time.perf_counter()
    x, h = [3.0, 1, 2], [3.0, 2, 1]
    image, taps = np.array([[1.0, 3, 1], [0, -1, 1], [2, 2, -1]]), np.array([[1.0, 2], [0, -1]])
    imaged = [[1, 5, 7, 2], [0, -2, -4, 1], [2, 6, 4, -3], [0, -2, -2, 1]]
    maps, bank = np.arange(50.0).reshape(1, 2, 5, 5), np.arange(54.0).reshape(3, 2, 3, 3)
    mapped = sum(
        maps[:, None, c, 2 - i : 5 - i, 2 - j : 5 - j] * bank[None, :, c, i, j, None, None]
        for c in range(2) for i in range(3) for j in range(3)
    )  # fmt: skip
    right = {
        **{m: np.allclose(lti.convolve(x, h, method=m), [9, 9, 11, 5, 2]) for m in ("direct", "fft")},
        "2-D": np.array_equal(lti.convolve2d(image, taps), imaged),
        "bank": np.allclose(lti.convolve_bank(maps, bank, "valid", method="gemm"), mapped),
        "gradient": np.allclose(lti.convolve_vjp(x, h, [1.0, 0, 0, 0, 0])[0], [3, 0, 0]),
    }
    seconds = time.perf_counter() - start
    wrong = [name for name, fine in right.items() if not fine]
    return {
        "engine": "ok" if not wrong else f"wrong results: {', '.join(wrong)}",
        "checked": f"{', '.join(right)} in {seconds:.1f} s",
    }


def _compiler() -> dict[str, Any]:
    """How the engine runs here: its vectors and threads, and where its compiled code is kept."""
    from ltisys.convolution import cache, simd, threads

    return {
        "vectors": f"{8 * simd.REGISTER_BYTES} bits, {simd.REGISTERS} registers",
        "threads": f"{threads.count()} (LTISYS_THREADS changes it), the engine's own",
        "cache": _short(str(cache.folder())),
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


def _data() -> str:
    """Which data sets the folder named by LTISYS_DATA has."""
    folder = os.environ.get("LTISYS_DATA")
    if not folder:
        return "LTISYS_DATA is not set: data is read from the paths given, or downloaded once"
    found = [name for name in ("mnist", "speech_commands", "fsdd") if (Path(folder) / name).is_dir()]
    return f"{', '.join(found) or 'no known data set'} in {_short(folder)}"


def _gpu() -> str:
    """What the driver calls the graphics processors, its version and their memory, or that there are none."""
    import shutil
    import subprocess

    program = shutil.which("nvidia-smi")
    if program is None:
        return "none found"
    query = [program, "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
    try:
        answer = subprocess.run(query, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired) as failure:
        return f"nvidia-smi does not answer: {failure}"
    if answer.returncode:
        return f"none found: {' '.join((answer.stdout + answer.stderr).split())}"
    return "; ".join(answer.stdout.split("\n")).strip("; ") or "none found"


def _gpu_engine(part: str) -> str:
    """Whether the engine computes on the first graphics processor what it should, with what and why not."""
    from ltisys.convolution.cuda import doctor

    return getattr(doctor, part)()

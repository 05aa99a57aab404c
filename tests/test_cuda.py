"""The files of `tests/on_device`, in the simulator always and on a device where one is asked for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "on_device"
FILES = sorted(path.name for path in HERE.glob("check_*.py"))


def run(name: str, *, simulated: bool) -> None:
    places = os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")])
    settings = {**os.environ, "NUMBA_ENABLE_CUDASIM": "1" if simulated else "0", "PYTHONPATH": places}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", str(HERE / name)]
    outcome = subprocess.run(
        command, cwd=HERE.parent.parent, env=settings, capture_output=True, text=True, timeout=900, check=False
    )
    assert outcome.returncode == 0, outcome.stdout[-4000:] + outcome.stderr[-2000:]


@pytest.mark.parametrize("name", FILES)
def test_in_the_simulator(name):
    run(name, simulated=True)


@pytest.mark.gpu
@pytest.mark.parametrize("name", FILES)
def test_on_a_device(name):
    run(name, simulated=False)


@pytest.mark.skipif(sys.platform != "linux", reason="the extra [test] brings the compiler for Linux only")
def test_compiled_for_a_device_that_is_not_there():
    run("compile_kernels.py", simulated=False)

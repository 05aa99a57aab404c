"""No vector of the engine reaches beyond the array it is made from, workspaces and packed copies included."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ltisys.convolution

ENGINE = Path(ltisys.convolution.__file__).parent
ACCESS = re.compile(r"\bemit\.(load|store|load_first|store_first|splat)\(")


def accesses(*arguments: str, folder: Path) -> dict[str, list[str]]:
    """Return the lines with accesses, those executed and those that reached outside."""
    call = [sys.executable, str(Path(__file__).with_name("bounded.py")), *arguments]
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder)}
    run = subprocess.run(call, capture_output=True, text=True, check=True, env=environment)
    return json.loads(run.stdout)


def test_an_access_one_sample_too_far_is_found(tmp_path):
    found = accesses("float32", "too_far", folder=tmp_path)
    assert len(found["outside"]) == 1  # of the two lines of a copy the one that reads; there was room to write
    assert found["outside"][0].startswith("rows.py:")


@pytest.mark.large
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_access_stays_within_its_array(dtype, tmp_path):
    found = accesses(dtype, folder=tmp_path)
    assert found["outside"] == []
    assert found["executed"] == found["emitted"]
    with_vectors = {path.name for path in ENGINE.glob("*.py") if ACCESS.search(path.read_text(encoding="utf-8"))}
    assert {line.split(":")[0] for line in found["executed"]} == with_vectors - {"simd.py"}

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


@pytest.mark.large
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_access_stays_within_its_array(dtype, tmp_path):
    program = Path(__file__).with_name("bounded.py")
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, str(program), dtype], capture_output=True, text=True, check=True, env=environment
    )
    found = json.loads(run.stdout)
    assert found["outside"] == []
    assert found["executed"] == found["emitted"]
    with_vectors = {path.name for path in ENGINE.glob("*.py") if ACCESS.search(path.read_text(encoding="utf-8"))}
    assert {line.split(":")[0] for line in found["executed"]} == with_vectors - {"simd.py"}

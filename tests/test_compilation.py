"""Kernels and their parts: machine code once, for the whole; Numba as it was for everybody else."""

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from numba import njit, types
from numba.core import registry
from numba.core.codegen import JITCodeLibrary
from numba.core.errors import TypingError

from ltisys.convolution.compilation import kernel, part

FOLLOWED = """
import sys
import numpy as np, ltisys as lti
y = lti.convolve(np.arange(300.0), np.ones(3))
assert y[100] == 297, y[100]
assert lti.convolve(np.ones(5000), np.ones(600), method="fft").shape == (5599,)
print("numba.np.linalg" in sys.modules)
"""


NESTED = """
import sys
import numpy as np
from ltisys.convolution.compilation import kernel

@kernel
def inner(x):
    return x.sum()

@kernel
def outer(x):
    return inner(x) + 1

x = np.arange(4.0)
if sys.argv[1] == "both":
    assert outer(x) == 7
assert inner(x.astype(np.float32)) == 6
print(inner(x))
"""


@part
def doubled(x):
    out = np.empty_like(x)
    for i in range(x.shape[0]):
        out[i] = 2 * x[i]
    return out


def test_a_part_works_inside_of_kernels_and_for_python():
    @kernel
    def quadrupled(x):
        return doubled(doubled(x))

    x = np.arange(5.0)
    assert quadrupled(x).tolist() == (4 * x).tolist() == doubled(doubled(x)).tolist()


def test_machine_code_is_made_of_the_whole_alone(monkeypatch):
    made = []
    emit = JITCodeLibrary._finalize_specific
    monkeypatch.setattr(
        JITCodeLibrary, "_finalize_specific", lambda library: made.append(library.name) or emit(library)
    )

    @part
    def one_more(x):
        return x + 1

    @kernel
    def two_more(x):
        return one_more(one_more(x))

    assert two_more(np.float32(1)) == 3
    assert [name for name in made if "more" in name] == [two_more.py_func.__qualname__]


@pytest.mark.parametrize("first", ["both", "inner"])
def test_a_kernel_from_the_disk_may_be_called_by_another_and_by_python(first, tmp_path):
    program = tmp_path / "nested.py"
    program.write_text(NESTED)
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    for which in (first, "both", "inner", "both"):
        done = subprocess.run([sys.executable, program, which], env=environment, capture_output=True, text=True)
        assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "6.0", "")


def test_numba_compiles_for_others_as_before():
    @kernel
    def ours(n):
        return np.zeros(n).sum()

    @njit
    def theirs(n):
        return np.zeros(n) + np.ones(n)

    assert ours(3) == 0
    assert theirs(3).tolist() == [1, 1, 1]
    assert doubled(np.ones(2)).tolist() == [2, 2]
    (compiled,) = theirs.overloads.values()
    assert type(compiled.library) is JITCodeLibrary


def test_a_kernel_that_cannot_be_compiled_leaves_nothing_behind():
    @kernel
    def broken(x):
        return doubled(x).no_such_attribute

    with pytest.raises(TypingError, match="no_such_attribute"):
        broken(np.ones(3))
    context: Any = registry.cpu_target.target_context
    assert context.codegen()._library_class is JITCodeLibrary


@pytest.mark.parametrize("loose", [False, True])
def test_sums_are_made_in_vectors_only_where_a_part_allows_it(loose):
    def total(x):
        s = x.dtype.type(0)
        for i in range(x.shape[0]):
            s += x[i]
        return s

    inner = part(total, reassociate=loose)
    whole = njit((types.Array(types.float32, 1, "C"),))(lambda x: inner(x))
    (compiled,) = whole.overloads.values()
    assert ("fadd reassoc nsz <" in compiled.library.get_llvm_str()) == loose


def test_a_second_process_loads_no_rules_of_compilation(tmp_path):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}

    def followed():
        done = subprocess.run(
            [sys.executable, "-c", FOLLOWED], check=True, env=environment, capture_output=True, text=True
        )
        return done.stdout.strip()

    assert followed() == "True"
    assert followed() == "False"

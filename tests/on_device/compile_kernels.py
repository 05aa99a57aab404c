"""Every kernel compiled for an H100 or H200 without one: what the machine code must not hold, and what it must."""

import ast
from functools import cache
from pathlib import Path

import pytest
from all_kernels import DTYPES, PARTS, TILES, kernel_of, of_integers
from machine_code import Code, compiled

from ltisys.convolution import cuda

SOURCES = sorted(Path(cuda.__path__[0]).glob("*.py"))
# of the instructions of the stretch that multiplies most; complex products have four of them per load
LEAST_SHARE = {"float32": 0.65, "float64": 0.65, "complex64": 0.8}


@cache
def code_of(part: str, name: str) -> Code:
    return compiled(*kernel_of(part, name))


@pytest.mark.parametrize("name", DTYPES)
@pytest.mark.parametrize("part", PARTS)
def test_kernels_stay_in_their_precision_and_in_registers(part, name):
    code = code_of(part, name)
    assert ".target sm_90" in code.ptx
    assert (".f64" in code.ptx) == (name == "float64")
    assert ".local" not in code.ptx, "something lies in local memory"
    assert (code.stack, code.spills) == (0, 0)


@pytest.mark.parametrize("name", DTYPES)
@pytest.mark.parametrize("part", TILES)
def test_tiles_multiply_more_than_they_do_anything_else(part, name):
    code = code_of(part, name)
    assert code.share >= LEAST_SHARE[name]
    assert code.wide, "taps are loaded one by one"
    assert code.shared <= 48 * 1024


def test_products_and_sums_are_fused_and_nothing_is_added_atomically():
    assert "fma.rn.f32" in code_of("direct", "float32").ptx
    assert not any("atom" in code_of(part, "float32").ptx for part in PARTS)


def test_integers_compile():
    assert ".f64" not in compiled(*of_integers()).ptx


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_line_makes_two_shared_arrays(path):
    # the simulator tells shared arrays by their line
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    lines = [call.lineno for call in calls if ast.unparse(call.func) == "cuda.shared.array"]
    assert len(lines) == len(set(lines))

"""What LLVM makes of the register tiles for the processors that matter, whichever one the tests run on."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

TARGETS = ("avx2", "avx512", "neon")


@cache
def loops(target: str) -> dict[str, list[dict]]:
    program = Path(__file__).with_name("assembly.py")
    run = subprocess.run([sys.executable, str(program), target], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


@pytest.mark.parametrize("target", TARGETS)
def test_every_tile_and_pass_multiplies_in_whole_vectors_and_calls_nothing(target):
    found = loops(target)
    assert len(found) > 40
    for name, inner in found.items():
        assert inner, name
        for loop in inner:
            assert loop["products"] > 0, name
            assert loop["narrow"] == loop["calls"] == [], name


@pytest.mark.parametrize("target", TARGETS)
def test_sums_never_leave_the_registers(target):
    """Passes of radix 8 do: eight complex points and their factors are more than 16 registers."""
    for name, inner in loops(target).items():
        if name.startswith("tile"):
            for loop in inner:
                assert loop["spills"] == [], name


@pytest.mark.parametrize("target", TARGETS)
def test_a_loop_has_a_whole_number_of_the_products_of_its_tile(target):
    """A loop of a tile has a whole number of its products: nothing was split or done twice."""
    found = loops(target)
    for n_maps, n_vectors in ((4, 2), (4, 1), (2, 2)):
        assert all(
            loop["products"] % (n_maps * n_vectors) == 0 for loop in found[f"tile bank_{n_maps}_{n_vectors} float32"]
        )

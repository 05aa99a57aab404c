"""Every kernel compiled for an H100 or H200 without one: what the machine code must not hold."""

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from ltisys.convolution.cuda import direct, fold, integers, memory, weights
from ltisys.convolution.cuda.target import cuda

dispatcher: Any = import_module("numba.cuda.dispatcher")
types: Any = import_module("numba.cuda.types")

SM_90 = (9, 0)
KINDS = {"float32": types.float32, "float64": types.float64, "complex64": types.complex64}
RELATION, EDGE = types.UniTuple(types.int64, 7), types.UniTuple(types.int64, 3)
INDICES = types.Array(types.int64, 1, "C")


class Hopper:
    """What the compiler wants to know of a device that is not there."""

    compute_capability = SM_90


@pytest.fixture(autouse=True)
def _no_device(monkeypatch):
    # functions called by kernels are compiled for "the current device", which only a driver could name
    monkeypatch.setattr(dispatcher, "get_current_device", lambda: Hopper)


def kernels(name: str):
    """Return (kernel, types of its arguments) of all kernels for one dtype."""
    kind = KINDS[name]
    one, two, three, five, six = (types.Array(kind, ndim, "C") for ndim in (1, 2, 3, 5, 6))
    axes = (RELATION, EDGE, RELATION, EDGE)
    sums = weights._partial_sums(np.dtype(name))
    copier = memory._COPIERS[memory.CONJUGATE if kind == types.complex64 else memory.VALUE]
    return {
        "direct": (direct.convolve_direct, (five, five, five, *axes, kind, kind)),
        "partial sums": (sums, (five, five, EDGE, two, *axes, kind, kind)),
        "add in order": (weights.add_in_order, (two, one, kind)),
        "gather": (fold.gather, (three, three, types.int64, INDICES, INDICES)),
        "copy": (copier, (types.Array(kind, 6, "A"), six)),
    }


def assembly(kernel, signature) -> str:
    """Return the kernel in the virtual machine's language."""
    return cuda.compile_ptx(kernel.py_func, signature, cc=SM_90)[0]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("part", ["direct", "partial sums", "add in order", "gather", "copy"])
def test_kernels_stay_in_their_precision_and_in_registers(part, name):
    text = assembly(*kernels(name)[part])
    assert ".target sm_90" in text
    assert ".local" not in text, "something lies in local memory"
    assert (".f64" in text) == (name == "float64")


def test_products_and_sums_are_fused():
    text = assembly(*kernels("float32")["direct"])
    assert "fma.rn.f32" in text
    assert "atom" not in text


def test_integers_compile():
    text = assembly(integers.extremes, (INDICES, types.Array(types.int64, 2, "C")))
    assert ".f64" not in text

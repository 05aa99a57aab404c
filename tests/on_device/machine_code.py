"""Kernels as machine code for an H100 or H200, made without one: what they take, and what their inner loop does.

A kernel goes the way it goes at a first launch: numba makes PTX of it and NVIDIA's linker a binary, whose log tells
registers, stack and spills. A disassembler then shows the loop that multiplies most.
"""

import re
import subprocess
import sysconfig
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from ltisys.convolution.cuda.target import cuda

SM_90 = (9, 0)
INSTRUCTION = re.compile(r"^\s+/\*(?P<at>[0-9a-f]{4,})\*/\s+(?P<text>[^;]+;)", re.MULTILINE)


class Hopper:
    """What the compiler wants to know of a device that is not there."""

    compute_capability = SM_90


class Code(NamedTuple):
    """What became of a kernel.

    Attributes
    ----------
    ptx : str
        In the virtual machine's language.
    registers, stack, spills, shared : int
        Registers of a thread; bytes of its stack and of what was moved there; bytes of a block's shared memory.
    fused, instructions, wide : int
        Fused multiply-adds and all instructions of the innermost loop that has most of the former.
    """

    ptx: str
    registers: int
    stack: int
    spills: int
    shared: int
    fused: int
    instructions: int
    wide: int

    @property
    def share(self) -> float:
        """Which part of the inner loop multiplies and adds."""
        return self.fused / max(1, self.instructions)


def compiled(kernel: Any, signature: tuple) -> Code:
    """Compile a kernel for arguments of these types, and link it."""
    dispatcher: Any = import_module("numba.cuda.dispatcher")
    core: Any = import_module("cuda.core")
    # functions called by kernels are compiled for "the current device", which only a driver could name
    with mock.patch.object(dispatcher, "get_current_device", return_value=Hopper):
        ptx = cuda.compile_ptx(
            kernel.py_func, signature, cc=SM_90, launch_bounds=kernel.targetoptions.get("launch_bounds")
        )[0]
    options = core.LinkerOptions(arch="sm_90", verbose=True, ptxas_options="-v", no_cache=True)
    linker = core.Linker(core.ObjectCode.from_ptx(ptx.encode()), options=options)
    binary = linker.link("cubin").code
    log = linker.get_info_log() + linker.get_error_log()
    return Code(
        ptx,
        _number(r"Used (\d+) registers", log),
        _number(r"(\d+) bytes stack frame", log),
        _number(r"(\d+) bytes spill stores", log) + _number(r"(\d+) bytes spill loads", log),
        _number(r"(\d+) bytes smem", log),
        *_busiest(_disassembled(binary)),
    )


def _number(pattern: str, log: str) -> int:
    found = re.search(pattern, log)
    return int(found[1]) if found else 0


def _disassembled(binary: bytes) -> str:
    packages = Path(sysconfig.get_path("purelib")) / "nvidia"
    program = next(packages.glob("*/bin/nvdisasm*"))
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(binary)
        file.flush()
        return subprocess.run([program, "-c", file.name], capture_output=True, text=True, check=True).stdout


def _busiest(text: str) -> tuple[int, int, int]:
    """Return (fused multiply-adds, instructions, wide loads) of the stretch without branches that has most products."""
    stretches = [[]]
    for line in text.splitlines():
        if re.match(r"\.L_x_\d+:", line):
            stretches.append([])
        elif found := INSTRUCTION.match(line):
            stretches[-1].append(found["text"])
            if re.search(r"\b(BRA|CALL|RET|EXIT)\b", found["text"]):
                stretches.append([])
    counts = [
        (
            sum(bool(re.search(r"\b[DF]FMA\b", each)) for each in part),
            len(part),
            sum("LDS.128" in each for each in part),
        )
        for part in stretches
    ]
    return max(counts, key=lambda each: (each[0], -each[1]))

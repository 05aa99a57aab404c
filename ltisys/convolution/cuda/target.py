"""What the kernels run on: a device, or numba's simulator of one; compiled on first use, launched on a stream."""

import importlib.util
import os
from collections.abc import Callable
from importlib import import_module
from typing import Any

from numba.core import config

INSTALL = "pip install 'ltisys[cuda]' (CUDA 13) or 'ltisys[cuda12]' (CUDA 12)"

SIMULATED = bool(config.ENABLE_CUDASIM)  # pyright: ignore[reportAttributeAccessIssue]
# the CUDA target inside numba is deprecated and cannot align shared memory; its simulator is good enough
if not SIMULATED and importlib.util.find_spec("numba_cuda") is None:
    raise ImportError(f"computing on a GPU needs numba-cuda: {INSTALL}")

cuda: Any = import_module("numba.cuda")
if not SIMULATED and "NUMBA_CUDA_LOW_OCCUPANCY_WARNINGS" not in os.environ:
    # a short signal fills only a part of a device, which is no reason for a warning
    settings: Any = import_module("numba.cuda.core.config")
    settings.CUDA_LOW_OCCUPANCY_WARNINGS = 0

THREADS = 4 if SIMULATED else 256  # of a block, where a kernel does not say otherwise
BLOCKS = 2 if SIMULATED else 4096  # of a grid: the loops of the kernels go on where the grid ends
REGISTERS = 65536  # of a multiprocessor, which its blocks share
ROWS = 2 if SIMULATED else 32768  # blocks along a grid's second axis, whose limit is 65 535


def compiled(function: Callable) -> Any:
    """Return a kernel that is compiled for the device, per types of its arguments, when it is first launched."""
    return cuda.jit(function)


def bounded(threads: int, registers: int) -> Callable[[Callable], Any]:
    """Return `compiled` for blocks of so many threads, each of which may take so many registers."""
    if SIMULATED:
        return compiled
    return cuda.jit(launch_bounds=(threads, REGISTERS // (threads * registers)))


def refuse_missing_device() -> None:
    """Raise RuntimeError where no device works."""
    if not cuda.is_available():
        raise RuntimeError("no NVIDIA GPU with a working driver was found: `ltisys doctor` says what is there")


def cover(n: int, per_block: int, most: int) -> int:
    """Return how many blocks to start for n units of work: at least one."""
    return max(1, min(most, -(-n // per_block)))

"""Arrays on the device, and the comparison with the definition.

numba decides once per process whether `numba.cuda` is its simulator. So the files here are not collected with the other
tests: `tests/test_cuda.py` runs each of them in a process of its own.
"""

import sys
import threading
from importlib import import_module
from typing import Any

import numpy as np

import ltisys
from ltisys.convolution.cuda.target import SIMULATED, cuda

lti: Any = ltisys  # whose results are here what the device's library calls an array

# each thread of a simulated block is a thread of the system: shorter turns, shorter barriers
sys.setswitchinterval(5e-5)


class MadeOnce(dict):
    """Shared arrays of a simulated block, by the line that asks for one: of threads that ask at once, one makes it.

    The simulator looks for an array and then makes it, without a lock: threads that did so at once had one each.
    """

    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def get(self, line, default=None):
        """Return the array; where there is none, others wait until it is set."""
        self._lock.acquire()
        array = super().get(line, default)
        if array is not None:
            self._lock.release()
        return array

    def __setitem__(self, line, array):
        super().__setitem__(line, array)
        self._lock.release()


def _shared_arrays_are_made_once() -> None:
    kind: Any = import_module("numba.cuda.simulator.kernelapi").FakeCUDAShared
    begin = kind.__init__

    def init(self, *sizes):
        begin(self, *sizes)
        self._allocations = MadeOnce()

    kind.__init__ = init


if SIMULATED:
    _shared_arrays_are_made_once()

BITS = {np.dtype(kind): float(np.finfo(kind).eps) for kind in ("f2", "f4", "f8", "c8", "c16")}


def samples(shape: tuple[int, ...], dtype: Any = "f4", seed: int = 0) -> np.ndarray:
    """Return random samples: small integers for integers, normally distributed otherwise."""
    rng = np.random.default_rng([seed, *shape])
    if np.dtype(dtype).kind in "biu":
        return rng.integers(0, 2 if np.dtype(dtype).kind == "b" else 9, shape).astype(dtype)
    if np.dtype(dtype).kind == "c":
        return (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).astype(dtype)
    return rng.standard_normal(shape).astype(dtype)


def there(array: np.ndarray) -> Any:
    """Return a copy on the device."""
    return cuda.to_device(array)


def assert_near(given: Any, right: np.ndarray, scale: float, terms: int) -> None:
    """Check an array on the device against the definition, within the contract of a sum of so many products."""
    assert hasattr(type(given), "__cuda_ndarray__"), "results stay where the samples are"
    found = given.copy_to_host()
    assert found.shape == right.shape
    assert found.dtype == right.dtype
    if right.dtype.kind == "i":
        assert np.array_equal(found, right)
        return
    bound = (8 + terms / 2) * BITS[right.dtype] * scale * (2 if right.dtype.kind == "c" else 1)
    assert np.abs(found - right).max(initial=0) <= bound


def size(*arrays: np.ndarray) -> float:
    """Return Σ|h|·max|x| for factors x, h of which every sum takes at most all of h."""
    x, h = arrays
    return float(np.abs(x).astype(float).max() * np.abs(h).astype(float).sum())

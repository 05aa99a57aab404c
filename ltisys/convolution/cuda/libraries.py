"""Whose arrays these are: how CuPy, PyTorch and numba lend their memory, allocate more of it, and name their stream.

None of the libraries is imported here: an array that arrives brings its own.
"""

import sys
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from .target import SIMULATED, cuda, refuse_missing_device


class Caller(NamedTuple):
    """Where results belong: beside an array of the caller, on its device and on the stream it works on.

    Attributes
    ----------
    like : object
        The caller's array.
    library : str
        "cupy", "torch", "numba", or another package that speaks the array interface.
    stream : object
        A stream of numba.
    """

    like: Any
    library: str
    stream: Any

    def on_device(self) -> AbstractContextManager:
        """Return a context in which the array's device is the current one."""
        device = getattr(self.like, "device", None)
        index = getattr(device, "index", None) if self.library == "torch" else getattr(device, "id", None)
        return nullcontext() if SIMULATED or not isinstance(index, int) else cuda.gpus[index]

    def empty(self, shape: tuple[int, ...], dtype: np.dtype) -> Any:
        """Allocate an array of the caller's kind; what no library is known for becomes numba's."""
        if self.library == "torch":
            torch = sys.modules["torch"]
            return torch.empty(shape, dtype=getattr(torch, dtype.name), device=self.like.device)
        if self.library == "cupy":
            return sys.modules["cupy"].empty(shape, dtype)
        return cuda.device_array(shape, dtype, stream=self.stream)

    def room(self, shape: tuple[int, ...], dtype: np.dtype) -> Any:
        """Allocate an array to work in: memory of the caller's library, which reuses it in the order of the stream."""
        return borrowed(self.empty(shape, dtype))

    def upload(self, array: np.ndarray) -> Any:
        """Copy an array of main memory to the device."""
        return cuda.to_device(np.ascontiguousarray(array), stream=self.stream)

    def returned(self, array: Any) -> Any:
        """Return a result as the caller's kind where that takes another step: through DLPack, without a copy."""
        if self.library in ("torch", "cupy", "numba") or not hasattr(self.like, "__array_namespace__"):
            return array
        return self.like.__array_namespace__().from_dlpack(array)


def caller_of(array: Any) -> Caller:
    """Tell who owns an array on a GPU, and on which stream that library works at the moment."""
    refuse_missing_device()
    library = type(array).__module__.partition(".")[0]
    if library == "torch":
        return Caller(array, library, _stream(sys.modules["torch"].cuda.current_stream(array.device).cuda_stream))
    if library == "cupy":
        return Caller(array, library, _stream(sys.modules["cupy"].cuda.get_current_stream().ptr))
    if hasattr(array, "__cuda_ndarray__"):
        return Caller(array, "numba", array.stream)
    interface = getattr(array, "__cuda_array_interface__", None) or {}
    return Caller(array, library, _stream(interface.get("stream") or 0))


@lru_cache(maxsize=64)
def _stream(handle: int) -> Any:
    """Return numba's name for a stream; one object per handle, because launches are remembered by it."""
    if handle in (0, 1):  # the default stream, in CUDA's words and in the array interface's
        return 0
    return cuda.per_thread_default_stream() if handle == 2 else cuda.external_stream(handle)


def borrowed(array: Any) -> Any:
    """Return numba's view of an array on a GPU; nothing is copied and no stream is waited for."""
    if hasattr(array, "__cuda_ndarray__"):
        return array
    if getattr(array, "requires_grad", False):
        array = array.detach()
    if not hasattr(array, "__cuda_array_interface__"):
        array = _through_dlpack(array)
    return cuda.as_cuda_array(array, sync=False)


def _through_dlpack(array: Any) -> Any:
    """Return an array that speaks DLPack only as CuPy's, which lends what numba can read."""
    try:
        return import_module("cupy").from_dlpack(array)
    except ImportError:
        kind = type(array).__name__
        raise TypeError(f"{kind} shares its memory through DLPack only: reading that needs cupy, install it") from None

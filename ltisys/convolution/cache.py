"""Compiled kernels on disk, and why a stale one is never loaded.

Numba keeps compiled kernels beside the source and watches only the file that defines a kernel. The kernels here
depend on emitters, scalar functions and constants of other files, so an entry is valid for one state of the whole
engine: its stamp includes a digest of every source file of this folder. Any edit or upgrade recompiles, on first use.
"""

import functools
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import config, njit
from numba.core.caching import FunctionCache, IndexDataCacheFile


def folder() -> str:
    """Return where compiled kernels are kept."""
    settings: Any = config  # its attributes are made as it reads the environment
    return settings.CACHE_DIR or "__pycache__ beside the engine, or the user's cache folder"


@functools.cache
def fingerprint() -> str:
    """Return a digest of the engine's source files."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


class _EngineCache(FunctionCache):
    """Numba's cache of one function, stamped with the state of the whole engine."""

    def __init__(self, function):
        super().__init__(function)
        stamp = (self._impl.locator.get_source_stamp(), fingerprint())
        self._cache_file = IndexDataCacheFile(self._cache_path, self._impl.filename_base, stamp)


def kernel(function: Callable, *, reassociate: bool = False) -> Any:
    """Compile a function on first use, without the interpreter lock, and keep the result on disk.

    With `reassociate` sums may be made in vectors: their order follows from the length and the machine.
    """
    allowed = {"reassoc", "nsz"} if reassociate else False
    dispatcher: Any = njit(nogil=True, error_model="numpy", fastmath=allowed)(function)
    dispatcher._cache = _EngineCache(function)
    return dispatcher

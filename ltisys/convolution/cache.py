"""Compiled kernels on disk, and why a stale one is never loaded.

Numba keeps compiled kernels beside the source and watches only the file that defines a kernel. The kernels here
depend on emitters, scalar functions and constants of other files, so an entry is valid for one state of the whole
engine: its stamp includes a digest of every source file of this folder. Any edit or upgrade recompiles, on first use.
"""

import functools
import hashlib
from pathlib import Path
from typing import Any

from numba import config
from numba.core.caching import FunctionCache, IndexDataCacheFile
from numba.core.runtime.nrt import rtsys


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


class EngineCache(FunctionCache):
    """Numba's cache of one function, stamped with the state of the whole engine."""

    def __init__(self, function):
        super().__init__(function)
        stamp = (self._impl.locator.get_source_stamp(), fingerprint())
        self._cache_file = IndexDataCacheFile(self._cache_path, self._impl.filename_base, stamp)

    def load_overload(self, sig, target_context):
        """Load a compiled kernel, if there is one, without the lowering rules, which only a compilation needs.

        Numba imports them all at this point, linear algebra and random numbers with them, which takes longer than
        everything else up to the first result of a process. Its compiler asks for them itself.
        """
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)

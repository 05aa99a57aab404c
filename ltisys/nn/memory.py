"""Memory between the steps of training: what one step frees the next one takes again.

By default the C library hands large blocks back to the system, which fills every page with zeros before it lends it
again. Small steps wait for that.
"""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_TRIM, _MMAP = -1, -3  # what malloc.h calls M_TRIM_THRESHOLD and M_MMAP_THRESHOLD
_KEEP = 1 << 30  # bytes
_USUAL = {_TRIM: 64 << 20, _MMAP: 32 << 20}  # what glibc grows to by itself as large blocks come and go


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """Let the process keep up to a gigabyte that is freed, and hand it back at the end; with glibc, elsewhere nothing.

    Examples
    --------
    >>> with freed_memory_kept():
    ...     pass  # many steps
    """
    library = _glibc()
    if library is None:
        yield
        return
    library.mallopt(_MMAP, _KEEP)
    library.mallopt(_TRIM, _KEEP)
    try:
        yield
    finally:
        for parameter, size in _USUAL.items():
            library.mallopt(parameter, size)
        library.malloc_trim(ctypes.c_size_t(0))


def _glibc() -> Any:
    """The C library of this process, if it is the one that knows these calls."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return library if hasattr(library, "malloc_trim") else None

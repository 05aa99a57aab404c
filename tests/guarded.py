"""Arrays that end, or begin, at a page nobody may touch: one access beyond them ends the process."""

import ctypes
import mmap

import numpy as np

_library = ctypes.CDLL(None, use_errno=True)
_pages = []  # kept: an array does not own the mapping it lies in


def guarded(array, at_end=True):
    """Return a copy of an array whose last element lies before, or whose first lies behind, a forbidden page."""
    array = np.ascontiguousarray(array)
    page = mmap.PAGESIZE
    n_pages = -(-array.nbytes // page)
    memory = mmap.mmap(-1, (n_pages + 2) * page)
    _pages.append(memory)
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    for forbidden in (start, start + (n_pages + 1) * page):
        if _library.mprotect(ctypes.c_void_p(forbidden), ctypes.c_size_t(page), 0) != 0:
            raise OSError(ctypes.get_errno(), "mprotect failed")
    offset = (n_pages + 1) * page - array.nbytes if at_end else page
    result = np.frombuffer(memory, array.dtype, array.size, offset).reshape(array.shape)
    result[...] = array
    return result

"""Empty arrays that begin with a line of the caches.

A vector as wide as a line is moved at once where it is one, and twice where it lies over two. Threads that write
signals of their own side by side share no line either; one shared in every row costs several times the writing.
"""

import math
from ctypes import addressof, c_char

import numpy as np

from .compilation import part

LINE = 64  # bytes


def on_a_line(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Return an empty array that begins with a line of the caches.

    Examples
    --------
    >>> array = on_a_line((3, 5), np.dtype(np.float32))
    >>> array.shape, array.ctypes.data % LINE
    ((3, 5), 0)
    """
    room = np.empty(math.prod(shape) * dtype.itemsize + LINE, np.uint8)
    # NumPy's own two ways to tell an address take five times as long
    place = addressof(c_char.from_buffer(room))  # pyright: ignore[reportArgumentType] any writable buffer will do
    return np.ndarray(shape, dtype, room, -place % LINE)


@part
def room_on_a_line(n, like):
    """Return room for n elements of the dtype of an array, from a line of the caches on."""
    room = np.empty(n + LINE // like.itemsize, like.dtype)
    first = -room.ctypes.data % LINE // like.itemsize
    return room[first : first + n]


@part
def zeros_on_a_line(n, like):
    """Return n zeros of the dtype of an array, from a line of the caches on."""
    room = room_on_a_line(n, like)
    room[:] = 0
    return room

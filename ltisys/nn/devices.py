"""Where the numbers of a network lie: in main memory, as arrays of NumPy, or on a GPU, as arrays of CuPy.

Everything in this room is written in NumPy's words, and the words reach whichever library the arrays are from: NumPy
hands ``np.exp(x)`` to CuPy where x is CuPy's (NEP 13, NEP 18). What remains to be said here is how arrays get to a GPU
and back. Down to main memory nothing comes by itself: only where ``to``, a file or ``predict`` says so.
"""

from typing import Any, TypeGuard

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ..convolution.residence import on_gpu

CPU, GPU = "cpu", "gpu"


def as_array(value: Any) -> NDArray[Any]:
    """Numbers and lists as an array of NumPy; arrays as they are, wherever they lie.

    Raises
    ------
    TypeError
        For arrays on a GPU whose library does not understand NumPy's words.

    Examples
    --------
    >>> as_array([1, 2])
    array([1, 2])
    """
    if type(value) is np.ndarray or not on_gpu(value):
        return np.asarray(value)
    if not hasattr(type(value), "__array_function__"):
        kind = f"{type(value).__module__.partition('.')[0]}.{type(value).__name__}"
        raise TypeError(
            f"on a GPU nn computes with arrays of CuPy, got {kind}: wrap it, cupy.asarray(x) copies nothing"
        )
    return value


def is_array(value: object) -> TypeGuard[NDArray[Any]]:
    """Whether something is an array, in main memory or on a GPU.

    Examples
    --------
    >>> is_array(np.zeros(2)), is_array([0.0])
    (True, False)
    """
    return isinstance(value, np.ndarray) or on_gpu(value)


def device_of(array: Any) -> str:
    """The word for where an array lies: "cpu" or "gpu".

    Examples
    --------
    >>> device_of(np.zeros(2))
    'cpu'
    """
    return GPU if on_gpu(array) else CPU


def moved(array: Any, device: str) -> NDArray[Any]:
    """An array on another device, itself if it lies there.

    Raises
    ------
    ValueError
        If the device is neither "cpu" nor "gpu".
    ImportError
        If arrays on a GPU are wanted and CuPy is not installed.
    RuntimeError
        If there is no GPU.
    """
    if device not in (CPU, GPU):
        raise ValueError(f"unknown device {device!r}: use {CPU!r} or {GPU!r}")
    array = as_array(array)
    if device_of(array) == device:
        return array
    return array.get() if device == CPU else _cupy().asarray(array)  # pyright: ignore[reportAttributeAccessIssue]


def brought(array: Any, device: str, dtype: DTypeLike | None = None) -> NDArray[Any]:
    """An array where a network computes, in its dtype if one is given; never down from a GPU.

    Raises
    ------
    TypeError
        If the array lies on a GPU and the network does not.
    """
    array = as_array(array)
    if device == CPU and on_gpu(array):
        raise TypeError("the data lie on a GPU and the network in main memory: move the network by net.to('gpu')")
    return moved(array if dtype is None else array.astype(dtype, copy=False), device)


def _cupy() -> Any:
    try:
        import cupy  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise ImportError(
            "arrays on a GPU need CuPy: pip install 'ltisys[cuda]' (CUDA 13) or 'ltisys[cuda12]' (CUDA 12)"
        ) from None
    if not cupy.is_available():
        raise RuntimeError("no NVIDIA GPU with a working driver was found: `ltisys doctor` says what is there")
    return cupy

"""Where an array lies: told from the array alone, without importing the library it comes from."""

from typing import Any

import numpy as np

DLPACK_CUDA = 2  # the code of a CUDA device in DLPack
IN_MAIN_MEMORY = (np.ndarray, np.generic, list, tuple, int, float, complex)


def on_gpu(array: Any) -> bool:
    """Tell whether an array lies on a GPU.

    Examples
    --------
    >>> on_gpu(np.zeros(3)), on_gpu([1, 2])
    (False, False)
    """
    if type(array) is np.ndarray or isinstance(array, IN_MAIN_MEMORY):
        return False
    if hasattr(type(array), "__cuda_ndarray__"):  # numba's own
        return True
    if isinstance(lies := getattr(array, "is_cuda", None), bool):  # PyTorch refuses to lend what needs a gradient
        return lies
    if hasattr(array, "__cuda_array_interface__"):
        return True
    where = getattr(array, "__dlpack_device__", None)
    return where is not None and where()[0] == DLPACK_CUDA

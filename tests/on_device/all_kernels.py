"""Every kernel of the GPU at the sizes it is launched with, and the types of its arguments."""

from importlib import import_module
from typing import Any

import numpy as np

from ltisys.convolution.cuda import (
    bank_tile,
    direct,
    fir_tile,
    fold,
    image_tile,
    integers,
    memory,
    separable,
    weights,
    weights_tile,
)

types: Any = import_module("numba.cuda.types")

DTYPES = ("float32", "float64", "complex64")
TILES = ("fir_tile", "image_tile", "separable", "bank_tile", "weights_tile")
PARTS = (*TILES, "direct", "partial sums", "add in order", "gather", "copy")
RELATION, EDGE = types.UniTuple(types.int64, 7), types.UniTuple(types.int64, 3)
INDICES = types.Array(types.int64, 1, "C")


def kernel_of(part: str, name: str) -> tuple[Any, tuple]:
    """Return (kernel, types of its arguments) of a part of the engine for a dtype."""
    dtype, kind = np.dtype(name), getattr(types, name)
    array = {ndim: types.Array(kind, ndim, "C") for ndim in range(1, 7)}
    axis, axes, scalars = (RELATION, EDGE), (RELATION, EDGE, RELATION, EDGE), (kind, kind)
    if part == "fir_tile":
        size = fir_tile.size_for(2**20, dtype)
        return fir_tile.kernel(dtype, size), (array[2], array[2], array[2], *axis, *scalars)
    if part == "image_tile":
        size = image_tile.size_for(9, dtype)
        return image_tile.kernel(dtype, size), (array[3], array[3], array[3], *axes, *scalars)
    if part == "separable":
        size = separable.size_for(separable.most_taps(dtype), dtype)
        return separable.kernel(dtype, size), (array[1], array[2], array[3], array[3], *axes, *scalars)
    if part == "bank_tile":
        size = bank_tile.size_for(8, dtype)
        return bank_tile.kernel(dtype, size, plain=True), (array[3], array[5], array[5], *axes, *scalars)
    if part == "weights_tile":
        size = weights_tile.size_for(32, dtype)
        return weights_tile.kernel(dtype, size), (array[5], array[5], array[4], *axes, *scalars)
    if part == "direct":
        return direct.convolve_direct, (array[5], array[5], array[5], *axes, *scalars)
    if part == "partial sums":
        return weights._partial_sums(dtype), (array[5], array[5], EDGE, array[2], *axes, *scalars)
    if part == "add in order":
        return weights.add_in_order, (array[2], array[1], kind)
    if part == "gather":
        return fold.gather, (array[3], array[3], types.int64, INDICES, INDICES)
    copier = memory._COPIERS[memory.CONJUGATE if dtype.kind == "c" else memory.VALUE]
    return copier, (types.Array(kind, 6, "A"), array[6])


def of_integers() -> tuple[Any, tuple]:
    """Return the kernel that looks at integers before they are summed."""
    return integers.extremes, (INDICES, types.Array(types.int64, 2, "C"))

"""Arrays on the device brought into the operator's order: views where possible, one copying kernel where not."""

import numpy as np
from numba.extending import register_jitable

from .libraries import Caller
from .target import BLOCKS, SIMULATED, THREADS, compiled, cover, cuda

DIMENSIONS = 6  # of the views the copying kernel takes
VALUE, REAL, CONJUGATE = range(3)


@register_jitable
def _value(z):
    return z


@register_jitable
def _real(z):
    return z.real


@register_jitable
def _conjugate(z):
    return z.conjugate()


def _copier(take):
    """Return the kernel that writes take(source) to target, both with six axes."""

    @compiled
    def copy(source, target):
        for at in range(cuda.grid(1), target.size, cuda.gridsize(1)):
            rest = at
            n = rest % target.shape[5]
            rest //= target.shape[5]
            m = rest % target.shape[4]
            rest //= target.shape[4]
            l = rest % target.shape[3]
            rest //= target.shape[3]
            k = rest % target.shape[2]
            rest //= target.shape[2]
            j, i = rest % target.shape[1], rest // target.shape[1]
            target[i, j, k, l, m, n] = take(source[i, j, k, l, m, n])

    return copy


_COPIERS = {VALUE: _copier(_value), REAL: _copier(_real), CONJUGATE: _copier(_conjugate)}


def strided(array, shape: tuple[int, ...], strides: tuple[int, ...]):
    """Return a view of the memory of a device array, with strides in bytes."""
    if SIMULATED:
        # the simulator's arrays are thin shells around NumPy's
        return type(array)(np.lib.stride_tricks.as_strided(array._ary, shape, strides))
    kind = cuda.cudadrv.devicearray.DeviceNDArray
    return kind(shape, strides, array.dtype, stream=array.stream, gpu_data=array.gpu_data)


def moved(array, axes: tuple[int, ...], to: range):
    """Return a view whose `axes` stand at the places `to`, as `numpy.moveaxis`."""
    order = [axis for axis in range(len(array.shape)) if axis not in axes]
    for place, axis in sorted(zip(to, axes, strict=True)):
        order.insert(place, axis)
    return strided(array, tuple(array.shape[a] for a in order), tuple(array.strides[a] for a in order))


def is_contiguous(array) -> bool:
    """Tell whether the samples of a device array lie one after the other in the order of its indices."""
    expected = array.dtype.itemsize
    for n, stride in zip(reversed(array.shape), reversed(array.strides), strict=True):
        if n != 1 and stride != expected:
            return array.size == 0
        expected *= n
    return True


def packed(array, dtype: np.dtype, caller: Caller, kind: int = VALUE):
    """Return a device array contiguous and in `dtype`: itself where it already is so, else a new one."""
    kind = kind if array.dtype.kind == "c" else VALUE
    if kind == VALUE and array.dtype == dtype and is_contiguous(array):
        return array
    target = caller.room(tuple(array.shape), dtype)
    copy(array, target, caller, kind)
    return target


def copy(source, target, caller: Caller, kind: int = VALUE) -> None:
    """Write target[...] = source[...], two device arrays of one shape and any dtypes and strides."""
    if not target.size:
        return
    kind = kind if source.dtype.kind == "c" else VALUE
    flat = is_contiguous(source) and is_contiguous(target)
    grid = cover(target.size, THREADS, BLOCKS)
    _COPIERS[kind][grid, THREADS, caller.stream](_six(source, flat), _six(target, flat))


def share(a, b) -> bool:
    """Tell whether the memory of two device arrays may overlap."""
    if SIMULATED:
        return np.may_share_memory(a._ary, b._ary)
    (first_a, stop_a), (first_b, stop_b) = _extent(a), _extent(b)
    return first_a < stop_b and first_b < stop_a


def _extent(array) -> tuple[int, int]:
    """Return the first byte of an array and the one after its last."""
    first = array.__cuda_array_interface__["data"][0]
    steps = [(n - 1) * stride for n, stride in zip(array.shape, array.strides, strict=True)]
    lowest, highest = sum(min(0, step) for step in steps), sum(max(0, step) for step in steps)
    return first + lowest, first + highest + array.dtype.itemsize


def _six(array, flat: bool):
    """Return a view with the six axes of the copying kernel, all samples on the last one if `flat`."""
    shape, strides = tuple(array.shape), tuple(array.strides)
    if flat:
        shape, strides = (array.size,), (array.dtype.itemsize,)
    if len(shape) > DIMENSIONS:
        raise ValueError(f"an array on a GPU that is not contiguous may have {DIMENSIONS} dimensions, got {shape}")
    missing = DIMENSIONS - len(shape)
    return strided(array, (1,) * missing + shape, (array.size * array.dtype.itemsize,) * missing + strides)

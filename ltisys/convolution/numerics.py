"""The numeric contract: which dtypes go in, in which one the engine computes, which one comes out.

Floating point keeps its precision (float16 is computed in float32); booleans and integers are computed exactly in
int64 and refused where a bound on the result does not fit.
"""

from typing import NamedTuple

import numpy as np

INT64_MAX = 2**63 - 1
# rounding errors of a sum grow with its length: longer sums are made of partial sums of so many products
SUM_BLOCK = 256


class Precision(NamedTuple):
    """The dtype a result is computed in, and the dtype it is returned in."""

    work: np.dtype
    result: np.dtype


def precision_of(x: np.dtype, h: np.dtype) -> Precision:
    """Return the precision of a convolution of samples of two dtypes.

    Raises
    ------
    TypeError
        For dtypes the engine does not compute: longdouble, object, strings, dates.
    """
    for name, dtype in (("x", x), ("h", h)):
        if dtype.kind not in "biufc" or dtype.itemsize > (16 if dtype.kind == "c" else 8):
            raise TypeError(
                f"cannot convolve dtype {dtype} of {name}: use booleans, integers, float16/32/64 or complex64/128"
            )
    if x.kind in "biu" and h.kind in "biu":
        return Precision(np.dtype(np.int64), np.dtype(np.int64))
    result = np.result_type(x, h).newbyteorder("=")
    return Precision(np.dtype(np.float32) if result == np.float16 else result, result)


def refuse_integer_gradient(x: np.ndarray, h: np.ndarray, y_bar: np.ndarray) -> None:
    """Raise TypeError for operands that have no gradient, and for an error signal of another kind than the output."""
    for name, array in (("x", x), ("h", h)):
        if array.dtype.kind in "biu":
            raise TypeError(f"{name} has dtype {array.dtype}: integers and booleans have no gradient, pass floats")
    precision = precision_of(x.dtype, h.dtype)
    if y_bar.dtype.kind not in "biufc" or (y_bar.dtype.kind == "c" and precision.work.kind != "c"):
        raise TypeError(f"y_bar has dtype {y_bar.dtype}, expected {precision.result} like the output")


def to_work(array: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Return the array in the working dtype, contiguous in native byte order, as it is where it already is so."""
    if array.dtype.kind == "u" and array.dtype.itemsize == 8 and array.size and int(array.max()) > INT64_MAX:
        raise OverflowError(f"a sample of {int(array.max())} does not fit int64, in which integers are computed")
    return np.ascontiguousarray(array, dtype)


def refuse_overflow(x: np.ndarray, kernels: np.ndarray, value: int = 0) -> None:
    """Raise OverflowError unless Σ|h|·max|x| of int64 data fits into int64, for each row of `kernels`."""
    if not x.size:
        return
    peak = max(int(x.max()), -int(x.min()), abs(int(value)))
    tallest = max(int(kernels.max()), -int(kernels.min()))
    bound = kernels.shape[-1] * tallest * peak
    if bound > INT64_MAX:  # the quick bound is coarse: look closer, in Python's integers
        bound = max(sum(abs(int(tap)) for tap in row) for row in kernels.reshape(-1, kernels.shape[-1])) * peak
    if bound > INT64_MAX:
        raise OverflowError(
            f"the result may reach {bound}, beyond int64 (2**63 - 1): integers are computed exactly or not at all; "
            "convert to float64 for a rounded result"
        )


def is_finite(array: np.ndarray) -> bool:
    """Tell whether no sample is NaN or infinite."""
    return array.dtype.kind in "biu" or bool(np.isfinite(array).all())

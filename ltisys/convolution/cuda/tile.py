"""What the tiled kernels share: arithmetic that stays in fused operations, and indices the compiler can trust."""

import math

import numpy as np
from numba import from_dtype
from numba.extending import register_jitable

# A position inside a tile, masked, is seen to be no negative index: without this every access asks whether it is one.
INSIDE = 0xFFFF
ALIGNED = 16  # bytes: four numbers of float32 are loaded at once
KINDS = "fdF"  # dtypes that have tiled kernels, as NumPy's characters


@register_jitable
def _plus_real(total, tap, sample):
    return total + tap * sample


@register_jitable
def _plus_complex(total, tap, sample):
    # four fused operations, where a complex product and a sum would be six
    real = total.real + tap.real * sample.real - tap.imag * sample.imag
    imag = total.imag + tap.real * sample.imag + tap.imag * sample.real
    return complex(real, imag)


@register_jitable
def _is_strange_real(z):
    return 0 if math.isfinite(z) else 1


@register_jitable
def _is_strange_complex(z):
    return 0 if math.isfinite(z.real) and math.isfinite(z.imag) else 1


def arithmetic(dtype: np.dtype):
    """Return (numba's type, total + tap·sample, 1 for what is not finite or else 0) for a dtype."""
    if dtype.kind == "c":
        return from_dtype(dtype), _plus_complex, _is_strange_complex
    return from_dtype(dtype), _plus_real, _is_strange_real

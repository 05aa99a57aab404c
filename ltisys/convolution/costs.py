"""Which method for which job: a cost model in nanoseconds, documented where its constants stand."""

import math

import numpy as np

from . import fir, gemm, image, image_fourier, overlap, winograd
from .fourier import block_length
from .geometry import Geometry
from .separable import factors

# Costs per elementary operation on one core, measured by timing each method on long float32 and float64 jobs.
DIRECT_PRODUCT = {4: 0.045, 8: 0.08}  # per multiply-add and bytes of a real sample
DIRECT_RUN = 25.0  # per tap and block of outputs: the fixed cost of one pass
FOURIER_POINT = {4: 1.1, 8: 1.4}  # per point and log2 of the transform length, there and back
FOURIER_PRODUCT = 1.2  # per point and pair of channel and map
FOURIER_CALL = 300e3


def choose(names: tuple[str, ...], w: np.ndarray, n_batch: int, rows: Geometry, columns: Geometry) -> str:
    """Return the cheapest of the methods `names` for a kernel w (G, M, C, KH, KW) and this geometry."""
    if w.dtype.kind == "i":
        return "direct"  # exact without further conditions
    costs = predicted(names, w, n_batch, rows, columns)
    return min(costs, key=costs.__getitem__)


def predicted(
    names: tuple[str, ...], w: np.ndarray, n_batch: int, rows: Geometry, columns: Geometry
) -> dict[str, float]:
    """Return what each method would cost, in ns on one core; infinite where it cannot apply or cannot pay."""
    return {name: _COSTS[name](w, n_batch, rows, columns) for name in names}


def _direct(w, n_batch, rows, columns):
    if fir.serves(w, rows, columns):
        return fir.cost(columns.n_kernel, n_batch * rows.n_out * columns.n_out, w.itemsize)
    if image.serves(w, rows, columns):
        return n_batch * image.cost(w.shape[3:], (rows.n_out, columns.n_out), w.itemsize)
    runs = n_batch * w.size * rows.n_out
    return runs * (DIRECT_RUN + columns.n_out * DIRECT_PRODUCT[_real_bytes(w)] * _complex_factor(w))


def _fft(w, n_batch, rows, columns):
    if overlap.serves(w, rows, columns):
        return overlap.cost(columns.n_kernel, n_batch * rows.n_out, columns.n_out, w.itemsize)
    n_out = rows.n_out, columns.n_out
    if image.serves(w, rows, columns) and (tile := image_fourier.tile_of(w.shape[3:], n_out, w.itemsize)):
        return n_batch * image_fourier.cost(tile, w.shape[3:], n_out, w.itemsize)
    height, width = block_length(rows, columns)
    fresh = width - abs(columns.step) * (columns.n_kernel - 1)
    n_blocks = -(-columns.stride * columns.n_out // max(1, fresh))
    transforms = n_batch * w.shape[0] * (w.shape[1] + w.shape[2]) * n_blocks + w.shape[0] * w.shape[1] * w.shape[2]
    points = height * width
    transformed = transforms * points * (2 + math.log2(points) * FOURIER_POINT[_real_bytes(w)]) / 2
    products = n_batch * w.shape[0] * w.shape[1] * w.shape[2] * n_blocks * points * FOURIER_PRODUCT
    return FOURIER_CALL + (transformed + products) * _complex_factor(w) / (2 if w.dtype.kind == "c" else 1)


def _separable(w, n_batch, rows, columns):
    n_out = rows.n_out, columns.n_out
    served = image.serves(w, rows, columns)
    # what cannot pay is not even factored
    if served and image.cost(w.shape[3:], n_out, w.itemsize, 1) > image.cost(w.shape[3:], n_out, w.itemsize):
        return math.inf
    if min(w.shape[3:]) < 3 or (terms := factors(w[0, 0, 0])) is None:
        return math.inf
    if served:
        return n_batch * image.cost(w.shape[3:], n_out, w.itemsize, len(terms))
    across = n_batch * w.shape[4] * rows.n_in
    down = n_batch * w.shape[3] * rows.n_out
    each = DIRECT_RUN + columns.n_out * DIRECT_PRODUCT[_real_bytes(w)] * _complex_factor(w)
    return len(terms) * (across + down) * each


def _gemm(w, n_batch, rows, columns):
    return gemm.cost(w.shape, n_batch, rows, columns, _real_bytes(w)) * _complex_factor(w)


def _winograd(w, n_batch, rows, columns):
    if not winograd.serves(w.shape, rows, columns):
        return math.inf
    return winograd.cost(w.shape, n_batch, rows, columns, _real_bytes(w)) * _complex_factor(w)


_COSTS = {"direct": _direct, "fft": _fft, "separable": _separable, "gemm": _gemm, "winograd": _winograd}


def _real_bytes(w):
    return w.dtype.itemsize // (2 if w.dtype.kind == "c" else 1)


def _complex_factor(w):
    return 4 if w.dtype.kind == "c" else 1

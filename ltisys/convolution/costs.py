"""Which method for which job: the cheapest by a model of the work each would do; `calibration` holds its prices."""

import math

import numpy as np

from . import fir, gemm, image, image_fourier, overlap, winograd
from .calibration import price
from .fourier import block_length
from .geometry import Geometry
from .separable import factors


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
    return _loops(w, n_batch * w.size * rows.n_out, columns.n_out)


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
    products = n_batch * w.shape[0] * w.shape[1] * w.shape[2] * n_blocks * points
    each = transforms * points
    factor = _complex_factor(w) / 2 if w.dtype.kind == "c" else 1
    return price(
        f"transforms{_real_bytes(w)}", (1, factor * each, factor * each * math.log2(points), factor * products)
    )


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
    return _loops(w, len(terms) * (across + down), columns.n_out)


def _loops(w, runs, n_out):
    """Return what so many runs of a tap over n_out outputs cost in plain loops."""
    return price(f"loops{_real_bytes(w)}", (1, runs, runs * n_out * _complex_factor(w)))


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

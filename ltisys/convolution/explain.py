"""What a plan says of itself: the methods it weighed, the memory it works in, the error it promises.

The bounds are those of the numeric contract, which the tests hold every method to: multiples of eps·S with
S = Σ|h|·max|x| over the taps of an output.
"""

import math

import numpy as np

from . import fir, fourier, gemm, image, image_fourier, overlap, threads, winograd
from .costs import predicted
from .numerics import SUM_BLOCK
from .simd import lanes_of

SUMS = 512  # products up to which one running sum keeps the bound of a single sum


def explanation(layout, bound=None) -> str:
    """Return the lines that explain a layout, or one of its filters."""
    operator = layout.operator if bound is None else bound.operator
    w = np.broadcast_to(np.zeros((), layout.precision.work), layout.w_shape) if bound is None else bound.w
    if w.dtype.kind == "i" and layout.is_auto:
        reason = "which is exact for integers without further conditions"
        return _lines(layout.method, reason, layout, w, operator, "none, the result is exact or refused")
    costs = predicted(layout.methods, w, layout.x_shape[0], operator.rows, operator.columns)
    if bound is None:
        costs.pop("separable", None)  # that depends on the values of the response
    method = layout.method if bound is None else operator.method
    order = sorted(costs, key=costs.__getitem__)
    weighed = ", ".join(f"{name} {_time(costs[name])}" for name in order)
    word = "the cheapest" if layout.is_auto else "as asked"
    factor = error_factor(method, w, operator)
    error = f"at most {factor:.4g}·eps·S = {factor * float(np.finfo(w.dtype).eps):.2g}·S, S = Σ|h|·max|x| of an output"
    return _lines(method, f"{word}; on one core: {weighed}", layout, w, operator, error)


def error_factor(method: str, w, operator) -> float:
    """Return the bound on the error of a result, in units of eps·Σ|h|·max|x|."""
    n_taps = math.prod(w.shape[2:])
    if method == "fft":
        factor = 8 * math.log2(max(2, _points(w, operator)))
    elif method in ("separable", "winograd"):
        factor = 256.0
    else:
        factor = 8 + n_taps / 2 if n_taps <= SUMS else 136 + n_taps / 512
    return factor * (2 if w.dtype.kind == "c" else 1)


def workspace(method: str, w, operator) -> int:
    """Return how many bytes a call works in besides its input and its output, about."""
    size, rows, columns = w.dtype.itemsize, operator.rows, operator.columns
    n_threads = threads.count()
    if fir.serves(w, rows, columns):
        if method == "fft" and overlap.serves(w, rows, columns):
            n = _points(w, operator)
            return (n_threads * (4 * n + 2 * overlap.fresh_outputs(n, w.shape[4], size)) + 2 * n) * size
        return n_threads * (2 * min(fir.BORDER, columns.n_out) + w.shape[4]) * size
    if image.serves(w, rows, columns):
        if method == "fft" and (tile := image_fourier.tile_of(w.shape[3:], (rows.n_out, columns.n_out), size)):
            return (n_threads * (3 * math.prod(tile) + 2 * tile[1] * lanes_of(size)) + 2 * math.prod(tile)) * size
        n_rows = image.PASSES_AT_ONCE[0] if method == "separable" else image.ROWS_AT_ONCE
        window = (n_rows + w.shape[3]) * (image.WINDOW * lanes_of(size) + w.shape[4])
        return n_threads * 2 * window * size
    if method == "gemm":
        return w.nbytes + n_threads * 2 * gemm.PIECE_BYTES
    if method == "winograd":
        return 4 * w.nbytes + n_threads * winograd.BLOCK_BYTES
    if method == "fft":
        return fourier.SPECTRUM_BYTES
    return n_threads * 2 * SUM_BLOCK * size


def _points(w, operator) -> int:
    """Return how many points the transforms have."""
    rows, columns = operator.rows, operator.columns
    if overlap.serves(w, rows, columns):
        return overlap.cheapest(w.shape[4], rows.n_out, columns.n_out, w.itemsize)[0]
    if image.serves(w, rows, columns) and (
        tile := image_fourier.tile_of(w.shape[3:], (rows.n_out, columns.n_out), w.itemsize)
    ):
        return math.prod(tile)
    return math.prod(fourier.block_length(rows, columns))


def _lines(method, reason, layout, w, operator, error) -> str:
    return "\n".join(
        (
            f"method: {method}, {reason}",
            f"workspace: about {workspace(method, w, operator) / 1e3:.3g} KB",
            f"error: {error}",
        )
    )


def _time(nanoseconds: float) -> str:
    if math.isinf(nanoseconds):
        return "cannot apply or pay"
    for unit, scale in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= scale:
            return f"{nanoseconds / scale:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"

"""Banks as matrix products: the samples each tap meets are gathered into rows, and BLAS contracts them.

Only a bounded piece of the gathered matrix exists at a time: at most SUM_BLOCK taps of a slice of the batch, so the
memory does not grow with the job and the sums stay within the numeric contract. The adjoint of gathering is
scattering, so the gradient of the input is the transposed product followed by `scatter`.
"""

import numpy as np

from . import cpu
from .numerics import SUM_BLOCK

GATHERED_BYTES = 4 << 20  # a gathered piece stays near the caches


def forward(w, x, y, rows, columns):
    """Write y (B, G, M, H', W') = w (G, M, C, KH, KW) applied to x (B, G, C, H, W)."""
    taps = _tap_list(w.shape[2:])
    n_maps, places = w.shape[1], y.shape[3] * y.shape[4]
    for g in range(w.shape[0]):
        matrix = w[g].reshape(n_maps, -1)
        for batch in _slices(len(x), len(taps), places, x.itemsize):
            source = np.ascontiguousarray(x[batch, g])
            total = np.zeros((n_maps, len(source) * places), y.dtype)
            for part in _tap_slices(taps):
                gathered = _gather(source, taps[part], rows, columns)
                total += matrix[:, part] @ gathered.reshape(len(gathered), -1)
            y[batch, g] = total.reshape(n_maps, -1, *y.shape[3:]).swapaxes(0, 1)


def wrt_input(w, y_bar, x_bar, rows, columns):
    """Add to x_bar (B, G, C, H, W) the adjoint of `forward` applied to y_bar (B, G, M, H', W')."""
    taps = _tap_list(w.shape[2:])
    n_maps, places = w.shape[1], y_bar.shape[3] * y_bar.shape[4]
    for g in range(w.shape[0]):
        matrix = w[g].reshape(n_maps, -1)
        for batch in _slices(len(y_bar), len(taps), places, y_bar.itemsize):
            maps = y_bar[batch, g].swapaxes(0, 1).reshape(n_maps, -1)
            for part in _tap_slices(taps):
                product = _long_product(matrix[:, part].T, maps)
                target = np.zeros((batch.stop - batch.start, *x_bar.shape[2:]), x_bar.dtype)
                cpu.scatter(product.reshape(product.shape[0], len(target), places), taps[part], target, rows, columns)
                x_bar[batch, g] += target


def wrt_kernel(x, y_bar, w_bar, rows, columns):
    """Add to w_bar (G, M, C, KH, KW) the correlation of y_bar (B, G, M, H', W') with x (B, G, C, H, W)."""
    taps = _tap_list(w_bar.shape[2:])
    n_maps, places = w_bar.shape[1], y_bar.shape[3] * y_bar.shape[4]
    for g in range(w_bar.shape[0]):
        target = w_bar[g].reshape(n_maps, -1)
        for batch in _slices(len(x), len(taps), places, x.itemsize):
            source = np.ascontiguousarray(x[batch, g])
            maps = y_bar[batch, g].swapaxes(0, 1).reshape(n_maps, -1)
            for part in _tap_slices(taps):
                gathered = _gather(source, taps[part], rows, columns)
                target[:, part] += _long_product(maps, gathered.reshape(len(gathered), -1).T)


def _gather(source, taps, rows, columns):
    gathered = np.empty((len(taps), len(source), rows[0] * columns[0]), source.dtype)
    cpu.gather(source, taps, gathered, rows, columns)
    return gathered


def _long_product(a, b):
    """Return a @ b with the inner sums closed every SUM_BLOCK products."""
    total = a[:, :SUM_BLOCK] @ b[:SUM_BLOCK]
    for start in range(SUM_BLOCK, a.shape[1], SUM_BLOCK):
        total += a[:, start : start + SUM_BLOCK] @ b[start : start + SUM_BLOCK]
    return total


def _tap_list(shape):
    """Return the index triples (channel, row, column) of a kernel in memory order."""
    return np.stack(np.unravel_index(np.arange(np.prod(shape)), shape), axis=1)


def _tap_slices(taps):
    return [slice(start, min(start + SUM_BLOCK, len(taps))) for start in range(0, len(taps), SUM_BLOCK)]


def _slices(n_batch, n_taps, places, itemsize):
    """Cut the batch so that a gathered piece stays within GATHERED_BYTES."""
    size = max(1, GATHERED_BYTES // (min(n_taps, SUM_BLOCK) * places * itemsize))
    return [slice(start, min(start + size, n_batch)) for start in range(0, n_batch, size)]

"""Banks of filters as products of matrices that never exist: packed weights times shifted samples.

Here the jobs are cut, shared among threads and brought to real numbers; the kernels stand in `panels` and `products`.
"""

import numpy as np

from . import cpu, panels, products, threads
from .flat import cut_of, n_pieces
from .lattice import lattice_of

PIECE_BYTES = 128 << 10  # of samples laid flat: they and their sums stay in the second-level cache
LEAST_OUTPUTS = 512  # per piece of a gradient, so that the sums of sums stay short
SHARES = 8  # independent sums of a gradient
SHARED_BYTES = 16 << 20  # that all shares may take


def forward(w, x, y, rows, columns):
    """Write y (B, G, M, H', W') = w (G, M, C, KH, KW) applied to x (B, G, C, H, W); w must be finite."""
    if w.dtype.kind == "c":
        y[...] = _to_complex(_real_forward(_real_bank(w), _real_samples(x), rows, columns))
    elif w.dtype.kind == "f":
        _real_forward(w, x, rows, columns, y)
    else:
        cpu.convolve_direct(_frozen(w), _frozen(x), y, tuple(rows), tuple(columns))


def wrt_kernel(x, y_bar, rows, columns):
    """Return w̄ (G, M, C, KH, KW), the correlation of y_bar (B, G, M, H', W') with x (B, G, C, H, W).

    Where a sample of either is not finite the result is not finite somewhere, though not exactly where it should be.
    """
    if x.dtype.kind == "f":
        return _real_wrt_kernel(x, y_bar, rows, columns)
    of_real, of_imaginary = np.split(_real_wrt_kernel(_real_samples(x), _real_samples(y_bar), rows, columns), 2, axis=1)
    n = x.shape[2]
    return of_real[:, :, :n] - of_imaginary[:, :, n:] + 1j * (of_real[:, :, n:] + of_imaginary[:, :, :n])


def _real_forward(w, x, rows, columns, y=None):
    if y is None:
        y = np.empty((len(x), *w.shape[:2], rows.n_out, columns.n_out), x.dtype)
    lattice = lattice_of(rows, columns)
    cut = cut_of(lattice, len(x), _positions(lattice, x))
    packed = np.empty(w.size, w.dtype)
    panels.pack_weights(_frozen(w), lattice, packed)
    x = _frozen(x)
    threads.in_parts(
        lambda first, stop: panels.convolve_pieces(packed, x, y, lattice, cut, (first, stop)),
        n_pieces(lattice, cut) * x.shape[1],
        y.size * w.shape[2] * w.shape[3] * w.shape[4] * 0.02,
    )
    return y


def _real_wrt_kernel(x, y_bar, rows, columns):
    lattice = lattice_of(rows, columns)
    cut = cut_of(lattice, len(x), _positions(lattice, x), LEAST_OUTPUTS)
    n = n_pieces(lattice, cut)
    n_groups, n_maps, n_channels = x.shape[1], y_bar.shape[2], x.shape[2]
    n_taps = len(lattice.taps)
    size = n_groups * n_maps * n_channels * n_taps
    n_shares = max(1, min(SHARES, n, SHARED_BYTES // (size * x.itemsize)))
    sums = np.zeros((n_shares, n_groups, n_maps, n_channels * n_taps), x.dtype)
    x, y_bar = _frozen(x), _frozen(y_bar)

    def add(first, stop):
        for share in range(first, stop):
            part = (n * share // n_shares, n * (share + 1) // n_shares)
            products.correlate_pieces(x, y_bar, sums[share], lattice, cut, part)

    threads.in_parts(add, n_shares, size * len(x) * rows.n_out * columns.n_out * 0.02)
    total = sums[0]
    for share in sums[1:]:
        total += share
    w_bar = np.zeros((n_groups, n_maps, n_channels, rows.n_kernel, columns.n_kernel), x.dtype)
    w_bar[..., lattice.taps[:, 0], lattice.taps[:, 1]] = total.reshape(n_groups, n_maps, n_channels, n_taps)
    return w_bar


def _positions(lattice, x):
    return PIECE_BYTES // (x.shape[2] * len(lattice.planes) * x.itemsize)


def _real_samples(x):
    """Return complex (B, G, C, …) as real (B, G, 2C, …): real parts, then imaginary parts."""
    return np.concatenate([x.real, x.imag], axis=2)


def _real_bank(w):
    """Return the real bank (G, 2M, 2C, …) that acts on real and imaginary parts as w does."""
    return np.concatenate([np.concatenate([w.real, -w.imag], axis=2), np.concatenate([w.imag, w.real], axis=2)], axis=1)


def _to_complex(y):
    real, imaginary = np.split(y, 2, axis=2)
    return real + 1j * imaginary


def _frozen(array):
    """Return a read-only view: one compiled kernel then serves arrays that may and may not be written."""
    view = array.view()
    view.flags.writeable = False
    return view

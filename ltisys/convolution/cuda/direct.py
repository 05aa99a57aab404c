"""The definition on the device: one thread per output, any geometry, any padding, any dtype."""

from ..numerics import SUM_BLOCK
from ..taps import partner
from .edges import Axis, reading
from .libraries import Caller
from .target import BLOCKS, ROWS, THREADS, compiled, cover, cuda


@compiled
def convolve_direct(w, x, y, rows, row_edge, columns, column_edge, value, zero):
    """Write y[b, g, m] = Σ over channels c and taps of w[g, m, c] ⊛ x[b, g, c].

    Parameters
    ----------
    w, x, y : arrays (G, M, C, KH, KW), (B, G, C, H, W), (B, G, M, H', W')
    rows, columns : tuples
        Geometries on the extended input.
    row_edge, column_edge : tuples
        See `edges.Axis`.
    value : scalar
        What stands where `reading` finds no sample.
    zero : scalar
        Of the same dtype.
    """
    n_groups, n_maps, height, width = y.shape[1], y.shape[2], y.shape[3], y.shape[4]
    n_channels, n_kh, n_kw = w.shape[2], w.shape[3], w.shape[4]
    n_lines = y.shape[0] * n_groups * n_maps * height
    for line in range(cuda.blockIdx.y, n_lines, cuda.gridDim.y):
        o = line % height
        rest = line // height
        m = rest % n_maps
        rest = rest // n_maps
        g, b = rest % n_groups, rest // n_groups
        for u in range(cuda.grid(1), width, cuda.gridsize(1)):
            closed, part, products = zero, zero, 0
            for c in range(n_channels):
                for k in range(n_kh):
                    position = partner(o, k, rows)
                    if position < 0:
                        continue
                    i = reading(position, row_edge)
                    for l in range(n_kw):
                        position = partner(u, l, columns)
                        if position < 0:
                            continue
                        j = reading(position, column_edge)
                        sample = value
                        if i >= 0 and j >= 0:
                            sample = x[b, g, c, i, j]
                        if products == SUM_BLOCK:
                            closed, part, products = closed + part, zero, 0
                        part += w[g, m, c, k, l] * sample
                        products += 1
            y[b, g, m, o, u] = closed + part


def run(w, x, y, axes: tuple[Axis, Axis], value, caller: Caller) -> None:
    """Fill y; the arrays are contiguous and of one dtype, which `value` has too."""
    n_lines, width = y.size // y.shape[4], y.shape[4]
    grid = cover(width, THREADS, BLOCKS), cover(n_lines, 1, ROWS)
    rows, columns = axes
    convolve_direct[grid, THREADS, caller.stream](w, x, y, *rows.numbers, *columns.numbers, value, value.dtype.type(0))

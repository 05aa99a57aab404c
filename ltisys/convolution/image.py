"""One response over images: register tiles over the interior in place, windows of the extended image at the borders.

y[o, p] = Σ_k Σ_l h[k, l]·X[o + k − a, p + l − c], X the infinite extension of x. Outputs whose taps all lie in x read
it in place; the strips along the borders, whose taps leave x, read a copied window of X with the same tiles. Each sum
is made in one order, whatever tile it falls into: a result does not depend on how the work is cut.
"""

import numpy as np

from .cache import kernel
from .geometry import Geometry
from .image_tile import ROWS, cover
from .simd import lanes_of
from .threads import in_parts
from .window import copy_window, surroundings

WINDOW_ROWS, WINDOW_VECTORS = 64, 16  # outputs of a window: it stays in the second-level cache


@kernel
def filter_images(h, x, y, offsets, around, part):
    """Write y[b, o, p] = Σ_k Σ_l h[k, l]·X[b, o + k − a, p + l − c] for the rows of `part`.

    Parameters
    ----------
    h : array (KH, KW)
        The taps in the order of a correlation.
    x, y : arrays (B, H, W), (B, H', W')
        Images, contiguous.
    offsets : tuple (a, c)
        Where output 0 begins to read, before sample 0.
    around : Surroundings
        What X is outside x.
    part : tuple (start, stop)
        Rows of outputs, counted through the whole batch.
    """
    height, width = y.shape[1:]
    n_kh, n_kw = h.shape
    flat_x, flat_y, taps = x.reshape(-1), y.reshape(-1), h.reshape(-1)
    lanes = lanes_of(x.itemsize)
    top, bottom = max(offsets[0], 0), min(x.shape[1] - n_kh + offsets[0] + 1, height)
    left, right = max(offsets[1], 0), min(x.shape[2] - n_kw + offsets[1] + 1, width)
    # a strip costs at least a vector: the interior leaves it whole vectors
    left, right = -(-left // lanes) * lanes, width + (right - width) // lanes * lanes
    n_rows, n_columns = WINDOW_ROWS, WINDOW_VECTORS * lanes
    window = np.empty((n_rows + n_kh - 1) * (n_columns + n_kw - 1), x.dtype)
    result = np.empty(n_rows * n_columns, x.dtype)
    for b in range(part[0] // height, (part[1] - 1) // height + 1):
        first, stop = max(part[0] - b * height, 0), min(part[1] - b * height, height)
        inner, inner_stop = min(max(top, first), stop), max(min(bottom, stop), first)
        if inner_stop - inner < ROWS or right - left < lanes:
            inner = inner_stop = first
        else:
            i = (b * x.shape[1] + inner - offsets[0]) * x.shape[2] + left - offsets[1]
            at = (i, x.shape[2], (b * height + inner) * width + left, width)
            cover(taps, h.shape, flat_x, flat_y, at, (inner_stop - inner, right - left))
        above, below = (first, inner, 0, width), (inner_stop, stop, 0, width)
        beside = (inner, inner_stop, 0, left), (inner, inner_stop, right, width)
        for o, o_stop, p, p_stop in (above, below, *beside):
            for r in range(o, o_stop, n_rows):
                for c in range(p, p_stop, n_columns):
                    wanted = min(n_rows, o_stop - r), min(n_columns, p_stop - c)
                    size = max(wanted[0], ROWS), max(wanted[1], lanes)
                    lines = size[0] + n_kh - 1, size[1] + n_kw - 1
                    copy_window(x[b], (r - offsets[0], c - offsets[1]), lines, around, window, lines[1])
                    cover(taps, h.shape, window, result, (0, lines[1], 0, size[1]), size)
                    for line in range(wanted[0]):
                        target, found = y[b, r + line, c : c + wanted[1]], result[line * size[1] :]
                        for j in range(target.shape[0]):
                            target[j] = found[j]


# ns on one core: a call; per output and byte of a sample; per product and byte of a sample
CALL, OUTPUT, PRODUCT = 15e3, 0.09, 0.0045


def serves(w, rows: Geometry, columns: Geometry) -> bool:
    """Tell whether a job is one real response over images, output by output."""
    return (
        w.shape[:3] == (1, 1, 1)
        and w.dtype.char in "fd"
        and all(g.stride == g.spread == abs(g.step) == 1 for g in (rows, columns))
    )


def correlation_of(w, rows: Geometry, columns: Geometry):
    """Return (taps, offsets) of y[o, p] = Σ taps[k, l]·x[o + k − offsets[0], p + l − offsets[1]]."""
    taps, offsets = w[0, 0, 0], []
    for axis, g in enumerate((rows, columns)):
        if g.step < 0:
            taps = np.flip(taps, axis)
            offsets.append(g.offset + g.n_kernel - 1)
        else:
            offsets.append(g.offset)
    return np.ascontiguousarray(taps), tuple(offsets)


def cost(n_taps: tuple[int, int], n_out: tuple[int, int], itemsize: int) -> float:
    """Return the time for an image of n_out outputs, in ns on one core."""
    # outputs along the borders and at the ends of tiles are computed in whole vectors
    lanes = lanes_of(itemsize)
    width = -(-n_out[1] // lanes) * lanes + 2 * lanes
    height = -(-n_out[0] // ROWS) * ROWS
    return CALL + height * width * itemsize * (OUTPUT + PRODUCT * n_taps[0] * n_taps[1])


def convolve_images(w, x, y, geometries: tuple[Geometry, Geometry], padding: tuple[str, str], value) -> bool:
    """Write y = w applied to the images x and what lies outside them; tell whether that was possible.

    Where the outside counts for nothing, taps that are not finite cannot be multiplied by the zeros there.
    """
    outside_is_nothing = any(g.reach() != (0, 0) for g, word in zip(geometries, padding, strict=True) if word == "zero")
    if outside_is_nothing and not np.isfinite(w).all():
        return False
    taps, offsets = correlation_of(w, *geometries)
    around = surroundings(padding, value, x.dtype)
    x, y, taps = x.reshape(-1, *x.shape[3:]), y.reshape(-1, *y.shape[3:]), taps.view()
    x.flags.writeable = taps.flags.writeable = False  # these are views: one compiled kernel serves all

    def run(start, stop):
        filter_images(taps, x, y, offsets, around, (start, stop))
        return True

    nanoseconds = len(y) * cost(taps.shape, y.shape[1:], x.itemsize)
    return in_parts(run, y.shape[0] * y.shape[1], nanoseconds, unit=ROWS)

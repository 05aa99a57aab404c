"""Loops for the CPU: the index relation run tap by tap over blocks of outputs.

Arrays are five-dimensional and C-contiguous: x (B, G, C, H, W), kernel w (G, M, C, KH, KW), y (B, G, M, H', W') for
batch, groups, channels and two axes; a signal is an image of height 1. `rows` and `columns` are geometries as plain
tuples. Sums run over blocks of outputs that stay in the first-level cache, four taps at a time, and are
closed every SUM_BLOCK products, which bounds the rounding error.
"""

import numpy as np

from .compilation import kernel, part
from .numerics import SUM_BLOCK
from .rows import put
from .taps import meeting, partner, strides_of_meeting

OUTPUTS = 1024  # outputs per block: total, partial sums and the samples they read stay in 32 KiB


@kernel
def convolve_direct(w, x, y, rows, columns):
    """Write y[b, g, m] = Σ over channels c and taps of w[g, m, c] ⊛ x[b, g, c]."""
    n_groups, n_maps, n_channels, n_kh, n_kw = w.shape
    width = y.shape[4]
    partial = np.empty(min(OUTPUTS, width), y.dtype)
    total = np.empty_like(partial)
    meetings = _meetings(n_kw, columns)
    d_o, d_i = strides_of_meeting(columns)
    for b in range(y.shape[0]):
        for g in range(n_groups):
            for m in range(n_maps):
                for o in range(y.shape[3]):
                    for start in range(0, width, OUTPUTS):
                        stop = min(width, start + OUTPUTS)
                        sums = partial[: stop - start]
                        closed = total[: stop - start]
                        sums[:] = 0
                        products, is_closed = 0, False
                        for c in range(n_channels):
                            for k in range(n_kh):
                                i = partner(o, k, rows)
                                if i < 0:
                                    continue
                                source, h = x[b, g, c, i], w[g, m, c, k]
                                k_w = 0
                                while k_w < n_kw:
                                    if products + 4 > SUM_BLOCK:
                                        _close(sums, closed, is_closed)
                                        products, is_closed = 0, True
                                    if d_o == 1 and _four_cover(meetings, k_w, start, stop):
                                        _add_four(sums, source, h, k_w, meetings, start, d_i)
                                        k_w += 4
                                        products += 4
                                    else:
                                        _add_one(sums, source, h[k_w], meetings[k_w], start, d_o, d_i)
                                        k_w += 1
                                        products += 1
                        if is_closed:
                            for j in range(sums.shape[0]):
                                sums[j] += closed[j]
                        put(sums, y[b, g, m, o, start:stop])


@part
def _close(sums, closed, is_closed):
    """Move the partial sums to those that are closed."""
    for j in range(sums.shape[0]):
        closed[j] = closed[j] + sums[j] if is_closed else sums[j]
        sums[j] = 0


@part
def _meetings(n_kernel, geometry):
    """Tabulate (count, first o, first i) for every tap."""
    table = np.empty((n_kernel, 3), np.int64)
    for k in range(n_kernel):
        count, o, i = meeting(k, geometry)
        table[k, 0], table[k, 1], table[k, 2] = count, o, i
    return table


@part
def _four_cover(meetings, k, start, stop):
    """Tell whether taps k … k+3 all meet every output of [start, stop), one input step per output step."""
    if k + 4 > meetings.shape[0]:
        return False
    for tap in range(k, k + 4):
        if meetings[tap, 1] > start or meetings[tap, 1] + meetings[tap, 0] < stop:
            return False
    return True


@part
def _add_four(sums, source, h, k, meetings, start, d_i):
    n = sums.shape[0]
    a, b, c, d = h[k], h[k + 1], h[k + 2], h[k + 3]
    i_a = meetings[k, 2] + (start - meetings[k, 1]) * d_i
    i_b = meetings[k + 1, 2] + (start - meetings[k + 1, 1]) * d_i
    i_c = meetings[k + 2, 2] + (start - meetings[k + 2, 1]) * d_i
    i_d = meetings[k + 3, 2] + (start - meetings[k + 3, 1]) * d_i
    if d_i == 1:
        # contiguous slices of known length vectorise; a run-time offset inside the loop would not
        x_a, x_b, x_c, x_d = source[i_a : i_a + n], source[i_b : i_b + n], source[i_c : i_c + n], source[i_d : i_d + n]
        for j in range(n):
            sums[j] = sums[j] + a * x_a[j] + b * x_b[j] + c * x_c[j] + d * x_d[j]
    else:
        for j in range(n):
            s = j * d_i
            sums[j] = sums[j] + a * source[i_a + s] + b * source[i_b + s] + c * source[i_c + s] + d * source[i_d + s]


@part
def _add_one(sums, source, tap, met, start, d_o, d_i):
    count, first_o, first_i = met
    skipped = max(0, -(-(start - first_o) // d_o))
    o = first_o + skipped * d_o - start
    i = first_i + skipped * d_i
    n = min(count - skipped, (sums.shape[0] - 1 - o) // d_o + 1)
    if n <= 0:
        return
    if d_o == 1 and d_i == 1:
        y, x = sums[o : o + n], source[i : i + n]
        for j in range(n):
            y[j] += tap * x[j]
    else:
        for j in range(n):
            sums[o + j * d_o] += tap * source[i + j * d_i]

"""Where taps of a bank meet samples: the index relation of both axes for one tap and one output."""

from numba.extending import register_jitable

from ..taps import partner
from .edges import reading


@register_jitable
def meeting(x, b, g, t, output, rows, row_edge, columns, column_edge, value, zero):
    """Return (whether tap t meets a sample of x (B, G, C, H, W) at an output (row, column), that sample or zero).

    t counts channels, rows and columns of taps in the order of memory; −1 stands for no tap.
    """
    l = t % columns[1]
    k, c = t // columns[1] % rows[1], t // columns[1] // rows[1]
    row, column = partner(output[0], k, rows), partner(output[1], l, columns)
    if t < 0 or row < 0 or column < 0:
        return False, zero
    i, j = reading(row, row_edge), reading(column, column_edge)
    if i < 0 or j < 0:
        return True, value
    return True, x[b, g, c, i, j]

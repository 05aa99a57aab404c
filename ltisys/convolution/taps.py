"""The scalar core: index arithmetic in plain Python, run by the interpreter and compiled for CPU and CUDA alike.

Nothing here touches an array, so the same functions serve every loop nest. `geometry` is the tuple
(n_out, n_kernel, n_in, stride, step, spread, offset) of `ltisys.convolution.geometry.Geometry`.
"""

from numba.extending import register_jitable

# How a signal continues outside its support. FILL stands for "zero" and "constant": no sample is read.
FILL, REFLECT, SYMMETRIC, REPLICATE, CIRCULAR = range(5)


@register_jitable
def partner(o, k, geometry):
    """Return the input index that tap k meets at output o, or −1 where there is none."""
    n_in, stride, step, spread, offset = geometry[2], geometry[3], geometry[4], geometry[5], geometry[6]
    position = stride * o + step * k - offset
    i = position // spread
    if position != i * spread or i < 0 or i >= n_in:
        return -1
    return i


@register_jitable
def strides_of_meeting(geometry):
    """Return how far (o, i) move from one meeting of a fixed tap to the next."""
    a, b = geometry[3], geometry[5]
    while b:
        a, b = b, a % b
    return geometry[5] // a, geometry[3] // a


@register_jitable
def meeting(k, geometry):
    """Return (count, o, i): how many outputs tap k meets, and the first of these meetings.

    For a fixed tap the pairs (o, i) with stride·o − spread·i = offset − step·k form one arithmetic run;
    `strides_of_meeting` says how it goes on.
    """
    n_out, n_in, stride, step, spread, offset = (
        geometry[0],
        geometry[2],
        geometry[3],
        geometry[4],
        geometry[5],
        geometry[6],
    )
    d_o, d_i = strides_of_meeting(geometry)
    # the smallest o ≥ 0 with i ≥ 0, then the first of the next d_o outputs where the division comes out even
    o = max(0, -(-(offset - step * k) // stride))
    for _ in range(d_o):
        if (stride * o + step * k - offset) % spread == 0:
            break
        o += 1
    else:
        return 0, 0, 0
    i = (stride * o + step * k - offset) // spread
    if o >= n_out or i >= n_in:
        return 0, 0, 0
    return min((n_out - 1 - o) // d_o, (n_in - 1 - i) // d_i) + 1, o, i


@register_jitable
def source_index(i, n, padding):
    """Return which sample of a signal of length n stands at index i of its infinite extension.

    Branch-free in i, so that it serves integers and integer arrays; FILL has no source and is the caller's case.
    """
    if padding == REFLECT:  # d c b | a b c d | c b a
        return (n - 1) - abs((n - 1) - i % max(2 * (n - 1), 1))
    if padding == SYMMETRIC:  # d c b a | a b c d | d c b a
        return (2 * n - 1 - abs(2 * n - 1 - 2 * (i % (2 * n)))) // 2
    if padding == REPLICATE:  # a a a | a b c d | d d d
        return (abs(i) - abs(i - (n - 1)) + (n - 1)) // 2
    return i % n  # b c d | a b c d | a b c

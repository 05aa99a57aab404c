"""The slow definitions: convolution as it is written on the blackboard, one product at a time.

Everything fast is tested against these. They read no library code and use Python's own sums, so integer inputs give
exact results.
"""

import itertools
from typing import Any

import numpy as np


def source(i, n, padding):
    """Return the index of the sample that stands at i in the infinite extension, or None for the fill value."""
    if 0 <= i < n:
        return i
    if padding in ("zero", "constant"):
        return None
    if padding == "replicate":
        return 0 if i < 0 else n - 1
    if padding == "circular":
        return i % n
    if n == 1:
        return 0
    while not 0 <= i < n:  # fold at one border after the other
        if padding == "reflect":
            i = -i if i < 0 else 2 * (n - 1) - i
        else:
            i = -1 - i if i < 0 else 2 * n - 1 - i
    return i


def centre(origin, length):
    """Return the output index at which mode "same" starts."""
    return {None: (length - 1) // 2, "numpy": (length - 1) // 2, "ndimage": length // 2, "causal": 0}.get(
        origin, origin
    )


def indices(n, length, mode, origin, stride, exchange=False):
    """Return the output indices of a mode for a (dilated) response of `length` taps."""
    if mode == "full":
        wanted = range(n + length - 1)
    elif mode == "same":
        wanted = range(centre(origin, length), centre(origin, length) + n)
    elif mode == "valid":
        wanted = range(n - 1, length) if exchange else range(length - 1, n)
    else:
        before, after = mode
        wanted = range(length - 1 - before, n + after)
    return wanted[::stride]


def convolve(
    x,
    h,
    mode: Any = "full",
    *,
    padding: Any = "zero",
    value: Any = 0,
    stride: Any = 1,
    dilation: Any = 1,
    origin: Any = None,
    exchange=True,
):
    """Convolve x with h over all the axes of h, which are the last axes of x.

    Modes and the other words are given for one axis, or as a list with one entry per axis.
    """
    x, h = np.asarray(x), np.asarray(h)
    rank = h.ndim
    each = [
        argument if isinstance(argument, list) else [argument] * rank
        for argument in (mode, padding, stride, dilation, origin)
    ]
    modes, paddings, strides, dilations, origins = each
    shape = x.shape[x.ndim - rank :]
    lengths = [d * (k - 1) + 1 for k, d in zip(h.shape, dilations, strict=True)]
    exchange = exchange and modes == ["valid"] * rank and all(k >= n for k, n in zip(lengths, shape, strict=True))
    if exchange:
        paddings = ["zero"] * rank
    outputs = [
        indices(n, length, m, o, s, exchange)
        for n, length, m, o, s in zip(shape, lengths, modes, origins, strides, strict=True)
    ]
    y = np.zeros(x.shape[: x.ndim - rank] + tuple(map(len, outputs)), np.result_type(x, h))
    for batch in np.ndindex(*x.shape[: x.ndim - rank]):
        for place in itertools.product(*(range(len(o)) for o in outputs)):
            total = y.dtype.type(0)
            for k in np.ndindex(*h.shape):
                at = [source(outputs[a][place[a]] - dilations[a] * k[a], shape[a], paddings[a]) for a in range(rank)]
                if None not in at:
                    total += h[k] * x[batch + tuple(at)]
                elif all(i is not None or p == "constant" for i, p in zip(at, paddings, strict=True)):
                    total += h[k] * y.dtype.type(value)
            y[batch + place] = total
    return y


def correlate(x, h, mode: Any = "full", *, origin: Any = None, dilation: Any = 1, **words):
    """Correlate: the convolution with the reversed, conjugated h; the origin counts taps of h as passed."""
    h = np.asarray(h)
    dilations = dilation if isinstance(dilation, list) else [dilation] * h.ndim
    given = origin if isinstance(origin, list) else [origin] * h.ndim
    lengths = [d * (k - 1) + 1 for k, d in zip(h.shape, dilations, strict=True)]
    taps = [
        {None: n // 2, "numpy": n // 2, "ndimage": n // 2, "causal": 0}.get(o, o)
        for o, n in zip(given, lengths, strict=True)
    ]
    reversed_h = np.conj(h[(slice(None, None, -1),) * h.ndim])
    origins = [n - 1 - tap for n, tap in zip(lengths, taps, strict=True)]
    return convolve(x, reversed_h, mode, origin=origins, dilation=dilations, **words)


def convolve_bank(x, bank, mode="same", *, groups=1, **words):
    """Sum over the channels of each group the convolutions with the bank's responses."""
    x, bank = np.asarray(x), np.asarray(bank)
    n_maps, n_channels = bank.shape[:2]
    maps = []
    for m in range(n_maps):
        g = m // (n_maps // groups)
        maps.append(
            sum(
                convolve(x[:, g * n_channels + c], bank[m, c], mode, exchange=False, **words) for c in range(n_channels)
            )
        )
    return np.stack(maps, axis=1)


def vjp(forward, x, h, y_bar):
    """Return (Aᴴ ȳ, Bᴴ ȳ) for a bilinear forward(x, h), from its values on unit samples alone."""
    x, h, y_bar = np.asarray(x), np.asarray(h), np.asarray(y_bar)
    x_bar, h_bar = np.zeros_like(x), np.zeros_like(h)
    for at in np.ndindex(*x.shape):
        unit = np.zeros_like(x)
        unit[at] = 1
        x_bar[at] = np.sum(np.conj(forward(unit, h) - forward(np.zeros_like(x), h)) * y_bar)
    for at in np.ndindex(*h.shape):
        unit = np.zeros_like(h)
        unit[at] = 1
        h_bar[at] = np.sum(np.conj(forward(x, unit)) * y_bar)
    return x_bar, h_bar

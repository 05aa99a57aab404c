"""Loops of learning, compiled: one pass over memory where NumPy would make many.

Arrays come as (outer, channels, inner), the form `by_channel` gives them whatever their order in memory: the batch is
the outer axis, or the inner one. Threads share them by blocks of the batch, as the engine's banks do, so that each
finds in its cache what it wrote before. Sums are made in double precision, block by block, in an order that follows
from the shape alone.
"""

from typing import Any

import numpy as np

from ..convolution.compilation import kernel, part
from ..convolution.team import shared, task_of

BLOCK = 16  # signals
ELEMENT = 0.15  # ns that one takes


@part
def _blocks(x, innermost):
    return ((x.shape[2] if innermost else x.shape[0]) + BLOCK - 1) // BLOCK


@part
def _span(x, innermost, start, stop):
    """Return the ranges of the outer and of the inner axis that the blocks start … stop − 1 take."""
    if innermost:
        return 0, x.shape[0], BLOCK * start, min(BLOCK * stop, x.shape[2])
    return BLOCK * start, min(BLOCK * stop, x.shape[0]), 0, x.shape[2]


@kernel
def rectify(x, out):
    """Write out = x where x > 0, else 0, and NaN where x is NaN; raveled arrays."""
    nothing = out.dtype.type(0)
    for i in range(x.shape[0]):
        sample = x[i]
        out[i] = nothing if sample <= 0 else sample


@kernel
def rectify_error(y, y_bar, out):
    """Write out = ȳ where y > 0, else 0; raveled arrays."""
    nothing = out.dtype.type(0)
    for i in range(y.shape[0]):
        error = y_bar[i]  # read in any case: a choice of values is one instruction, a choice of ways is not
        out[i] = error if y[i] > 0 else nothing


@kernel
def scale(x, innermost, factors, out, board, threads):
    """Write out = a·x + b for (a, b) = factors[:, c]; return True."""
    return shared(_scaled((x, innermost, factors, out)), _blocks(x, innermost), 1, board, threads)


@part
def _scale_some(x, innermost, factors, out, who, start, stop):
    first, last, begin, end = _span(x, innermost, start, stop)
    for o in range(first, last):
        for c in range(x.shape[1]):
            source, target, a, b = x[o, c, begin:end], out[o, c, begin:end], factors[0, c], factors[1, c]
            for i in range(target.shape[0]):
                target[i] = a * source[i] + b
    return True


@kernel
def combine(x, innermost, y, factors, out, board, threads):
    """Write out = a·x + b·y + s for (a, b, s) = factors[:, c]; return True."""
    return shared(_combined((x, innermost, y, factors, out)), _blocks(x, innermost), 1, board, threads)


@part
def _combine_some(x, innermost, y, factors, out, who, start, stop):
    first, last, begin, end = _span(x, innermost, start, stop)
    for o in range(first, last):
        for c in range(x.shape[1]):
            one, two, target = x[o, c, begin:end], y[o, c, begin:end], out[o, c, begin:end]
            a, b, s = factors[0, c], factors[1, c], factors[2, c]
            for i in range(target.shape[0]):
                target[i] = a * one[i] + b * two[i] + s
    return True


@kernel
def add_up(x, innermost, sums, board, threads):
    """Add to sums[block, c] what a block of the batch has in channel c; return True."""
    return shared(_added((x, innermost, sums)), _blocks(x, innermost), 1, board, threads)


@part
def _add_some_up(x, innermost, sums, who, start, stop):
    for block in range(start, stop):
        first, last, a, b = _span(x, innermost, block, block + 1)
        for o in range(first, last):
            for c in range(x.shape[1]):
                sums[block, c] += _sum(x[o, c, a:b])
    return True


@kernel
def add_products(x, innermost, y, offsets, sums, board, threads):
    """Add (x − offsets[0, c])·(y − offsets[1, c]) to sums[block, c] in the same way; return True."""
    return shared(_products((x, innermost, y, offsets, sums)), _blocks(x, innermost), 1, board, threads)


@part
def _add_some_products(x, innermost, y, offsets, sums, who, start, stop):
    for block in range(start, stop):
        first, last, a, b = _span(x, innermost, block, block + 1)
        for o in range(first, last):
            for c in range(x.shape[1]):
                sums[block, c] += _product(x[o, c, a:b], y[o, c, a:b], offsets[0, c], offsets[1, c])
    return True


def _sum_of(x):
    total = 0.0
    for i in range(x.shape[0]):
        total += x[i]
    return total


def _product_of(x, y, a, b):
    total = 0.0
    for i in range(x.shape[0]):
        total += (x[i] - a) * (y[i] - b)
    return total


_sum, _product = part(_sum_of, reassociate=True), part(_product_of, reassociate=True)


@kernel
def follow_velocity(value, grad, velocity, lr, momentum, weight_decay, nesterov):
    """Move by SGD with momentum: v ← momentum·v + g, w ← w − lr·v; raveled arrays, changed in place."""
    one = value.dtype.type(1)
    lr, momentum, decay = lr * one, momentum * one, weight_decay * one
    for i in range(value.shape[0]):
        g = grad[i] + decay * value[i]
        v = momentum * velocity[i] + g
        velocity[i] = v
        value[i] -= lr * (g + momentum * v if nesterov else v)


@kernel
def follow_moments(value, grad, first, second, betas, corrections, eps, shrinking):
    """Move by Adam: corrections are lr/(1 − β₁ᵗ) and 1/(1 − β₂ᵗ), weights shrink first; raveled, changed in place."""
    one = value.dtype.type(1)
    beta1, beta2, rate, unbias = betas[0] * one, betas[1] * one, corrections[0] * one, corrections[1] * one
    new1, new2, eps, keep = (1 - betas[0]) * one, (1 - betas[1]) * one, eps * one, shrinking * one
    for i in range(value.shape[0]):
        g = grad[i]
        m = beta1 * first[i] + new1 * g
        v = beta2 * second[i] + new2 * (g * g)
        first[i], second[i] = m, v
        value[i] = keep * value[i] - rate * (m / (np.sqrt(v * unbias) + eps))


_scaled: Any = task_of(_scale_some)
_combined: Any = task_of(_combine_some)
_added: Any = task_of(_add_some_up)
_products: Any = task_of(_add_some_products)

"""Loops over activations and their error signals, compiled: one pass over memory where NumPy would make many.

Arrays come as (outer, channels, inner), the form `by_channel` gives them whatever their order in memory: the batch is
the outer axis, or the inner one. Of all outer rows the same stretch of channels and inner elements is done one after
the other, with the factors of its channels spread over it: an inner axis may be short, a stretch is not. Sums are made
in double precision, in an order that follows from the shape alone.
"""

from typing import Any

import numpy as np

from ..convolution.compilation import kernel, part
from ..convolution.team import shared, task_of

STRETCH = 1024  # elements: factors and sums of so many stay in the first-level cache
GRAIN = 4096  # elements of raveled arrays that no two threads share
SHARES = 8  # independent sums of an array
ELEMENT = 0.15  # ns that one takes


@kernel
def rectify(x, out, board, threads):
    """Write out = x where x > 0, else 0, and NaN where x is NaN; raveled arrays; return True."""
    return shared(_rectified((x, out)), x.shape[0], GRAIN, board, threads)


@part
def _rectify_some(x, out, who, start, stop):
    given, wanted, nothing = x[start:stop], out[start:stop], out.dtype.type(0)
    for i in range(wanted.shape[0]):
        sample = given[i]
        wanted[i] = nothing if sample <= 0 else sample
    return True


@kernel
def rectify_sum(x, y, out, board, threads):
    """Write what `rectify` does of x + y; raveled arrays; return True."""
    return shared(_rectified_sum((x, y, out)), x.shape[0], GRAIN, board, threads)


@part
def _rectify_some_sums(x, y, out, who, start, stop):
    one, two, wanted, nothing = x[start:stop], y[start:stop], out[start:stop], out.dtype.type(0)
    for i in range(wanted.shape[0]):
        sample = one[i] + two[i]
        wanted[i] = nothing if sample <= 0 else sample
    return True


@kernel
def rectify_error(y, y_bar, out, board, threads):
    """Write out = ȳ where y > 0, else 0; raveled arrays; return True."""
    return shared(_rectified_error((y, y_bar, out)), y.shape[0], GRAIN, board, threads)


@part
def _rectify_some_errors(y, y_bar, out, who, start, stop):
    outputs, errors, wanted, nothing = y[start:stop], y_bar[start:stop], out[start:stop], out.dtype.type(0)
    for i in range(wanted.shape[0]):
        error = errors[i]  # read in any case: a choice of values is one instruction, a choice of ways is not
        wanted[i] = error if outputs[i] > 0 else nothing
    return True


@kernel
def normalise(x, weight, bias, eps, least, statistics, out, board, threads):
    """Write out = a·x + b, at least `least`, with which channels have mean `bias` and deviation `weight`; return True.

    The rows of statistics (4, C) become mean, variance, a / weight and b; (a, b) = (weight / √(variance + eps), bias −
    mean·a).
    """
    n_outer, n_channels, n_inner = x.shape
    sums, near = np.zeros((_shares_of(n_outer), 2, n_channels)), np.empty(n_channels)
    for c in range(n_channels):
        near[c] = x[0, c, 0]  # sums of squares about 0 would cancel
    shared(_measured((x, near, sums)), sums.shape[0], 1, board, threads)
    factors, count = np.empty((2, n_channels), x.dtype), n_outer * n_inner
    for c in range(n_channels):
        total, squares = _over_shares(sums, 0, c), _over_shares(sums, 1, c)
        mean, variance = near[c] + total / count, (squares - total * total / count) / count
        rate = 1 / np.sqrt(variance + eps)
        shift = bias[c] - mean * (weight[c] * rate)
        statistics[0, c], statistics[1, c], statistics[2, c], statistics[3, c] = mean, variance, rate, shift
        factors[0, c], factors[1, c] = weight[c] * rate, shift
    return shared(_scaled((x, factors, least, out)), n_outer, _unit(x, threads), board, threads)


@kernel
def normalise_errors(y_bar, x, weight, statistics, rectified, errors, out, board, threads):
    """Write the error signals of what `normalise` was given: out that of x, errors (2, C) those of weight and bias.

    With e = ȳ, or where the output was rectified e = ȳ where it was positive, else 0, and d = x − mean, they are Σ e·d
    a / weight, Σ e and a·(e − Σ e / n − d·Σ e·d / (n (variance + eps))). Returns True.
    """
    n_outer, n_channels, n_inner = x.shape
    sums, factors = np.zeros((_shares_of(n_outer), 2, n_channels)), np.empty((5, n_channels), x.dtype)
    for c in range(n_channels):
        factors[3, c] = weight[c] * statistics[2, c] if rectified else 0
        factors[4, c] = statistics[3, c] if rectified else 1
    shared(_measured_errors((y_bar, x, factors[3:], statistics[0], sums)), sums.shape[0], 1, board, threads)
    count = n_outer * n_inner
    for c in range(n_channels):
        total, products = _over_shares(sums, 0, c), _over_shares(sums, 1, c)
        mean, rate = statistics[0, c], statistics[2, c]
        gain = weight[c] * rate
        slope = -gain * rate * rate * products / count  # of x̄ against x
        factors[0, c], factors[1, c], factors[2, c] = gain, slope, -gain * total / count - slope * mean
        errors[0, c], errors[1, c] = rate * products, total
    return shared(_combined((y_bar, x, factors, out)), n_outer, _unit(x, threads), board, threads)


@kernel
def update_running(running, value, momentum):
    """Write running ← (1 − momentum)·running + momentum·value for statistics (C,), in place."""
    for c in range(running.shape[0]):
        running[c] += momentum * (value[c] - running[c])


@kernel
def scale(x, factors, least, out, board, threads):
    """Write out = a·x + b, at least `least`, for (a, b) = factors[:, c]; NaN stays NaN; return True."""
    return shared(_scaled((x, factors, least, out)), x.shape[0], _unit(x, threads), board, threads)


@part
def _scale_some(x, factors, least, out, who, start, stop):
    given, wanted, least = _flat(x), _flat(out), out.dtype.type(least)
    spread = np.empty((2, STRETCH), x.dtype)
    for first in range(0, given.shape[1], STRETCH):
        last = min(first + STRETCH, given.shape[1])
        _spread(factors, first, last, x.shape[2], spread)
        a, b = spread[0, : last - first], spread[1, : last - first]
        for o in range(start, stop):
            source, target = given[o, first:last], wanted[o, first:last]
            for i in range(target.shape[0]):
                sample = a[i] * source[i] + b[i]
                target[i] = least if sample <= least else sample
    return True


@kernel
def lift(x, shifts, least, board, threads):
    """Add b = shifts[0, c] to x in place, and make it `least` where it is less; NaN stays NaN; return True."""
    return shared(_lifted((x, shifts, least)), x.shape[0], _unit(x, threads), board, threads)


@part
def _lift_some(x, shifts, least, who, start, stop):
    given, least = _flat(x), x.dtype.type(least)
    spread = np.empty((1, STRETCH), x.dtype)
    for first in range(0, given.shape[1], STRETCH):
        last = min(first + STRETCH, given.shape[1])
        _spread(shifts, first, last, x.shape[2], spread)
        b = spread[0, : last - first]
        for o in range(start, stop):
            row = given[o, first:last]
            for i in range(row.shape[0]):
                sample = row[i] + b[i]
                row[i] = least if sample <= least else sample
    return True


@part
def _combine_some(y_bar, x, factors, out, who, start, stop):
    """Write out = a·e + b·x + s, where e is ȳ where g·x + h > 0, else 0, for (a, b, s, g, h) = factors[:, c]."""
    errors, given, wanted, nothing = _flat(y_bar), _flat(x), _flat(out), out.dtype.type(0)
    spread = np.empty((5, STRETCH), x.dtype)
    for first in range(0, given.shape[1], STRETCH):
        last = min(first + STRETCH, given.shape[1])
        n = last - first
        _spread(factors, first, last, x.shape[2], spread)
        a, b, s, g, h = spread[0, :n], spread[1, :n], spread[2, :n], spread[3, :n], spread[4, :n]
        for o in range(start, stop):
            error, sample, target = errors[o, first:last], given[o, first:last], wanted[o, first:last]
            for i in range(target.shape[0]):
                e = error[i]
                passed = e if g[i] * sample[i] + h[i] > 0 else nothing
                target[i] = a[i] * passed + b[i] * sample[i] + s[i]
    return True


@kernel
def add_up(x, total, board, threads):
    """Write total[c] = Σ x of channel c; return True."""
    sums = np.zeros((_shares_of(x.shape[0]), 1, x.shape[1]))
    done = shared(_added((x, sums)), sums.shape[0], 1, board, threads)
    _total(sums, total)
    return done


@part
def _add_some_up(x, sums, who, start, stop):
    """Add to sums[share, 0, c] what a share of the outer rows has in channel c."""
    for share in range(start, stop):
        for o in range(*_rows_of(share, sums.shape[0], x.shape[0])):
            for c in range(x.shape[1]):
                sums[share, 0, c] += _sum(x[o, c])
    return True


@kernel
def rectify_and_add_up(y, y_bar, out, total, board, threads):
    """Write out = ȳ where y > 0, else 0, and total[c] = Σ out of channel c; return True."""
    sums = np.zeros((_shares_of(y.shape[0]), 1, y.shape[1]))
    done = shared(_rectified_and_added((y, y_bar, out, sums)), sums.shape[0], 1, board, threads)
    _total(sums, total)
    return done


@part
def _rectify_and_add_some_up(y, y_bar, out, sums, who, start, stop):
    """Do the rows of the shares start … stop − 1, and add to sums[share, 0, c] what they have in channel c."""
    outputs, errors, wanted, nothing = _flat(y), _flat(y_bar), _flat(out), out.dtype.type(0)
    for share in range(start, stop):
        for o in range(*_rows_of(share, sums.shape[0], y.shape[0])):
            output, error, target = outputs[o], errors[o], wanted[o]
            for i in range(target.shape[0]):
                e = error[i]
                target[i] = e if output[i] > 0 else nothing
            for c in range(y.shape[1]):
                sums[share, 0, c] += _sum(out[o, c])
    return True


@part
def _measure_some(x, offsets, sums, who, start, stop):
    """Add Σ d and Σ d² of d = x − offsets[c] to sums[share, :, c] for each share of the outer rows."""
    for share in range(start, stop):
        for o in range(*_rows_of(share, sums.shape[0], x.shape[0])):
            for c in range(x.shape[1]):
                total, squares = _moments(x[o, c], offsets[c])
                sums[share, 0, c] += total
                sums[share, 1, c] += squares
    return True


@kernel
def multiply_up(y_bar, x, offsets, total, board, threads):
    """Write total[c] = Σ ȳ·(x − offsets[c]) of channel c; return True."""
    sums = np.zeros((_shares_of(x.shape[0]), 1, x.shape[1]))
    done = shared(_multiplied((y_bar, x, offsets, sums)), sums.shape[0], 1, board, threads)
    _total(sums, total)
    return done


@part
def _multiply_some_up(y_bar, x, offsets, sums, who, start, stop):
    """Add to sums[share, 0, c] what a share of the outer rows has in channel c."""
    for share in range(start, stop):
        for o in range(*_rows_of(share, sums.shape[0], x.shape[0])):
            for c in range(x.shape[1]):
                sums[share, 0, c] += _error_moments(y_bar[o, c], x[o, c], 0, 1, offsets[c])[1]
    return True


@part
def _measure_some_errors(y_bar, x, gate, offsets, sums, who, start, stop):
    """Add Σ e and Σ e·(x − offsets[c]) to sums[share, :, c], for e = ȳ where g·x + h > 0, else 0, (g, h) = gate[:, c].

    They are those of each share of the outer rows.
    """
    for share in range(start, stop):
        for o in range(*_rows_of(share, sums.shape[0], x.shape[0])):
            for c in range(x.shape[1]):
                total, products = _error_moments(y_bar[o, c], x[o, c], gate[0, c], gate[1, c], offsets[c])
                sums[share, 0, c] += total
                sums[share, 1, c] += products
    return True


@part
def _flat(x):
    """Return (outer, channels, inner) as (outer, channels·inner)."""
    return x.reshape(x.shape[0], x.shape[1] * x.shape[2])


@part
def _unit(x, threads):
    """Return how many outer rows are done together: what is spread for them is spread once."""
    return (x.shape[0] + threads - 1) // threads


@part
def _shares_of(n_rows):
    """Return how many independent sums there are over so many outer rows."""
    return min(n_rows, SHARES)


@part
def _total(sums, total):
    """Write total[c], the sum of channel c over all shares."""
    for c in range(total.shape[0]):
        total[c] = _over_shares(sums, 0, c)


@part
def _over_shares(sums, kind, c):
    """Return the sum of a channel over all shares, in their order."""
    total = 0.0
    for share in range(sums.shape[0]):
        total += sums[share, kind, c]
    return total


@part
def _rows_of(share, n_shares, n_rows):
    """Return the first and the last outer row of a share."""
    return n_rows * share // n_shares, n_rows * (share + 1) // n_shares


@part
def _spread(factors, first, last, inner, spread):
    """Write spread[k, i − first] = factors[k, i // inner] for first ≤ i < last."""
    i = first
    while i < last:
        c = i // inner
        stop = min(last, (c + 1) * inner)
        for k in range(factors.shape[0]):
            spread[k, i - first : stop - first] = factors[k, c]
        i = stop


def _sum_of(x):
    total = 0.0
    for i in range(x.shape[0]):
        total += x[i]
    return total


def _moments_of(x, offset):
    total, squares = 0.0, 0.0
    for i in range(x.shape[0]):
        d = x[i] - offset
        total += d
        squares += d * d
    return total, squares


def _error_moments_of(y_bar, x, slope, level, offset):
    total, products, nothing = 0.0, 0.0, y_bar.dtype.type(0)
    for i in range(x.shape[0]):
        error = y_bar[i]
        passed = error if slope * x[i] + level > 0 else nothing
        total += passed
        products += passed * (x[i] - offset)
    return total, products


_sum, _moments, _error_moments = (
    part(function, reassociate=True) for function in (_sum_of, _moments_of, _error_moments_of)
)


_rectified: Any = task_of(_rectify_some)
_rectified_sum: Any = task_of(_rectify_some_sums)
_rectified_error: Any = task_of(_rectify_some_errors)
_scaled: Any = task_of(_scale_some)
_lifted: Any = task_of(_lift_some)
_added: Any = task_of(_add_some_up)
_rectified_and_added: Any = task_of(_rectify_and_add_some_up)
_measured: Any = task_of(_measure_some)
_multiplied: Any = task_of(_multiply_some_up)
_measured_errors: Any = task_of(_measure_some_errors)
_combined: Any = task_of(_combine_some)

"""The public functions on arrays: arguments checked, axes brought into the operator's order and back."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from . import arguments as parse
from .geometry import Geometry, convolution_geometry, correlation_geometry, dilated_length
from .numerics import (
    Precision,
    differentiable_precision,
    precision_of,
    refuse_overflow,
    to_work,
)
from .operator import Operator
from .plan import choose

FILTER_METHODS = ("direct", "fft")
IMAGE_METHODS = ("direct", "fft", "separable")
BANK_METHODS = ("direct", "fft", "gemm")
POINT = Geometry(1, 1, 1)  # the axis a one-dimensional signal does not have


@dataclass(frozen=True)
class Words:
    """What the caller asked for besides the arrays, as typed.

    Attributes are the keyword arguments of the public functions; `correlation` says which family was called.
    """

    mode: Any = "full"
    padding: Any = "zero"
    value: Any = 0
    stride: Any = 1
    dilation: Any = 1
    origin: Any = None
    method: Any = "auto"
    correlation: bool = False


def filter_along(x, h, words: Words, axes, out=None):
    """Filter x along one axis by h (K,), or along two axes by h (KH, KW)."""
    job = _Job(x, h, words, axes)
    y = job.restore(job.operator.apply(job.w, job.x).reshape(job.batch_shape + job.output_shape))
    return _deliver(y, job.precision, out)


def filter_along_vjp(x, h, y_bar, words: Words, axes):
    """Return (x̄, h̄) of `filter_along`."""
    y_bar = np.asarray(y_bar)
    job = _Job(x, h, words, axes, y_bar)
    y_bar = job.arrange(y_bar, job.output_shape)
    x_bar = job.operator.wrt_input(job.w, y_bar).reshape(job.batch_shape + job.input_shape)
    h_bar = job.operator.wrt_kernel(job.x, y_bar).reshape(job.h.shape)
    return _like(job.restore(x_bar), job.given), _like(h_bar, job.h)


def filter_bank(x, bank, words: Words, groups, out=None, order="K"):
    """Apply a bank (M, C/groups, …) to x (B, C, …)."""
    if order not in ("K", "C"):
        raise ValueError(f"unknown order {order!r}: use 'K' (as the engine likes) or 'C' (contiguous)")
    job = _BankJob(x, bank, words, groups)
    return _deliver(job.operator.apply(job.w, job.x).reshape(job.output_shape), job.precision, out)


def filter_bank_vjp(x, bank, y_bar, words: Words, groups):
    """Return (x̄, bank̄) of `filter_bank`."""
    y_bar = np.asarray(y_bar)
    job = _BankJob(x, bank, words, groups, y_bar)
    _refuse_shape(y_bar, job.output_shape)
    g = job.operator
    y_bar = to_work(y_bar, job.precision.work).reshape(
        len(y_bar), job.w.shape[0], job.w.shape[1], g.rows.n_out, g.columns.n_out
    )
    x_bar = g.wrt_input(job.w, y_bar).reshape(job.given.shape)
    return _like(x_bar, job.given), _like(g.wrt_kernel(job.x, y_bar).reshape(job.h.shape), job.h)


class _Job:
    """One filtering call: checked operands in the operator's order, and the operator itself."""

    def __init__(self, x, h, words: Words, axes, y_bar=None):
        self.given, self.h = on_cpu("x", x), on_cpu("h", h)
        rank = 1 if isinstance(axes, int) or not np.iterable(axes) else 2
        if self.h.ndim != rank:
            raise ValueError(f"h must have {rank} dimension{'s' * (rank > 1)}, got shape {self.h.shape}")
        if self.given.ndim < rank:
            raise ValueError(f"x must have at least {rank} dimension{'s' * (rank > 1)}, got shape {self.given.shape}")
        ndim = self.given.ndim
        self.axes = (parse.parse_axis(axes, ndim),) if rank == 1 else parse.parse_axes(axes, ndim)
        self.input_shape = tuple(self.given.shape[axis] for axis in self.axes)
        _refuse_empty(self.input_shape, self.h)
        self.precision = _precision(self.given, self.h, y_bar)
        methods = FILTER_METHODS if rank == 1 else IMAGE_METHODS
        operator = _operator(words, self.input_shape, self.h.shape, self.precision, methods)
        self.output_shape = (operator.rows.n_out, operator.columns.n_out)[2 - rank :]
        self.batch_shape = tuple(n for axis, n in enumerate(self.given.shape) if axis not in self.axes)
        if y_bar is not None:
            _refuse_shape(y_bar, self.restored_shape(self.output_shape))
        self.x = self.arrange(self.given, self.input_shape)
        kernel = to_work(self.h, self.precision.work)
        self.w = kernel.reshape(1, 1, 1, *((1,) * (2 - rank)), *kernel.shape)
        if words.correlation:
            self.w = self.w.conj()
        self.operator = _settle(operator, methods, self.w, self.x)

    def arrange(self, array, shape):
        """Bring (…, axes, …) into (B, 1, 1, H, W)."""
        ndim = array.ndim
        moved = np.moveaxis(array, self.axes, range(ndim - len(self.axes), ndim))
        height = (1,) * (2 - len(shape))
        batch = int(np.prod(self.batch_shape, dtype=np.int64))
        return to_work(moved, self.precision.work).reshape(batch, 1, 1, *height, *shape)

    def restore(self, array):
        """Undo `arrange` for an array (*batch, *axes)."""
        return np.moveaxis(array, range(array.ndim - len(self.axes), array.ndim), self.axes)

    def restored_shape(self, shape):
        full = list(self.given.shape)
        for axis, n in zip(self.axes, shape, strict=True):
            full[axis] = n
        return tuple(full)


class _BankJob:
    """One call of a bank: checked operands in the operator's order, and the operator itself."""

    def __init__(self, x, bank, words: Words, groups, y_bar=None):
        self.given, self.h = on_cpu("x", x), on_cpu("bank", bank)
        rank = self.h.ndim - 2
        if rank not in (1, 2):
            raise ValueError(f"bank must have shape (M, C/groups, K) or (M, C/groups, KH, KW), got {self.h.shape}")
        if self.given.ndim != rank + 2:
            axes = "(B, C, N)" if rank == 1 else "(B, C, H, W)"
            raise ValueError(f"a bank of shape {self.h.shape} takes x of shape {axes}, got {self.given.shape}")
        groups = parse.quantity("groups", groups, least=1)
        n_maps, n_channels = self.h.shape[:2]
        if n_maps % groups or self.given.shape[1] != n_channels * groups:
            raise ValueError(
                f"x has {self.given.shape[1]} channels and the bank {n_maps} maps of {n_channels} channels each: "
                f"with groups={groups} x needs {n_channels * groups} channels and the maps must divide by {groups}"
            )
        shape = self.given.shape[2:]
        _refuse_empty((self.given.shape[1], *shape), self.h)
        self.precision = _precision(self.given, self.h, y_bar)
        operator = _operator(words, shape, self.h.shape[2:], self.precision, BANK_METHODS)
        rows, columns = operator.rows, operator.columns
        self.output_shape = (len(self.given), n_maps, *(rows.n_out, columns.n_out)[2 - rank :])
        work = self.precision.work
        self.x = to_work(self.given, work).reshape(len(self.given), groups, n_channels, rows.n_in, columns.n_in)
        self.w = to_work(self.h, work).reshape(groups, n_maps // groups, n_channels, rows.n_kernel, columns.n_kernel)
        self.operator = _settle(operator, BANK_METHODS, self.w, self.x)


def pair_of_axes(axes):
    """Keep a single axis given to a two-dimensional function from being read as a one-dimensional call."""
    return axes if isinstance(axes, tuple | list) else (axes,)


def on_cpu(name, given):
    """Return an operand as an array in main memory."""
    if hasattr(given, "__cuda_array_interface__"):
        raise TypeError(f"{name} lies on a GPU, and this version computes on the CPU: copy it to main memory first")
    return np.asarray(given)


def _precision(x, h, y_bar) -> Precision:
    return precision_of(x, h) if y_bar is None else differentiable_precision(x, h, y_bar)


def _operator(words: Words, shape, kernel_shape, precision: Precision, methods) -> Operator:
    """Return the operator the words describe, its method still as typed."""
    rank = len(shape)
    padding = parse.per_axis("padding", words.padding, rank, parse.parse_padding)
    value = parse.parse_value(words.value, "constant" if "constant" in padding else padding[0], precision.work)
    stride = parse.per_axis("stride", words.stride, rank, lambda given: parse.quantity("stride", given, least=1))
    dilation = parse.per_axis(
        "dilation", words.dilation, rank, lambda given: parse.quantity("dilation", given, least=1)
    )
    origin = parse.per_axis("origin", words.origin, rank, lambda given: given)
    modes = parse.parse_modes(words.mode, rank)
    method = parse.parse_method(words.method, methods)
    lengths = tuple(dilated_length(k, d) for k, d in zip(kernel_shape, dilation, strict=True))
    centres = tuple(
        parse.parse_origin(o, length, correlation=words.correlation) for o, length in zip(origin, lengths, strict=True)
    )
    if methods is not BANK_METHODS and modes == ("valid",) * rank and _exceeds(lengths, shape):
        # the roles are exchanged: the outputs at which all of x lies inside h, so no sample outside x is read
        modes = tuple((length - n, length - n) for n, length in zip(shape, lengths, strict=True))
        padding = ("zero",) * rank
    family = correlation_geometry if words.correlation else convolution_geometry
    geometries = [
        family(n, k, mode, stride=s, dilation=d, centre=centre)
        for n, k, mode, s, d, centre in zip(shape, kernel_shape, modes, stride, dilation, centres, strict=True)
    ]
    if rank == 1:
        geometries, padding = [POINT._replace(step=1 if words.correlation else -1), *geometries], ("zero", *padding)
    return Operator(geometries[0], geometries[1], (padding[0], padding[1]), value, method)


def _exceeds(lengths, shape):
    """Tell whether the response is at least as long as the signal on each axis, and longer on one."""
    return all(k >= n for k, n in zip(lengths, shape, strict=True)) and lengths != tuple(shape)


def _settle(operator: Operator, methods, w, x) -> Operator:
    """Check that a forced method can run, or choose one; refuse integers whose result might not fit."""
    if w.dtype.kind == "i":
        refuse_overflow(x, w.reshape(w.shape[0] * w.shape[1], -1), operator.value)
    if operator.method == "auto":
        return replace(operator, method=choose(methods, w, len(x), operator.rows, operator.columns))
    operator.refuse_method(w, x)
    return operator


def _refuse_empty(shape, h):
    if 0 in shape:
        raise ValueError(f"x is empty: its filtered axes have lengths {tuple(shape)}, each must be at least 1")
    if 0 in h.shape:
        raise ValueError(f"the response is empty: it has shape {h.shape}, each length must be at least 1")


def _refuse_shape(y_bar, shape):
    if y_bar.shape != tuple(shape):
        raise ValueError(f"y_bar must have the shape of the output, {tuple(shape)}, got {y_bar.shape}")


def _like(gradient, operand):
    """Return a gradient in the dtype of its operand: the real part where the operand is real."""
    if operand.dtype.kind != "c":
        gradient = gradient.real
    with np.errstate(over="ignore"):  # float16 may round to ±Inf
        return np.ascontiguousarray(gradient).astype(operand.dtype.newbyteorder("="), copy=False)


def _deliver(y, precision: Precision, out):
    if out is None:
        with np.errstate(over="ignore"):
            return y.astype(precision.result, copy=False)
    if not isinstance(out, np.ndarray) or out.shape != y.shape or out.dtype != precision.result:
        given = f"{out.dtype} {out.shape}" if isinstance(out, np.ndarray) else type(out).__name__
        raise ValueError(f"out must be an array of dtype {precision.result} and shape {y.shape}, got {given}")
    with np.errstate(over="ignore"):
        np.copyto(out, y, casting="same_kind")
    return out

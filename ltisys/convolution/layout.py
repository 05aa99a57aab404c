"""A call laid out: the words the caller typed, checked and put into the operator's order, before it has seen a sample.

A `Layout` holds all that follows from the words, shapes and dtypes of a call. Recent layouts are kept, so that a call
which repeats an earlier one checks nothing again and plans nothing again.
"""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np

from . import arguments as parse
from . import fir
from .costs import choose
from .geometry import Geometry, convolution_geometry, correlation_geometry, dilated_length
from .numerics import Precision, precision_of, to_work
from .operator import Operator
from .passes import Passes
from .slices import batch_is_innermost

FILTER_METHODS = ("direct", "fft")
IMAGE_METHODS = ("direct", "fft", "separable")
BANK_METHODS = ("direct", "fft", "gemm", "winograd")
POINT = Geometry(1, 1, 1)  # the axis a one-dimensional signal does not have
RECENT = 256  # layouts


class Words(NamedTuple):
    """What the caller asked for besides the arrays, as typed: the keyword arguments of the public functions.

    `correlation` says which family was called.
    """

    mode: Any = "full"
    padding: Any = "zero"
    value: Any = 0
    stride: Any = 1
    dilation: Any = 1
    origin: Any = None
    method: Any = "auto"
    correlation: bool = False


class Operand(NamedTuple):
    """The shape and dtype of an array."""

    shape: tuple[int, ...]
    dtype: np.dtype


@dataclass(frozen=True, eq=False)
class Layout:
    """A call before it has seen a sample.

    Attributes
    ----------
    precision : Precision
        What is computed in which dtype.
    operator : Operator
        The relation and the method; "auto" is left only where the values of the kernel decide.
    methods : tuple of str
        The methods that "auto" may choose from.
    is_auto : bool
        Whether the method was left to the cost model.
    axes : tuple of int
        The axes that are filtered, where they are not the last ones in order; else empty.
    x_shape, w_shape : tuple of int
        What the operator takes, (B, G, C, H, W) and (G, M, C, KH, KW).
    y_shape : tuple of int
        The result, with the filtered axes last.
    """

    precision: Precision
    operator: Operator
    methods: tuple[str, ...]
    is_auto: bool
    axes: tuple[int, ...]
    x_shape: tuple[int, ...]
    w_shape: tuple[int, ...]
    y_shape: tuple[int, ...]

    @property
    def method(self) -> str:
        """The method that runs; where the values of the kernel decide, that for kernels in general."""
        operator = self.operator
        if operator.method != "auto":
            return operator.method
        names = tuple(name for name in self.methods if name != "separable")
        kernel = np.broadcast_to(np.zeros((), self.precision.work), self.w_shape)
        return choose(names, kernel, self.x_shape[0], operator.rows, operator.columns)

    @property
    def result_shape(self) -> tuple[int, ...]:
        """The shape of the result as the caller sees it."""
        return self.restore(np.broadcast_to(0, self.y_shape)).shape if self.axes else self.y_shape

    def kernel(self, h):
        """Return the response in the operator's order."""
        if h.dtype is self.precision.work and h.flags.c_contiguous and h.dtype.kind == "f":
            return h.reshape(self.w_shape)
        w = to_work(h, self.precision.work).reshape(self.w_shape)
        return w.conj() if self.operator.correlates else w

    def taps(self, h):
        """Return a real response of one row as (K,) in the working dtype, itself where it can be."""
        if h.dtype is self.precision.work and h.ndim == 1 and h.flags.c_contiguous:
            return h
        return to_work(h, self.precision.work).reshape(-1)

    @cached_property
    def sums(self) -> fir.Rows | None:
        """What filters rows by direct sums, if that is the method: no response has to be made ready for it."""
        rows, columns, padding = self.operator.rows, self.operator.columns, self.operator.padding[1]
        kernel = np.broadcast_to(np.zeros((), self.precision.work), self.w_shape)
        if self.operator.method != "direct" or not fir.serves(kernel, rows, columns):
            return None
        return fir.Rows.of(columns, padding, self.operator.value, self.precision.work)

    @cached_property
    def takes_either_order(self) -> bool:
        """Whether arrays may also lie in memory with the batch innermost, see `slices`."""
        return self.operator.method in ("gemm", "winograd") and self.precision.work.kind == "f"

    @cached_property
    def passes(self) -> Passes | None:
        """What applies banks and makes their gradients, where they are real and only zeros surround the signals."""
        operator, precision = self.operator, self.precision
        if not self.takes_either_order or operator.amounts or precision.result != precision.work:
            return None
        (n_batch, n_groups, n_channels, *size), rank = self.x_shape, len(self.y_shape) - 2
        x_shape = n_batch, n_groups * n_channels, *size[-rank:]
        geometries, by_winograd = (operator.rows, operator.columns), operator.method == "winograd"
        return Passes(self.w_shape, *geometries, by_winograd, x_shape, self.y_shape, precision.work)

    def arrange(self, array, shape=None):
        """Bring an array whose filtered axes stand where the caller has them into the operator's order."""
        return self.worked(array).reshape(self.x_shape if shape is None else shape)

    def worked(self, array):
        """Return an array in the working dtype, filtered axes last, in an order of memory the operator takes."""
        if array.dtype is self.precision.work and not self.axes and array.flags.c_contiguous:
            return array
        if self.takes_either_order and array.dtype == self.precision.work and batch_is_innermost(array):
            return array
        return to_work(self.moved(array), self.precision.work)

    def converted(self, array):
        """Return a real array of a bank in the working dtype, wherever its samples lie."""
        return array if array.dtype is self.precision.work else array.astype(self.precision.work, copy=False)

    def moved(self, array):
        """Make the filtered axes the last ones."""
        return np.moveaxis(array, self.axes, self._last()) if self.axes else array

    def restore(self, array):
        """Put the filtered axes, which are the last ones, where the caller has them."""
        return np.moveaxis(array, self._last(), self.axes) if self.axes else array

    def can_fill(self, out, x):
        """Tell whether a result can be written to `out` while x is read."""
        return (
            isinstance(out, np.ndarray)
            and out.shape == self.y_shape
            and out.dtype == self.precision.work == self.precision.result
            and out.dtype.isnative
            and out.flags.carray
            and not self.axes
            and not np.may_share_memory(out, x)
        )

    def _last(self):
        ndim = len(self.y_shape)
        return range(ndim - len(self.axes), ndim)


def laid_out(lay_out, x, h, words: tuple, where) -> Layout:
    """Return the layout of a call, a recent one where words and operands are the same."""
    if (_PLAIN.issuperset(map(type, words)) or all(map(_makes_a_key, words))) and _makes_a_key(where):
        return _recent(lay_out, x.shape, x.dtype, h.shape, h.dtype, where, *words)
    return lay_out(Operand(x.shape, x.dtype), Operand(h.shape, h.dtype), where, *words)


# Inside a tuple 1 and True are the same to a dictionary, but not to a check: there only these types make a key.
_PLAIN = frozenset((str, int, bool, float, complex, type(None)))
_IN_TUPLES = frozenset((str, int, type(None)))


def _makes_a_key(word) -> bool:
    """Tell whether words that are equal to this one, and of its type, mean the same."""
    if type(word) is not tuple:
        return type(word) in _PLAIN
    return all(
        type(each) in _IN_TUPLES or (type(each) is tuple and _IN_TUPLES.issuperset(map(type, each))) for each in word
    )


@lru_cache(maxsize=RECENT, typed=True)
def _recent(lay_out, x_shape, x_dtype, h_shape, h_dtype, where, *words) -> Layout:
    return lay_out(Operand(x_shape, x_dtype), Operand(h_shape, h_dtype), where, *words)


def lay_out_filter(x: Operand, h: Operand, axes, *given) -> Layout:
    """Check a call of the one- or two-dimensional functions and lay it out."""
    words = Words(*given)
    rank = 2 if np.iterable(axes) else 1
    if len(h.shape) != rank:
        raise ValueError(f"h must have {rank} dimension{'s' * (rank > 1)}, got shape {h.shape}")
    if len(x.shape) < rank:
        raise ValueError(f"x must have at least {rank} dimension{'s' * (rank > 1)}, got shape {x.shape}")
    ndim = len(x.shape)
    axes = (parse.parse_axis(axes, ndim),) if rank == 1 else parse.parse_axes(axes, ndim)
    shape = tuple(x.shape[axis] for axis in axes)
    _refuse_empty(shape, h.shape)
    precision = precision_of(x.dtype, h.dtype)
    methods = FILTER_METHODS if rank == 1 else IMAGE_METHODS
    operator = _operator(words, shape, h.shape, precision, methods)
    batch = tuple(n for axis, n in enumerate(x.shape) if axis not in axes)
    rows, columns = operator.rows, operator.columns
    x_shape = (int(np.prod(batch, dtype=np.int64)), 1, 1, rows.n_in, columns.n_in)
    w_shape = (1, 1, 1, rows.n_kernel, columns.n_kernel)
    return Layout(
        precision,
        _without_values(operator, methods, x_shape, w_shape, precision.work),
        methods,
        operator.method == "auto",
        () if axes == tuple(range(ndim - rank, ndim)) else axes,
        x_shape,
        w_shape,
        batch + (rows.n_out, columns.n_out)[2 - rank :],
    )


def lay_out_bank(x: Operand, bank: Operand, groups, *given) -> Layout:
    """Check a call of a bank and lay it out."""
    words = Words(*given)
    rank = len(bank.shape) - 2
    if rank not in (1, 2):
        raise ValueError(f"bank must have shape (M, C/groups, K) or (M, C/groups, KH, KW), got {bank.shape}")
    if len(x.shape) != rank + 2:
        axes = "(B, C, N)" if rank == 1 else "(B, C, H, W)"
        raise ValueError(f"a bank of shape {bank.shape} takes x of shape {axes}, got {x.shape}")
    groups = parse.quantity("groups", groups, least=1)
    (n_maps, n_channels), n_batch = bank.shape[:2], x.shape[0]
    if n_maps % groups or x.shape[1] != n_channels * groups:
        raise ValueError(
            f"x has {x.shape[1]} channels and the bank {n_maps} maps of {n_channels} channels each: "
            f"with groups={groups} x needs {n_channels * groups} channels and the maps must divide by {groups}"
        )
    _refuse_empty(x.shape[1:], bank.shape)
    precision = precision_of(x.dtype, bank.dtype)
    operator = _operator(words, x.shape[2:], bank.shape[2:], precision, BANK_METHODS)
    rows, columns = operator.rows, operator.columns
    x_shape = (n_batch, groups, n_channels, rows.n_in, columns.n_in)
    w_shape = (groups, n_maps // groups, n_channels, rows.n_kernel, columns.n_kernel)
    return Layout(
        precision,
        _without_values(operator, BANK_METHODS, x_shape, w_shape, precision.work),
        BANK_METHODS,
        operator.method == "auto",
        (),
        x_shape,
        w_shape,
        (n_batch, n_maps, *(rows.n_out, columns.n_out)[2 - rank :]),
    )


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


def _without_values(operator: Operator, methods, x_shape, w_shape, dtype) -> Operator:
    """Choose the method where shapes decide: always, unless factoring the kernel might pay."""
    if operator.method != "auto" or "separable" in methods:
        return operator
    kernel = np.broadcast_to(np.zeros((), dtype), w_shape)
    return replace(operator, method=choose(methods, kernel, x_shape[0], operator.rows, operator.columns))


def _refuse_empty(shape, kernel_shape):
    if 0 in shape:
        raise ValueError(f"x is empty: its filtered axes have lengths {tuple(shape)}, each must be at least 1")
    if 0 in kernel_shape:
        raise ValueError(f"the response is empty: it has shape {kernel_shape}, each length must be at least 1")

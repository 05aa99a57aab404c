"""The padded bank of filters y = Crop · H · Extend · x and its two adjoints, on five-dimensional arrays.

x is (B, G, C, H, W), the kernel w (G, M, C, KH, KW), y (B, G, M, H', W'): batch, groups, channels or maps, two axes.
Everything public is this one operator seen through a reshape: a signal is an image of height 1, a filter a bank of one.
Each gradient is the same relation with the roles exchanged; channels and batch exchange roles as in transposing
a matrix product.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from . import bank_gradient, cpu, dense, fir, fourier, gemm, image, image_fourier, overlap, separable, winograd
from .extension import extended, extended_adjoint
from .geometry import Geometry
from .numerics import is_finite, refuse_overflow
from .simd import lanes_of
from .slices import batch_is_innermost, empty, frozen, lying, merged

ROW, COLUMN = 3, 4  # the array axes that the geometries speak of


@dataclass(frozen=True)
class Operator:
    """One padded convolution: the relation along both axes, what lies outside the input, and the method.

    Attributes
    ----------
    rows, columns : Geometry
        The relation along the two axes, on the input as it is given (not yet extended).
    padding : tuple of str
        What the input is taken to be outside its support, per axis.
    value : scalar
        The constant of padding "constant".
    method : str
        "direct", "fft", "separable", "gemm" or "winograd".
    """

    rows: Geometry
    columns: Geometry
    padding: tuple[str, str]
    value: Any
    method: str

    @property
    def correlates(self) -> bool:
        """Whether the kernel is not reversed."""
        return self.columns.step > 0

    def by(self, method: str) -> "Operator":
        """Return the operator that takes this method, the same one every time."""
        if method == self.method:
            return self
        if method not in self._by:
            self._by[method] = replace(self, method=method)
        return self._by[method]

    @cached_property
    def _by(self) -> "dict[str, Operator]":
        return {}

    @cached_property
    def amounts(self) -> list[tuple[int, str, int, int]]:
        """(array axis, padding, before, after) of the axes that are extended by samples."""
        axes = ((ROW, self.padding[0], self.rows), (COLUMN, self.padding[1], self.columns))
        return [(axis, padding, *g.reach()) for axis, padding, g in axes if padding != "zero" and g.reach() != (0, 0)]

    @cached_property
    def extended(self) -> "Operator":
        """The operator on an input that is extended beyond its ends already."""
        geometries = {ROW: self.rows, COLUMN: self.columns}
        for axis, _, before, after in self.amounts:
            geometries[axis] = geometries[axis].extended(before, after)
        return replace(self, rows=geometries[ROW], columns=geometries[COLUMN], padding=("zero", "zero"))

    @cached_property
    def transposed(self) -> "Operator":
        """The operator from outputs to inputs, for one whose input is not extended."""
        return replace(self, rows=self.rows.wrt_input(), columns=self.columns.wrt_input())

    def bind(self, w, *, kept: bool = True) -> "Bound":
        """Return the operator with its kernel, and all that follows from both made ready.

        Of a kernel that is not kept, and may change from call to call, nothing is taken but where it lies.
        """
        on = self.extended
        kept = kept and self.method == "gemm" and w.dtype.kind == "f"
        kept = kept and not dense.serves(w.shape, on.rows, on.columns, w.itemsize)
        packed = gemm.pack(w, on.rows, on.columns) if kept else None
        return Bound(self, w, (*self._in_place(w), _OnExtended(self, w, packed)))

    def wrt_input(self, w, y_bar, innermost: bool = False):
        """Return x̄ = Extendᵀ · Hᴴ · ȳ, in memory with the batch innermost if that is wanted."""
        on = self.extended
        if self.method == "gemm" and w.dtype.kind == "f" and dense.serves(w.shape, on.rows, on.columns, w.itemsize):
            return dense.wrt_input(w, y_bar)[:, None, :, None, None]
        w = w.conj() if w.dtype.kind == "c" else w
        shape = len(y_bar), w.shape[0], w.shape[2], on.rows.n_in, on.columns.n_in
        x_bar = empty((shape[0], shape[1] * shape[2], *shape[3:]), y_bar.dtype, innermost).reshape(shape)
        on.transposed.run(w.swapaxes(1, 2), y_bar, x_bar)
        return self._extend_adjoint(x_bar)

    def wrt_kernel(self, x, y_bar):
        """Return w̄, summed over the batch."""
        on = self.extended
        x = self._extend(x).conj()
        shape = (x.shape[1], y_bar.shape[2], x.shape[2], self.rows.n_kernel, self.columns.n_kernel)
        if self.method in ("gemm", "winograd"):
            winograd_too = self.method == "winograd"
            w_bar = bank_gradient.wrt_kernel(x, y_bar, on.rows, on.columns, winograd_too=winograd_too)
            if w_bar is not None:
                return w_bar
        # batch takes the part of the input channels; which factor is read as the kernel follows from the sign of step
        kernel, source = (y_bar, x) if self.correlates else (x, y_bar)
        swapped = replace(
            on,
            rows=on.rows.wrt_kernel(),
            columns=on.columns.wrt_kernel(),
            method="fft" if self.method == "fft" else "direct",
        )
        kernel = np.ascontiguousarray(kernel.transpose(1, 2, 0, 3, 4))
        source = np.ascontiguousarray(source.transpose(2, 1, 0, 3, 4))
        result = np.empty((source.shape[0], *kernel.shape[:2], *shape[3:]), x.dtype)
        swapped.run(kernel, source, result)
        return result.transpose(1, 2, 0, 3, 4) if self.correlates else result.transpose(1, 0, 2, 3, 4)

    def refuse_method(self, w):
        """Raise ValueError where a forced method cannot apply to a kernel."""
        if self.method == "separable" and separable.factors(w[0, 0, 0]) is None:
            raise ValueError(
                f"method='separable' needs a kernel that is a sum of at most {separable.MOST_TERMS} outer products "
                "(one for integers); this one is not, use method='auto'"
            )
        if self.method == "winograd" and not winograd.serves(w.shape, self.rows, self.columns):
            raise ValueError(
                "method='winograd' needs responses of shape (3, 3), stride 1 and dilation 1, got "
                f"{w.shape[3:]}, stride {self.rows.stride, self.columns.stride} and "
                f"dilation {abs(self.rows.step), abs(self.columns.step)}; use method='auto'"
            )
        if self.method == "winograd" and w.dtype.kind == "i":
            raise ValueError("method='winograd' would round integers: use method='direct' or floats")

    def refuse_rounding(self, w, x):
        """Raise ValueError where transforms could not give the exact result for integers."""
        if not x.size:
            return
        on = self.extended
        peak = max(int(x.max()), -int(x.min()), abs(int(self.value)))
        largest = float(np.abs(w.astype(np.float64)).sum(axis=(2, 3, 4)).max()) * peak
        if fourier.error_factor(on.rows, on.columns, np.dtype(np.float64)) * largest >= 0.5:
            raise ValueError(
                f"method='fft' would round integers: the result may reach {largest:.3g}, beyond what float64 "
                "transforms resolve to the unit; use method='direct'"
            )

    def run(self, w, x, y) -> bool:
        """Fill y for an input that is not extended beyond its ends; return True.

        NaN and ±Inf take the direct sum, which alone pairs exactly what the relation pairs.
        """
        if self.method == "gemm" and gemm.forward(w, x, y, self.rows, self.columns):
            return True
        job = w, x, y, self.rows, self.columns
        # what is not finite spreads over whole tiles in Winograd's sums, so there it is computed again
        if self.method == "winograd" and (winograd.convolve(*job) or gemm.forward(*job)):
            return True
        w = np.ascontiguousarray(w)
        if not (x.flags.c_contiguous and y.flags.c_contiguous):
            plain = np.empty(y.shape, y.dtype)
            self.run(w, np.ascontiguousarray(x), plain)
            y[...] = plain
        elif any(ready(x, y) for ready in self._in_place(w)):
            pass
        elif self.method == "fft" and is_finite(w) and is_finite(x):
            if w.dtype.kind == "i":
                rounded = np.empty(y.shape, np.float64)
                fourier.convolve_fft(w.astype(np.float64), x.astype(np.float64), rounded, self.rows, self.columns)
                np.rint(rounded, out=y, casting="unsafe")
            else:
                fourier.convolve_fft(w, x, y, self.rows, self.columns)
        elif self.method == "separable" and w.shape[:3] == (1, 1, 1) and (terms := separable.factors(w[0, 0, 0])):
            self._run_separable(terms, x, y)
        elif not any(ready(x, y) for ready in replace(self, method="direct")._in_place(w)):
            cpu.convolve_direct(frozen(w), frozen(x), y, tuple(self.rows), tuple(self.columns))
        return True

    def _in_place(self, w) -> list[Callable[[Any, Any], bool]]:
        """Return what may fill y from x where x lies, reading past its ends without an extended copy, in order.

        Each tells whether it could; those by transforms cannot where a sample is not finite.
        """
        ready = []
        if fir.serves(w, self.rows, self.columns):
            outside = self.padding[1], self.value
            if self.method == "fft" and overlap.serves(w, self.rows, self.columns):
                ready.append(overlap.prepare(w, self.columns, *outside, (self.rows.n_out, self.columns.n_out)))
            if ready or self.method == "direct":
                ready.append(partial(fir.Rows.of(self.columns, *outside, w.dtype), w.reshape(-1)))
        elif image.serves(w, self.rows, self.columns):
            job = w, (self.rows, self.columns), self.padding, self.value
            if self.method == "fft" and image_fourier.serves(*job[:2]):
                ready.append(image_fourier.prepare(*job))
            terms = separable.factors(w[0, 0, 0]) if self.method == "separable" else None
            if ready or terms or self.method == "direct":
                ready.append(image.prepare(*job, terms))
        return [each for each in ready if each is not None]

    def _run_separable(self, terms, x, y):
        still_rows = Geometry(self.rows.n_in, 1, self.rows.n_in)
        still_columns = Geometry(self.columns.n_out, 1, self.columns.n_out)
        y[...] = 0
        between = np.empty((*x.shape[:4], self.columns.n_out), x.dtype)
        term_of_y = np.empty_like(y)
        for column, row in terms:
            across, down = row[None, None, None, None, :], column[None, None, None, :, None]
            cpu.convolve_direct(
                frozen(np.ascontiguousarray(across)), frozen(x), between, tuple(still_rows), tuple(self.columns)
            )
            cpu.convolve_direct(
                frozen(np.ascontiguousarray(down)), frozen(between), term_of_y, tuple(self.rows), tuple(still_columns)
            )
            y += term_of_y

    def _extend(self, x):
        for axis, padding, before, after in self.amounts:
            x = np.ascontiguousarray(extended(x, before, after, padding, self.value, axis))
        return x

    def _extend_adjoint(self, x_bar):
        for axis, padding, before, after in reversed(self.amounts):
            x_bar = extended_adjoint(x_bar, before, after, padding, axis)
        return x_bar


@dataclass(frozen=True, eq=False)
class _OnExtended:
    """What fills y from x, extended beyond its ends where samples out there count.

    Attributes
    ----------
    operator : Operator
        On the input as it is given.
    w : ndarray (G, M, C, KH, KW)
        The kernel.
    packed : ndarray or None
        The kernel in the order of the tiles, if it is kept.
    """

    operator: Operator
    w: np.ndarray
    packed: np.ndarray | None

    def __call__(self, x, y) -> bool:
        operator, (n_groups, n_maps, n_channels) = self.operator, self.w.shape[:3]
        x = x.reshape(-1, n_groups, n_channels, operator.rows.n_in, operator.columns.n_in)
        y = y.reshape(-1, n_groups, n_maps, operator.rows.n_out, operator.columns.n_out)
        x, on = operator._extend(x), operator.extended
        if self.packed is None:
            return on.run(self.w, x, y)
        return gemm.apply(self.packed, self.w.shape, on.rows, on.columns, *lying(merged(x)), merged(y))


@dataclass(frozen=True, eq=False)
class Bound:
    """An operator with its kernel: what may fill y from x, tried in order until one could; the last always can."""

    operator: Operator
    w: np.ndarray
    ready: tuple[Callable[[Any, Any], bool], ...]

    def __call__(self, x, y) -> bool:
        """Fill y from x, contiguous arrays of the kernel's dtype whose last axes are those of the operator."""
        return any(fill(x, y) for fill in self.ready)

    def fills_lanes(self, x) -> bool:
        """Tell whether the result for x (B, …) is computed with the batch in the lanes, and best lies so in memory.

        For methods that take either order of memory.
        """
        operator, w = self.operator, self.w
        if operator.method == "winograd":
            return len(x) >= lanes_of(w.itemsize)
        on, innermost = operator.extended, not operator.amounts and batch_is_innermost(x)  # what is extended is copied
        return gemm.fills_lanes(w.shape, len(x), innermost, on.rows, on.columns, w.itemsize)

    def refuse_rounding(self, x) -> None:
        """Raise an error where the result for integers might not be exact."""
        w = self.w
        refuse_overflow(x, w.reshape(w.shape[0] * w.shape[1], -1), self.operator.value)
        if self.operator.method == "fft":
            self.operator.refuse_rounding(w, x)

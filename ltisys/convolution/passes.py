"""The three passes of a real bank that only zeros surround: forward, back to its input, and back to its responses.

Networks make them again and again with arrays of the same shapes. All that follows from shapes is decided once; what is
left to do is to allocate, to pack, and to call a kernel.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import bank_gradient, dense, gemm, winograd
from .geometry import Geometry
from .simd import lanes_of
from .slices import empty, lying


@dataclass(frozen=True, eq=False)
class Passes:
    """The passes of banks of one shape over batches of one shape.

    Samples (B, G·C, …) and error signals (B, G·M, …) may lie in either order of memory, see `slices`. Where a pass
    gives False or None, something is not finite: only the direct sum pairs exactly what the relation pairs.

    Attributes
    ----------
    shape : tuple of int
        Of the bank, (G, M, C, KH, KW).
    rows, columns : Geometry
        The relation along the two axes.
    by_winograd : bool
        Whether Winograd's products are taken.
    x_shape, y_shape : tuple of int
        Of samples and results.
    dtype : dtype
        Of all arrays.
    """

    shape: tuple[int, ...]
    rows: Geometry
    columns: Geometry
    by_winograd: bool
    x_shape: tuple[int, ...]
    y_shape: tuple[int, ...]
    dtype: np.dtype

    @cached_property
    def is_matrix(self) -> bool:
        """Whether responses are as long as their signals."""
        return not self.by_winograd and dense.serves(self.shape, self.rows, self.columns, self.dtype.itemsize)

    @cached_property
    def _back(self) -> tuple[tuple[int, ...], Geometry, Geometry]:
        n_groups, n_maps, n_channels, *taps = self.shape
        return (n_groups, n_channels, n_maps, *taps), self.rows.wrt_input(), self.columns.wrt_input()

    def packed(self, w) -> np.ndarray | None:
        """Return the responses as `forward` reads them, if there is such a form and they are finite."""
        return None if self.by_winograd or self.is_matrix else gemm.pack(w, self.rows, self.columns)

    def fills_lanes(self, innermost: bool) -> bool:
        """Tell whether the result for samples in an order of memory is best left with the batch innermost."""
        n_batch, itemsize = self.x_shape[0], self.dtype.itemsize
        if self.by_winograd:
            return n_batch >= lanes_of(itemsize)
        return gemm.fills_lanes(self.shape, n_batch, innermost, self.rows, self.columns, itemsize)

    def forward(self, w, x, innermost: bool, y, packed=None) -> bool:
        """Write y for x, which lies as is said; packed responses save packing w."""
        if self.is_matrix:
            return dense.forward(w, x, y)
        return self._fill(w, packed, self.shape, self.rows, self.columns, x, innermost, y)

    def wrt_input(self, w, y_bar, innermost: bool):
        """Return x̄ for ȳ, in the order of memory that is said."""
        if self.is_matrix:
            return dense.wrt_input(w, y_bar).reshape(self.x_shape)
        x_bar = empty(self.x_shape, self.dtype, innermost)
        return x_bar if self._fill(w.swapaxes(1, 2), None, *self._back, *lying(y_bar), x_bar) else None

    def wrt_kernel(self, x, y_bar):
        """Return w̄, of the shape of the bank."""
        return bank_gradient.gradient(self.shape, x, y_bar, self.rows, self.columns, self.by_winograd)

    def _fill(self, w, packed, shape, rows, columns, x, innermost, y) -> bool:
        if self.by_winograd:
            return winograd.apply(w, rows, columns, x, innermost, y)
        packed = gemm.pack(w, rows, columns) if packed is None else packed
        return packed is not None and gemm.apply(packed, shape, rows, columns, x, innermost, y)

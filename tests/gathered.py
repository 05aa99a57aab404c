"""The definition once more, for cases that are too many or too large to multiply one by one.

`naive.source` says for every output and every tap which sample they meet. With these tables the products are gathered
in one array (batch, maps, channels, outputs, taps, outputs, taps), in a higher precision than that of the operands, and
summed; what has no partner is left out, so that nothing is multiplied by the zeros outside.
"""

from typing import NamedTuple

import naive
import numpy as np

WIDER = {"f": np.longdouble, "c": np.clongdouble, "i": np.int64, "u": np.int64, "b": np.int64}


class Axis(NamedTuple):
    """One axis: mode, padding, stride, dilation, and the first output of mode "same" (already resolved)."""

    mode: object
    padding: str
    stride: int
    dilation: int
    centre: int


class Table(NamedTuple):
    """For every output and tap the sample they meet, and whether it is a sample, the constant, or nothing."""

    at: np.ndarray
    is_sample: np.ndarray
    is_constant: np.ndarray


def table(n: int, k: int, axis: Axis, exchange: bool = False) -> Table:
    length = axis.dilation * (k - 1) + 1
    padding = "zero" if exchange else axis.padding
    outputs = naive.indices(n, length, axis.mode, axis.centre, axis.stride, exchange)
    met = [[naive.source(o - axis.dilation * tap, n, padding) for tap in range(k)] for o in outputs]
    at = np.array([[-1 if i is None else i for i in row] for row in met]).reshape(len(met), k)
    return Table(np.maximum(at, 0), at >= 0, (at < 0) & (padding == "constant"))


class Gathered(NamedTuple):
    """Samples (B, G, 1, C, O, K, P, L) as the taps (1, G, M, C, 1, K, 1, L) meet them, and which pairs there are."""

    samples: np.ndarray
    taps: np.ndarray
    is_pair: np.ndarray
    rows: Table
    columns: Table

    def output(self) -> np.ndarray:
        """y (B, G, M, O, P)."""
        with np.errstate(invalid="ignore", over="ignore"):
            return np.where(self.is_pair, self.samples * self.taps, 0).sum(axis=(3, 5, 7))

    def scale(self) -> np.ndarray:
        """Σ|h|·max|x| over the taps of each output, for finite operands."""
        largest = np.where(self.is_pair, np.abs(self.samples), 0).max(axis=(3, 5, 7), initial=0)
        return largest * np.where(self.is_pair, np.abs(self.taps), 0).sum(axis=(3, 5, 7))

    def gradients(self, y_bar: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(x̄, w̄) for ȳ (B, G, M, O, P): every product goes back to the sample and to the tap it came from."""
        error = y_bar.astype(self.samples.dtype)[:, :, :, None, :, None, :, None]
        w_bar = np.where(self.is_pair, error * self.samples.conj(), 0).sum(axis=(0, 4, 6))
        arrives = (error * self.taps.conj()).sum(axis=2)  # (B, G, C, O, K, P, L)
        from_sample = self.rows.is_sample[:, :, None, None] & self.columns.is_sample
        arrives = np.where(from_sample, arrives, 0)
        x_bar = np.zeros(x.shape, arrives.dtype)
        at = self.rows.at[:, :, None, None], self.columns.at
        flat = np.broadcast_to(at[0] * x.shape[4] + at[1], arrives.shape[3:]).ravel()
        target, source = x_bar.reshape(-1, x.shape[3] * x.shape[4]), arrives.reshape(-1, flat.size)
        for row, value in zip(target, source, strict=True):
            np.add.at(row, flat, value)
        return x_bar, w_bar


def gather(x: np.ndarray, w: np.ndarray, axes: tuple[Axis, Axis], value=0, exchange: bool = False) -> Gathered:
    """Let x (B, G, C, H, W) meet w (G, M, C, KH, KW)."""
    dtype = WIDER[np.result_type(x, w).kind]
    rows, columns = (table(x.shape[3 + a], w.shape[3 + a], axes[a], exchange) for a in range(2))
    samples = x.astype(dtype)[:, :, None, :, rows.at[:, :, None, None], columns.at]
    is_sample = rows.is_sample[:, :, None, None] & columns.is_sample
    # a constant stands wherever at least one axis has left the image into it, and the other into nothing but it
    known = (rows.is_sample | rows.is_constant)[:, :, None, None] & (columns.is_sample | columns.is_constant)
    samples = np.where(is_sample, samples, np.asarray(value, dtype))
    taps = w.astype(dtype)[None, :, :, :, None, :, None, :]
    return Gathered(samples, taps, known, rows, columns)

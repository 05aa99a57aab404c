"""The layers that are timed: those of the lectures' networks and of keyword spotters, and banks of long filters."""

from typing import Any, NamedTuple

import numpy as np

BATCHES = (1, 32, 128)


class Layer(NamedTuple):
    """A bank and the input it reads, without the batch axis.

    `is_first`: what it reads is data, so that in training nobody asks for the gradient of its input.
    """

    name: str
    x: tuple[int, ...]
    bank: tuple[int, ...]
    stride: int = 1
    is_first: bool = False

    @property
    def before(self) -> list[int]:
        """Samples by which each axis is extended in front, PyTorch's `padding`; kernels are odd."""
        return [(k - 1) // 2 for k in self.bank[2:]]

    @property
    def words(self) -> dict[str, Any]:
        """The keywords of the call: as many outputs as PyTorch has with the same padding on both sides."""
        mode = tuple((b, b) for b in self.before)
        return {"mode": mode if len(mode) == 2 else mode[0], "stride": self.stride}

    def operands(self, batch: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return x, the bank and an error signal of the output, all contiguous."""
        rng = np.random.default_rng(0)
        x = rng.standard_normal((batch, *self.x), dtype=np.float32)
        bank = rng.standard_normal(self.bank, dtype=np.float32)
        n_out = ((n - 1) // self.stride + 1 for n in self.x[1:])
        return x, bank, rng.standard_normal((batch, self.bank[0], *n_out), dtype=np.float32)


LAYERS = (
    Layer("lecture 1→10 5×5 s2", (1, 28, 28), (10, 1, 5, 5), 2, is_first=True),
    Layer("lecture 10→40 3×3 s2", (10, 14, 14), (40, 10, 3, 3), 2),
    Layer("lecture 40→80 3×3", (40, 7, 7), (80, 40, 3, 3)),
    Layer("64→64 3×3", (64, 20, 49), (64, 64, 3, 3)),
    Layer("tc 40→16 k3", (40, 98), (16, 40, 3), is_first=True),
    Layer("tc 16→24 k9 s2", (16, 98), (24, 16, 9), 2),
    Layer("tc 24→24 k9", (24, 49), (24, 24, 9)),
    Layer("tc 16→24 k1 s2", (16, 98), (24, 16, 1), 2),
    Layer("tc 24→32 k9 s2", (24, 49), (32, 24, 9), 2),
    Layer("tc 32→32 k9", (32, 25), (32, 32, 9)),
    Layer("tc 24→32 k1 s2", (24, 49), (32, 24, 1), 2),
    Layer("tc 32→48 k9 s2", (32, 25), (48, 32, 9), 2),
    Layer("tc 48→48 k9", (48, 13), (48, 48, 9)),
    Layer("tc 32→48 k1 s2", (32, 25), (48, 32, 1), 2),
    Layer("FIR bank 1→64 k401 s160", (1, 16000), (64, 1, 401), 160, is_first=True),
    Layer("FIR bank 1→64 k401", (1, 16000), (64, 1, 401), is_first=True),
)
QUICK = ("lecture 10→40 3×3 s2", "tc 24→24 k9")


def laid_as(model: np.ndarray, array: np.ndarray) -> np.ndarray:
    """Return a copy of an array whose axes follow each other in memory in the order of those of the model.

    Examples
    --------
    >>> laid_as(np.zeros((2, 3, 4)).transpose(2, 1, 0), np.zeros((5, 6, 7))).strides
    (8, 40, 240)
    """
    outermost_first = sorted(range(model.ndim), key=lambda axis: (-model.strides[axis], axis))
    room = np.empty([array.shape[axis] for axis in outermost_first], array.dtype)
    view = room.transpose(np.argsort(outermost_first))
    view[...] = array
    return view

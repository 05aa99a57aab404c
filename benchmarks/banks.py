"""Layers of small networks, forward and both gradients, against PyTorch in both of its layouts."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

import ltisys as lti

from .measure import Cell, run


class Layer(NamedTuple):
    """A bank and the input it reads, without the batch axis."""

    name: str
    x: tuple[int, ...]
    bank: tuple[int, ...]
    stride: int = 1


LAYERS = (
    Layer("lecture 1→10 5×5 s2", (1, 28, 28), (10, 1, 5, 5), 2),
    Layer("lecture 10→40 3×3 s2", (10, 14, 14), (40, 10, 3, 3), 2),
    Layer("lecture 40→80 3×3", (40, 7, 7), (80, 40, 3, 3)),
    Layer("64→64 3×3", (64, 20, 49), (64, 64, 3, 3)),
    Layer("tc 40→16 k3", (40, 98), (16, 40, 3)),
    Layer("tc 16→24 k9 s2", (16, 98), (24, 16, 9), 2),
    Layer("tc 24→24 k9", (24, 49), (24, 24, 9)),
    Layer("tc 32→48 k9 s2", (32, 25), (48, 32, 9), 2),
    Layer("tc 48→48 k9", (48, 13), (48, 48, 9)),
    Layer("FIR bank 1→64 k401 s160", (1, 16000), (64, 1, 401), 160),
)
QUICK = ("lecture 10→40 3×3 s2", "tc 24→24 k9")


def cells(quick: bool, rounds: int) -> Iterator[Cell]:
    """Time every layer at batch 1, 32 and 128: forward, and both gradients together."""
    for layer in LAYERS:
        for batch in (32,) if quick else (1, 32, 128):
            if not quick or layer.name in QUICK:
                yield from _cells(layer, batch, rounds)


def _cells(layer: Layer, batch: int, rounds: int) -> Iterator[Cell]:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((batch, *layer.x)).astype(np.float32)
    bank = rng.standard_normal(layer.bank).astype(np.float32)
    before = [(k - 1) // 2 for k in layer.bank[2:]]
    after = [k - 1 - b for k, b in zip(layer.bank[2:], before, strict=True)]
    mode = tuple(zip(before, after, strict=True)) if len(before) == 2 else (before[0], after[0])
    words = {"mode": mode, "stride": layer.stride}
    y = lti.convolve_bank(x, bank, **words)
    y_bar = rng.standard_normal(y.shape).astype(np.float32)
    products = float(y.size) * np.prod(layer.bank[1:])
    forward = {"ltisys": lambda: lti.convolve_bank(x, bank, **words)}
    backward = {"ltisys": lambda: _flat(*lti.convolve_bank_vjp(x, bank, y_bar, **words))}
    for name, peer in _torch(layer, x, bank, y_bar, before).items():
        forward[name], backward[name] = peer
    name = f"{layer.name}, batch {batch}"
    yield run(Cell("banks, forward", name, work={"products": products}), forward, tolerance=1e-4, rounds=rounds)
    yield run(Cell("banks, gradients", name, work={"products": 2 * products}), backward, tolerance=1e-3, rounds=rounds)


def _flat(*arrays: np.ndarray) -> np.ndarray:
    return np.concatenate([a.ravel()[:1000] for a in arrays])


def _torch(layer: Layer, x, bank, y_bar, before):
    """PyTorch correlates, so its kernel is flipped; its symmetric padding fits the odd kernels used here."""
    try:
        import torch
    except ImportError:
        return {}
    axes = tuple(range(2, bank.ndim))
    convolve = torch.nn.functional.conv1d if len(axes) == 1 else torch.nn.functional.conv2d
    flipped = torch.from_numpy(np.flip(bank, axes).copy())
    source, error = torch.from_numpy(x), torch.from_numpy(y_bar)
    layouts = {"torch": (source, flipped, error)}
    if len(axes) == 2:
        layouts["torch channels_last"] = tuple(
            t.to(memory_format=torch.channels_last) for t in (source, flipped, error)
        )

    def pair(source, kernel, error):
        options = {"stride": layer.stride, "padding": before}

        def forward():
            with torch.no_grad():
                return convolve(source, kernel, **options).numpy()

        def backward():
            stride, padding = [layer.stride] * len(axes), list(before)
            unit, nothing = [1] * len(axes), [0] * len(axes)
            x_bar, w_bar, _ = torch.ops.aten.convolution_backward(
                error, source, kernel, None, stride, padding, unit, False, nothing, 1, [True, True, False]
            )
            return _flat(x_bar.numpy(), np.flip(w_bar.numpy(), axes))

        return forward, backward

    return {name: pair(*tensors) for name, tensors in layouts.items()}

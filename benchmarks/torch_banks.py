"""The layers in PyTorch, its data in either of its two layouts; signals are images of height 1 in the second."""

from typing import NamedTuple

import numpy as np

from .layers import Layer
from .measure import Candidate


class Peer(NamedTuple):
    """Three calls that return what ours return."""

    forward: Candidate
    wrt_input: Candidate
    wrt_weights: Candidate


def in_both_layouts(layer: Layer, x: np.ndarray, bank: np.ndarray, y_bar: np.ndarray) -> dict[str, Peer]:
    """Return the peers "torch" and "torch channels_last"; none where PyTorch is not installed."""
    try:
        import torch
    except ImportError:
        return {}
    axes = tuple(range(2, bank.ndim))
    flipped = np.flip(bank, axes).copy()  # PyTorch correlates
    ordinary = [torch.from_numpy(array) for array in (x, flipped, y_bar)]
    images = [tensor if len(axes) == 2 else tensor.unsqueeze(2) for tensor in ordinary]
    last = [tensor.contiguous(memory_format=torch.channels_last) for tensor in images]
    return {"torch": _peer(layer, ordinary, axes), "torch channels_last": _peer(layer, last, axes)}


def _peer(layer: Layer, tensors, axes: tuple[int, ...]) -> Peer:
    import torch

    source, kernel, error = tensors
    rank = source.ndim - 2
    convolve = torch.nn.functional.conv1d if rank == 1 else torch.nn.functional.conv2d
    is_row = rank > len(axes)
    stride, padding = [layer.stride] * len(axes), layer.before
    stride, padding = ([1, *stride], [0, *padding]) if is_row else (stride, padding)
    backward = torch.ops.aten.convolution_backward

    def numbers(tensor):
        return tensor.numpy()[:, :, 0] if is_row else tensor.numpy()

    def forward():
        with torch.no_grad():
            return numbers(convolve(source, kernel, stride=stride, padding=padding))

    def gradient(wanted):
        return backward(error, source, kernel, None, stride, padding, [1] * rank, False, [0] * rank, 1, wanted)

    def wrt_input():
        return numbers(gradient([True, False, False])[0])

    def wrt_weights():
        return np.flip(numbers(gradient([False, True, False])[1]), axes)

    return Peer(forward, wrt_input, wrt_weights)

"""The one door from learning to systems: a learned kernel is a unit sample response, so it leaves as an FIR."""

from typing import TYPE_CHECKING, Any

import numpy as np

from ..convolution.arguments import parse_modes, parse_origin, per_axis
from ..convolution.geometry import dilated_length, output_interval
from .graph import Array

if TYPE_CHECKING:
    from ..systems import FIR


def learned_system(weight: Array, out: int, in_: int, geometry: dict[str, Any]) -> "FIR":
    """The kernel weight[out, in_] as a System that gives the layer's outputs before decimation.

    Parameters
    ----------
    weight : array (M, C // groups, K) or (M, C // groups, KH, KW)
        A bank of kernels.
    out, in_ : int
        Output and input channel.
    geometry : dict
        ``mode``, ``dilation``, ``groups`` and ``origin`` of the layer.

    Returns
    -------
    FIR
        Its start is such that sample 0 of the layer's output is time 0: −origin in mode "same".

    Raises
    ------
    ValueError
        If there is no such channel, or the two are in different groups.
    """
    maps, members = weight.shape[:2]
    groups = geometry["groups"]
    if not 0 <= out < maps:
        raise ValueError(f"out must be 0 to {maps - 1}, got {out}")
    if not 0 <= in_ < members * groups:
        raise ValueError(f"in_ must be 0 to {members * groups - 1}, got {in_}")
    if out // (maps // groups) != in_ // members:
        raise ValueError(f"output channel {out} does not see input channel {in_}: they are in different groups")
    h, starts = _with_gaps(weight[out, in_ % members], geometry), kernel_starts(weight.shape[2:], geometry)

    from ..systems import FIR  # late: nothing else in this room needs systems

    return FIR(h, start=starts[0] if len(starts) == 1 else (starts[0], starts[1]))


def _with_gaps(kernel: Array, geometry: dict[str, Any]) -> Array:
    """The kernel with the zeros that dilation stands for."""
    steps = per_axis("dilation", geometry["dilation"], kernel.ndim, int)
    h = np.zeros(tuple(map(dilated_length, kernel.shape, steps)), dtype=kernel.dtype)
    h[tuple(slice(None, None, step) for step in steps)] = kernel
    return h


def kernel_starts(size: tuple[int, ...], geometry: dict[str, Any]) -> tuple[int, ...]:
    """For each axis the time of the first tap, where sample 0 of the layer's output is time 0."""
    rank = len(size)
    steps = per_axis("dilation", geometry["dilation"], rank, int)
    modes = parse_modes(geometry["mode"], rank)
    origins = per_axis("origin", geometry["origin"], rank, lambda origin: origin)
    starts = []
    for length, mode, origin in zip(map(dilated_length, size, steps), modes, origins, strict=True):
        centre = parse_origin(origin, length, correlation=False)
        first, _ = output_interval(length, length, mode, centre)
        starts.append(-first)
    return tuple(starts)

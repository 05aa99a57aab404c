"""How features move when the input moves: equivariance and invariance, measured."""

from typing import NamedTuple

import numpy as np

from ..graph import Array
from ..layers import Sequential
from .responses import activations


class ShiftResponse(NamedTuple):
    """What a shift of the input by some samples does to the output of one layer, relative to the output's size.

    Attributes
    ----------
    layer : str
        Place and kind.
    shift : int
        Of the input, in samples along the last axis.
    change : float
        ‖f(shifted x) − f(x)‖ / ‖f(x)‖: 0 for an invariant layer.
    defect : float
        ‖f(shifted x) − shifted f(x)‖ / ‖f(x)‖: 0 for an equivariant layer. It is nan where the layer has no axis left,
        or its stride does not divide the shift.
    """

    layer: str
    shift: int
    change: float
    defect: float


def shift_responses(net: Sequential, x: Array, shifts: tuple[int, ...] = (1, 2, 4)) -> list[ShiftResponse]:
    """Measure for every layer how much it changes with a shift of the input, and how far it is from shifting along.

    Samples that leave at one end are lost and zeros come in at the other, so a small defect remains at borders.

    Parameters
    ----------
    net : Sequential
        The network.
    x : array (B, C, N) or (B, C, H, W)
        Examples with a margin of zeros, such as digits.
    shifts : tuple of int
        By how many samples the input moves along its last axis, to the right.

    Returns
    -------
    list of ShiftResponse
        Layer by layer, shifts in the given order.

    Raises
    ------
    ValueError
        If a shift is not 1 to the length of the last axis − 1.

    Examples
    --------
    A convolution moves along with its input; the mean over its maps does not move at all:

    >>> from ltisys import nn
    >>> net = nn.Sequential(nn.Conv1d(1, 2, 3, rng=0), nn.GlobalAvgPool())
    >>> x = np.zeros((1, 1, 16), np.float32)
    >>> x[0, 0, 6:8] = 1
    >>> [(r.layer, round(r.change, 2), round(r.defect, 2)) for r in shift_responses(net, x, (4,))]
    [('0 Conv1d', 1.41, 0.0), ('1 GlobalAvgPool', 0.0, nan)]
    """
    length = x.shape[-1]
    if wrong := [shift for shift in shifts if not 1 <= shift < length]:
        raise ValueError(f"shifts must be 1 to {length - 1}, got {wrong[0]}")
    still = activations(net, x)
    moved = {shift: activations(net, _shifted(x, shift)) for shift in shifts}
    found = []
    for name, y in still.items():
        size = float(np.linalg.norm(y)) or 1.0
        stride = length / y.shape[-1] if y.ndim == x.ndim else 0.0
        for shift in shifts:
            z = moved[shift][name]
            steps = shift / stride if stride else np.nan
            along = _shifted(y, int(steps)) if steps == np.round(steps) else None
            defect = np.nan if along is None else float(np.linalg.norm(z - along)) / size
            found.append(ShiftResponse(name, shift, float(np.linalg.norm(z - y)) / size, defect))
    return found


def _shifted(x: Array, shift: int) -> Array:
    """The array moved along its last axis, zeros coming in."""
    y = np.zeros_like(x)
    y[..., shift:] = x[..., : x.shape[-1] - shift]
    return y

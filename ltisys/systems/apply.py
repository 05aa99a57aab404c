"""Systems at work: on signals with exact indices, on arrays with the modes and paddings of the engine."""

from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from ..convolution import convolve, convolve2d
from ..intervals import per_axis
from ..signal import Signal, checked_numbers, common_rate

if TYPE_CHECKING:
    from .system import System


class EngineOptions(TypedDict, total=False):
    """What the engine may be told when a system is applied to an array."""

    padding: Any
    value: Any
    axis: int
    axes: tuple[int, int]
    stride: Any
    method: str
    out: np.ndarray


def to_signal(system: "System", x: Signal, length: int | str | None, tol: float) -> Signal:
    """The output for a signal: on its exact support, or on the interval that `length` asks for."""
    rate = common_rate(system.rate, x.rate)
    if system.ndim != x.ndim:
        raise ValueError(f"a system with {system.ndim} index axes cannot filter a signal with {x.ndim}")
    if system.is_fir and length in (None, "tail"):
        response = system.fuse().response
        y = convolved(x.samples, response.samples)
        return Signal(y, per_axis(a + b for a, b in zip(x.starts, response.starts, strict=True)), rate)
    if system.ndim != 1:
        raise ValueError(f"length must be None for images, got {length!r}")
    low, high = _interval(system, x, length, tol)
    if system.is_fir:
        values = system.fuse().values(x.samples, x.start, low, high)
    else:
        values = system.values(in_double(x.samples), x.start, low, high)
    return Signal(in_precision_of(x.samples.dtype, values), low, rate)


def _interval(system: "System", x: Signal, length: int | str | None, tol: float) -> tuple[int, int]:
    if length is None:
        return x.support
    if isinstance(length, str):
        if length != "tail":
            raise ValueError(f'length must be a number of samples or "tail", got {length!r}')
        size = float(np.abs(x.samples).sum(axis=-1).max()) or 1.0
        low, high = system.reach(tol / size)
        return x.start + min(0, low), max(x.stop, x.stop - 1 + high)
    if length < 1:
        raise ValueError(f"length must be at least 1, got {length}")
    return x.start, x.start + length


def to_array(system: "System", x: Any, mode: Any, engine: EngineOptions) -> np.ndarray:
    """The output for an array, on the index interval that `mode` asks for."""
    unknown = sorted(set(engine) - set(EngineOptions.__annotations__))
    if unknown:
        raise TypeError(f"a system takes {', '.join(EngineOptions.__annotations__)}, got {', '.join(unknown)}")
    x = checked_numbers(np.asarray(x), "x")
    if system.is_fir:
        response = system.fuse().response
        return convolved(x, response.samples, mode or "same", origin=per_axis(-s for s in response.starts), **engine)
    if mode not in (None, "same") or engine.get("padding", "zero") not in ("zero", "zeros"):
        raise ValueError(
            f'a recursive system starts from rest and gives mode="same", padding="zero", '
            f"got mode={mode!r}, padding={engine.get('padding', 'zero')!r}"
        )
    other = sorted(set(engine) - {"axis", "padding"})
    if other:
        raise ValueError(f"a recursive system takes only axis=, got {', '.join(other)}")
    if x.size == 0 or x.ndim == 0:
        raise ValueError(f"x needs at least one sample, got shape {x.shape}")
    along = np.moveaxis(x, engine.get("axis", -1), -1)
    y = system.values(in_double(along), 0, 0, along.shape[-1])
    return np.moveaxis(in_precision_of(x.dtype, y), -1, engine.get("axis", -1))


def convolved(x: np.ndarray, h: np.ndarray, mode: Any = "full", **engine: Any) -> np.ndarray:
    """The engine's convolution in the precision of x: the response is rounded to that of the input, not vice versa."""
    if mode == "valid":
        axes = (engine.get("axis", -1),) if h.ndim == 1 else engine.get("axes", (-2, -1))
        if any(x.shape[axis] < taps for axis, taps in zip(axes, h.shape, strict=True)):
            raise ValueError(f'mode="valid" needs as many samples as h has, {h.shape}, got x of shape {x.shape}')
    if x.dtype.kind in "fc":
        precision = np.float32 if x.dtype.newbyteorder("=") in (np.float16, np.float32, np.complex64) else np.float64
        h = h.astype(np.result_type(precision, np.complex64) if h.dtype.kind == "c" else precision, copy=False)
    y = convolve(x, h, mode, **engine) if h.ndim == 1 else convolve2d(x, h, mode, **engine)
    return in_precision_of(x.dtype, y)


def in_double(x: np.ndarray) -> np.ndarray:
    """The array in double precision, in which recursions run."""
    return x.astype(np.complex128 if x.dtype.kind == "c" else np.float64, copy=False)


def in_precision_of(dtype: np.dtype, y: np.ndarray) -> np.ndarray:
    """An output in the precision of its input; integers have none and change nothing."""
    if dtype.kind not in "fc":
        return y
    width = dtype.itemsize // (2 if dtype.kind == "c" else 1)
    if y.dtype.kind == "c":
        return y.astype(np.complex128 if width == 8 else np.complex64, copy=False)
    return y.astype(f"f{width}", copy=False)

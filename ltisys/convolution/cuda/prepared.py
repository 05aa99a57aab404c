"""Calls laid out before their samples come: a bank for one step of training, and the filter of a plan."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..layout import Layout
from ..residence import on_gpu
from . import calls
from .libraries import borrowed, caller_of


@dataclass(frozen=True, eq=False)
class PreparedOnDevice:
    """A bank on the device, neither kept nor copied; the counterpart of `arrays.Prepared`.

    Attributes
    ----------
    layout : Layout
        The call.
    bank : array
        The caller's.
    """

    layout: Layout
    bank: Any

    def __call__(self, x):
        """Return the outputs for an array of the layout's shape and dtype."""
        caller = caller_of(x)
        with caller.on_device():
            return calls.run(self.layout, caller, borrowed(x), borrowed(self.bank))

    def arranged(self, x):
        """Return x: on the device there is one order of memory."""
        return x

    def wrt_input(self, x, y_bar):
        """Return x̄ for the error signal of the output; of x only shape and dtype count."""
        caller = caller_of(y_bar)
        with caller.on_device():
            error = calls.error_signal(self.layout, borrowed(y_bar), caller)
            return calls.wrt_input(self.layout, x, borrowed(self.bank), error, caller)

    def wrt_kernel(self, x, y_bar, h):
        """Return h̄ for the error signal of the output, of the shape and dtype of h."""
        caller = caller_of(y_bar)
        with caller.on_device():
            error = calls.error_signal(self.layout, borrowed(y_bar), caller)
            return calls.wrt_kernel(self.layout, borrowed(x), h, error, caller)


@dataclass(frozen=True, eq=False)
class FilterOnDevice:
    """A plan for the device with its response.

    Attributes
    ----------
    layout : Layout
        The call.
    x_shape : tuple of int
        What it takes.
    taps : array
        On the device or in main memory.
    """

    layout: Layout
    x_shape: tuple[int, ...]
    taps: Any

    def __call__(self, x, out=None):
        """Return the response applied to samples on the device."""
        caller = calls.caller_for("x", x)
        with caller.on_device():
            source = borrowed(x)
            if tuple(source.shape) != self.x_shape:
                raise ValueError(f"this plan takes x of shape {self.x_shape}, got {tuple(source.shape)}")
            return calls.run(self.layout, caller, source, calls.response("h", self.taps, caller), out, self._terms)

    @cached_property
    def _terms(self):
        """What `calls.terms_of` finds, looked for once."""
        return calls.terms_of(self.layout, self.taps)


def prepare_bank(x, bank, words: tuple, groups: int) -> PreparedOnDevice:
    """Return the filter for one step of training.

    Raises
    ------
    TypeError
        If x and the bank do not both lie on a GPU.
    """
    for name, array, other in (("x", x, "bank"), ("bank", bank, "x")):
        if not on_gpu(array):
            raise TypeError(f"{name} lies in main memory and {other} on a GPU: bring both to one device")
    return PreparedOnDevice(calls.laid_out_bank(x, bank, words, groups), bank)

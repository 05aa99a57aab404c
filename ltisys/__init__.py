"""A linear time-invariant system is its unit sample response.

Every public name is listed here and loaded on first use, so that ``import ltisys`` stays fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import (
        audio,
        datasets,
        deconvolution,
        design,
        kernels,
        matching,
        measurement,
        multirate,
        nn,
        plots,
        probe,
        spotting,
        testing,
    )
    from .blackboard import flip_and_filter, shifting_table, translate_and_scale
    from .convolution import (
        convolve,
        convolve2d,
        convolve2d_vjp,
        convolve_bank,
        convolve_bank_vjp,
        convolve_vjp,
        correlate,
        correlate2d,
        extend,
        plan,
    )
    from .matching import find_peaks, match_template, matched_filter
    from .sequences import chirp, noise, sinusoid, unit_sample, unit_step
    from .signal import Signal
    from .systems import FIR, IIR, System, delay, from_scipy, z

__version__ = "0.1.0"

_ROOMS = {
    "convolution": (
        "convolve",
        "correlate",
        "convolve2d",
        "correlate2d",
        "convolve_bank",
        "convolve_vjp",
        "convolve2d_vjp",
        "convolve_bank_vjp",
        "extend",
        "plan",
    ),
    "signal": ("Signal",),
    "blackboard": ("shifting_table", "translate_and_scale", "flip_and_filter"),
    "sequences": ("unit_sample", "unit_step", "sinusoid", "chirp", "noise"),
    "matching": ("find_peaks", "match_template", "matched_filter"),
    "systems": ("System", "FIR", "IIR", "delay", "from_scipy", "z"),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}
_SUBMODULES = (
    "audio",
    "datasets",
    "deconvolution",
    "design",
    "kernels",
    "matching",
    "measurement",
    "multirate",
    "nn",
    "plots",
    "probe",
    "spotting",
    "testing",
)

__all__ = [
    "FIR",
    "IIR",
    "Signal",
    "System",
    "audio",
    "chirp",
    "convolve",
    "convolve2d",
    "convolve2d_vjp",
    "convolve_bank",
    "convolve_bank_vjp",
    "convolve_vjp",
    "correlate",
    "correlate2d",
    "datasets",
    "deconvolution",
    "delay",
    "design",
    "extend",
    "find_peaks",
    "flip_and_filter",
    "from_scipy",
    "kernels",
    "match_template",
    "matched_filter",
    "matching",
    "measurement",
    "multirate",
    "nn",
    "noise",
    "plan",
    "plots",
    "probe",
    "shifting_table",
    "sinusoid",
    "spotting",
    "testing",
    "translate_and_scale",
    "unit_sample",
    "unit_step",
    "z",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    elif name in _SUBMODULES:
        value = import_module(f".{name}", __name__)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

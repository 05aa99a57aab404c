"""Which method for which job on a GPU: the one that the roofline of an H200 says is done first.

The prices are arithmetic from the data sheet of one NVIDIA H200 (4.8 TB/s and 67 TFLOP/s of float32), not timings;
`python -m benchmarks.gpu` measures what they stand for. By them direct sums of a signal pay up to about 250 taps, of an
image up to about 19 × 19, and transforms beyond. Nothing here needs a GPU, or a package for one.
"""

import math
from dataclasses import replace
from functools import lru_cache
from importlib.util import find_spec

from ..layout import Layout
from . import spectra

METHODS = ("auto", "direct", "gemm", "separable", "fft")

BYTES = 4.3e12  # per second, copied: what is left of the 4.8e12 of the data sheet
PRODUCTS = {4: 33.5e12, 8: 16.7e12}  # multiply-adds per second, by the bytes of a real number
SHARE = 0.75  # of them that sums reach
LAUNCH = 5e-6  # seconds that starting a kernel takes
PASSES = {1: 10, 2: 14}  # times that overlap-save reads or writes its points, along one axis and along two
KERNELS = {"direct": 1, "fft": 6}  # that are started


def predicted(layout: Layout) -> dict[str, float]:
    """Return what each method would take on an H200, in seconds; infinite where it cannot apply."""
    costs = {"direct": _direct(layout)}
    is_integer = layout.precision.work.kind == "i"
    costs["fft"] = _fft(layout) if has_transforms() and not is_integer else math.inf
    return costs


def has_transforms() -> bool:
    """Tell whether a library of transforms on the GPU is installed."""
    return find_spec("cupy") is not None


@lru_cache(maxsize=256)
def on_device(layout: Layout) -> Layout:
    """Return a layout with the method that a GPU takes.

    Raises
    ------
    ValueError
        If the method that was asked for does not run there, or needs CuPy, or would round integers.
    """
    method = layout.operator.method
    if layout.is_auto:
        costs = predicted(layout)
        method = min(costs, key=costs.__getitem__)
    elif method not in METHODS:
        raise ValueError(f"method={method!r} does not run on a GPU: use one of {', '.join(map(repr, METHODS))}")
    elif method == "fft" and layout.precision.work.kind == "i":
        raise ValueError("method='fft' would round integers on a GPU: use method='direct'")
    elif method == "fft" and not has_transforms():
        raise ValueError("method='fft' on a GPU needs CuPy: pip install 'ltisys[cuda]', or use method='direct'")
    return replace(layout, operator=replace(layout.operator, method=method))


def explanation(layout: Layout) -> str:
    """Return the lines by which a plan for a GPU explains itself."""
    method, word = layout.operator.method, "the fastest" if layout.is_auto else "as asked"
    costs = predicted(layout)
    weighed = ", ".join(f"{name} {_time(costs[name])}" for name in sorted(costs, key=costs.__getitem__))
    kernel = "transforms of CuPy in overlapping blocks" if method == "fft" else "sums of this library's kernels"
    lines = [f"method: {method}, {word}; on an H200, by arithmetic and not measured: {weighed}", f"kernel: {kernel}"]
    if not has_transforms():
        lines.append("note: method 'fft' needs CuPy, which is not installed")
    return "\n".join(["device: gpu, priced as an NVIDIA H200", *lines])


def _time(seconds: float) -> str:
    return "cannot apply" if math.isinf(seconds) else f"{seconds * 1e6:.3g} µs"


def _direct(layout: Layout) -> float:
    g, m, c, *taps = layout.w_shape
    rows, columns = layout.operator.rows, layout.operator.columns
    n_out = layout.x_shape[0] * g * m * rows.n_out * columns.n_out
    return _roof(layout, _samples(layout), n_out * c * math.prod(taps)) + KERNELS["direct"] * LAUNCH


def _fft(layout: Layout) -> float:
    operator = layout.operator
    axes = (operator.rows, operator.padding[0]), (operator.columns, operator.padding[1])
    lines = spectra.lines_of(axes)
    rank = sum(line.cut.n > 1 for line in lines) or 1
    g, m, c = layout.w_shape[:3]
    points = layout.x_shape[0] * g * math.prod(line.cut.n * line.cut.n_blocks for line in lines)
    passes = PASSES[rank] * points * (c + m) / 2
    # half of the points have a spectrum of their own, and a complex product is four real ones
    return _roof(layout, passes, 0) + _roof(layout, 0, 2 * points * c * m) + KERNELS["fft"] * LAUNCH


def _samples(layout: Layout) -> int:
    """Return how many samples are read and written at least."""
    g, m = layout.w_shape[:2]
    outputs = layout.x_shape[0] * g * m * layout.operator.rows.n_out * layout.operator.columns.n_out
    return math.prod(layout.x_shape) + outputs


def _roof(layout: Layout, samples: float, products: float) -> float:
    """Return the seconds that so much work takes at least, whichever of memory and arithmetic is slower."""
    work = layout.precision.work
    is_complex = work.kind == "c"
    real = work.itemsize // (2 if is_complex else 1)
    arithmetic = products * (4 if is_complex else 1) / (SHARE * PRODUCTS[real])
    return max(samples * work.itemsize / BYTES, arithmetic)

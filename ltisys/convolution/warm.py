"""Jobs that between them compile what most programs need, so that no first call has to wait for it."""

from collections.abc import Callable, Iterator

import numpy as np

from .functions import convolve, convolve2d, convolve_bank
from .gradients import convolve2d_vjp, convolve_bank_vjp, convolve_vjp
from .slices import ordered, outermost


def common_jobs() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield (name, job): each compiles one set of kernels, or loads it where that was done before.

    Examples
    --------
    >>> [name for name, _ in common_jobs()][:2]
    ['float32 rows by direct', 'float32 rows by fft']
    """
    for dtype in (np.float32, np.float64):
        name = np.dtype(dtype).name
        x, h = np.ones(5000, dtype), np.ones(600, dtype)
        image, taps = np.ones((80, 90), dtype), np.ones((5, 5), dtype)
        batch, bank = np.ones((20, 4, 12, 12), dtype), np.ones((6, 4, 3, 3), dtype)
        for method in ("direct", "fft"):
            yield f"{name} rows by {method}", _bound(convolve, x, h, method=method)
        for method in ("direct", "separable", "fft"):
            yield f"{name} images by {method}", _bound(convolve2d, image, taps, method=method)
        for method in ("gemm", "winograd"):
            yield f"{name} banks by {method}", _bound(convolve_bank, batch, bank, method=method)
        yield f"{name} rows with a stride", _bound(convolve, x, h[:5], stride=2)
        yield f"{name} small banks", _bound(convolve_bank, batch[:1], bank, method="gemm")
        yield f"{name} gradients of rows", _bound(convolve_vjp, x, h[:5], np.ones(5004, dtype))
        yield f"{name} gradients of images", _bound(convolve2d_vjp, image, taps, np.ones((84, 94), dtype))
        for maps in (1, 16):  # too few for the lanes of a vector, and enough, whatever its length
            many, errors = np.ones((maps, 4, 3, 3), dtype), np.ones((20, maps, 12, 12), dtype)
            yield f"{name} gradients, maps: {maps}", _bound(convolve_bank_vjp, batch, many, errors)
            yield (
                f"{name} gradients of one signal, maps: {maps}",
                _bound(convolve_bank_vjp, batch[:1], many, errors[:1]),
            )
        wide = np.ones((32, 32, 12, 12), dtype)
        yield (
            f"{name} gradients by winograd",
            _bound(convolve_bank_vjp, wide, np.ones((32, 32, 3, 3), dtype), wide, method="winograd"),
        )
        yield f"{name} batches in either order", _bound(_turned, batch)
        strided = convolve_bank(batch, bank, stride=2)
        yield f"{name} gradients with a stride", _bound(convolve_bank_vjp, batch, bank, strided, stride=2)
    yield "integers and complex numbers", lambda: (convolve([1, 2], [1, 2]), convolve([1j, 2], [1, 2]))


def _turned(batch):
    """Lay a batch innermost in memory, and outermost again."""
    return outermost(ordered(batch, True))


def _bound(function, *arrays, **words) -> Callable[[], object]:
    return lambda: function(*arrays, **words)

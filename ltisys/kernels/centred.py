"""What kernels are made of: taps with the middle at index (0, 0), and Gaussians."""

from typing import Any

import numpy as np

from ..bounds import positive
from ..systems import FIR


def centred(taps: Any) -> FIR:
    """The system for images with these taps (K1, K2), the middle one, of two the earlier, at index 0 of each axis."""
    h = np.asarray(taps)
    return FIR(h, (-((h.shape[0] - 1) // 2), -((h.shape[1] - 1) // 2)))


def pair(value: Any, name: str) -> tuple[Any, Any]:
    """One value for both axes, or a pair of them."""
    values = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(values) != 2:
        raise ValueError(f"{name} must be one number or one per axis, got {value}")
    return values


def bell(sigma: float, truncate: float) -> tuple[np.ndarray, np.ndarray]:
    """Places -r ... r and a Gaussian on them that sums to one, r = truncate · sigma rounded."""
    radius = int(positive(truncate, "truncate") * positive(sigma, "sigma") + 0.5)
    t = np.arange(-radius, radius + 1)
    g = np.exp(-0.5 * (t / sigma) ** 2)
    return t, g / g.sum()

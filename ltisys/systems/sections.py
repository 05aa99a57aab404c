"""Second-order sections: made from coefficients or roots, checked, and how fast their responses die out.

A row is b0 b1 b2 a0 a1 a2 with a0 = 1, as in scipy.signal: (b0 + b1 z⁻¹ + b2 z⁻²) / (1 + a1 z⁻¹ + a2 z⁻²).
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .roots import Roots


def checked_sections(sos: ArrayLike) -> np.ndarray:
    """A copy of the sections in double precision, each divided by its a0."""
    rows = _numbers(sos, "sos")
    if rows.ndim != 2 or rows.shape[1] != 6 or len(rows) == 0:
        raise ValueError(f"sos must have the shape (sections, 6), got {rows.shape}")
    if not np.all(rows[:, 3]):
        raise ValueError(f"a0 of every section must not be zero, got {rows[:, 3].tolist()}")
    return rows / rows[:, 3:4]


def sections_of_coefficients(b: ArrayLike, a: ArrayLike) -> tuple[np.ndarray, int]:
    """Sections and start of b(z⁻¹) / a(z⁻¹): up to order 2 the coefficients themselves, above through the roots."""
    above, below = _numbers(b, "b"), _numbers(a, "a")
    for name, c in (("b", above), ("a", below)):
        if c.ndim != 1 or len(c) == 0:
            raise ValueError(f"{name} must be a vector of coefficients of z⁻¹, got shape {c.shape}")
    if below[0] == 0:
        raise ValueError(f"a[0] must not be zero, got a={below.tolist()}")
    above, below = (np.asarray(np.trim_zeros(c, "b")) for c in (above, below))
    if max(len(above), len(below)) <= 3:
        row = np.concatenate((np.pad(above, (0, 3 - len(above))), np.pad(below, (0, 3 - len(below)))))
        return row[None] / below[0], 0
    roots = Roots.of_taps(above, 0) * Roots.of_taps(below, 0).reciprocal()
    return sections_of_roots(roots), roots.start


def sections_of_roots(roots: Roots) -> np.ndarray:
    """Sections of Π (1 - z_i z⁻¹) / Π (1 - p_i z⁻¹) times the gain; conjugate roots share a section."""
    from scipy.signal import zpk2sos

    gain = complex(roots.gain)
    if gain.imag == 0:
        try:
            return zpk2sos(roots.zeros, roots.poles, gain.real)
        except ValueError:  # the roots are not conjugate in pairs: the coefficients are complex
            pass
    return _complex_sections(roots)


def _complex_sections(roots: Roots) -> np.ndarray:
    """Sections with complex coefficients: poles in order of their distance from the circle, each with its next zero."""
    poles, left = sorted(roots.poles, key=np.abs), list(roots.zeros)
    zeros = []
    for pole in reversed(poles):
        if left:
            zeros.append(left.pop(int(np.argmin(np.abs(np.array(left) - pole)))))
    zeros = left[::-1] + zeros[::-1]
    count = max(1, -(-max(len(zeros), len(poles)) // 2))
    zeros, poles = (np.pad(np.array(r, complex), (2 * count - len(r), 0)).reshape(count, 2) for r in (zeros, poles))
    rows = np.array([np.concatenate((np.poly(z), np.poly(p))) for z, p in zip(zeros, poles, strict=True)], complex)
    rows[0, :3] *= roots.gain
    return rows


def _numbers(values: Any, name: str) -> np.ndarray:
    array = np.asarray(values)
    if array.dtype.kind not in "biufc":
        raise TypeError(f"{name} must hold numbers, got dtype {array.dtype}")
    if not np.all(np.isfinite(array)):
        raise ValueError(f"{name} must be finite, got {array.tolist()}")
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def run_sections(sos: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The recursion along the last axis from zero state, in double precision."""
    from scipy.signal import sosfilt

    return np.asarray(sosfilt(sos.copy(), x, axis=-1))  # sosfilt refuses read-only sections

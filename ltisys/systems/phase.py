"""The phase of a system, unwrapped by its roots instead of by steps between frequencies."""

import numpy as np

from .roots import Roots


def phase_delay(roots: Roots, omega: np.ndarray, response: np.ndarray, group: np.ndarray) -> np.ndarray:
    """-arg H(ω) / ω in samples, as `System.phase_delay` describes it, from H and its group delay at `omega`."""
    principal = np.angle(response)
    # Roots know the turn, the response itself knows the rest without their rounding.
    phase = principal + 2 * np.pi * np.round((unwrapped(roots, omega) - principal) / (2 * np.pi))
    with np.errstate(divide="ignore", invalid="ignore"):
        delay = np.where(omega == 0, -np.copysign(np.inf, phase), -phase / omega)
    delay = np.where((omega == 0) & (np.abs(phase) < _CLOSE), group, delay)
    return np.where(np.isnan(group), np.nan, delay)


def unwrapped(roots: Roots, omega: np.ndarray) -> np.ndarray:
    """The argument of H(ω), continuous in ω but for jumps by π at roots on the unit circle.

    It lies between -π and π just above ω = 0, and just below. A root on the circle counts as one just inside.
    """
    side = np.where(omega < 0, -1.0, 1.0)
    begin = side * _turning(roots, side * _BESIDE)
    return _turning(roots, omega) - side * 2 * np.pi * np.ceil((begin - np.pi) / (2 * np.pi))


def _turning(roots: Roots, omega: np.ndarray) -> np.ndarray:
    """The sum of continuous arguments of all factors, any number of turns away from where it should begin."""
    phase = np.angle(roots.gain) - omega * roots.start
    for root in roots.zeros:
        phase = phase + _factor(root, omega)
    for root in roots.poles:
        phase = phase - _factor(root, omega)
    return phase


def _factor(root: complex, omega: np.ndarray) -> np.ndarray:
    """The continuous argument of 1 - root · e^(-jω)."""
    if abs(root) <= 1 + _CLOSE:  # the factor stays in the right half plane
        return np.angle(1 - root * np.exp(-1j * omega))
    # 1 - r w = -r w (1 - 1 / (r w)), and what is in brackets stays there.
    return np.angle(-root) - omega + np.angle(1 - np.exp(1j * omega) / root)


_CLOSE = 1e-9
"""Within which a computed root is taken to lie on the circle, and an angle to be zero."""

_BESIDE = 1e-6
"""A frequency next to 0, where a root at z = 1 has its side."""

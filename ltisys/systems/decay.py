"""How fast the response of a stable recursion dies out, and what it amounts to."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

import numpy as np

from .roots import Roots

if TYPE_CHECKING:
    from .measures import Measured


@final
@dataclass(frozen=True)
class Decay:
    """A bound on what is left of a response h[n], n = 0, 1, ..., from some sample on.

    On every circle of radius r between the outermost pole and 1, Cauchy's estimate says |h[n]| ≤ M rⁿ, where M is the
    largest |H(z)| on the circle. Hence Σ_{n ≥ L} |h[n]| ≤ M rᴸ / (1 - r). The best of a few circles is taken: near the
    poles M is large, near the unit circle rᴸ falls slowly.

    Attributes
    ----------
    circles : tuple of (float, float)
        Pairs of r and log(M / (1 - r)).

    Examples
    --------
    >>> decay = Decay.of(Roots(1.0, 0, np.array([]), np.array([0.5])))
    >>> 2 * 0.5**20 < decay.rest(20) < 200 * 0.5**20
    True
    """

    circles: tuple[tuple[float, float], ...]

    @staticmethod
    def of(roots: Roots) -> "Decay":
        """The decay of the causal response with these roots, whose start does not count."""
        outermost = float(np.abs(roots.poles).max(initial=0.0))
        if outermost > 1 - 1e-12:
            raise ValueError(f"all poles must lie clearly inside the unit circle, got one at the radius {outermost}")
        radii = [1 - (1 - outermost) * share for share in (0.3, 0.5, 0.7, 0.85, 0.93, 0.97, 0.99)]
        return Decay(tuple((r, _log_largest(roots, r) - math.log1p(-r)) for r in radii))

    def rest(self, length: int) -> float:
        """A bound on Σ_{n ≥ length} |h[n]|."""
        return min(math.exp(min(700.0, bound + length * math.log(r))) for r, bound in self.circles)

    def length(self, tol: float) -> int:
        """A number of samples after which at most `tol` is left."""
        if tol <= 0:
            raise ValueError(f"tol must be positive, got {tol}")
        return min(math.ceil(max(0.0, (math.log(tol) - bound) / math.log(r))) for r, bound in self.circles)


def energy(system: "Measured") -> float:
    """Σ|h[n]|², as `System.energy` describes it.

    What is cut off holds at most the square of its sum of magnitudes, so that a bound on the sum bounds the energy.
    """
    if not system.is_stable:
        return math.inf
    tol = 2.0**-60 * (system.norm or 1.0)
    while True:
        h = system.fuse(tol).h.astype(np.complex128)
        kept = float(np.sum(h.real**2 + h.imag**2))
        if system.is_fir or kept == 0 or tol**2 <= 2.0**-56 * kept:
            return kept
        tol = 2.0**-28 * math.sqrt(kept)  # terms that nearly cancel: less is left than their norms let expect


def _log_largest(roots: Roots, r: float) -> float:
    """The logarithm of a bound on |H(z)| over the circle of radius r.

    The circle is cut into arcs that are short where poles are near: around the angle of a pole at a relative distance
    d they are d / 4 long, and farther off a fifth of the way. Along half an arc no factor changes by more than that.
    """
    if roots.gain == 0:
        return -math.inf
    cuts = [np.linspace(0, 2 * np.pi, 257)]
    for pole in roots.poles:
        near = 1 - abs(pole) / r
        away = near * np.concatenate((np.arange(5) / 4, 1.2 ** np.arange(1, 2 + math.log(math.pi / near, 1.2))))
        cuts.append((np.angle(pole) + np.concatenate((away, -away))) % (2 * np.pi))
    angles = np.unique(np.concatenate(cuts))
    half = np.diff(angles)[:, None] / 2
    w = np.exp(-1j * (angles[:-1, None] + half)) / r
    above = np.log(np.abs(1 - roots.zeros * w) + np.abs(roots.zeros) * half / r).sum(axis=1)
    below = np.log(np.abs(1 - roots.poles * w) - np.abs(roots.poles) * half / r).sum(axis=1)
    return math.log(abs(roots.gain)) + float((above - below).max())

"""What a measurement found, and how far it can be trusted."""

import math
from dataclasses import dataclass

import numpy as np

from ..systems import FIR


@dataclass(frozen=True)
class Measured:
    """A measured response with its error.

    Attributes
    ----------
    system : FIR
        The estimate.
    error : float
        Standard error of each tap: what noise adds to it is that large, root mean square.
    samples : int
        How many recorded samples went into the estimate.
    distortion : float or None
        Energy of what answers at multiples of the frequency that was played, divided by the energy of the response;
        None where the method cannot tell it apart.

    Examples
    --------
    >>> print(Measured(FIR([1.0, 0.5, 0.001]), error=0.01, samples=1000))
    3 taps from n = 0 on, measured with 1000 samples
    standard error of a tap: 0.01, which is 40 dB below the largest
    above twice the error: 2 taps, n = 0 ... 1
    """

    system: FIR
    error: float
    samples: int
    distortion: float | None = None

    def __str__(self) -> str:
        h = np.abs(self.system.h)
        above = self.system.start + np.flatnonzero(h > 2 * self.error)
        lines = [f"{len(h)} taps from n = {self.system.start} on, measured with {self.samples} samples"]
        largest = float(h.max())
        if self.error > 0 and largest > 0:
            below = f", which is {20 * math.log10(largest / self.error):.0f} dB below the largest"
        else:
            below = ""
        lines.append(f"standard error of a tap: {self.error:.2g}{below}")
        where = f", n = {above[0]} ... {above[-1]}" if len(above) else ""
        lines.append(f"above twice the error: {len(above)} taps{where}")
        if self.distortion is not None:
            level = f"{10 * math.log10(self.distortion):.0f} dB" if self.distortion > 0 else "none"
            lines.append(f"harmonic distortion: {level}")
        return "\n".join(lines)

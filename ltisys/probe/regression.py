"""A unit sample response from recorded input and output, by least squares."""

import operator
from dataclasses import dataclass
from typing import Any, Literal, final, overload

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from ..intervals import window
from ..signal import Signal, checked_numbers, common_rate
from ..systems import FIR

_ROWS = 4096  # equations that are triangularised at once: memory does not grow with the length of the recording


@final
@dataclass(frozen=True, eq=False)
class Identification:
    """A response estimated from recordings that hold noise.

    Attributes
    ----------
    system : FIR
        The estimate.
    covariance : ndarray, (taps, taps)
        Of the estimated taps, if the noise at the output is white: noise² (Aᴴ A)⁻¹, A the matrix of delayed inputs.
    noise : float
        Standard deviation of what the system does not explain, for as many free equations as there are more than taps.
    equations : int
        Number of output samples that took part.
    """

    system: FIR
    covariance: np.ndarray
    noise: float
    equations: int

    @property
    def deviations(self) -> np.ndarray:
        """Standard deviation of every tap."""
        return np.sqrt(np.diag(self.covariance).real)


@overload
def identify(x: Any, y: Any, taps: int, start: int = ..., *, full: Literal[False] = ...) -> FIR: ...
@overload
def identify(x: Any, y: Any, taps: int, start: int = ..., *, full: Literal[True]) -> Identification: ...
def identify(x: Any, y: Any, taps: int, start: int = 0, *, full: bool = False) -> Any:
    """The finite response h that explains a recorded output best: Σ_n |y[n] - Σ_k h[k] x[n - k]|² is least.

    Parameters
    ----------
    x, y : array_like (..., N), or Signal
        What went in and what came out. Samples of arrays with equal index belong to the same time; all recordings along
        other axes share one response. Outputs that need input from before or after the recording are not used. Signals
        bring their own start, and are zero where they are not known.
    taps : int
        Number of taps of h.
    start : int, default 0
        Time of the first tap; a negative one lets the system look ahead.
    full : bool, default False
        Whether to tell also how far to trust the estimate.

    Returns
    -------
    FIR or Identification
        The system; with ``full=True`` a value with `system`, `covariance` of the taps, `noise`, `equations`.

    Raises
    ------
    ValueError
        Shapes or rates that do not fit; fewer equations than taps; an input that does not move all taps, such as a
        sinusoid, which tells the response at one frequency only.
    TypeError
        Samples that are no numbers.

    Notes
    -----
    The equations are solved by orthogonal triangularisation, block after block (Golub and Van Loan, *Matrix
    Computations*, section 5.3), so that neither accuracy nor memory suffers from long recordings.

    Examples
    --------
    >>> import numpy as np
    >>> from ltisys import probe
    >>> x = np.random.default_rng(0).standard_normal(1000)
    >>> y = np.convolve(x, [3, 2, 1])[:1000] + 0.1 * np.random.default_rng(1).standard_normal(1000)
    >>> found = probe.identify(x, y, taps=3, full=True)
    >>> found.system.h.round(1), found.deviations.round(3)
    (array([3., 2., 1.]), array([0.003, 0.003, 0.003]))
    """
    taps, start = operator.index(taps), operator.index(start)
    if taps < 1:
        raise ValueError(f"taps must be at least 1, got {taps}")
    rate = None
    if isinstance(x, Signal) and isinstance(y, Signal):
        rate = common_rate(x.rate, y.rate)
        x, y, start_here = _overlapping(x, y, taps, start)
    elif isinstance(x, Signal) or isinstance(y, Signal):
        raise ValueError("x and y must both be signals or both be arrays, got one of each")
    else:
        x, y, start_here = _complete(x, y, taps, start)
    triangle, equations = _triangular(x, y, taps)
    if equations < taps:
        raise ValueError(f"{taps} taps need at least as many equations, got {equations}: record more or ask for fewer")
    estimate = _solved(triangle, equations, taps)
    ...

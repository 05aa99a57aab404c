"""A unit sample response from recorded input and output, by least squares."""

import operator
from dataclasses import dataclass
from typing import Any, Literal, final, overload

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

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
        return np.sqrt(np.abs(np.diag(self.covariance)))


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
    inputs, outputs, rate = _equations(x, y, start, start + taps - 1)
    count = outputs.size
    if count < taps:
        raise ValueError(f"{taps} taps need as many equations, these recordings give {count}: record more")
    triangle = _triangular(inputs, outputs, taps)
    square, right, rest = triangle[:taps, :taps], triangle[:taps, taps], triangle[taps:, taps]
    moved = np.linalg.matrix_rank(square, rtol=count * np.finfo(square.dtype).eps)
    if moved < taps:
        raise ValueError(f"x moves only {moved} of {taps} taps: it is too simple a signal to tell them apart")
    inverse = np.linalg.inv(square)
    noise = float(np.linalg.norm(rest)) / np.sqrt(count - taps) if count > taps else np.nan
    system = FIR(inverse @ right, start, rate)
    return Identification(system, noise**2 * inverse @ inverse.conj().T, noise, count) if full else system


def _equations(x: Any, y: Any, first: int, last: int) -> tuple[np.ndarray, np.ndarray, float | None]:
    """Inputs (..., n + last - first) and outputs (..., n) in double precision, each output with all the input it needs.

    The first input is x[m - last] for the first output y[m].
    """
    if isinstance(x, Signal) != isinstance(y, Signal):
        raise ValueError(f"x and y must both be signals or both arrays, got {type(x).__name__} and {type(y).__name__}")
    if isinstance(x, Signal):
        if (x.ndim, x.channels) != (1, y.channels):
            raise ValueError(f"x and y must have equal channels and one index axis, got {x.channels} and {y.channels}")
        inputs = window(x.samples, x.starts, (y.start - last,), (y.stop - first,))
        return _double(inputs), _double(y.samples), common_rate(x.rate, y.rate)
    x, y = checked_numbers(np.asarray(x), "x"), checked_numbers(np.asarray(y), "y")
    if x.ndim == 0 or x.shape[:-1] != y.shape[:-1]:
        raise ValueError(f"x and y must have the same shape up to their last axis, got {x.shape} and {y.shape}")
    low, high = max(0, last), min(y.shape[-1], x.shape[-1] + first)
    high = max(low, high)
    return _double(x[..., low - last : high - first]), _double(y[..., low:high]), None


def _double(values: np.ndarray) -> np.ndarray:
    return values.astype(np.complex128 if values.dtype.kind == "c" else np.float64)


def _triangular(inputs: np.ndarray, outputs: np.ndarray, taps: int) -> np.ndarray:
    """The triangle R (at most taps + 1 rows) of the equations [A | y] = Q R, block after block."""
    triangle = np.zeros((0, taps + 1))
    for x, y in zip(inputs.reshape(-1, inputs.shape[-1]), outputs.reshape(-1, outputs.shape[-1]), strict=True):
        delayed = sliding_window_view(x, taps)[:, ::-1]
        for low in range(0, y.size, _ROWS):
            block = np.column_stack([delayed[low : low + _ROWS], y[low : low + _ROWS]])
            triangle = np.asarray(np.linalg.qr(np.concatenate([triangle, block]), mode="r"))
    return triangle

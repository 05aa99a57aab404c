"""The input from the output: inverse problems, made answerable by saying how much noise there is.

Where a system is minimum-phase, its exact inverse is ``S ** -1``. Elsewhere, or where noise would drown what S has made
faint, the two ways here give the best compromise: of one recording, or as a system for any.
"""

import numpy as np

from .bounds import positive
from .intervals import per_axis
from .signal import Signal, common_rate
from .systems import FIR, System


def deconvolve(y: Signal, system: System, *, regularisation: float = 0.0) -> Signal:
    """The signal x on the support that y and the system leave for which ‖y - h ∗ x‖² + λ ‖x‖² is least.

    Nothing is taken to be periodic: x is the solution of the Toeplitz equations Hᴴ H x + λ x = Hᴴ y.

    Parameters
    ----------
    y : Signal, (..., N)
        The output, from its first sample to its last, noise included.
    system : System
        The finite system h that made it, in time, of K taps up to N.
    regularisation : float, default 0
        λ: for white signals and noise the variance of the noise divided by that of the signal. Zero inverts exactly
        what is invertible, and magnifies the noise where the response of the system is small.

    Returns
    -------
    Signal, (..., N - K + 1)
        Begins at the start of y less that of the system.

    Raises
    ------
    ValueError
        An image, a system that is not finite or is zero, an output shorter than its response, a negative
        regularisation, rates that differ.

    Examples
    --------
    >>> h = FIR([1, 3, -1], start=-1)
    >>> y = h(Signal([2.0, 5.0, 0.0, 1.0], start=7))
    >>> deconvolve(y, h).isclose(Signal([2.0, 5.0, 0.0, 1.0], start=7))
    True
    """
    from scipy.linalg import solve_toeplitz

    rate = common_rate(y.rate, system.rate)
    if y.ndim != 1 or system.ndim != 1 or not system.is_fir:
        raise ValueError(f"deconvolution needs a finite system in time, got {system!r} and a signal of {y.ndim} axes")
    if not 0 <= regularisation < np.inf:
        raise ValueError(f"regularisation must not be negative, got {regularisation}")
    h = system.fuse().response.trim()
    if not np.any(h.samples):
        raise ValueError(f"the zero system leaves nothing to recover, got {system!r}")
    length = len(y) - len(h) + 1
    if length < 1:
        raise ValueError(f"y must be at least as long as the response, {len(h)}, got {len(y)} samples")
    start = y.start - h.start
    projected = FIR(h).H(Signal(y.samples * 1.0, y.start))[start : start + length].samples
    column = (h * h.reverse().conj())[0:length].samples.astype(np.result_type(projected, h.samples))
    column[0] += regularisation
    solved = solve_toeplitz(column, projected.reshape(-1, length).T)
    return Signal(np.asarray(solved).T.reshape(projected.shape), start, rate)


def wiener(system: System, noise: float, *, tol: float = 1e-9) -> FIR:
    """The Wiener filter G(ω) = H*(ω) / (|H(ω)|² + noise), which brings white signals back with the least error.

    Parameters
    ----------
    system : System
        What blurred the signal or the image; a recursive one must be stable.
    noise : float
        The variance of the white noise that was added, divided by that of the signal; positive.
    tol : float, default 1e-9
        How much of Σ|g[n]| may be cut off.

    Returns
    -------
    FIR
        Looks both ways in general, so as a stream it is late.

    Raises
    ------
    ValueError
        Noise that is not positive, a tolerance outside 1e-12 ... 1, a response that does not die out.

    References
    ----------
    Wiener, Extrapolation, Interpolation, and Smoothing of Stationary Time Series, 1949.

    Examples
    --------
    >>> blur = FIR([1.0, 1.0])
    >>> deblur = wiener(blur, 0.01)
    >>> H, G = (S.frequency_response([1.0])[1] for S in (blur, deblur))
    >>> np.allclose(G, H.conj() / (abs(H) ** 2 + 0.01))
    True
    """
    positive(noise, "noise")
    if not 1e-12 <= tol < 1:
        raise ValueError(f"tol must lie between 1e-12, where rounding begins, and 1, got {tol}")
    response = (system if system.is_fir else system.fuse(1e-3 * tol * system.norm)).fuse().response
    size = 4 * max(map(abs, response.starts + response.stops))
    while True:
        size = 2 ** (size - 1).bit_length()
        if size**response.ndim > 4 * LONGEST:
            raise ValueError(f"the Wiener filter does not die out within {LONGEST} taps; allow more noise than {noise}")
        g = _shortest(_sampled(response, noise, size), tol)
        if min(g.starts) >= -size // 4 and max(g.stops) <= size // 4:
            return FIR(g.samples, g.start, system.rate)
        size *= 2


def _sampled(response: Signal, noise: float, size: int) -> Signal:
    """The Wiener filter's response on a circle of so many samples along each axis, cut open opposite to time 0."""
    around = np.zeros((size,) * response.ndim, response.samples.dtype)
    places = (np.arange(*interval) % size for interval in zip(response.starts, response.stops, strict=True))
    around[np.ix_(*places)] = response.samples
    H = np.fft.fftn(around)
    g = np.fft.fftshift(np.fft.ifftn(H.conj() / (np.abs(H) ** 2 + noise)))
    return Signal(g if np.iscomplexobj(around) else g.real, per_axis((-size // 2,) * response.ndim))


def _shortest(g: Signal, tol: float) -> Signal:
    """The signal without ends whose magnitudes sum to at most `tol` of all."""
    magnitude = np.abs(g.samples)
    allowed = tol * magnitude.sum() / (2 * g.ndim)
    inside = []
    for axis in range(g.ndim):
        along = magnitude.sum(axis=tuple(a for a in range(g.ndim) if a != axis))
        low = int(np.searchsorted(np.cumsum(along), allowed, "right"))
        high = along.size - int(np.searchsorted(np.cumsum(along[::-1]), allowed, "right"))
        inside.append(slice(g.starts[axis] + low, g.starts[axis] + max(high, low + 1)))
    return g[inside[0]] if g.ndim == 1 else g[tuple(inside)]


LONGEST = 2**20
"""Taps of the longest Wiener filter."""

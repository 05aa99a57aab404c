"""Taps for banks of filters on raw sound, to begin learning with: Gabor pairs, mel bands, differences of sincs."""

import numpy as np

from .mel import mel_corners, mel_matrix

_HALF_POWER = 0.5
_FINEST = 1 << 12  # points of a transform in which even the narrowest bands have some


def gabor_taps(
    filters: int,
    length: int,
    rate: float,
    *,
    low: float = 20.0,
    high: float | None = None,
    scale: str = "slaney",
) -> np.ndarray:
    """Analytic pairs of Gabor filters, a Gaussian times cosine and sine, as wide in frequency as mel bands are.

    h_k[n] = g exp(-½ (n σ_k)²) exp(i ω_k n), n counted from the middle of the taps; σ_k is such that the squared
    response falls to one half where the triangle of the mel band does, and g such that a pair has gain 1 at ω_k. The
    modulus of a pair's outputs is the envelope of the band.

    Parameters
    ----------
    filters : int
        Number of pairs.
    length : int
        Taps of each filter. Where a Gaussian is longer than that it is cut off, and its band is wider.
    rate : float
        Samples per second.
    low, high, scale
        Where the bands lie, as for `mel_matrix`.

    Returns
    -------
    ndarray of float64, shape (2 * filters, length)
        The real parts of all pairs, lowest band first, then the imaginary parts.

    Raises
    ------
    ValueError
        For a length below 1, and what `mel_matrix` says about edges and scale.

    References
    ----------
    Zeghidour et al., Learning Filterbanks from Raw Speech for Phone Recognition, 2018, section 2.

    Examples
    --------
    >>> taps = gabor_taps(40, 401, 16000)
    >>> taps.shape, int(np.abs(np.fft.rfft(taps[20], 16000)).argmax())
    ((80, 401), 1774)
    """
    centres, widths = _bands(filters, length, rate, low, high, scale)
    n = np.arange(length) - (length - 1) / 2
    # |H|² of exp(-½(nσ)²) is exp(-(ω/σ)²): one half at ω = σ √(log 2), which is half the width at half power
    sigma = np.pi * widths / rate / np.sqrt(np.log(1 / _HALF_POWER))
    envelope = np.exp(-0.5 * (sigma[:, np.newaxis] * n) ** 2)
    envelope /= envelope.sum(axis=1, keepdims=True)
    pairs = envelope * np.exp(2j * np.pi * centres[:, np.newaxis] / rate * n)
    return np.concatenate([pairs.real, pairs.imag])


def mel_taps(
    filters: int,
    length: int,
    rate: float,
    *,
    low: float = 20.0,
    high: float | None = None,
    scale: str = "slaney",
) -> np.ndarray:
    """Linear-phase filters whose magnitude is that of mel triangles: the mel bank as unit sample responses.

    The frequency response is the square root of the triangle, so that a band's power is weighted by the triangle; its
    inverse transform is cut to `length` taps by a Hann window.

    Parameters
    ----------
    filters, length, rate, low, high, scale
        As for `gabor_taps`.

    Returns
    -------
    ndarray of float64, shape (filters, length)
        Symmetric about the middle.

    Raises
    ------
    ValueError
        As `gabor_taps`, and for more filters than there are frequencies.

    Examples
    --------
    >>> taps = mel_taps(40, 401, 16000)
    >>> taps.shape, bool(np.allclose(taps, taps[:, ::-1]))
    ((40, 401), True)
    """
    _checked(filters, length)
    points = max(8 * length, _FINEST)  # far more than taps, or the response would overlap its repetition
    triangles = mel_matrix(rate, points, filters, low=low, high=high, scale=scale, norm=None)
    n = np.arange(length) - (length - 1) / 2
    cosines = np.cos(2 * np.pi * np.outer(np.arange(points // 2 + 1) / points, n))
    cosines[1:-1] *= 2  # every frequency but 0 and half the rate stands for its negative, too
    window = np.hanning(length + 2)[1:-1]  # without its zeros
    return np.sqrt(triangles) @ cosines / points * window


def sinc_taps(
    filters: int,
    length: int,
    rate: float,
    *,
    low: float = 20.0,
    high: float | None = None,
    scale: str = "slaney",
) -> np.ndarray:
    """Band passes as differences of two sincs under a Hamming window, their edges where mel triangles are one half.

    h_k[n] = (2 f₂ sinc(2 f₂ n) - 2 f₁ sinc(2 f₁ n)) w[n] with f in cycles per sample, n counted from the middle.

    Parameters
    ----------
    filters, length, rate, low, high, scale
        As for `gabor_taps`.

    Returns
    -------
    ndarray of float64, shape (filters, length)
        Symmetric about the middle.

    Raises
    ------
    ValueError
        As `gabor_taps`.

    References
    ----------
    Ravanelli and Bengio, Speaker Recognition from Raw Waveform with SincNet, 2018, equations 4 to 6.

    Examples
    --------
    >>> taps = sinc_taps(40, 401, 16000)
    >>> taps.shape, np.abs(np.fft.rfft(taps[30], 16000))[[3000, 3765]].round(2)
    ((40, 401), array([0., 1.]))
    """
    centres, widths = _bands(filters, length, rate, low, high, scale)
    n = np.arange(length) - (length - 1) / 2
    first, last = (centres - widths / 2) / rate, (centres + widths / 2) / rate
    low_passes = [2 * f[:, np.newaxis] * np.sinc(2 * f[:, np.newaxis] * n) for f in (first, last)]
    return (low_passes[1] - low_passes[0]) * np.hamming(length)


def _bands(
    filters: int, length: int, rate: float, low: float, high: float | None, scale: str
) -> tuple[np.ndarray, np.ndarray]:
    """Middles and widths, in hertz, of mel triangles between the points where they are one half."""
    _checked(filters, length)
    corners = mel_corners(rate, filters, low=low, high=high, scale=scale)
    edges = (corners[1:] + corners[:-1]) / 2
    return (edges[1:] + edges[:-1]) / 2, edges[1:] - edges[:-1]


def _checked(filters: int, length: int) -> None:
    if length < 1 or filters < 1:
        raise ValueError(f"a bank needs at least 1 filter of 1 tap, got {filters} of {length}")

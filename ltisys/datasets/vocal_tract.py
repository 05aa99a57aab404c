"""The vocal tract: a linear time-invariant system at every moment, and another one at the next.

A moment of speech is a source passed through a cascade of resonators, one per formant. As the mouth moves, the source
is cut into short overlapping frames that sum to it; each frame passes through the system of its moment, and the outputs
are added:

    x = Σ_f w_f x,   y = Σ_f S_f (w_f x)

If the mouth stays still, all S_f are the same S and, by linearity, y = S x. Frames are applied as products of Fourier
transforms, all of them at once.
"""

from collections.abc import Callable

import numpy as np

from ..systems import IIR

NASAL_POLE, NASAL_WIDTH = 270.0, 100.0
"""Resonance of the nose and its bandwidth in hertz; while the soft palate is closed a zero cancels it."""
UPPER_FORMANTS = (3500.0, 4500.0, 5500.0, 6500.0, 7500.0)
"""A tube of 17.5 cm resonates at odd multiples of 500 Hz; from the fourth on, articulation hardly moves them."""
HIGHEST = 0.47
"""Highest frequency of a resonance, relative to the rate."""


def resonance(frequency: np.ndarray | float, bandwidth: np.ndarray | float, rate: float) -> np.ndarray:
    """Coefficients of 1 - 2 r cos(θ) z⁻¹ + r² z⁻², whose roots make a resonance (poles) or its absence (zeros).

    Parameters
    ----------
    frequency, bandwidth : array_like
        In hertz; θ = 2π frequency / rate and r = exp(-π bandwidth / rate).
    rate : float
        Samples per second.

    Returns
    -------
    ndarray, shape (..., 3)
    """
    r = np.exp(-np.pi * np.asarray(bandwidth) / rate)
    cosine = np.cos(2 * np.pi * np.asarray(frequency) / rate)
    return np.stack(np.broadcast_arrays(1.0, -2 * r * cosine, r * r), axis=-1)


def upper_tract(scale: float, rate: float) -> IIR:
    """The formants that do not move, from the fourth on: a cascade of resonators, each with gain 1 at frequency 0.

    Parameters
    ----------
    scale : float
        Factor on the formants: above 1 for a short vocal tract.
    rate : float
        Samples per second; formants near half of it are left out.

    Returns
    -------
    IIR

    Examples
    --------
    >>> omega, H = upper_tract(1.0, 16000.0).frequency_response(np.array([0.0]))
    >>> abs(H).round(6)
    array([1.])
    """
    formants = scale * np.array(UPPER_FORMANTS)
    formants = formants[formants < HIGHEST * rate]
    a = resonance(formants, 80.0 + 0.05 * formants, rate)
    b = a.sum(axis=1, keepdims=True) * np.array([1.0, 0.0, 0.0])
    return IIR.from_sos(np.concatenate([b, a], axis=1)) if len(a) else IIR([1.0], [1.0])


def frication_responses(centres: np.ndarray, widths: np.ndarray, *, rate: float, points: int) -> np.ndarray:
    """Frequency responses of the narrow passage that makes noise hiss, at many moments.

    Parameters
    ----------
    centres, widths : ndarray, shape (moments,)
        Of the noise, in hertz.
    rate : float
        Samples per second.
    points : int
        Length of the Fourier transform.

    Returns
    -------
    ndarray of complex64, shape (moments, points // 2 + 1)
        A band-pass applied twice: H² with H = (1 - r²)/2 (1 - z⁻²) / (1 - 2 r cos(θ) z⁻¹ + r² z⁻²), whose gain is 1
        near its centre.
    """
    a = resonance(np.minimum(centres, HIGHEST * rate), widths, rate)
    b = (1 - a[:, 2:]) / 2 * np.array([1.0, 0.0, -1.0])
    return np.square(np.fft.rfft(b, points) / np.fft.rfft(a, points)).astype(np.complex64)


def tract_responses(
    formants: np.ndarray, bandwidths: np.ndarray, nasality: np.ndarray, *, rate: float, points: int
) -> np.ndarray:
    """Frequency responses of the moving part of the vocal tract at many moments.

    Parameters
    ----------
    formants, bandwidths : ndarray, shape (moments, formants)
        In hertz.
    nasality : ndarray, shape (moments,)
        From 0 to 1; moves the zero of the nose away from its pole.
    rate : float
        Samples per second.
    points : int
        Length of the Fourier transform.

    Returns
    -------
    ndarray of complex64, shape (moments, points // 2 + 1)
        H = Π (1 + a1 + a2) / (1 + a1 z⁻¹ + a2 z⁻²) over the formants, times zero over pole of the nose. The denominator
        of a cascade is the convolution of the denominators; its values on the unit circle are its Fourier transform.
    """
    denominators = _normalised(resonance(NASAL_POLE, NASAL_WIDTH, rate))[np.newaxis]
    for factors in np.moveaxis(_normalised(resonance(np.minimum(formants, HIGHEST * rate), bandwidths, rate)), 1, 0):
        denominators = _cascade(denominators, factors)
    numerators = _normalised(resonance(NASAL_POLE + 200.0 * nasality, NASAL_WIDTH, rate))
    return (np.fft.rfft(numerators, points) / np.fft.rfft(denominators, points)).astype(np.complex64)


def _normalised(coefficients: np.ndarray) -> np.ndarray:
    return coefficients / coefficients.sum(axis=-1, keepdims=True)


def _cascade(polynomials: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Row by row the product of two polynomials, that is the convolution of their coefficients."""
    result = np.zeros((len(factors), polynomials.shape[1] + factors.shape[1] - 1))
    for k in range(factors.shape[1]):
        result[:, k : k + polynomials.shape[1]] += factors[:, k, np.newaxis] * polynomials
    return result


def short_time_filter(
    x: np.ndarray, responses_at: Callable[[np.ndarray], np.ndarray], *, hop: int, points: int
) -> np.ndarray:
    """Pass each moment of a signal through the system of that moment.

    Parameters
    ----------
    x : ndarray, shape (n,)
        The source.
    responses_at : callable
        Takes the centres of frames, as an integer array of sample indices, and returns the frequency responses of the
        systems at these moments, complex of shape (frames, points // 2 + 1). Silent frames are not asked for.
    hop : int
        Samples from frame to frame.
    points : int
        Length of the Fourier transforms. After ``points - 2 * hop`` samples unit sample responses must have died away.

    Returns
    -------
    ndarray of float32, shape (n + points - 2 * hop,)
        y = Σ_f S_f (w_f x), where w_f are Hann windows of two hops, which sum to 1.
    """
    frames = -(-len(x) // hop) + 1
    padded = np.zeros((frames + 1) * hop, np.float32)
    padded[hop : hop + len(x)] = x
    window = (0.5 - 0.5 * np.cos(np.pi * np.arange(2 * hop) / hop)).astype(np.float32)
    cut = np.lib.stride_tricks.sliding_window_view(padded, 2 * hop)[::hop]
    sounding = np.flatnonzero(cut.any(axis=1))
    spectra = np.fft.rfft(cut[sounding] * window, points) * responses_at(sounding * hop)
    pieces = -(-points // hop)
    outputs = np.zeros((frames, pieces, hop), np.float32)
    outputs.reshape(frames, -1)[sounding, :points] = np.fft.irfft(spectra, points)
    y = np.zeros((frames + pieces - 1, hop), np.float32)
    for piece in range(pieces):
        y[piece : piece + frames] += outputs[:, piece]
    return y.reshape(-1)[hop : len(x) + points - hop]

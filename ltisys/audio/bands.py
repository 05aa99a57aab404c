"""Bands of spectra, compiled: power and its weighted sums in one pass, for which NumPy would need a full matrix."""

from typing import NamedTuple

import numpy as np

from ..convolution.compilation import kernel

FRAMES = 16  # side by side, as many as numbers in the longest vector


class Bands(NamedTuple):
    """The rows of a matrix of weights without their zeros: every band takes neighbouring bins only.

    Attributes
    ----------
    first : ndarray of int64, shape (bands,)
        The lowest bin of each band.
    ends : ndarray of int64, shape (bands + 1,)
        The weights of band b are ``weights[ends[b]:ends[b + 1]]``.
    weights : ndarray of float32
        All of them, band by band.
    """

    first: np.ndarray
    ends: np.ndarray
    weights: np.ndarray


def bands_of(matrix: np.ndarray) -> Bands:
    """The bands of a matrix (bands, bins).

    Examples
    --------
    >>> bands_of(np.array([[0.0, 1.0, 2.0, 0.0], [0.0, 0.0, 3.0, 4.0]]))
    Bands(first=array([1, 2]), ends=array([0, 2, 4]), weights=array([1., 2., 3., 4.], dtype=float32))
    """
    taken = [np.flatnonzero(row) for row in matrix]
    rows = [row[bins[0] : bins[-1] + 1] for row, bins in zip(matrix, taken, strict=True)]
    ends = np.cumsum([0, *map(len, rows)])
    return Bands(np.array([bins[0] for bins in taken]), ends, np.concatenate(rows).astype(np.float32))


@kernel
def band_energies(spectra, first, ends, weights, floor, out, first_clip, first_frame):
    """Write out[first_clip + c, b, first_frame + m] = floor + Σ_k weights[b, k] |spectra[c, m, k]|².

    Frames go side by side through the lanes of the machine; every sum goes from the lowest bin to the highest, so that
    a frame is the same wherever it is cut from.

    Parameters
    ----------
    spectra : array (clips, frames, bins) of complex64
    first, ends, weights
        See `Bands`.
    floor : float32
    out : array (all clips, bands, all frames) of float32
    first_clip, first_frame : int
        Where in it the spectra belong.
    """
    clips, frames, bins = spectra.shape
    power = np.zeros((bins, FRAMES), np.float32)
    energies = np.empty(FRAMES, np.float32)
    for clip in range(clips):
        for start in range(0, frames, FRAMES):
            count = min(FRAMES, frames - start)
            for m in range(count):
                for k in range(bins):
                    z = spectra[clip, start + m, k]
                    power[k, m] = z.real * z.real + z.imag * z.imag
            for band in range(len(first)):
                energies[:] = floor
                shift = first[band] - ends[band]
                for i in range(ends[band], ends[band + 1]):
                    for m in range(FRAMES):
                        energies[m] += weights[i] * power[i + shift, m]
                for m in range(count):
                    out[first_clip + clip, band, first_frame + start + m] = energies[m]

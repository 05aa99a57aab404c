"""The mel scales, and triangular filter banks on them."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

SCALES = ("slaney", "htk")
NORMS = ("slaney", None)
_BREAK, _LINEAR = 1000.0, 200 / 3  # hertz where Slaney's scale turns logarithmic, and hertz per mel below
_RATIO = math.log(6.4) / 27  # of frequencies one mel apart above


def hz_to_mel(frequency: ArrayLike, *, scale: str = "slaney") -> Any:
    """Mel of a frequency in hertz.

    Slaney's scale is 3 f / 200 up to 1000 Hz and 15 + 27 log(f / 1000) / log(6.4) above; HTK's is
    2595 log10(1 + f / 700).

    Parameters
    ----------
    frequency : array_like
        Hertz.
    scale : {"slaney", "htk"}
        Which of the two.

    Returns
    -------
    ndarray or float64

    Raises
    ------
    ValueError
        For another scale.

    Notes
    -----
    Sources: M. Slaney, Auditory Toolbox, version 2, 1998 (librosa's default); S. Young et al., The HTK Book, chapter
    5, filterbank analysis (torchaudio's default).

    Examples
    --------
    >>> hz_to_mel([0, 500, 1000, 6400])
    array([ 0. ,  7.5, 15. , 42. ])
    >>> hz_to_mel([0, 700, 1000], scale="htk").round(2)
    array([  0.  , 781.17, 999.99])
    """
    _known("scale", scale, SCALES)
    f = np.asarray(frequency, np.float64)
    if scale == "htk":
        return 2595 * np.log10(1 + f / 700)
    logarithmic = _BREAK / _LINEAR + np.log(np.maximum(f, _BREAK) / _BREAK) / _RATIO
    return np.where(f < _BREAK, f / _LINEAR, logarithmic)[()]


def mel_to_hz(mel: ArrayLike, *, scale: str = "slaney") -> Any:
    """The frequency in hertz of a mel value: the inverse of `hz_to_mel`.

    Examples
    --------
    >>> mel_to_hz(hz_to_mel(440.0)).round(9), mel_to_hz(hz_to_mel(4400.0, scale="htk"), scale="htk").round(9)
    (np.float64(440.0), np.float64(4400.0))
    """
    _known("scale", scale, SCALES)
    m = np.asarray(mel, np.float64)
    if scale == "htk":
        return 700 * (10 ** (m / 2595) - 1)
    above = m - _BREAK / _LINEAR
    return np.where(above < 0, m * _LINEAR, _BREAK * np.exp(_RATIO * np.maximum(above, 0)))[()]


def mel_matrix(
    rate: float,
    n_fft: int,
    bands: int,
    *,
    low: float = 20.0,
    high: float | None = None,
    scale: str = "slaney",
    norm: str | None = "slaney",
) -> np.ndarray:
    """Triangular weights that gather the bins of a power spectrum into bands equally spaced in mel.

    Band b rises from 0 at the centre of band b - 1 to its peak at its own centre and falls to 0 at the centre of band
    b + 1, linearly in hertz; the outermost corners are `low` and `high`. The matrix is that of librosa's
    ``filters.mel``; with ``scale="htk", norm=None`` that of torchaudio's ``melscale_fbanks``, transposed.

    Parameters
    ----------
    rate : float
        Samples per second.
    n_fft : int
        Points of the transform.
    bands : int
        Number of bands.
    low, high : float
        Lower and upper edge of the bank in hertz; `high` is half the rate if left out.
    scale : {"slaney", "htk"}
        As for `hz_to_mel`.
    norm : {"slaney", None}
        Peaks of 2 / (width of the band in hertz), so that white noise has the same energy in all bands, or of 1.

    Returns
    -------
    ndarray of float64, shape (bands, n_fft // 2 + 1)

    Raises
    ------
    ValueError
        For edges out of order or above half the rate, an unknown scale or norm, or so many bands that one holds no
        bin.

    Examples
    --------
    >>> mel_matrix(8000, 16, 3, low=0, scale="htk", norm=None).round(2)
    array([[0.  , 0.89, 0.17, 0.  , 0.  , 0.  , 0.  , 0.  , 0.  ],
           [0.  , 0.11, 0.83, 0.65, 0.2 , 0.  , 0.  , 0.  , 0.  ],
           [0.  , 0.  , 0.  , 0.35, 0.8 , 0.84, 0.56, 0.28, 0.  ]])
    """
    _known("norm", norm, NORMS)
    corners = mel_corners(rate, bands, low=low, high=high, scale=scale)
    frequencies = np.arange(n_fft // 2 + 1) * rate / n_fft
    below, centre, above = (corners[i : i + bands, np.newaxis] for i in range(3))
    rising, falling = (frequencies - below) / (centre - below), (above - frequencies) / (above - centre)
    weights = np.maximum(0, np.minimum(rising, falling))
    empty = np.flatnonzero(weights.max(axis=1) == 0)
    if empty.size:
        raise ValueError(
            f"{bands} bands are too many for {n_fft} points at {rate} Hz: band {empty[0]} holds no bin; "
            f"use fewer bands, more points or a higher low edge"
        )
    return weights if norm is None else weights * 2 / (above - below)


def mel_corners(
    rate: float, bands: int, *, low: float = 20.0, high: float | None = None, scale: str = "slaney"
) -> np.ndarray:
    """Corner frequencies in hertz of a mel bank: the lower edge, the centre of every band, the upper edge.

    Parameters
    ----------
    rate, bands, low, high, scale
        As for `mel_matrix`.

    Returns
    -------
    ndarray of float64, shape (bands + 2,)

    Raises
    ------
    ValueError
        For edges out of order or above half the rate, an unknown scale, or fewer than one band.

    Examples
    --------
    >>> mel_corners(8000, 3, low=0, scale="htk").round()
    array([   0.,  427., 1114., 2220., 4000.])
    """
    high = rate / 2 if high is None else high
    if bands < 1:
        raise ValueError(f"bands must be at least 1, got {bands}")
    if not 0 <= low < high <= rate / 2:
        raise ValueError(f"edges must satisfy 0 <= low < high <= {rate / 2:g} Hz (half the rate), got {low}, {high}")
    lowest, highest = hz_to_mel([low, high], scale=scale)
    return mel_to_hz(np.linspace(lowest, highest, bands + 2), scale=scale)


def _known(name: str, word: str | None, known: tuple[str | None, ...]) -> None:
    if word not in known:
        raise ValueError(f"{name} must be {' or '.join(map(repr, known))}, got {word!r}")

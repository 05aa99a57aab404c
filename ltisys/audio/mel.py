"""The mel scale, its triangular filter bank, and log-mel spectrograms: what a spotter hears with."""

import math
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike

from ..signal import Signal
from .frames import as_clips, frame_count, hann, power_spectra, rate_of, samples_in


def hz_to_mel(frequency: ArrayLike) -> Any:
    """Mel of a frequency in hertz on HTK's scale, m = 2595 log10(1 + f / 700).

    Source: S. Young et al., The HTK Book, chapter 5, filterbank analysis.

    Examples
    --------
    >>> hz_to_mel([0, 700, 1000]).round(2)
    array([  0.  , 781.17, 999.99])
    """
    return 2595 * np.log10(1 + np.asarray(frequency, np.float64) / 700)


def mel_to_hz(mel: ArrayLike) -> Any:
    """The frequency in hertz of a mel value on HTK's scale, f = 700 (10^(m / 2595) - 1).

    Examples
    --------
    >>> mel_to_hz(hz_to_mel(440.0)).round(9)
    np.float64(440.0)
    """
    return 700 * (10 ** (np.asarray(mel, np.float64) / 2595) - 1)


def mel_matrix(rate: float, n_fft: int, bands: int, *, low: float = 20.0, high: float | None = None) -> np.ndarray:
    """Triangular weights that gather the bins of a power spectrum into bands equally spaced in mel.

    Band b rises from 0 at the centre of band b - 1 to 1 at its own centre and falls to 0 at the centre of band b + 1,
    linearly in hertz; the outermost corners are `low` and `high`. Peaks are 1, areas are not normalised: the matrix of
    torchaudio's ``melscale_fbanks`` with ``mel_scale="htk", norm=None``, transposed.

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

    Returns
    -------
    ndarray of float64, shape (bands, n_fft // 2 + 1)

    Raises
    ------
    ValueError
        For edges out of order or above half the rate, or so many bands that one holds no bin.

    Examples
    --------
    >>> mel_matrix(8000, 16, 3, low=0).round(2)
    array([[0.  , 0.89, 0.17, 0.  , 0.  , 0.  , 0.  , 0.  , 0.  ],
           [0.  , 0.11, 0.83, 0.65, 0.2 , 0.  , 0.  , 0.  , 0.  ],
           [0.  , 0.  , 0.  , 0.35, 0.8 , 0.84, 0.56, 0.28, 0.  ]])
    """
    corners = mel_corners(rate, bands, low=low, high=high)
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
    return weights


def mel_corners(rate: float, bands: int, *, low: float = 20.0, high: float | None = None) -> np.ndarray:
    """Corner frequencies in hertz of a mel bank: the lower edge, the centre of every band, the upper edge.

    Parameters
    ----------
    rate, bands, low, high
        As for `mel_matrix`.

    Returns
    -------
    ndarray of float64, shape (bands + 2,)

    Raises
    ------
    ValueError
        For edges out of order or above half the rate, or fewer than one band.

    Examples
    --------
    >>> mel_corners(8000, 3, low=0).round()
    array([   0.,  427., 1114., 2220., 4000.])
    """
    high = rate / 2 if high is None else high
    if bands < 1:
        raise ValueError(f"bands must be at least 1, got {bands}")
    if not 0 <= low < high <= rate / 2:
        raise ValueError(f"edges must satisfy 0 <= low < high <= {rate / 2:g} Hz (half the rate), got {low}, {high}")
    return mel_to_hz(np.linspace(hz_to_mel(low), hz_to_mel(high), bands + 2))


@final
@dataclass(frozen=True)
class LogMel:
    """Log-mel spectrogram: the natural logarithm of mel-band energies of Hann-windowed, unpadded frames.

    y[b, m] = log(floor + Σ_k M[b, k] |Σ_j w[j] x[m hop + j] exp(-2πi k j / n_fft)|²)

    with the periodic Hann window w and the matrix M of `mel_matrix` (HTK scale, power, peaks 1). The sum over j is a
    bank of FIR filters with the responses `taps`, of which every hop-th output is kept: a front end is an LTI bank, a
    modulus, and a decimation.

    Parameters
    ----------
    rate : float
        Samples per second of what is put in.
    window, hop : float
        Length of a frame, and distance from one frame to the next, in seconds.
    n_fft : int
        Points of the transform, at least one window.
    bands : int
        Number of mel bands.
    low, high : float
        Edges of the bank in hertz; `high` is half the rate if None.
    floor : float
        Added to the energies before the logarithm, so that silence is finite.

    Raises
    ------
    ValueError
        For values that make no front end, each named.

    Notes
    -----
    Nothing is padded, so frame m depends on x[m hop] … x[m hop + window_samples - 1] only: up to float32 rounding,
    what is computed block by block is what is computed at once.

    Examples
    --------
    >>> front_end = LogMel()
    >>> front_end(np.zeros((2, 16000), np.float32)).shape
    (2, 40, 98)
    >>> front_end.frames(16000), front_end.window_samples, front_end.hop_samples
    (98, 400, 160)
    """

    rate: float = 16000
    window: float = 0.025
    hop: float = 0.010
    n_fft: int = 512
    bands: int = 40
    low: float = 20.0
    high: float | None = None
    floor: float = 1e-6

    def __post_init__(self) -> None:
        samples_in("hop", self.hop, self.rate)
        if self.n_fft < samples_in("window", self.window, self.rate):
            raise ValueError(f"n_fft must be at least the window's {self.window_samples} samples, got {self.n_fft}")
        if not 0 < self.floor < math.inf:
            raise ValueError(f"floor must be positive, got {self.floor}")
        mel_matrix(self.rate, self.n_fft, self.bands, low=self.low, high=self.high)

    def __call__(self, x: ArrayLike | Signal) -> np.ndarray:
        """The log-mel spectrogram of one or many sounds.

        Parameters
        ----------
        x : Signal or array_like, shape (..., n)
            Floating point samples with full scale ±1; n at least `window_samples`. Computed in float32.

        Returns
        -------
        ndarray of float32, shape (..., bands, frames)
            With frames = 1 + (n - window_samples) // hop_samples.

        Raises
        ------
        ValueError
            For a sound shorter than a window, or a Signal of another rate.
        TypeError
            For samples that are not floating point.

        Examples
        --------
        >>> LogMel(floor=1e-6)(np.zeros(400, np.float32))[:2]
        array([[-13.815511],
               [-13.815511]], dtype=float32)
        """
        rate_of(x, self.rate)
        samples = as_clips(x, self.window_samples)
        clips = samples.reshape(-1, samples.shape[-1])
        energies = np.empty((len(clips), self.bands, self.frames(clips.shape[1])), np.float32)
        for at, when, power in power_spectra(clips, self._window, self.hop_samples, self.n_fft):
            energies[at, :, when] = (power @ self._weights).swapaxes(1, 2)
        energies += np.float32(self.floor)
        np.log(energies, out=energies)
        return energies.reshape(*samples.shape[:-1], *energies.shape[1:])

    @property
    def window_samples(self) -> int:
        """Samples in a frame."""
        return round(self.window * self.rate)

    @property
    def hop_samples(self) -> int:
        """Samples from one frame to the next."""
        return round(self.hop * self.rate)

    @property
    def centres(self) -> np.ndarray:
        """Centre frequency of every band in hertz, shape (bands,)."""
        return mel_corners(self.rate, self.bands, low=self.low, high=self.high)[1:-1]

    @property
    def matrix(self) -> np.ndarray:
        """The mel weights M in float64, shape (bands, n_fft // 2 + 1)."""
        return mel_matrix(self.rate, self.n_fft, self.bands, low=self.low, high=self.high)

    @property
    def taps(self) -> np.ndarray:
        """Unit sample responses of the bank before the modulus, complex, shape (n_fft // 2 + 1, window_samples).

        h_k[j] = w[L-1-j] exp(-2πi k (L-1-j) / n_fft) with L = window_samples: convolved with x in mode "valid" at
        stride hop they give the DFT of every frame.
        """
        j = np.arange(self.window_samples)[::-1]
        k = np.arange(self.n_fft // 2 + 1)[:, np.newaxis]
        return hann(self.window_samples)[::-1] * np.exp(-2j * np.pi * (k * j % self.n_fft) / self.n_fft)

    def frames(self, n: int) -> int:
        """How many frames n samples give; 0 if they are fewer than a window."""
        return frame_count(n, self.window_samples, self.hop_samples)

    def to_dict(self) -> dict[str, Any]:
        """The parameters as numbers under their names, for storage.

        Examples
        --------
        >>> LogMel.from_dict(LogMel(rate=8000, n_fft=256).to_dict())
        LogMel(rate=8000, window=0.025, hop=0.01, n_fft=256, bands=40, low=20.0, high=None, floor=1e-06)
        """
        return asdict(self)

    @classmethod
    def from_dict(cls, parameters: dict[str, Any]) -> "LogMel":
        """The front end of which `to_dict` gave the parameters."""
        return cls(**parameters)

    @cached_property
    def _window(self) -> np.ndarray:
        return hann(self.window_samples).astype(np.float32)

    @cached_property
    def _weights(self) -> np.ndarray:
        return np.ascontiguousarray(self.matrix.T, np.float32)

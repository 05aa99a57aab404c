"""Log-mel spectrograms: what a spotter hears with."""

import math
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike

from ..signal import Signal
from .bands import Bands, band_energies, bands_of
from .frames import as_clips, frame_count, hann, rate_of, samples_in, spectra
from .mel import mel_corners, mel_matrix


@final
@dataclass(frozen=True)
class LogMel:
    """Log-mel spectrogram: the natural logarithm of mel-band energies of Hann-windowed, unpadded frames.

    y[b, m] = log(floor + Σ_k M[b, k] |Σ_j w[j] x[m hop + j] exp(-2πi k j / n_fft)|²)

    with the periodic Hann window w and the matrix M of `mel_matrix`. The sum over j is a bank of FIR filters with the
    responses `taps`, of which every hop-th output is kept: a front end is an LTI bank, a modulus, and a decimation.

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
    scale, norm : str
        As for `mel_matrix`. With Slaney's and a window of n_fft samples, y is
        ``log(librosa.feature.melspectrogram(center=False, ...) + floor)``.

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
    scale: str = "slaney"
    norm: str | None = "slaney"

    def __post_init__(self) -> None:
        samples_in("hop", self.hop, self.rate)
        if self.n_fft < samples_in("window", self.window, self.rate):
            raise ValueError(f"n_fft must be at least the window's {self.window_samples} samples, got {self.n_fft}")
        if not 0 < self.floor < math.inf:
            raise ValueError(f"floor must be positive, got {self.floor}")
        _ = self.matrix

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
        y = np.empty((len(clips), self.bands, self.frames(clips.shape[1])), np.float32)
        for at, when, block in spectra(clips, self._window, self.hop_samples, self.n_fft):
            band_energies(block, *self._bands, np.float32(self.floor), y, at.start, when.start)
        np.log(y, out=y)
        return y.reshape(*samples.shape[:-1], *y.shape[1:])

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
        return mel_corners(self.rate, self.bands, low=self.low, high=self.high, scale=self.scale)[1:-1]

    @property
    def matrix(self) -> np.ndarray:
        """The mel weights M in float64, shape (bands, n_fft // 2 + 1)."""
        edges = {"low": self.low, "high": self.high}
        return mel_matrix(self.rate, self.n_fft, self.bands, **edges, scale=self.scale, norm=self.norm)

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
        >>> LogMel.from_dict(LogMel(rate=8000, n_fft=256).to_dict()) == LogMel(rate=8000, n_fft=256)
        True
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
    def _bands(self) -> Bands:
        return bands_of(self.matrix)

"""Short-time spectra: windowed frames of a sound and the power in each."""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
import scipy.fft
from numpy.typing import ArrayLike, NDArray

from ..signal import Signal, checked_rate

_FRAMES_AT_ONCE = 500  # are transformed together: a megabyte at 512 points, which stays in the cache


def frame_count(n: int, length: int, hop: int) -> int:
    """How many whole frames of `length` samples, one every `hop`, lie in n samples: 1 + (n - length) // hop, or 0.

    Examples
    --------
    >>> frame_count(16000, 400, 160), frame_count(399, 400, 160)
    (98, 0)
    """
    return max(0, 1 + (n - length) // hop)


def hann(length: int) -> np.ndarray:
    """The periodic Hann window w[n] = sin²(π n / length) in float64.

    Examples
    --------
    >>> hann(4).round(3)
    array([0. , 0.5, 1. , 0.5])
    """
    return np.sin(np.pi * np.arange(length) / length) ** 2


def spectra(
    x: np.ndarray, window: np.ndarray, hop: int, n_fft: int
) -> Iterator[tuple[slice, slice, NDArray[np.complex64]]]:
    """The DFT of every windowed frame of many clips, a block at a time, so that the spectra never exist all at once.

    X[m, k] = Σ_j w[j] x[m hop + j] exp(-2πi k j / n_fft)

    Parameters
    ----------
    x : contiguous ndarray of float32, shape (clips, n)
        Samples; n at least the length of the window.
    window : ndarray of float32, shape (length,)
        The window w.
    hop : int
        Samples from one frame to the next. Nothing is padded: only frames that lie within the clip count.
    n_fft : int
        Points of the transform, at least the length of the window.

    Yields
    ------
    clips, frames : slice
        Where the block belongs.
    spectra : ndarray of complex64, shape (clips, frames, n_fft // 2 + 1)
        The block.

    Examples
    --------
    >>> x = np.ones((1, 10), np.float32)
    >>> [(m, block.shape) for clip, m, block in spectra(x, hann(4).astype(np.float32), 2, 8)]
    [(slice(0, 4, None), (1, 4, 5))]
    """
    clips, frames = len(x), frame_count(x.shape[1], len(window), hop)
    # the frames where they lie; `sliding_window_view` takes as long as the product with the window
    views = np.ndarray((clips, frames, len(window)), x.dtype, x, strides=(x.strides[0], hop * x.itemsize, x.itemsize))
    frames_at_once = min(frames, _FRAMES_AT_ONCE)
    clips_at_once = max(1, min(clips, _FRAMES_AT_ONCE // frames_at_once))
    padded = np.zeros((clips_at_once, frames_at_once, n_fft), np.float32)
    for first_clip, first_frame in product(range(0, clips, clips_at_once), range(0, frames, frames_at_once)):
        at = slice(first_clip, min(clips, first_clip + clips_at_once))
        when = slice(first_frame, min(frames, first_frame + frames_at_once))
        block = padded[: at.stop - at.start, : when.stop - when.start]
        np.multiply(views[at, when], window, out=block[..., : len(window)])
        yield at, when, np.asarray(scipy.fft.rfft(block))


class Spectrogram(NamedTuple):
    """The power of a sound over time and frequency; unpacks in the order of `scipy.signal.spectrogram`.

    Attributes
    ----------
    frequencies : ndarray, shape (bins,)
        Hertz, from 0 to half the sampling rate.
    times : ndarray, shape (frames,)
        Centre of each frame in seconds after the first sample.
    power : ndarray of float32, shape (..., bins, frames)
        |DFT|² of the frames under a Hann window, not normalised.
    """

    frequencies: np.ndarray
    times: np.ndarray
    power: np.ndarray

    def decibels(self, depth: float = 80.0) -> np.ndarray:
        """10 log10 of the power relative to the largest, cut off `depth` decibels below it; silence is all -depth.

        Examples
        --------
        >>> loud_and_soft = Spectrogram(np.arange(3.0), np.zeros(1), np.array([[1e4], [1.0], [1e-9]]))
        >>> loud_and_soft.decibels().ravel()
        array([  0., -40., -80.])
        """
        peak = self.power.max()
        if peak == 0:
            return np.full_like(self.power, -depth)
        return 10 * np.log10(np.maximum(self.power / peak, 10 ** (-depth / 10)))


def spectrogram(
    x: ArrayLike | Signal,
    rate: float | None = None,
    *,
    window: float = 0.025,
    hop: float = 0.010,
    n_fft: int | None = None,
) -> Spectrogram:
    """The power spectrogram of a sound: |DFT|² of Hann-windowed frames, unpadded.

    Parameters
    ----------
    x : Signal or array_like, shape (..., n)
        Samples.
    rate : float, optional
        Samples per second; may be left out for a Signal with a rate.
    window, hop : float
        Length of a frame, and distance from one frame to the next, in seconds.
    n_fft : int, optional
        Points of the transform; the least power of two that holds a frame if left out.

    Returns
    -------
    Spectrogram
        With 1 + (n - length) // hop frames, both in samples.

    Raises
    ------
    ValueError
        Without a rate or with two different ones, for lengths that are no whole sample, a transform shorter than a
        frame, or a sound shorter than one frame.

    Examples
    --------
    >>> from ltisys import Signal, audio
    >>> tone = Signal(np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000), rate=8000)
    >>> frequencies, times, power = audio.spectrogram(tone)
    >>> power.shape, frequencies[power[:, 0].argmax()]
    ((129, 98), np.float64(1000.0))
    """
    rate = rate_of(x, rate)
    length, step = samples_in("window", window, rate), samples_in("hop", hop, rate)
    n_fft = 1 << (length - 1).bit_length() if n_fft is None else n_fft
    if n_fft < length:
        raise ValueError(f"n_fft must be at least the window's {length} samples, got {n_fft}")
    samples = as_clips(x, length)
    clips = samples.reshape(-1, samples.shape[-1])
    frames = frame_count(clips.shape[1], length, step)
    power = np.empty((len(clips), n_fft // 2 + 1, frames), np.float32)
    for at, when, block in spectra(clips, hann(length).astype(np.float32), step, n_fft):
        power[at, :, when] = (block.real**2 + block.imag**2).swapaxes(1, 2)
    return Spectrogram(
        frequencies=np.arange(n_fft // 2 + 1) * rate / n_fft,
        times=(np.arange(frames) * step + length / 2) / rate,
        power=power.reshape(*samples.shape[:-1], *power.shape[1:]),
    )


def samples_in(name: str, seconds: float, rate: float) -> int:
    """The number of samples nearest to a time, which must be at least one."""
    checked_rate(rate)
    count = round(seconds * rate)
    if count < 1:
        raise ValueError(f"{name} must be at least one sample, got {seconds} s at {rate} Hz")
    return count


def rate_of(x: ArrayLike | Signal, rate: float | None) -> float:
    """The rate given, or that of a Signal; both must agree where both are known."""
    known = x.rate if isinstance(x, Signal) else None
    if rate is None:
        rate = known
    if rate is None:
        raise ValueError("rate must be given for samples that carry none")
    if known is not None and rate != known:
        raise ValueError(f"rate must be that of the signal, {known} Hz, got {rate} Hz; see audio.resample")
    return rate


def as_clips(x: ArrayLike | Signal, length: int) -> np.ndarray:
    """Samples as float32 of shape (..., n), once they are known to be full scale at ±1 and to hold one frame."""
    x = np.asarray(x)
    if x.dtype.kind != "f":
        raise TypeError(
            f"samples must be floating point with full scale ±1, got dtype {x.dtype}; divide int16 by 32768"
        )
    if x.ndim == 0 or x.shape[-1] < length:
        raise ValueError(f"samples must hold at least one window of {length}, got shape {x.shape}")
    return np.ascontiguousarray(x, np.float32)

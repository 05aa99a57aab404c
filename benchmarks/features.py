"""Log-mel frames of one-second clips: what a spotter hears with, against what a user would take otherwise."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import scipy.fft
from scipy import signal

from ltisys import audio

from .measure import OURS, Budget, Cell, Job, run

SUITE = "log-mel"
RATE, WINDOW, HOP, BANDS, LOW = 16000, 512, 160, 40, 20.0
FLOOR = 1e-6


def jobs() -> Iterator[Job]:
    """One clip, and a batch."""
    for clips in (1, 64):
        yield Job(SUITE, f"{clips} × 1 s at 16 kHz, {BANDS} bands", partial(_measure, clips), clips == 1)


def _measure(clips: int, budget: Budget, earlier: object) -> Cell:
    x = 0.1 * np.random.default_rng(0).standard_normal((clips, RATE)).astype(np.float32)
    front_end = audio.LogMel(rate=RATE, window=WINDOW / RATE, n_fft=WINDOW, bands=BANDS, low=LOW)
    candidates = {OURS: lambda: front_end(x), **{name: partial(call, x) for name, call in _peers().items()}}
    return run(Cell(SUITE, f"{clips} × 1 s at 16 kHz, {BANDS} bands"), candidates, tolerance=1e-4, budget=budget)


def _peers() -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    window = signal.windows.hann(WINDOW, sym=False).astype(np.float32)
    mel = audio.mel_matrix(RATE, WINDOW, BANDS, low=LOW).astype(np.float32)

    def by_hand(transform: Callable[..., np.ndarray], x: np.ndarray) -> np.ndarray:
        view = np.lib.stride_tricks.sliding_window_view(x, WINDOW, axis=-1)[:, ::HOP]
        spectra = transform(view * window)
        return np.log(mel @ (spectra.real**2 + spectra.imag**2).swapaxes(1, 2) + FLOOR)

    def spectrogram(x: np.ndarray) -> np.ndarray:
        _, _, power = signal.spectrogram(
            x, RATE, window, noverlap=WINDOW - HOP, detrend=False, scaling="spectrum", mode="psd"
        )
        # it gives one-sided power over (Σ w)²: inner bins count twice
        power = power * np.float32(window.sum() ** 2)
        power[:, 1:-1] /= 2
        return np.log(mel @ power + FLOOR)

    peers = {
        "scipy.fft by hand": partial(by_hand, scipy.fft.rfft),
        "numpy.fft by hand": partial(by_hand, np.fft.rfft),
        "scipy.signal.spectrogram": spectrogram,
    }
    try:
        import librosa
    except ImportError:
        return peers

    def by_librosa(x: np.ndarray) -> np.ndarray:
        power = librosa.feature.melspectrogram(
            y=x, sr=RATE, n_fft=WINDOW, hop_length=HOP, center=False, n_mels=BANDS, fmin=LOW
        )
        return np.log(power + np.float32(FLOOR))

    return peers | {"librosa": by_librosa}

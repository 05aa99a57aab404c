"""Well-known functions of NumPy and SciPy, as black boxes of one argument."""

import numpy as np

from .blackbox import Function


def gallery() -> dict[str, Function]:
    """What is probed, by what one would write.

    In these x is the signal, h four taps, (b, a) and sos a Butterworth lowpass of order 4 at 0.2 of half the rate.
    """
    return {**_plain_numpy(), **_filters(), **_other_rates(), **_images()}


def _plain_numpy() -> dict[str, Function]:
    h = np.array([1.0, 2.0, 3.0, 4.0])
    return {
        'np.convolve(x, h, "same")': lambda x: np.convolve(x, h, "same"),
        'np.convolve(x, h, "full")': lambda x: np.convolve(x, h),
        "np.cumsum(x)": np.cumsum,
        "np.diff(x)": np.diff,
        "np.gradient(x)": np.gradient,
        "np.roll(x, 1)": lambda x: np.roll(x, 1),
        "np.flip(x)": np.flip,
        "np.sort(x)": np.sort,
        "np.abs(x)": np.abs,
        "x**2": np.square,
        "x + 1": lambda x: x + 1,
        "x - np.mean(x)": lambda x: x - np.mean(x),
        "np.round(8 * x) / 8": lambda x: np.round(8 * x) / 8,
        "x.astype(np.int16)": lambda x: x.astype(np.int16),
        "x * np.cos(2 * np.pi * n / 8)": lambda x: x * np.cos(2 * np.pi * np.arange(x.size) / 8),
        "x * np.linspace(1, 2, x.size)": lambda x: x * np.linspace(1, 2, x.size),
        "irfft(rfft(x) * lowpass)": _brick_wall,
    }


def _filters() -> dict[str, Function]:
    from scipy import signal

    h = np.array([1.0, 2.0, 3.0, 4.0])
    b, a = signal.butter(4, 0.2)  # pyright: ignore[reportAssignmentType, reportGeneralTypeIssues]
    sos = signal.butter(4, 0.2, output="sos")
    return {
        "signal.lfilter(h, 1, x)": lambda x: signal.lfilter(h, 1, x),
        "signal.lfilter(b, a, x)": lambda x: signal.lfilter(b, a, x),
        "np.clip(signal.lfilter(b, a, x), -1, 1)": lambda x: np.clip(signal.lfilter(b, a, x), -1, 1),
        "signal.sosfilt(sos, x)": lambda x: signal.sosfilt(sos, x),
        "signal.filtfilt(b, a, x)": lambda x: signal.filtfilt(b, a, x),
        'signal.filtfilt(b, a, x, method="gust")': lambda x: signal.filtfilt(b, a, x, method="gust"),
        'signal.fftconvolve(x, h, "same")': lambda x: signal.fftconvolve(x, h, "same"),
        "signal.savgol_filter(x, 7, 2)": lambda x: signal.savgol_filter(x, 7, 2),
        "np.imag(signal.hilbert(x))": lambda x: np.imag(np.asarray(signal.hilbert(x))),
        "np.abs(signal.hilbert(x))": lambda x: np.abs(np.asarray(signal.hilbert(x))),
        "signal.detrend(x)": signal.detrend,
        "signal.medfilt(x, 5)": lambda x: signal.medfilt(x, 5),
        "signal.wiener(x, 5)": lambda x: signal.wiener(x, 5),
    }


def _other_rates() -> dict[str, Function]:
    from scipy import signal

    return {
        "x[::2]": lambda x: x[::2],
        "np.repeat(x, 2)": lambda x: np.repeat(x, 2),
        "np.repeat(x[::2], 2)": lambda x: np.repeat(x[::2], 2),
        "signal.decimate(x, 2)": lambda x: signal.decimate(x, 2),
        'signal.decimate(x, 3, ftype="fir")': lambda x: signal.decimate(x, 3, ftype="fir"),
        "signal.resample_poly(x, 2, 1)": lambda x: signal.resample_poly(x, 2, 1),
        "signal.resample_poly(x, 3, 2)": lambda x: signal.resample_poly(x, 3, 2),
        "signal.resample(x, x.size // 2)": lambda x: signal.resample(x, x.size // 2),
    }


def _images() -> dict[str, Function]:
    from scipy import ndimage

    modes = ("reflect", "constant", "nearest", "mirror", "wrap", "grid-constant", "grid-mirror", "grid-wrap")
    return {
        **{
            f'ndimage.gaussian_filter1d(x, 2, mode="{mode}")': lambda x, mode=mode: ndimage.gaussian_filter1d(
                x, 2.0, mode=mode
            )
            for mode in modes
        },
        'ndimage.gaussian_filter1d(x, 2, mode="constant", cval=1)': lambda x: ndimage.gaussian_filter1d(
            x, 2.0, mode="constant", cval=1.0
        ),
        "ndimage.median_filter(x, 5)": lambda x: ndimage.median_filter(x, 5),
        "ndimage.maximum_filter1d(x, 3)": lambda x: ndimage.maximum_filter1d(x, 3),
        "ndimage.uniform_filter1d(x, 5)": lambda x: ndimage.uniform_filter1d(x, 5),
        "ndimage.uniform_filter1d(x.astype(int), 5)": lambda x: ndimage.uniform_filter1d(x.astype(int), 5),
        "ndimage.convolve1d(x.astype(np.int16), [0.5, 0.5])": lambda x: ndimage.convolve1d(
            x.astype(np.int16), [0.5, 0.5]
        ),
    }


def _brick_wall(x: np.ndarray) -> np.ndarray:
    spectrum = np.fft.rfft(x)
    spectrum[x.size // 8 :] = 0
    return np.fft.irfft(spectrum, x.size)

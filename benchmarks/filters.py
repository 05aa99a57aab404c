"""One response applied to one long signal: NumPy, SciPy, ndimage, OpenCV, and a hand-written MKL-FFT overlap-save."""

from collections.abc import Iterator

import numpy as np
import scipy.fft
from scipy import ndimage, signal

import ltisys as lti

from .measure import Cell, run

LENGTHS = (10_000, 100_000, 1_000_000, 10_000_000)
TAPS = (3, 16, 64, 256, 1024, 16384)
QUICK = {(10_000, 16), (100_000, 64), (1_000_000, 3), (1_000_000, 256), (1_000_000, 1024)}


def cells(quick: bool, rounds: int) -> Iterator[Cell]:
    """Time the filter that is applied again and again, in mode "valid"."""
    for dtype in (np.float32, np.float64):
        for n in LENGTHS:
            for k in TAPS:
                if 2 * k <= n and (not quick or (n, k) in QUICK):
                    yield _cell(np.dtype(dtype), n, k, rounds if n < 10_000_000 else max(3, rounds // 3))


def _cell(dtype: np.dtype, n: int, k: int, rounds: int) -> Cell:
    rng = np.random.default_rng(0)
    x = rng.standard_normal(n).astype(dtype)
    h = (rng.standard_normal(k) / k).astype(dtype)
    products = float(n - k + 1) * k
    candidates = {"ltisys": lambda: lti.convolve(x, h, "valid")}
    cell = Cell("1-D", f"{dtype.name} N={n:.0e} K={k}", work={"products": products, "bytes": 2.0 * x.nbytes})
    if products < 3e9:
        candidates["numpy.convolve"] = lambda: np.convolve(x, h, "valid")
        candidates["scipy.signal.lfilter"] = lambda: signal.lfilter(h, np.ones(1, dtype), x)[k - 1 :]
        candidates["scipy.ndimage.convolve1d"] = lambda: _inside(ndimage.convolve1d(x, h), n, k)
    else:
        cell.left_out |= dict.fromkeys(
            ("numpy.convolve", "scipy.signal.lfilter", "scipy.ndimage.convolve1d"), "over 2 s"
        )
    candidates["scipy.signal.oaconvolve"] = lambda: signal.oaconvolve(x, h, "valid")
    candidates |= _opencv(x, h, n, k) | _mkl(x, h)
    return run(cell, candidates, tolerance=1e-3 if dtype == np.float32 else 1e-9, rounds=rounds)


def _inside(y: np.ndarray, n: int, k: int) -> np.ndarray:
    first = k - 1 - k // 2
    return y[first : first + n - k + 1]


def _opencv(x, h, n, k):
    try:
        import cv2
    except ImportError:
        return {}
    flipped, row = h[::-1].copy(), x[None]

    def filtered():
        return cv2.filter2D(row, -1, flipped[None], anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)[0, : n - k + 1]

    return {"cv2.filter2D": filtered}


def _mkl(x, h):
    """Overlap-save as an expert would write it: the spectrum of h kept, blocks as one batch."""
    try:
        import mkl_fft
    except ImportError:
        return {}
    n, k = len(x), len(h)
    length = scipy.fft.next_fast_len(min(max(8 * k, 4096), 2 * n), True)
    fresh = length - k + 1
    n_blocks = -(-(n - k + 1) // fresh)
    spectrum = mkl_fft.rfft_numpy(h, length) if hasattr(mkl_fft, "rfft_numpy") else mkl_fft.rfft(h, length)
    forward = getattr(mkl_fft, "rfft_numpy", None) or mkl_fft.rfft
    backward = getattr(mkl_fft, "irfft_numpy", None) or mkl_fft.irfft

    def overlap_save():
        padded = np.zeros((n_blocks - 1) * fresh + length, x.dtype)
        padded[:n] = x
        blocks = np.lib.stride_tricks.sliding_window_view(padded, length)[::fresh]
        y = backward(forward(blocks, length) * spectrum, length)
        return y[:, k - 1 :].reshape(-1)[: n - k + 1]

    return {"mkl_fft overlap-save": overlap_save}

"""One response applied to one long signal: NumPy, SciPy, ndimage, OpenCV, and a hand-written MKL-FFT overlap-save."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
import scipy.fft
from scipy import ndimage, signal

import ltisys as lti

from .forced import forced
from .measure import OURS, Budget, Cell, Job, foresee, run

LENGTHS = (10_000, 100_000, 1_000_000, 10_000_000)
TAPS = (3, 16, 64, 256, 1024, 16384)
QUICK = {(10_000, 16), (100_000, 64), (1_000_000, 3), (1_000_000, 256), (1_000_000, 1024)}
WARM, COLD = "1-D", "1-D, a filter never seen before"
RESPONSES = 64  # twice as many as the engine keeps
FAR = 3.0  # a peer so many times slower than the best with a known filter is not asked again with new ones

Filter = Callable[[np.ndarray], np.ndarray]
Earlier = Mapping[tuple[str, str], Cell]


def jobs() -> Iterator[Job]:
    """Filters that are applied again and again, in mode "valid", float32 and float64."""
    for dtype, n, k in _grid():
        yield Job(WARM, _name(dtype, n, k), partial(_warm, dtype, n, k), (n, k) in QUICK, 2.5 + n * 1.5e-6)


def cold_jobs() -> Iterator[Job]:
    """The same with another filter in every call."""
    for dtype, n, k in _grid():
        is_quick = (n, k) == (100_000, 64)
        yield Job(COLD, _name(dtype, n, k), partial(_cold, dtype, n, k), is_quick, 1.5 + n * 6e-7)


def _grid() -> Iterator[tuple[np.dtype, int, int]]:
    for dtype, n, k in itertools.product((np.float32, np.float64), LENGTHS, TAPS):
        if 2 * k <= n:
            yield np.dtype(dtype), n, k


def _name(dtype: np.dtype, n: int, k: int) -> str:
    return f"{dtype.name} N={n:.0e} K={k}"


def _cell(suite: str, dtype: np.dtype, n: int, k: int) -> Cell:
    work = {"products": float(n - k + 1) * k, "bytes": (2.0 * n - k + 1) * dtype.itemsize, "itemsize": dtype.itemsize}
    return Cell(suite, _name(dtype, n, k), work=work)


def _signal(dtype: np.dtype, n: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.standard_normal(n).astype(dtype), (rng.standard_normal((RESPONSES, k)) / k).astype(dtype)


def _warm(dtype: np.dtype, n: int, k: int, budget: Budget, earlier: Earlier) -> Cell:
    x, responses = _signal(dtype, n, k)
    h = responses[0]
    cell = _cell(WARM, dtype, n, k)
    room = np.empty(n - k + 1, dtype)
    call = partial(lti.convolve, x, h, "valid")
    cell.note, methods = forced(x, h, call, mode="valid")
    peers = {name: partial(known(h), x) for name, known in _peers(dtype, n, k).items()}
    peers = foresee(cell, peers, earlier.get((WARM, _name(dtype, n // 10, k))), 10)
    candidates = {OURS: call, f"{OURS} out=": partial(call, out=room), **peers, **methods}
    return run(cell, candidates, tolerance=_tolerance(dtype), budget=budget)


def _cold(dtype: np.dtype, n: int, k: int, budget: Budget, earlier: Earlier) -> Cell:
    x, responses = _signal(dtype, n, k)
    cell = _cell(COLD, dtype, n, k)
    cell.note, _ = forced(x, responses[0], lti.convolve, mode="valid")
    peers = _peers(dtype, n, k)
    if warm := earlier.get((WARM, cell.name)):
        near = FAR * min(warm.peers().values())
        cell.left_out = {p: f"over {FAR:g} × the best" for p, t in warm.peers().items() if t > near}
        cell.left_out |= {p: why for p, why in warm.left_out.items() if not p.startswith(OURS)}
        peers = {name: peer for name, peer in peers.items() if name not in cell.left_out}
    cycles = {}

    def fresh(name: str, apply: Callable[[np.ndarray], np.ndarray]) -> Callable[[], np.ndarray]:
        cycles[name] = itertools.cycle(responses)  # its own, so that all meet the same responses in the same order
        return lambda: apply(next(cycles[name]))

    candidates = {OURS: fresh(OURS, lambda h: lti.convolve(x, h, "valid"))}
    for name, known in peers.items():
        candidates[name] = fresh(name, lambda h, known=known: known(h)(x))
    return run(cell, candidates, tolerance=_tolerance(dtype), budget=budget)


def _tolerance(dtype: np.dtype) -> float:
    return 1e-3 if dtype == np.float32 else 1e-9


def _peers(dtype: np.dtype, n: int, k: int) -> dict[str, Callable[[np.ndarray], Filter]]:
    """Return the peers: each makes of a response what then filters, so that what can be made ready before is."""
    one = np.ones(1, dtype)
    first = k - 1 - k // 2
    return {
        "numpy.convolve": lambda h: lambda x: np.convolve(x, h, "valid"),
        "scipy.signal.lfilter": lambda h: lambda x: signal.lfilter(h, one, x)[k - 1 :],
        "scipy.signal.oaconvolve": lambda h: lambda x: signal.oaconvolve(x, h, "valid"),
        "scipy.ndimage.convolve1d": lambda h: lambda x: ndimage.convolve1d(x, h)[first : first + n - k + 1],
        **_opencv(n, k),
        **_mkl(n, k),
    }


def _opencv(n: int, k: int):
    try:
        import cv2
    except ImportError:
        return {}

    def known(h):
        flipped = h[::-1].copy()[None]
        # a row: along a column OpenCV takes several times as long
        words = {"anchor": (0, 0), "borderType": cv2.BORDER_CONSTANT}
        return lambda x: cv2.filter2D(x[None], -1, flipped, **words)[0, : n - k + 1]

    return {"cv2.filter2D": known}


def _mkl(n: int, k: int):
    """Overlap-save as an expert would write it: the spectrum of h kept, blocks as one batch."""
    try:
        import mkl_fft
    except ImportError:
        return {}
    length = scipy.fft.next_fast_len(min(max(8 * k, 4096), 2 * n), True)
    fresh = length - k + 1
    n_blocks = -(-(n - k + 1) // fresh)
    forward = getattr(mkl_fft, "rfft_numpy", None) or mkl_fft.rfft
    backward = getattr(mkl_fft, "irfft_numpy", None) or mkl_fft.irfft

    def known(h):
        spectrum = forward(h, length)

        def overlap_save(x):
            padded = np.zeros((n_blocks - 1) * fresh + length, x.dtype)
            padded[:n] = x
            blocks = np.lib.stride_tricks.sliding_window_view(padded, length)[::fresh]
            y = backward(forward(blocks, length) * spectrum, length)
            return y[:, k - 1 :].reshape(-1)[: n - k + 1]

        return overlap_save

    return {"mkl_fft overlap-save": known}

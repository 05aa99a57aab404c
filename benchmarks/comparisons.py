"""What each table is held against: whose time is divided by whose, and what is aimed at."""

from collections.abc import Callable
from typing import NamedTuple

from . import banks, filters, images, small
from .measure import OURS, Cell

SCIPY = ("numpy.convolve", "scipy.signal.lfilter", "scipy.signal.oaconvolve")
NDIMAGE, MKL = ("scipy.ndimage.convolve1d",), ("mkl_fft overlap-save",)
OPENCV = ("cv2.filter2D",)
TORCH = ("torch",)
LAST = ("torch channels_last",)


class Comparison(NamedTuple):
    """Time of the fastest of `peers`, of all if there are none, divided by that of `ours`, over the cells of a table.

    `mean` is what the geometric mean should reach, `each` what no cell should stay below; None where nothing is aimed
    at. `of` picks the cells.
    """

    title: str
    peers: tuple[str, ...] = ()
    ours: str = OURS
    mean: float | None = None
    each: float | None = None
    of: Callable[[Cell], bool] = lambda cell: True

    def ratios(self, cells: list[Cell]) -> dict[str, float]:
        """Return the ratios by the name of the cell, where there is one."""
        found = {cell.name: cell.ratio(*self.peers, ours=self.ours) for cell in cells if self.of(cell)}
        return {name: ratio for name, ratio in found.items() if ratio == ratio}


def _is_single(cell: Cell) -> bool:
    return cell.name.endswith("batch 1")


def _is_batch(cell: Cell) -> bool:
    return not _is_single(cell)


ALL = Comparison("the best of all peers", each=1.0)
BANKS = (
    Comparison(
        "engine's layout, batch 32 and 128, the better of PyTorch's two layouts", mean=1.8, each=1.0, of=_is_batch
    ),
    Comparison(
        "contiguous in and out, batch 32 and 128, the better of the two", ours=banks.CONTIGUOUS, mean=1.0, of=_is_batch
    ),
    Comparison("batch 1, PyTorch's ordinary layout", TORCH, each=1.0, of=_is_single),
    Comparison("batch 1, PyTorch's channels_last", LAST, each=0.8, of=_is_single),
)
COMPARISONS = {
    filters.WARM: (
        ALL,
        Comparison("the best of NumPy, SciPy, ndimage and OpenCV", SCIPY + NDIMAGE + OPENCV, mean=4.0),
        Comparison("the best of NumPy and SciPy", SCIPY, mean=10.0),
        Comparison("the hand-written MKL-FFT overlap-save", MKL, mean=2.0),
    ),
    filters.COLD: (Comparison("the best of all peers", each=0.9),),
    images.SUITE: (
        Comparison("OpenCV", ("OpenCV",), mean=3.5, each=1.0),
        Comparison("scipy.ndimage", ("scipy.ndimage",), mean=15.0),
    ),
    small.SUITE: (
        Comparison("scipy.signal.convolve", ("scipy.signal.convolve",), each=1.0),
        Comparison("numpy.convolve", ("numpy.convolve",), each=0.0),
    ),
    banks.FORWARD: BANKS,
    banks.WRT_INPUT: BANKS,
    banks.WRT_FIRST_INPUT: BANKS,
    banks.WRT_WEIGHTS: BANKS,
}


def of(suite: str) -> tuple[Comparison, ...]:
    """Return the comparisons of a table."""
    return COMPARISONS.get(suite, (ALL,))

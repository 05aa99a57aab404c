"""Filters on one image, border reflected: OpenCV and scipy.ndimage."""

from collections.abc import Iterator

import numpy as np
from scipy import ndimage

import ltisys as lti

from .measure import Cell, run

SIZES = (512, 2048, 4096)
KERNELS = (3, 5, 7, 15, 31)
SEPARABLE = (15, 31)
QUICK = {(512, 3), (512, 7), (2048, 3), (2048, 15)}


def cells(quick: bool, rounds: int) -> Iterator[Cell]:
    """Time general and separable kernels, float32."""
    for size in SIZES:
        for k in KERNELS:
            if not quick or (size, k) in QUICK:
                yield _cell(size, k, rounds, separable=False)
        for k in SEPARABLE:
            if not quick or size == 512:
                yield _cell(size, k, rounds, separable=True)


def _cell(size: int, k: int, rounds: int, *, separable: bool) -> Cell:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((size, size)).astype(np.float32)
    column, row = (rng.standard_normal((2, k)) / k).astype(np.float32)
    h = np.outer(column, row) if separable else (rng.standard_normal((k, k)) / k**2).astype(np.float32)
    taps = 2 * k if separable else k * k
    cell = Cell(
        "2-D",
        f"{size}² {'separable ' if separable else ''}{k}×{k}",
        work={"products": float(size) ** 2 * taps, "bytes": 2.0 * x.nbytes},
    )
    candidates = {"ltisys": lambda: lti.convolve2d(x, h, "same", padding="reflect", origin="ndimage")}
    candidates |= _opencv(x, h, column if separable else None, row)
    if separable:

        def passes():
            return ndimage.convolve1d(ndimage.convolve1d(x, row, 1, mode="mirror"), column, 0, mode="mirror")

        candidates["scipy.ndimage"] = passes
    elif float(size) ** 2 * taps < 1e9:
        candidates["scipy.ndimage"] = lambda: ndimage.convolve(x, h, mode="mirror")
    else:
        cell.left_out["scipy.ndimage"] = "over 2 s"
    return run(cell, candidates, tolerance=1e-4, rounds=max(3, rounds // (3 if size == 4096 else 1)))


def _opencv(x, h, column, row):
    try:
        import cv2
    except ImportError:
        return {}
    if column is not None:
        across, down = row[::-1].copy(), column[::-1].copy()
        return {"cv2.sepFilter2D": lambda: cv2.sepFilter2D(x, -1, across, down, borderType=cv2.BORDER_REFLECT_101)}
    flipped = h[::-1, ::-1].copy()
    return {"cv2.filter2D": lambda: cv2.filter2D(x, -1, flipped, borderType=cv2.BORDER_REFLECT_101)}

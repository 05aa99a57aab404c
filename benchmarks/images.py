"""Filters on one image, border reflected: OpenCV and scipy.ndimage."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from scipy import ndimage

import ltisys as lti

from .filters import Earlier
from .forced import forced
from .measure import OURS, Budget, Cell, Job, foresee, run

SIZES = (512, 2048, 4096)
KERNELS = (3, 5, 7, 15, 31)
SEPARABLE = (15, 31)
QUICK = {(512, 3, False), (512, 7, False), (2048, 3, False), (2048, 15, False), (512, 15, True), (512, 31, True)}
SUITE = "2-D"
WORDS = {"mode": "same", "padding": "reflect", "origin": "ndimage"}


def jobs() -> Iterator[Job]:
    """General and separable kernels, float32."""
    for size in SIZES:
        for k, separable in (*((k, False) for k in KERNELS), *((k, True) for k in SEPARABLE)):
            measure = partial(_measure, size, k, separable)
            yield Job(SUITE, _name(size, k, separable), measure, (size, k, separable) in QUICK, 2.0 + size**2 * 4e-7)


def _name(size: int, k: int, separable: bool) -> str:
    return f"{size}² {'separable ' if separable else ''}{k}×{k}"


def _measure(size: int, k: int, separable: bool, budget: Budget, earlier: Earlier) -> Cell:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((size, size)).astype(np.float32)
    column, row = (rng.standard_normal((2, k)) / k).astype(np.float32)
    h = np.outer(column, row) if separable else (rng.standard_normal((k, k)) / k**2).astype(np.float32)
    products = float(size) ** 2 * (2 * k if separable else k * k)
    work = {"products": products, "bytes": 2.0 * x.nbytes, "itemsize": 4}
    cell = Cell(SUITE, _name(size, k, separable), work=work)
    call = partial(lti.convolve2d, x, h, **WORDS)
    cell.note, methods = forced(x, h, call, **WORDS)
    peers = _opencv(x, h, column if separable else None, row) | _ndimage(x, h, column if separable else None, row)
    smaller = SIZES[max(0, SIZES.index(size) - 1)]
    peers = foresee(cell, peers, earlier.get((SUITE, _name(smaller, k, separable))), (size / smaller) ** 2)
    candidates = {OURS: call, f"{OURS} out=": partial(call, out=np.empty_like(x)), **peers, **methods}
    return run(cell, candidates, tolerance=1e-4, budget=budget)


def _ndimage(x, h, column, row):
    if column is None:
        return {"scipy.ndimage": lambda: ndimage.convolve(x, h, mode="mirror")}

    def passes():
        return ndimage.convolve1d(ndimage.convolve1d(x, row, 1, mode="mirror"), column, 0, mode="mirror")

    return {"scipy.ndimage": passes}


def _opencv(x, h, column, row):
    try:
        import cv2
    except ImportError:
        return {}
    if column is not None:
        across, down = row[::-1].copy(), column[::-1].copy()
        return {"OpenCV": lambda: cv2.sepFilter2D(x, -1, across, down, borderType=cv2.BORDER_REFLECT_101)}
    flipped = h[::-1, ::-1].copy()
    return {"OpenCV": lambda: cv2.filter2D(x, -1, flipped, borderType=cv2.BORDER_REFLECT_101)}

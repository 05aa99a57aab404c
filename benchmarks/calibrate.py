"""Measure the constants of the cost model on this machine: ``python -m benchmarks.calibrate``.

Methods are forced on jobs of many sizes, on one thread and with the result written in place. For each kind of work the
constants are those, none negative, whose prices come closest to the times, deviations being relative. What is printed
is the entry of this class of machines in `ltisys.convolution.calibration.PRICES`.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np
from scipy.optimize import nnls

import ltisys as lti
from ltisys.convolution import fir, image, image_fourier, overlap
from ltisys.convolution.calibration import PRICES
from ltisys.convolution.geometry import convolution_geometry
from ltisys.convolution.simd import REGISTER_BYTES

from . import machine

Job = tuple[tuple[float, ...], Callable[[], object]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibrate", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="samples of each job")
    options = parser.parse_args()
    os.environ["LTISYS_THREADS"] = "1"
    machine.with_allocator_settings("benchmarks.calibrate")
    print(f"    {REGISTER_BYTES}: {{")
    for kind, jobs in (
        ("rows", rows()),
        ("blocks4", blocks(np.float32)),
        ("blocks8", blocks(np.float64)),
        ("images", images()),
        ("passes", passes()),
        ("tiles", tiles()),
    ):
        constants, deviation = fit(list(jobs), options.rounds)
        numbers = ", ".join(f"{c:.3g}" for c in constants)
        print(
            f'        "{kind}": ({numbers}),  # within {deviation:.0%}, was {PRICES[REGISTER_BYTES][kind]}', flush=True
        )
    print("    },")


def fit(jobs: list[Job], rounds: int) -> tuple[np.ndarray, float]:
    """Return the constants, and the median deviation of a price from the time."""
    for _, run in jobs:
        run()
    times = np.array([median(run, rounds) for _, run in jobs])
    efforts = np.array([effort for effort, _ in jobs]) / times[:, None]
    constants, _ = nnls(efforts, np.ones(len(jobs)))
    return constants, float(np.median(np.abs(efforts @ constants - 1)))


def median(run: Callable[[], object], rounds: int) -> float:
    """Return the median time of a call in ns."""
    samples = []
    for _ in range(rounds):
        start = time.perf_counter_ns()
        run()
        samples.append(time.perf_counter_ns() - start)
    return statistics.median(samples)


def rows() -> Iterator[Job]:
    for dtype in (np.float32, np.float64):
        for n in (100, 1000, 10_000, 100_000, 1_000_000):
            for k in (3, 9, 16, 33, 64, 128, 256):
                yield fir.effort(k, n, np.dtype(dtype).itemsize), in_time(n, k, dtype, "direct")


def blocks(dtype) -> Iterator[Job]:
    size = np.dtype(dtype).itemsize
    for n in (200, 2000, 10_000, 100_000, 1_000_000, 5_000_000, 10_000_000):
        for k in (64, 256, 1024, 4096, 16384):
            if 2 * k <= n:
                points, _ = overlap.cheapest(k, 1, n, size)
                n_blocks = -(-n // overlap.fresh_outputs(points, k, size))
                pairs = -(-n_blocks // 2)
                yield overlap.effort(points, pairs, size, n), in_time(n, k, dtype, "fft")


def in_time(n: int, k: int, dtype, method: str) -> Callable[[], object]:
    rng = np.random.default_rng(0)
    x, h = rng.standard_normal(n).astype(dtype), rng.standard_normal(k).astype(dtype)
    ready, y = lti.plan((n,), (k,), dtype, mode="same", method=method).bind(h), np.empty_like(x)
    return lambda: ready(x, out=y)


def images() -> Iterator[Job]:
    for size in (16, 64, 200, 512, 1024):
        for k in (3, 5, 7, 9, 15):
            yield image.effort((k, k), (size, size), 4), in_space(size, (k, k), "direct")


def passes() -> Iterator[Job]:
    for size in (16, 64, 200, 512, 1024):
        for taps in ((5, 5), (15, 15), (31, 31), (3, 31), (31, 3)):
            yield image.effort(taps, (size, size), 4, 1), in_space(size, taps, "separable")


def tiles() -> Iterator[Job]:
    for size in (16, 64, 200, 512, 1024):
        for tile in ((32, 32), (64, 64), (64, 128), (128, 128), (256, 256)):
            for k in (7, 15, 31, 63):
                if 2 * k < min(tile):
                    pairs = image_fourier.pairs_of(tile, (k, k), (size, size), 4)
                    yield image_fourier.effort(tile, pairs, 4), in_tiles(size, k, tile)


def in_space(size: int, taps: tuple[int, int], method: str) -> Callable[[], object]:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((size, size)).astype(np.float32)
    column, row = (rng.standard_normal(k).astype(np.float32) for k in taps)
    h = np.outer(column, row) if method == "separable" else rng.standard_normal(taps).astype(np.float32)
    ready = lti.plan(x.shape, h.shape, np.float32, mode="same", padding="reflect", method=method).bind(h)
    y = np.empty_like(x)
    return lambda: ready(x, out=y)


def in_tiles(size: int, k: int, tile: tuple[int, int]) -> Callable[[], object]:
    rng = np.random.default_rng(0)
    x, w = (rng.standard_normal(shape).astype(np.float32) for shape in ((size, size), (1, 1, 1, k, k)))
    same = convolution_geometry(size, k, "same", centre=k // 2)
    ready = image_fourier.prepare(w, (same, same), ("reflect", "reflect"), 0, tile)
    assert ready is not None
    y = np.empty_like(x)
    return lambda: ready(x, y)


if __name__ == "__main__":
    main()

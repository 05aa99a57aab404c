"""The device of the benchmark: its name, its ceilings, a check that it computes, events, and copies up and down."""

import statistics
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np

import ltisys
from ltisys.convolution.cuda.target import cuda

from .machine import commit, engine

COPIED = 1 << 27  # samples
TURNS = 4096  # of the loop of multiply-adds
CHAINS = 8  # sums of a thread that do not wait for each other

cupy: Any = import_module("cupy")
lti: Any = ltisys


def machine() -> dict[str, Any]:
    """Return what was measured on, with which versions and which state of the repository."""
    properties = cupy.cuda.runtime.getDeviceProperties(cupy.cuda.runtime.getDevice())
    versions = {name: _version(name) for name in ("numba_cuda", "cupy", "torch")}
    driver = cupy.cuda.runtime.driverGetVersion()
    return {
        "device": properties["name"].decode(),
        "driver": driver,
        "versions": versions,
        "commit": commit(),
        "engine": engine(),
    }


def wrong() -> str:
    """Return what is wrong with compiler or results, or nothing: the lecture's numbers, by sums and by transforms."""
    for method in ("direct", "fft"):
        try:
            found = lti.convolve(cupy.asarray([3, 1, 2], "f4"), cupy.asarray([3, 2, 1], "f4"), method=method).get()
        except Exception as failure:  # compilers and drivers fail in many ways, and this is where they say how
            return f"{method}: {type(failure).__name__}: {failure}"
        if not np.allclose(found, [9, 9, 11, 5, 2], atol=1e-4):
            return f"{method} gives {found.tolist()} and not 9, 9, 11, 5, 2"
    return ""


def ceilings() -> dict[str, float]:
    """Return bytes read and written by a copy, and multiply-adds of float32, per second."""
    source, target = cupy.zeros(COPIED, "f4"), cupy.empty(COPIED, "f4")
    copying = statistics.median(seconds([lambda: cupy.copyto(target, source)] * 10) / 10 for _ in range(7))
    blocks, threads = 132 * 16, 256
    sums = cupy.zeros(blocks * threads, "f4")
    job = _chains[blocks, threads, 0]
    job(sums, np.float32(1.0), np.float32(1e-9))
    multiplying = statistics.median(seconds([lambda: job(sums, np.float32(1.0), np.float32(1e-9))]) for _ in range(7))
    return {
        "bytes per second": 8 * COPIED / copying,
        "products per second": blocks * threads * TURNS * CHAINS / multiplying,
    }


def seconds(calls: Sequence[Callable[[], Any]]) -> float:
    """Return the time between two events around all calls, on the default stream, where all candidates work."""
    begin, end = cupy.cuda.Event(), cupy.cuda.Event()
    begin.record()
    for call in calls:
        call()
    end.record()
    end.synchronize()
    return cupy.cuda.get_elapsed_time(begin, end) / 1e3


def wait() -> None:
    """Wait until all is done."""
    cupy.cuda.Device().synchronize()


def upload(arrays: Sequence[np.ndarray]) -> tuple[Any, ...]:
    """Copy arrays to the device."""
    return tuple(cupy.asarray(each) for each in arrays)


def download(array: Any) -> np.ndarray:
    """Copy an array of any of the libraries to main memory."""
    return array.cpu().numpy() if hasattr(array, "cpu") else array.get()


@cuda.jit
def _chains(sums, a, b):
    me = cuda.grid(1)
    s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = sums[me]
    for _ in range(TURNS):
        s0, s1, s2, s3 = s0 * a + b, s1 * a + b, s2 * a + b, s3 * a + b
        s4, s5, s6, s7 = s4 * a + b, s5 * a + b, s6 * a + b, s7 * a + b
    sums[me] = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7


def _version(name: str) -> str:
    try:
        return import_module(name).__version__
    except ImportError:
        return "not installed"

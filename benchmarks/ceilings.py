"""What the machine can do at most: fused multiply-adds and bytes copied per second, on all threads of the engine."""

import functools
import itertools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from ltisys.convolution import threads
from ltisys.convolution.compilation import kernel, part
from ltisys.convolution.rows import copy as copy_row
from ltisys.convolution.simd import REGISTERS, Emitter
from ltisys.convolution.team import shared, task_of

TURNS = 200_000  # of a window: long enough to see all cores at once, short enough to fall between disturbances
WINDOWS = 25
COPIED = (1 << 20, 4_000_000, 16 << 20, 40_000_000, 64 << 20)  # bytes of an array
UNIT = 4096  # samples

Limits = dict[str, dict[str, float]]


def measured(windows: int = WINDOWS) -> Limits:
    """Return products per second by dtype, and bytes read and written per second by the size of a copied array."""
    crew = ThreadPoolExecutor(threads.count())
    try:
        return {
            "products per second": {np.dtype(t).name: _peak(t, crew, windows) for t in (np.float32, np.float64)},
            "bytes per second": {str(size): _bandwidth(size, crew, windows) for size in COPIED},
        }
    finally:
        crew.shutdown()


def merged(old: Limits, new: Limits) -> Limits:
    """Return the larger of two measurements of each limit: what disturbs can only lower them."""
    return {
        kind: {name: max(value, old.get(kind, {}).get(name, 0.0)) for name, value in values.items()}
        for kind, values in new.items()
    }


def _multiply_adds(typing_context, room, n):
    """Do n turns of multiply-adds that depend on nothing but the last turn's; return how many products a turn has."""
    sums = REGISTERS - 4

    def generate(context, builder, signature, args):
        emit = Emitter(context, builder, signature, args, room.dtype)
        a, b = emit.load(emit.data(0)), emit.load(emit.data(0, emit.index(emit.lanes)))
        # sums that begin alike stay alike, and a compiler may make one of them
        begin = [emit.constant(float(number)) for number in range(sums)]
        totals = emit.loop(args[1], begin, lambda _, held: [emit.fma(a, b, total) for total in held])
        emit.store(functools.reduce(emit.add, totals), emit.data(0))  # each of them counts, or none would be computed
        return emit.index(sums * emit.lanes)

    return types.intp(room, types.intp), generate


_fma: Any = intrinsic(_multiply_adds)


@kernel
def _turns(room, n):
    return _fma(room, n)


def _peak(dtype, crew: ThreadPoolExecutor, windows: int) -> float:
    """Return products per second of all threads together, in the best of the windows."""
    rooms = [np.zeros(64, dtype) for _ in range(crew._max_workers)]
    products = sum(crew.map(lambda room: _turns(room, 1), rooms)) * float(TURNS)
    return products / best(lambda: list(crew.map(lambda room: _turns(room, TURNS), rooms)), windows)


@part
def _copy_some(source, target, who, start, stop):
    copy_row(source, start, target, start, stop - start)
    return True


_copy = task_of(_copy_some)


@kernel
def _copy_all(source, target, board, n_threads):
    return shared(_copy((source, target)), source.shape[0], UNIT, board, n_threads)


def _bandwidth(size: int, crew: ThreadPoolExecutor, windows: int) -> float:
    """Return bytes per second of the faster of two copies: the engine's vectors, and the C library by parts."""
    source, target = np.ones(size // 4, np.float32), np.empty(size // 4, np.float32)
    cost = size / 20  # ns on one thread, about
    bounds = [len(source) * i // crew._max_workers for i in range(crew._max_workers + 1)]
    parts = [(target[a:b], source[a:b]) for a, b in itertools.pairwise(bounds)]
    by_vectors = best(lambda: _copy_all(source, target, *threads.board_for(cost)), 4 * windows)
    by_library = best(lambda: list(crew.map(lambda part: np.copyto(*part), parts)), windows)
    return 2 * size / min(by_vectors, by_library)


def best(call: Callable[[], object], windows: int) -> float:
    """Return the shortest time of a call."""
    call()
    times = []
    for _ in range(windows):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)

"""Threads of the engine: one small pool, started by the first job that is worth it.

Kernels release the interpreter lock, so plain Python threads run them side by side. A job is cut into parts that do
not depend on one another; which thread runs a part, and how many there are, never shows in a result.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import pairwise

WORTH = 100e3  # ns of work below which waking a thread costs more than it saves


def count() -> int:
    """Return how many threads a job may use: the processors this process may run on, or LTISYS_THREADS."""
    given = os.environ.get("LTISYS_THREADS", "")
    return max(1, int(given)) if given.isdecimal() else _processors()


def in_parts(function: Callable[[int, int], object], n: int, cost: float, *, unit: int = 1) -> bool:
    """Call `function(start, stop)` on parts of range(n), side by side; tell whether every call returned True.

    Parameters
    ----------
    function : callable
        Works on the items start … stop − 1; what it does there must not depend on the other items.
    n : int
        Number of items.
    cost : float
        Estimated time of all of them on one thread, in ns; short jobs stay on the caller's thread.
    unit : int
        Parts begin at multiples of this.

    Examples
    --------
    >>> in_parts(lambda start, stop: stop > start, 10, cost=1e3)
    True
    """
    n_units = -(-n // unit)
    n_parts = max(1, min(count(), n_units)) if cost > WORTH else 1
    if n_parts == 1:
        return bool(function(0, n))
    starts = [unit * (n_units * part // n_parts) for part in range(n_parts)] + [n]
    pool = _pool()
    others = [pool.submit(function, *part) for part in pairwise(starts[1:])]
    try:
        first = function(0, starts[1])
    finally:
        wait(others)  # nothing may still write when the caller goes on, not even after an error
    return all([first, *(other.result() for other in others)])


_lock = threading.Lock()
_started: dict[str, ThreadPoolExecutor] = {}


def _pool() -> ThreadPoolExecutor:
    with _lock:
        if "pool" not in _started:
            _started["pool"] = ThreadPoolExecutor(max(1, count() - 1), thread_name_prefix="ltisys")
        return _started["pool"]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _forget() -> None:
    """Start anew in a forked process, where threads, and whoever held the lock, do not exist."""
    global _lock
    _lock = threading.Lock()
    _started.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)

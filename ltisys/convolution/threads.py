"""Threads of the engine: the helpers of `team`, started by the first job that is worth them.

Kernels release the interpreter lock, so that helpers are plain Python threads that wait and work in compiled code. How
many there are never shows in a result.
"""

import ctypes
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

import numpy as np

from . import team

WORTH = 15e3  # ns of a job, its call included, below which sharing costs more than it saves
WORTH_WAKING = 40e3  # ns of a job for which a helper is woken: that takes about as long as the work that is left


def _environment() -> tuple[Mapping[Any, Any], Any]:
    """Return what holds the environment's variables, and the key of ours: if it is known, the dictionary in os.environ.

    Every job asks, and os.environ itself takes ten times as long to answer that a variable is not set.
    """
    below = getattr(os.environ, "_data", None)
    name = "LTISYS_THREADS"
    return (below, os.environ.encodekey(name)) if isinstance(below, dict) else (os.environ, name)


_settings, _NAME = _environment()


def count() -> int:
    """Return how many threads a job may use: the processors this process may run on, or LTISYS_THREADS."""
    given = _settings.get(_NAME, "")
    number = given.isascii() and given.isdigit()
    return min(max(1, int(given)) if number else _processors(), team.MOST_THREADS)


def board_for(cost: float) -> tuple[np.ndarray, int]:
    """Return where helpers wait, and how many threads may do a job of this cost: the last arguments of `team.shared`.

    Parameters
    ----------
    cost : float
        Estimated time of the whole job on one thread, in ns; short jobs stay on the caller's thread.

    Examples
    --------
    >>> board_for(cost=1e3)[1]
    1
    """
    if cost <= WORTH or (threads := count()) == 1:
        return _NOBODY, 1
    return _team().called(threads, cost > WORTH_WAKING)


class _Team:
    """The helpers of this process: threads that serve a board, each with a lock it sleeps on."""

    def __init__(self):
        self.board = np.zeros(team.WORDS, np.int64)
        self._asleep: list[threading.Lock] = []
        self._beds: list[threading.Lock] = []
        self._helpers: list[threading.Thread] = []
        self._lock = threading.Lock()

    def called(self, threads: int, wake: bool) -> tuple[np.ndarray, int]:
        """Return the board and the number of threads; with `wake`, sleeping helpers are woken and missing ones made."""
        if wake and (self._asleep or len(self._beds) < threads - 1):
            with self._lock:
                while len(self._beds) < threads - 1:
                    self._hire()
                self._keep_away()
                while self._asleep:
                    self._asleep.pop().release()
        return self.board, min(threads, len(self._beds) + 1)

    def _hire(self) -> None:
        bed = threading.Lock()
        bed.acquire()
        self._beds.append(bed)
        who = len(self._beds)
        helper = threading.Thread(target=self._help, args=(bed, who), name=f"ltisys-{who}", daemon=True)
        helper.start()
        self._helpers.append(helper)

    def _keep_away(self) -> None:
        """Let helpers run on all processors but the caller's: woken on that one they would wait until the job is over.

        Left to itself Linux may put a thread that is woken beside the one that wakes it, and leave it there.
        """
        if _this_processor is None:
            return
        elsewhere = os.sched_getaffinity(0) - {_this_processor()}
        with suppress(OSError):  # a sandbox may forbid it
            for helper in self._helpers if elsewhere else ():
                os.sched_setaffinity(helper.native_id or 0, elsewhere)

    def _help(self, bed: threading.Lock, who: int) -> None:
        while True:
            team.serve(self.board, who)
            self._asleep.append(bed)
            bed.acquire()


_NOBODY = np.zeros(team.WORDS, np.int64)
_lock = threading.Lock()
_started: list[_Team] = []


def _team() -> _Team:
    if not _started:
        with _lock:
            if not _started:
                _started.append(_Team())
    return _started[0]


def _counter_of_processors() -> Callable[[], int] | None:
    """Return what tells the processor a thread runs on, where the system says so and lets threads be moved."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    try:
        return ctypes.CDLL(None).sched_getcpu
    except (OSError, AttributeError):
        return None


_this_processor = _counter_of_processors()


@lru_cache(maxsize=1)
def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _forget() -> None:
    """Start anew in a forked process, where threads, and whoever held the lock, do not exist."""
    global _lock
    _lock = threading.Lock()
    _started.clear()
    _processors.cache_clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)

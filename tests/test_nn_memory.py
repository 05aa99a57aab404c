"""Memory between steps: kept while training, handed back afterwards."""

import resource
import subprocess
import sys

import numpy as np
import pytest

from ltisys.nn import memory
from ltisys.nn.memory import freed_memory_kept

needs_glibc = pytest.mark.skipif(memory._glibc() is None, reason="another C library")

RESIDENT = """
import numpy as np
from ltisys.nn.memory import freed_memory_kept

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

before = resident()
with freed_memory_kept():
    several = [np.ones(1 << 20) for _ in range(12)]
    del several
    kept = resident() - before
print(kept >> 20, (resident() - before) >> 20)
"""


def faults(steps: int) -> int:
    """Return how many pages the system lends while arrays of a step come and go."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(steps):
        several = [np.ones(1 << 19) for _ in range(4)]
        del several
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


@needs_glibc
def test_the_second_step_takes_what_the_first_one_freed():
    pages = 4 * (1 << 19) * 8 // resource.getpagesize()
    with freed_memory_kept():
        faults(2)
        assert faults(10) < pages


@needs_glibc
def test_afterwards_the_memory_is_handed_back():
    done = subprocess.run([sys.executable, "-c", RESIDENT], check=True, capture_output=True, text=True)
    kept, left = map(int, done.stdout.split())
    assert kept > 80
    assert left < 16


def test_where_there_is_another_library_nothing_happens(monkeypatch):
    monkeypatch.setattr(memory, "_glibc", lambda: None)
    with freed_memory_kept():
        pass


@needs_glibc
def test_an_error_ends_it_too(monkeypatch):
    calls = []

    class Library:
        def mallopt(self, parameter, size):
            calls.append((parameter, size))

        def malloc_trim(self, pad):
            calls.append("trim")

    monkeypatch.setattr(memory, "_glibc", Library)
    with pytest.raises(KeyError), freed_memory_kept():
        raise KeyError
    assert calls[-1] == "trim"
    assert dict(calls[2:4]) == memory._USUAL

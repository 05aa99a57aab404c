"""The pool: every item once, errors reported, nothing running afterwards."""

import pytest

from ltisys.convolution import threads


@pytest.mark.parametrize("n_threads", [1, 2, 5])
@pytest.mark.parametrize(("n", "unit"), [(1, 1), (7, 1), (100, 1), (100, 16), (3, 256)])
def test_every_item_belongs_to_one_part(n, unit, n_threads, monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", str(n_threads))
    seen = []
    assert threads.in_parts(lambda start, stop: seen.append((start, stop)) or True, n, cost=1e9, unit=unit)
    parts = sorted(seen)
    assert [i for start, stop in parts for i in range(start, stop)] == list(range(n))
    assert len(parts) <= n_threads
    assert all(start % unit == 0 for start, _ in parts)


def test_short_jobs_stay_with_the_caller(monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "4")
    seen = []
    threads.in_parts(lambda *part: seen.append(part), 10, cost=threads.WORTH / 2)
    assert seen == [(0, 10)]


def test_one_failure_is_the_failure_of_the_whole(monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "2")
    assert not threads.in_parts(lambda start, stop: start > 0, 2, cost=1e9)
    assert not threads.in_parts(lambda start, stop: start == 0, 2, cost=1e9)


@pytest.mark.parametrize("bad", [0, 1])
def test_errors_reach_the_caller_after_all_parts_ended(bad, monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "2")
    ended = []

    def work(start, stop):
        if start == bad:
            raise ArithmeticError(f"part {start}")
        ended.append(start)

    with pytest.raises(ArithmeticError, match=f"part {bad}"):
        threads.in_parts(work, 2, cost=1e9)
    assert ended == [1 - bad]


def test_a_forked_process_starts_its_own_pool(monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "2")
    pool = threads._pool()
    threads._forget()  # what the interpreter calls in the child
    assert threads._pool() is not pool
    assert threads.in_parts(lambda start, stop: True, 8, cost=1e9)


def test_the_number_of_threads_is_a_positive_number(monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "3")
    assert threads.count() == 3
    monkeypatch.setenv("LTISYS_THREADS", "many")
    assert threads.count() >= 1
    monkeypatch.delenv("LTISYS_THREADS")
    assert threads.count() >= 1

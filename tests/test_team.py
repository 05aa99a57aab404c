"""Helpers: every item once, in any number of threads, and never a job that is over."""

import threading

import numpy as np
import pytest

from ltisys.convolution import team, threads
from ltisys.convolution.compilation import kernel, part
from ltisys.convolution.team import shared, task_of


@part
def count_items(seen, fails_at, who, start, stop):
    for i in range(start, stop):
        seen[i] += 1
    return not start <= fails_at < stop


_count = task_of(count_items)


@kernel
def count_together(seen, fails_at, unit, board, n_threads):
    return shared(_count((seen, fails_at)), seen.shape[0], unit, board, n_threads)


@part
def note_cuts(starts, who, start, stop):
    starts[start] = stop
    return True


_note = task_of(note_cuts)


@kernel
def cut_together(starts, unit, board, n_threads):
    return shared(_note((starts,)), starts.shape[0], unit, board, n_threads)


@part
def take_memory(room, who, start, stop):
    for _ in range(start, stop):
        other = np.full(room.shape[0], 1.0)  # wherever there is room
        if room[0] != 7 or room[-1] != 7 or other[0] != 1:
            return False
    return True


_take = task_of(take_memory)


@kernel
def work_in_a_room(n, unit, board, n_threads):
    room = np.full(n, 7.0)
    # a division may fail: there the compiler begins a new block, in which the room is not mentioned any more
    return shared(_take((room,)), (20 + unit - 1) // unit, 1, board, n_threads)


@pytest.mark.parametrize("n", [10, 1000, 100_000])
def test_a_room_lives_until_the_job_is_done(n, monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "2")
    for _ in range(20):
        assert work_in_a_room(n, 2, *threads.board_for(1e9))


@pytest.mark.parametrize("n_threads", ["1", "2", "5"])
@pytest.mark.parametrize(("n", "unit"), [(0, 1), (1, 1), (7, 1), (100, 16), (3, 256), (5000, 3)])
def test_every_item_is_done_once(n, unit, n_threads, monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", n_threads)
    for _ in range(50):
        seen = np.zeros(n, np.int64)
        assert count_together(seen, -1, unit, *threads.board_for(1e9))
        assert (seen == 1).all()


@pytest.mark.parametrize("unit", [1, 16, 7])
def test_parts_begin_at_multiples_of_the_unit(unit, monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "3")
    starts = np.zeros(1000, np.int64)
    assert cut_together(starts, unit, *threads.board_for(1e9))
    begins = np.flatnonzero(starts)
    assert (begins % unit == 0).all()
    assert (starts[begins] == [*begins[1:], 1000]).all()


@pytest.mark.parametrize("fails_at", [0, 400, 999])
def test_one_failure_is_the_failure_of_the_whole(fails_at, monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "3")
    seen = np.zeros(1000, np.int64)
    assert not count_together(seen, fails_at, 1, *threads.board_for(1e9))
    assert (seen == 1).all()
    assert count_together(seen, -1, 1, *threads.board_for(1e9))


def test_callers_do_not_disturb_one_another(monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "3")
    wrong = []

    def work():
        for _ in range(300):
            seen = np.zeros(500, np.int64)
            if not count_together(seen, -1, 1, *threads.board_for(1e9)) or not (seen == 1).all():
                wrong.append(seen)

    callers = [threading.Thread(target=work) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert not wrong


def test_helpers_that_sleep_are_woken(monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "2")
    crew = threads._Team()
    board, n_threads = crew.called(2, wake=True)
    assert n_threads == 2
    helpers = [thread for thread in threading.enumerate() if thread.name == "ltisys-1"]
    assert helpers
    for _ in range(3):
        while not crew._asleep:  # a helper that finds nothing to do ends its turns by itself
            team.serve(np.zeros(team.WORDS, np.int64), 1)
        crew.called(2, wake=True)
        seen = np.zeros(1000, np.int64)
        assert count_together(seen, -1, 1, board, 2)
        assert (seen == 1).all()


@part
def note_who(seen, who, start, stop):
    seen[who] += stop - start
    return True


_who = task_of(note_who)


@kernel
def ask_who(seen, n, board, n_threads):
    return shared(_who((seen,)), n, 1, board, n_threads)


def test_no_more_threads_work_than_were_asked_for(monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "5")
    seen = np.zeros(8, np.int64)
    ask_who(seen, 100, *threads.board_for(1e9))  # four helpers are awake from here on
    monkeypatch.setenv("LTISYS_THREADS", "2")
    for _ in range(200):
        seen[:] = 0
        ask_who(seen, 100_000, *threads.board_for(1e9))
        assert not seen[2:].any()
        assert seen.sum() == 100_000

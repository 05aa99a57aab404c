"""How many threads a job gets, and what a forked process starts with."""

import os

import pytest

from ltisys.convolution import threads


def test_short_jobs_stay_with_the_caller(monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "4")
    assert threads.board_for(threads.WORTH / 2)[1] == 1
    assert threads.board_for(1e9)[1] == 4


def test_a_job_that_is_not_worth_waking_takes_who_is_there(monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "4")
    crew = threads._Team()
    assert crew.called(4, wake=False)[1] == 1
    assert crew.called(4, wake=True)[1] == 4
    assert crew.called(3, wake=False)[1] == 3


def test_a_forked_process_starts_its_own_team(monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "2")
    board, _ = threads.board_for(1e9)
    threads._forget()  # what the interpreter calls in the child
    assert threads.board_for(1e9)[0] is not board


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system does not move threads")
def test_helpers_are_woken_on_other_processors_than_the_callers(monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "2")
    crew, here = threads._Team(), min(os.sched_getaffinity(0))
    monkeypatch.setattr(threads, "_this_processor", lambda: here)
    crew.called(2, wake=True)
    elsewhere = os.sched_getaffinity(0) - {here}
    assert os.sched_getaffinity(crew._helpers[0].native_id or 0) == (elsewhere or {here})


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_computes(monkeypatch):
    import numpy as np

    import ltisys as lti

    monkeypatch.setenv("LTISYS_THREADS", "2")
    x, h = np.arange(200_000.0), np.ones(40)
    expected = lti.convolve(x, h)
    child = os.fork()
    if child == 0:
        os._exit(0 if np.array_equal(lti.convolve(x, h), expected) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_the_number_of_threads_is_a_positive_number(monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "3")
    assert threads.count() == 3
    monkeypatch.setenv("LTISYS_THREADS", "many")
    assert threads.count() >= 1
    monkeypatch.delenv("LTISYS_THREADS")
    assert threads.count() >= 1


def test_an_environment_without_a_dictionary_below_it_is_asked_itself(monkeypatch):
    assert threads._settings is not os.environ
    monkeypatch.setattr(os, "environ", {"LTISYS_THREADS": "3"})
    settings, name = threads._environment()
    monkeypatch.setattr(threads, "_settings", settings)
    monkeypatch.setattr(threads, "_NAME", name)
    assert settings is os.environ
    assert threads.count() == 3
    os.environ["LTISYS_THREADS"] = "\N{SUPERSCRIPT TWO}"
    assert threads.count() >= 1

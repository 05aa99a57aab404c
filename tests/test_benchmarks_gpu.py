"""The benchmark on a GPU, without one: the jobs, the arithmetic of the roofline, the rows, and what it says."""

import json
from types import SimpleNamespace

import naive
import numpy as np
import pytest

from benchmarks import gpu
from benchmarks.gpu_cases import Case, Row, bank_gradient_at, cases, input_gradient_at, output_at, table

CEILINGS = {"bytes per second": 4e12, "products per second": 3e13}
SMALL = Case("banks", "small", (2, 3, 6, 5), (4, 3, 3, 5))


def test_without_a_gpu_it_says_so_in_one_line(capsys):
    assert gpu.main(["--quick"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("nothing is measured: ")
    assert said.count("\n") == 1


def test_the_cases_pass_the_cache_and_have_names_of_their_own():
    every = cases()
    assert len({(case.suite, case.name) for case in every}) == len(every)
    assert {case.suite for case in every if case.is_quick} == {"1-D", "2-D", "separable", "banks", "gradients"}
    assert all(k % 2 for case in every for k in case.bank[2:])
    assert all(case.bytes > 60e6 for case in every)


def test_the_roofline_is_that_of_memory_for_short_responses_and_of_arithmetic_for_long_ones():
    short, long = (Case("1-D", "", (1, 1, 1, 1 << 26), (1, 1, 1, k)) for k in (17, 1025))
    assert short.floor(CEILINGS) == pytest.approx(8 * 2**26 / 4e12, rel=1e-3)
    assert long.floor(CEILINGS) == pytest.approx(2**26 * 1025 / 3e13)
    assert Case("s", "", (1, 1, 99, 99), (1, 1, 31, 31), is_separable=True).products == 99 * 99 * 62


def test_what_is_right_is_what_the_definition_says():
    rng = np.random.default_rng(0)
    x, bank, y_bar = (rng.standard_normal(s) for s in (SMALL.x, SMALL.bank, SMALL.y))
    y = naive.convolve_bank(x, bank, "same")
    d = rng.standard_normal(bank.shape)
    for place in np.ndindex(2, 4, 6, 5):
        assert output_at(x, bank, place) == pytest.approx(y[place])
    w_bar = [bank_gradient_at(x, y_bar, place, (3, 5)) for place in np.ndindex(*SMALL.bank)]
    assert np.dot(w_bar, d.ravel()) == pytest.approx(np.vdot(y_bar, naive.convolve_bank(x, d, "same")))
    x_bar = [input_gradient_at(y_bar, bank, place) for place in np.ndindex(*SMALL.x)]
    assert np.dot(x_bar, x.ravel()) == pytest.approx(np.vdot(y_bar, y))


def host(seconds=1e-3):
    """A device that is this machine: nothing is moved, and every call takes as long as is said."""

    def timed(calls):
        for call in calls:
            call()
        return seconds * len(calls)

    return SimpleNamespace(upload=tuple, download=np.asarray, wait=lambda: None, seconds=timed)


def test_a_row_is_verified_timed_and_kept(tmp_path, monkeypatch):
    def broken(x, bank, _):
        raise ValueError("method='separable' does not run on a GPU\nmore")

    monkeypatch.setattr(gpu.gpu_peers, "candidates", lambda case: {"ltisys": right, "peer": broken})
    monkeypatch.setattr(gpu, "table", lambda rows, ceilings: [])
    monkeypatch.setattr(gpu, "PLACES", 2)
    monkeypatch.setattr(gpu, "L2", 100.0)
    results = gpu.Results(tmp_path / "gpu.json", {"device": "D"})
    left = iter([1, 1, 0])
    assert gpu.measure(results, [SMALL, SMALL], host(), lambda: next(left)) == 1
    held = json.loads((tmp_path / "gpu.json").read_text())
    assert [row["candidate"] for row in held["rows"]] == ["ltisys", "peer"]
    assert held["rows"][0]["seconds"] == pytest.approx(1e-3)
    assert held["rows"][0]["error"] < 1e-6
    assert held["rows"][1]["left_out"] == "ValueError: method='separable' does not run on a GPU"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gpu.json", "gpu.md"]


def right(x, bank, _):
    return naive.convolve_bank(x, bank, "same")


def test_what_is_too_slow_is_left_out():
    operands = gpu._operands(SMALL)
    row = gpu.row_of(SMALL, "peer", right, operands, [operands], host(3.0))
    assert (row.seconds, row.left_out) == (None, "over 2 s")


@pytest.mark.parametrize("factor", [1.02, np.nan])
def test_what_is_wrong_is_not_timed(factor):
    operands = gpu._operands(SMALL)
    row = gpu.row_of(SMALL, "peer", lambda *given: factor * right(*given), operands, [operands], host())
    assert row.seconds is None
    assert row.left_out.startswith("wrong by ")


def test_the_table_gives_the_share_of_the_roofline():
    rows = [
        Row("1-D", "65 taps", "ltisys", 2.5e-4, 0.02, 3e-7),
        Row("1-D", "65 taps", "torch, TF32 on", left_out="ImportError: No module named 'torch'"),
    ]
    lines = table(rows, CEILINGS)
    assert "| 65 taps | ltisys | 250 | 2 % | 58 % | 3.0e-07 |" in lines
    assert "| 65 taps | torch, TF32 on | – | | | ImportError: No module named 'torch' |" in lines


def test_every_candidate_has_a_name_that_says_its_settings():
    for case in cases():
        names = list(gpu.gpu_peers.candidates(case))
        assert names[0] == "ltisys"
        assert {"torch, TF32 off", "torch, TF32 on"} <= set(names)
        assert ("ltisys separable" in names) == case.is_separable

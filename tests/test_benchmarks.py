"""The benchmarks' own promises: nothing unverified is timed, nothing measured is lost, every figure is in the file."""

import json
import re
import time
from dataclasses import asdict

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import banks, choices, comparisons, filters, limits, page, tables
from benchmarks.layers import LAYERS, laid_as
from benchmarks.measure import TOO_SLOW, Budget, Cell, Job, foresee, run
from benchmarks.record import Record, read
from ltisys.nn import zoo

BRIEF = Budget(0.001, 3)
MACHINE = {"processor": "P", "vectors": "256 bits", "threads": 2, "python": "3", "versions": {}, "allocator": {}}
LIMITS = {"products per second": {"float32": 1e9, "float64": 5e8}, "bytes per second": {"1000000": 1e9, "9000000": 1e8}}


def ones():
    return np.ones((2, 3))


def test_the_pages_say_what_the_files_say():
    for results in page.records():
        assert page.path_of(results).read_text(encoding="utf-8") == page.markdown(results), (
            f"{page.path_of(results).name} is not what {results.name} gives: run python -m benchmarks --tables"
        )


def test_a_wrong_result_is_never_timed():
    with pytest.raises(AssertionError, match=r"1-D job: peer differs from ltisys by 0\.5"):
        run(Cell("1-D", "job"), {"ltisys": ones, "peer": lambda: 1.5 * ones()}, tolerance=0.1, budget=BRIEF)
    with pytest.raises(AssertionError, match=r"peer has shape \(3, 2\), not \(2, 3\)"):
        run(Cell("1-D", "job"), {"ltisys": ones, "peer": lambda: ones().T}, tolerance=0.1, budget=BRIEF)
    with pytest.raises(AssertionError, match="differs from ltisys by nan"):
        run(Cell("1-D", "job"), {"ltisys": ones, "peer": lambda: np.nan * ones()}, tolerance=0.1, budget=BRIEF)


def test_the_ratio_is_that_of_the_fastest_peer():
    def slow():
        time.sleep(0.004)
        return ones()

    cell = run(Cell("1-D", "job"), {"ltisys": ones, "ltisys out=": slow, "a": slow}, tolerance=0, budget=BRIEF)
    assert cell.seconds["a"] >= 0.004 > cell.seconds["ltisys"]
    cell = Cell("1-D", "job", {"ltisys": 1.0, "ltisys contiguous": 4.0, "ltisys direct": 0.1, "a": 2.0, "b": 3.0})
    assert (cell.ratio(), cell.ratio("b"), cell.ratio("a", "b", ours="ltisys contiguous")) == (2.0, 3.0, 0.5)
    assert np.isnan(cell.ratio("absent"))


def test_a_peer_that_would_take_long_is_left_out():
    earlier = Cell("1-D", "smaller", {"ltisys": 1.0, "a": 0.3, "b": 0.1}, {"c": "over 2 s"})
    cell = Cell("1-D", "larger")
    assert set(foresee(cell, dict.fromkeys("abcd", ones), earlier, 10)) == {"b", "d"}
    assert cell.left_out == {"a": f"over {TOO_SLOW:g} s", "c": "over 2 s"}


def test_a_run_that_was_stopped_goes_on(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command.ceilings, "measured", lambda: LIMITS)
    monkeypatch.setattr(command.machine, "engine", lambda: "now")
    asked = []

    def job(name, *, stops=False):
        def measure(budget, earlier):
            asked.append(name)
            if stops:
                raise KeyboardInterrupt
            return Cell("1-D", name, {"ltisys": 1.0, "peer": 2.0})

        return Job("1-D", name, measure)

    path = tmp_path / "grid.json"
    with pytest.raises(KeyboardInterrupt):
        command.measure(Record(path, MACHINE), [job("a"), job("b", stops=True), job("c")], BRIEF)
    command.measure(Record(path, MACHINE), [job("a"), job("b"), job("c")], BRIEF)
    assert asked == ["a", "b", "b", "c"]
    assert "2 of 3 cells to measure, in about" in capsys.readouterr().err
    monkeypatch.setattr(command.machine, "engine", lambda: "later")
    command.measure(Record(path, MACHINE), [job("c")], BRIEF)
    assert asked[4:] == ["c"]
    _, known, cells = read(path)
    assert known == LIMITS
    assert {name: cell.engine for (_, name), cell in cells.items()} == {"a": "now", "b": "now", "c": "later"}
    command.measure(Record(path, MACHINE, fresh=True), [], BRIEF)
    assert read(path)[2] == {}


def test_a_cell_whose_results_differ_stops_no_other(tmp_path, monkeypatch):
    monkeypatch.setattr(command.ceilings, "measured", lambda: LIMITS)

    def wrong(budget, earlier):
        raise AssertionError("1-D a: peer differs")

    def right(budget, earlier):
        return Cell("1-D", "b", {"ltisys": 1.0})

    record = Record(tmp_path / "grid.json", MACHINE)
    assert command.measure(record, [Job("1-D", "a", wrong), Job("1-D", "b", right)], BRIEF) == ["1-D a: peer differs"]
    assert [name for _, name in record.cells] == ["b"]


def test_results_of_another_machine_are_not_mixed_in(tmp_path):
    record = Record(tmp_path / "grid.json", MACHINE)
    record.keep(Cell("1-D", "a", {"ltisys": 1.0}))
    with pytest.raises(ValueError, match=r"holds results with other {'processor': 'P'}: start over with --fresh"):
        Record(tmp_path / "grid.json", {**MACHINE, "processor": "Q"})


def test_limits_only_rise(tmp_path):
    record = Record(tmp_path / "grid.json", MACHINE)
    record.limit(LIMITS)
    record.limit({"products per second": {"float32": 2e9, "float64": 1.0}, "bytes per second": {"1000000": 1.0}})
    assert record.limits["products per second"] == {"float32": 2e9, "float64": 5e8}
    assert record.limits["bytes per second"] == {"1000000": 1e9}


def test_the_page_names_wins_losses_limits_and_choices(tmp_path):
    work = {"products": 4.5e8, "bytes": 4e6, "itemsize": 4}
    cells = [
        Cell("2-D", "512² 3×3", {"ltisys": 2.0, "OpenCV": 1.0, "ltisys direct": 2.0}, work=work, note="direct"),
        Cell(
            "2-D", "512² 7×7", {"ltisys": 1.0, "OpenCV": 8.0, "ltisys fft": 0.5}, {"peer": "over 2 s"}, work, "direct"
        ),
    ]
    path = tmp_path / "some.json"
    path.write_text(json.dumps({"machine": MACHINE, "limits": LIMITS, "cells": [asdict(cell) for cell in cells]}))
    text = page.markdown(path)
    assert "| 2-D | OpenCV | **2.00** | mean 3.5, each 1 | 0.50 (512² 3×3) | 1 of 2 below 1 |" in text
    assert "| 512² 3×3 | direct | 2 s | 22% FMA | 1 s | – | **0.50** |" in text
    assert "| 512² 7×7 | direct | 1 s | 45% FMA | 8 s | over 2 s | **8.00** | – |" in text
    assert "| 2-D: 512² 7×7 | direct | fft | 2.00 |" in text
    assert "| direct 7×7, of the multiply-adds | 45% | 45% | 45% | 0 of 1 |" in text


def test_auto_is_held_against_every_forced_method():
    found = choices.losses(
        [
            Cell("1-D", "good", {"ltisys": 1.2, "ltisys direct": 1.0, "ltisys fft": 3.0, "p": 0.1}, note="direct"),
            Cell("1-D", "bad", {"ltisys": 3.2, "ltisys direct": 1.0, "ltisys fft": 3.0}, note="fft"),
            Cell("1-D", "no choice", {"ltisys": 3.2, "ltisys direct": 3.0}, note="direct"),
        ]
    )
    assert found == {"1-D: good": (1.0, "direct", "direct"), "1-D: bad": (3.0, "fft", "direct")}


def test_transforms_are_not_measured_by_the_products_of_the_definition():
    work = {"products": 1e9, "bytes": 4e6, "itemsize": 4}
    shares = [limits.share(Cell("1-D", "a", {"ltisys": 1.0}, work=work, note=m), LIMITS) for m in ("direct", "fft")]
    assert [str(each) for each in shares] == ["100% FMA", "0% copy"]


def test_the_grid_is_the_whole_grid():
    names = [job.name for job in filters.jobs()]
    assert len(names) == 2 * (5 + 6 + 6 + 6) == len(set(names)) == len(list(filters.cold_jobs()))
    assert len(list(command.PARTS["2d"]())) == 3 * 7
    suites = [job.suite for job in banks.jobs()]
    assert {suite: suites.count(suite) for suite in set(suites)} == {
        banks.FORWARD: 48, banks.WRT_WEIGHTS: 48, banks.WRT_INPUT: 36, banks.WRT_FIRST_INPUT: 12
    }  # fmt: skip
    assert set(comparisons.COMPARISONS) >= set(suites)


@pytest.mark.parametrize("name", ["lecture_shallow", "lecture_deep", "tc_resnet8"])
def test_every_layer_of_the_named_networks_is_timed(name):
    timed = {(layer.bank, layer.stride) for layer in LAYERS}
    for layer in getattr(zoo, name)().layers():
        geometry = getattr(layer, "geometry", None)
        if geometry:
            assert (layer.weight.shape, geometry["stride"]) in timed


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_outputs_of_a_layer_are_as_many_as_its_error_signals(layer):
    x, bank, y_bar = layer.operands(1)
    if bank.size * y_bar.size < 5e7:
        assert banks.lti.convolve_bank(x, bank, **layer.words).shape == y_bar.shape


def test_an_array_is_laid_as_another_lies():
    model = np.zeros((4, 5, 6, 7)).transpose(3, 1, 0, 2)
    array = np.arange(24.0).reshape(2, 3, 4, 1)
    laid = laid_as(model, array)
    np.testing.assert_array_equal(laid, array)
    assert laid.transpose(2, 1, 3, 0).flags.c_contiguous


@pytest.mark.parametrize("part", [part for part in command.PARTS if part != "first"])
def test_every_part_measures(part):
    """The smallest job of each part, with the shortest of budgets."""
    job = min(command.PARTS[part](), key=lambda job: job.seconds)
    cell = job.measure(BRIEF, {})
    assert (cell.suite, cell.name) == (job.suite, job.name)
    assert any(name.startswith("ltisys") for name in cell.seconds)
    assert all(seconds > 0 for seconds in cell.seconds.values())


def test_reasons_are_read_as_patterns(monkeypatch):
    monkeypatch.setattr(tables, "_reasons", lambda: {"2-D: 512² *": "small", "2-D: *": "any"})
    assert [tables.reason(Cell("2-D", name)) for name in ("512² 3×3", "2048² 3×3")] == ["small", "any"]
    assert tables.reason(Cell("1-D", "x")) == "not known yet"


def test_the_command_says_what_its_parts_are(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["benchmarks", "--help"])
    with pytest.raises(SystemExit):
        command.main()
    assert re.search(r"of 1d, cold, 2d, banks,\s+training", capsys.readouterr().out)

"""The report that goes into bug reports: complete, without anybody's name, and loud about wrong results."""

import importlib
import sys
from pathlib import Path
from types import SimpleNamespace

from ltisys.app import main

doctor = importlib.import_module("ltisys.app.doctor")  # the room; its name in ltisys.app is the command


def test_says_what_a_bug_report_needs(monkeypatch, capsys):
    monkeypatch.setenv("NUMBA_NUM_THREADS", "1")
    monkeypatch.delenv("LTISYS_DATA", raising=False)
    assert main(["doctor"]) == 0
    lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert list(lines) == [
        "python", "machine", "packages", "extras", "engine", "checked", "vectors", "threads", "cache", "gpu",
        "variables", "data", "gpu-sums", "gpu-fft",
    ]  # fmt: skip
    assert lines["engine"] == "ok"
    assert lines["checked"].startswith("direct, fft, 2-D, bank, gradient in ")
    assert "NUMBA_NUM_THREADS 1" in lines["variables"]
    assert lines["data"].startswith("LTISYS_DATA is not set")


def test_leaves_out_who_is_at_home(monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setattr(Path, "home", lambda: Path("/home/somebody"))
    monkeypatch.setenv("LTISYS_DATA", "/home/somebody/data")
    monkeypatch.setattr(doctor.sys, "executable", "/home/somebody/.venv/bin/python")
    report = doctor.examine()
    assert "somebody" not in str(report)
    assert report["python"].endswith(" at ~/.venv/bin/python")
    assert report["data"] == "no known data set in ~/data"


def test_names_the_data_sets_there_are(monkeypatch, tmp_path):
    (tmp_path / "fsdd").mkdir()
    (tmp_path / "mnist").mkdir()
    monkeypatch.setenv("LTISYS_DATA", str(tmp_path))
    assert doctor._data() == f"mnist, fsdd in {tmp_path}"


def test_a_wrong_result_is_named_and_fails(monkeypatch, capsys):
    import ltisys as lti

    monkeypatch.setattr(lti, "convolve2d", lambda x, h: 0)
    assert main(["doctor"]) == 1
    assert "wrong results: 2-D" in capsys.readouterr().out


def test_a_package_that_is_not_there_is_missing(monkeypatch):
    monkeypatch.setattr(doctor, "_PACKAGES", ("numpy", "no-such-package-at-all"))
    assert doctor.examine()["packages"]["no-such-package-at-all"] == "missing"


def program(tmp_path, monkeypatch, text: str, code: int = 0) -> None:
    """Put an nvidia-smi that says this, and nothing else, in reach."""
    script = tmp_path / "nvidia-smi"
    script.write_text(f"#!/bin/sh\nprintf '{text}'\nexit {code}\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))


def test_names_the_gpu_and_its_driver(tmp_path, monkeypatch):
    program(tmp_path, monkeypatch, "NVIDIA H200, 580.65.06, 143771 MiB\\n")
    assert doctor._gpu() == "NVIDIA H200, 580.65.06, 143771 MiB"
    program(tmp_path, monkeypatch, "couldn\\047t communicate\\nwith the driver\\n", 9)
    assert doctor._gpu() == "none found: couldn't communicate with the driver"
    monkeypatch.setenv("PATH", "")
    assert doctor._gpu() == "none found"


def test_says_in_one_line_why_the_gpu_is_off(monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)
    assert doctor._gpu_engine("transforms").startswith("off: import of cupy halted")
    monkeypatch.setitem(sys.modules, "cupy", SimpleNamespace(is_available=lambda: False, __version__="14.2.0"))
    assert doctor._gpu_engine("transforms") == "off: CuPy 14.2.0 finds no NVIDIA GPU with a working driver"
    assert doctor._gpu_engine("examine").startswith("off: ")
    assert "\n" not in doctor._gpu_engine("examine")


def test_a_gpu_that_fails_says_how(monkeypatch):
    broken = SimpleNamespace(is_available=lambda: True, __version__="14.2.0")  # which has no arrays
    monkeypatch.setitem(sys.modules, "cupy", broken)
    assert doctor._gpu_engine("transforms").startswith("CuPy 14.2.0: fails with AttributeError: ")

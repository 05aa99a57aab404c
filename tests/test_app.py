"""The command line: results on standard output, one line on standard error for each error, nothing half-written."""

import csv
import json
import re
import subprocess
import sys

import numpy as np
import pytest
import soundfile
from tiny_datasets import mnist as tiny_mnist
from tones import RATE, tone_clips, tone_folder, untrained

from ltisys import spotting
from ltisys.app import main
from ltisys.app.evaluate import show_operation
from ltisys.convolution.warm import common_jobs
from ltisys.spotting.operating import OperatingPoint
from ltisys.spotting.recording import make_recording


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with recordings to train on, a model, and a recording with words."""
    root = tmp_path_factory.mktemp("app")
    tone_folder(root / "words")
    spotting.save(untrained(), root / "model.safetensors")
    recording = make_recording(tone_clips().part("validation"), ["up", "down"], said=3, others=1, snr=20)
    soundfile.write(root / "talk.wav", recording.samples, RATE)
    return root


def result(capsys):
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("command", ["demo", "train", "evaluate", "spot", "export", "mnist", "doctor"])
def test_every_command_has_help_with_an_example(command, capsys):
    assert main([command, "--help"]) == 0
    assert f"Example: ltisys {command}" in capsys.readouterr().out


def test_help_and_version_come_without_heavy_imports():
    code = (
        "import sys; from ltisys.app import main; main(['--help']); main(['--version']);"
        "sys.exit(any(m in sys.modules for m in ('numpy', 'numba', 'scipy', 'matplotlib')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0
    assert "demo" in run.stdout
    assert "ltisys 0." in run.stdout


def test_trains_evaluates_and_spots(place, tmp_path, capsys):
    model, words = str(tmp_path / "m.safetensors"), str(place / "words")
    assert main(["train", "--data", words, "--out", model, "--epochs", "2", "--json"]) == 0
    trained = result(capsys)
    assert trained["words"] == ["down", "up", "unknown", "silence"]
    assert main(["evaluate", "--data", words, "--model", model, "--hours", "0", "--json"]) == 0
    assert result(capsys)["accuracy"] == pytest.approx(trained["card"]["scores"]["accuracy"])
    assert main(["evaluate", "--data", words, "--model", model]) == 0
    assert "words above noise" in capsys.readouterr().out
    assert main(["evaluate", "--data", words, "--model", model, "--hours", "0.03"]) == 1
    assert "need at least two held-out speakers for two recordings, got s3" in capsys.readouterr().err


def test_learns_from_a_teacher_and_misses_one_before_it_reads(place, tmp_path, capsys):
    words, out = str(place / "words"), str(tmp_path / "taught.safetensors")
    teacher = str(place / "model.safetensors")
    assert main(["train", "--data", words, "--out", out, "--teacher", teacher, "--epochs", "1"]) == 0
    assert f"taught     by {teacher}" in capsys.readouterr().out
    assert main(["train", "--data", str(tmp_path / "nowhere"), "--out", out, "--teacher", "nobody"]) == 1
    assert "nobody: no such model file" in capsys.readouterr().err


def test_one_speaker_may_train_a_word_and_is_told_what_that_is_worth(tmp_path, capsys):
    for file in sorted(tone_folder(tmp_path / "all", takes=3).glob("up/s0_*.wav")):
        (tmp_path / "mine" / "up").mkdir(parents=True, exist_ok=True)
        file.rename(tmp_path / "mine" / "up" / file.name)
    call = ["train", "--data", str(tmp_path / "mine"), "--out", str(tmp_path / "m.safetensors"), "--epochs", "1"]
    assert main(call) == 0
    out = capsys.readouterr().out
    assert "2 clips of 1 speaker\n" in out
    assert "on recordings that it had not heard" in out
    assert "nothing is known about others" in out
    assert "few recordings of up (2)" in out
    assert main([*call, "--calibrate", "1"]) == 1
    assert "need at least two held-out speakers" in capsys.readouterr().err


def test_misses_and_false_alarms_are_shown_by_threshold_by_rate_and_by_word(capsys):
    point = OperatingPoint(0.5, 2.0, {"up": 10, "no": 5}, {"up": 1, "no": 2}, {"up": 0, "no": 3})
    scores = spotting.Scores(1.0, 1.0, ("up", "no", "unknown", "silence"), np.eye(4, dtype=int), (point,), {0.5: point})
    show_operation(scores)
    out = capsys.readouterr().out
    assert "2 hours of changing noise with 15 keywords" in " ".join(out.split())
    assert "20.0 %" in out
    assert "1.50" in out
    assert re.search(r"no +│ +5 │ +2 │ +3", out)


def test_spots_what_the_library_spots(place, capsys):
    assert main(["spot", str(place / "talk.wav"), "--model", str(place / "model.safetensors"), "--json"]) == 0
    heard = result(capsys)
    x, rate = soundfile.read(place / "talk.wav", dtype="float32")
    want = spotting.load(place / "model.safetensors").spot(x, rate)
    assert heard
    assert [(d["word"], d["start"]) for d in heard] == [(d.word, d.start) for d in want]
    assert main(["spot", str(place / "talk.wav"), "--model", str(place / "model.safetensors")]) == 0
    assert want[0].word in capsys.readouterr().out


def test_csv_and_labels_are_the_same_detections(place, capsys):
    call = ["spot", str(place / "talk.wav"), "--model", str(place / "model.safetensors"), "--format"]
    assert main([*call, "json"]) == 0
    want = result(capsys)
    assert main([*call, "csv"]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [(row["word"], float(row["start"])) for row in rows] == [(d["word"], round(d["start"], 3)) for d in want]
    assert main([*call, "labels"]) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [line[2].split()[0] for line in lines] == [d["word"] for d in want]
    assert main([*call, "labels", str(place / "talk.wav")]) == 1
    assert "labels belong to one recording, got 2" in capsys.readouterr().err


def test_says_so_when_nothing_is_heard(place, capsys):
    model = str(place / "model.safetensors")
    assert main(["spot", str(place / "talk.wav"), "--model", model, "--threshold", "1"]) == 0
    assert "none of up, down" in capsys.readouterr().out


def test_mnist_reports_the_test_once(tmp_path, capsys):
    assert main(["mnist", "--data", str(tiny_mnist(tmp_path)), "--epochs", "1", "--json"]) == 0
    answer = capsys.readouterr()
    assert json.loads(answer.out)["parameters"] == 98820
    assert "98,820 parameters" in answer.err


@pytest.mark.parametrize("net", ["digits", "softmax_regression"])
def test_mnist_reports_what_several_networks_learned(net, tmp_path, capsys):
    page = tmp_path / "page.html"
    call = ["mnist", "--data", str(tiny_mnist(tmp_path / "mnist", train=100, test=20)), "--epochs", "1", "--net", net]
    assert main([*call, "--seeds", "2", "--report", str(page)]) == 0
    out = capsys.readouterr().out
    assert len(re.findall(r"seed [01]: test accuracy [0-9.]+ %, top-3 error", out)) == 2
    assert "mean of 2 seeds" in out
    headings = re.findall("<h2>(.*?)</h2><figure><img", page.read_text())
    assert {"Learning", "The last layer in the plane", "Nearest neighbours"} <= set(headings)
    assert ("Templates" in headings) is (net == "softmax_regression")
    assert ("When a digit moves" in headings) is (net == "digits")


def test_doctor_compiles_the_common_set(capsys):
    assert main(["doctor", "--warm"]) == 0
    sets = len(list(common_jobs()))
    assert re.search(rf"warm +{sets} sets of kernels ready after [0-9.]+ s", capsys.readouterr().out)


def test_doctor_finds_the_engine_well(capsys):
    assert main(["doctor", "--json"]) == 0
    assert result(capsys)["engine"] == "ok"


def test_demo_writes_all_it_says(tmp_path, capsys):
    assert main(["demo", "--quick", "--out", str(tmp_path / "d"), "--json"]) == 0
    files = result(capsys)["files"]
    assert sorted(path.name for path in (tmp_path / "d").iterdir()) == sorted(
        ["keywords.safetensors", "recording.wav", "report.html", "detections.png", "learning_curve.png",
         "confusion.png", "shift.png", "filters.png"]
    )  # fmt: skip
    page = (tmp_path / "d" / "report.html").read_text()
    assert page.count("data:image/png;base64,") == 5
    assert "trained on synthetic voices only" in page
    spotter = spotting.load(files["model"])
    assert "synthetic" in spotter.card.note
    x, rate = soundfile.read(files["recording"])
    assert rate == spotter.rate
    assert len(x) > rate


def fails(arguments, capsys):
    """The one line of an error."""
    code = main([str(a) for a in arguments])
    answer = capsys.readouterr()
    lines = [line for line in answer.err.splitlines() if line.startswith("error: ")]
    assert code == 1
    assert len(lines) == 1
    assert answer.err.rstrip().endswith(lines[0])
    assert "Traceback" not in answer.err
    assert answer.out == ""
    return lines[0]


def test_a_missing_file(place, capsys):
    assert "nothing.wav: no such file" in fails(
        ["spot", place / "nothing.wav", "--model", place / "model.safetensors"], capsys
    )
    line = fails(["spot", place / "talk.wav", "--model", "none.x"], capsys)
    assert "no such model file; the names of bundled ones are keywords and digits" in line


@pytest.mark.parametrize("more", [[], ["--live", "talk.wav"]])
def test_recordings_or_the_microphone(more, capsys):
    assert "give recordings, or --live for the microphone" in fails(["spot", *more], capsys)


def test_an_unknown_format(place, capsys):
    line = fails(["spot", place / "talk.wav", "--format", "xml"], capsys)
    assert "--format must be one of table, json, csv, labels, got 'xml'" in line


def test_a_device_that_is_not_there(tmp_path, capsys, monkeypatch):
    call = ["train", "--data", "x", "--out", tmp_path / "m.safetensors", "--device"]
    assert "unknown device 'tpu'" in fails([*call, "tpu"], capsys)
    monkeypatch.setitem(sys.modules, "cupy", None)
    assert "--device gpu: arrays on a GPU need CuPy" in fails([*call, "gpu"], capsys)


def test_an_empty_folder(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    out = tmp_path / "m.safetensors"
    assert str(tmp_path / "empty") in fails(["train", "--data", tmp_path / "empty", "--out", out], capsys)
    assert not out.exists()


def test_a_text_file_named_wav(place, tmp_path, capsys):
    (tmp_path / "a.wav").write_text("these are words, not sound")
    line = fails(["spot", tmp_path / "a.wav", "--model", place / "model.safetensors"], capsys)
    assert f"{tmp_path / 'a.wav'}: not a readable audio file" in line


def test_a_truncated_flac(place, tmp_path, capsys):
    path = tmp_path / "cut.flac"
    soundfile.write(path, np.random.default_rng(0).uniform(-0.5, 0.5, 5 * RATE), RATE)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert str(path) in fails(["spot", path, "--model", place / "model.safetensors"], capsys)


def test_a_clip_of_no_length(place, tmp_path, capsys):
    soundfile.write(tmp_path / "none.wav", np.zeros(0), RATE)
    assert str(tmp_path / "none.wav") in fails(
        ["spot", tmp_path / "none.wav", "--model", place / "model.safetensors"], capsys
    )


def test_half_a_model(place, tmp_path, capsys):
    whole = (place / "model.safetensors").read_bytes()
    (tmp_path / "half.safetensors").write_bytes(whole[: len(whole) // 2])
    line = fails(["spot", place / "talk.wav", "--model", tmp_path / "half.safetensors"], capsys)
    assert str(tmp_path / "half.safetensors") in line


@pytest.mark.parametrize("command", ["train", "mnist"])
def test_an_output_that_cannot_be_written_is_refused_before_any_work(command, place, tmp_path, capsys):
    (tmp_path / "file").write_text("not a folder")
    for out in (tmp_path, tmp_path / "file" / "m.safetensors", tmp_path / "none" / "m.safetensors"):
        line = fails([command, "--data", place / "words", "--out", out], capsys)
        assert str(out) in line
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_demo_folder_that_cannot_be_made(tmp_path, capsys):
    (tmp_path / "file").write_text("not a folder")
    assert str(tmp_path / "file") in fails(["demo", "--quick", "--out", tmp_path / "file"], capsys)
    assert (tmp_path / "file").read_text() == "not a folder"


@pytest.mark.parametrize("epochs", ["0", "-1", "many"])
def test_a_wrong_call_is_one_line_too(epochs, capsys):
    assert main(["train", "--data", "x", "--epochs", epochs]) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_a_wrong_network(capsys):
    assert "net must be one of lecture_shallow" in fails(["mnist", "--net", "nothing"], capsys)


def test_ctrl_c_is_one_line_and_130(monkeypatch, place, capsys):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(spotting, "load", interrupt)
    assert main(["spot", str(place / "talk.wav")]) == 130
    answer = capsys.readouterr()
    assert answer.err.splitlines() == ["interrupted"]
    assert answer.out == ""


def test_a_full_output_is_an_error():
    with open("/dev/full", "w") as full:  # noqa: PTH123
        run = subprocess.run(
            [sys.executable, "-m", "ltisys", "--version"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert run.returncode == 1
    assert run.stderr.splitlines() == ["error: No space left on device"]

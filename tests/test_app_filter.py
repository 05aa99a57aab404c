"""``ltisys filter``: what its options make of a file, and what it refuses."""

import json

import numpy as np
import pytest
import soundfile

import ltisys as lti
from ltisys.app import main

RATE = 8000


@pytest.fixture
def place(tmp_path):
    """A folder with a sound of three tones, taps in three formats, and the response of a room."""
    n = np.arange(2 * RATE)
    x = 0.2 * np.sin(2 * np.pi * np.outer([50, 1000, 3000], n) / RATE).sum(axis=0)
    soundfile.write(tmp_path / "in.wav", x, RATE, subtype="PCM_24")
    np.save(tmp_path / "taps.npy", np.array([0.25, 0.5, 0.25]))
    (tmp_path / "taps.csv").write_text("0.25,0.5,0.25\n")
    (tmp_path / "taps.txt").write_text("0.25\n0.5\n0.25\n")
    room = np.array([[0.5, 0.25], [0, 0.25], [0.25, 0]])
    soundfile.write(tmp_path / "room.wav", room, RATE, subtype="FLOAT")
    return tmp_path


def filtered(place, capsys, *options):
    assert main(["filter", str(place / "in.wav"), str(place / "out.wav"), *options, "--json"]) == 0
    answer = capsys.readouterr()
    y, _ = soundfile.read(place / "out.wav", always_2d=True)
    return y.T, json.loads(answer.out), answer.err


def level(y, frequency):
    """The amplitude of a tone, weighing the ends of the sound little."""
    n = np.arange(len(y))
    window = np.hanning(len(y))
    return 2 * abs(np.sum(window * y * np.exp(-2j * np.pi * frequency / RATE * n))) / window.sum()


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (["--lowpass", "500"], {50}),
        (["--highpass", "2000"], {3000}),
        (["--bandpass", "500", "2000"], {1000}),
        (["--bandstop", "500", "2000"], {50, 3000}),
        (["--notch", "50", "--notch", "1000"], {3000}),
        (["--lowpass", "2000", "--highpass", "500"], {1000}),
    ],
)
def test_bands_are_kept_and_removed(place, capsys, options, kept):
    (y,), result, _ = filtered(place, capsys, *options)
    for frequency in (50, 1000, 3000):
        assert level(y[RATE // 2 :], frequency) == pytest.approx(0.2 if frequency in kept else 0, abs=0.005)
    assert (result["frames"], result["channels"], result["rate"], result["clipped"]) == (2 * RATE, 1, RATE, 0)
    assert result["real_time"] > 0
    assert soundfile.info(place / "out.wav").subtype == "PCM_24"


def test_a_band_stays_in_time_with_the_original(place, capsys):
    x, _ = soundfile.read(place / "in.wav")
    (y,), _, _ = filtered(place, capsys, "--lowpass", "3900")
    assert np.abs(y - x)[300:-300].max() < 1e-3


@pytest.mark.parametrize("name", ["taps.npy", "taps.csv", "taps.txt"])
def test_taps_come_from_files(place, capsys, name):
    x, _ = soundfile.read(place / "in.wav")
    (y,), _, _ = filtered(place, capsys, "--response", str(place / name), "--tail")
    np.testing.assert_allclose(y, np.convolve(x, [0.25, 0.5, 0.25]), atol=2**-23)


def test_a_room_of_two_channels_makes_two_of_one_and_mix_keeps_some_of_the_original(place, capsys):
    x, _ = soundfile.read(place / "in.wav")
    y, result, _ = filtered(place, capsys, "--response", str(place / "room.wav"), "--mix", "0.5")
    assert result["channels"] == 2
    for row, h in zip(y, ([0.5, 0, 0.25], [0.25, 0.25, 0]), strict=True):
        np.testing.assert_allclose(row, 0.5 * x + 0.5 * np.convolve(x, h)[: len(x)], atol=2**-22)


def test_a_response_of_another_rate_is_resampled_aloud_and_keeps_its_gain(place, capsys):
    h = np.hanning(400)
    soundfile.write(place / "slow.wav", h / h.sum(), RATE // 2, subtype="FLOAT")
    (y,), _, told = filtered(place, capsys, "--response", str(place / "slow.wav"))
    assert "slow.wav has 4000 samples per second and is resampled to 8000" in told
    gain = abs(lti.FIR(h / h.sum()).frequency_response([2 * np.pi * 50 / (RATE // 2)])[1][0])
    assert level(y[1000:-1000], 50) == pytest.approx(0.2 * gain, abs=2e-3)


def test_clipping_is_told_with_the_gain_that_avoids_it(place, capsys):
    _, result, told = filtered(place, capsys, "--lowpass", "3900", "--gain", "12")
    assert result["clipped"] > 0
    assert f"{result['clipped']} samples were beyond full scale and have been clipped: --gain " in told
    gain = told.split("--gain ")[1].split()[0]
    _, result, told = filtered(place, capsys, "--lowpass", "3900", "--gain", gain)
    assert result["clipped"] == 0
    assert "clipped" not in told
    _, result, _ = filtered(place, capsys, "--lowpass", "3900", "--gain", "12", "--subtype", "FLOAT")
    assert result["clipped"] == 0
    assert result["peak"] > 1


def test_people_get_a_line(place, capsys):
    assert main(["filter", str(place / "in.wav"), str(place / "out.wav"), "--notch", "50"]) == 0
    assert "out.wav: 2.0 s of 1 channel, peak " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "nothing to do: give --lowpass, --highpass"),
        (["--lowpass", "5000"], "cutoff must lie between 0 and rate / 2 = 4000 hertz, got 5000"),
        (["--bandpass", "2000", "100"], "low must be below high"),
        (["--lowpass", "100", "--width", "0"], "--width lies between 0 and half the rate of the file, 4000 Hz, got 0"),
        (["--lowpass", "100", "--mix", "2"], "--mix lies between 0 and 1, got 2"),
        (["--response", "{place}/none.wav"], "none.wav: no such file"),
        (["--response", "{place}/none.npy"], "none.npy: no such file"),
        (["--response", "{place}/bad.txt"], "bad.txt: not a file of taps, numbers one after the other"),
        (["--response", "{place}/bad.npy"], "bad.npy: not a file of taps"),
        (["--response", "{place}/square.npy"], r"square.npy: taps are one row of finite real numbers, got float64 of"),
        (["--notch", "50", "--tail"], "never ends: leave it out"),
    ],
)
def test_what_cannot_be_done_is_one_line(place, capsys, options, message):
    (place / "bad.txt").write_text("hello")
    (place / "bad.npy").write_bytes(b"hello")
    np.save(place / "square.npy", np.ones((2, 2)))
    before = sorted(place.iterdir())
    command = ["filter", str(place / "in.wav"), str(place / "out.wav")]
    assert main(command + [option.format(place=place) for option in options]) == 1
    errors = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert message in errors[0]
    assert sorted(place.iterdir()) == before


def test_a_target_that_cannot_be_written_is_refused_before_any_work(place, capsys):
    assert main(["filter", str(place / "in.wav"), str(place / "none" / "out.wav"), "--notch", "50"]) == 1
    assert "none does not exist" in capsys.readouterr().err

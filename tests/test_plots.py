import subprocess
import sys

import numpy as np
import pytest
from tones import RATE, untrained

import ltisys as lti
from ltisys import nn, plots
from ltisys.audio import LogMel
from ltisys.spotting import Detection
from ltisys.spotting.lesson import SHIFTS
from ltisys.spotting.operating import OperatingPoint

HISTORY = nn.History(accuracy=[0.5, 0.8], validation_accuracy=[0.6, 0.9])

PICTURES = {
    "stem": lambda ax: plots.stem(lti.Signal([3, 1, 2], start=-1), ax=ax),
    "frequency_response": lambda ax: plots.frequency_response(lti.FIR([0.5, 0.5]), rate=8000.0, ax=ax),
    "radians": lambda ax: plots.frequency_response(lti.FIR([0.5, 0.5]), ax=ax),
    "log_mel": lambda ax: plots.log_mel(np.random.default_rng(0).random((40, 98)), LogMel(), ax=ax),
    "spectrogram": lambda ax: plots.spectrogram(lti.chirp(8000, 100, 3000, rate=8000), ax=ax),
    "complex stem": lambda ax: plots.stem(lti.Signal([3j, 1]), ax=ax),
    "signal": lambda ax: lti.Signal([3, 1]).plot(ax),
    "phase_response": lambda ax: plots.phase_response(lti.IIR([1], [1, -0.5]), ax=ax),
    "group_delay": lambda ax: plots.group_delay(lti.IIR([1], [1, -0.5]), rate=100.0, ax=ax),
    "pole_zero": lambda ax: plots.pole_zero(lti.IIR([1, 1], [1, -0.5]), ax=ax),
    "step_response": lambda ax: plots.step_response(lti.IIR([1], [1, -0.5]), ax=ax),
    "learning_curve": lambda ax: plots.learning_curve(HISTORY, ax=ax),
    "confusion_matrix": lambda ax: plots.confusion_matrix(np.eye(2, dtype=int), ["yes", "no"], ax=ax),
    "accuracy_by_shift": lambda ax: plots.accuracy_by_shift(SHIFTS, {"net": [0.5] * 7}, trained=0.1, ax=ax),
}


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_every_picture_draws_on_the_axes_given_and_labels_them(draw):
    ax = plots.figure().add_subplot()
    assert draw(ax) is ax
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    assert draw(None) is not ax


def test_the_curves_are_what_they_show():
    ax = plots.learning_curve(HISTORY)
    assert [line.get_ydata().tolist() for line in ax.lines] == [[0.5, 0.8], [0.6, 0.9]]  # pyright: ignore
    ax = plots.frequency_response(lti.FIR([0.5, 0.5]), points=4, rate=8.0)
    np.testing.assert_allclose(ax.lines[0].get_xdata(), [0, 1, 2, 3])  # pyright: ignore
    np.testing.assert_allclose(ax.lines[0].get_ydata()[0], 0, atol=1e-12)  # pyright: ignore


def test_no_global_figure_is_left_behind():
    # in a process of its own: a peer that other tests compare with loads pyplot
    draw = "import sys; from ltisys import FIR, plots; plots.png(FIR([1, 1]).plot()[0])"
    subprocess.run([sys.executable, "-c", f"{draw}; assert 'matplotlib.pyplot' not in sys.modules"], check=True)


def test_detections_are_named_where_they_were_heard():
    found, missed = Detection("up", 1.0, 1.4, 0.9), Detection("down", 16.0, 16.4, 0.9)
    wrong = Detection("up", 17.0, 17.4, 0.9)
    x = np.random.default_rng(0).standard_normal(20 * RATE).astype(np.float32)
    picture = plots.detections(x, untrained().front_end, [found], missed=[missed], false_alarms=[wrong])
    texts = [[text.get_text() for text in ax.texts] for ax in picture.axes]
    assert texts == [["up"], ["✗ down", "! up"]]


def test_misses_and_false_alarms_are_drawn_for_every_word_and_for_all():
    points = [
        OperatingPoint(threshold, 2.0, {"up": 10, "no": 5}, {"up": missed, "no": 0}, {"up": 1, "no": alarms})
        for threshold, missed, alarms in ((0.5, 1, 9), (0.9, 4, 0))
    ]
    ax = plots.misses_against_false_alarms(points)
    lines = {str(line.get_label()): np.asarray(line.get_xydata()).tolist() for line in ax.lines}
    assert lines["up"] == [[0.5, 0.1], [0.5, 0.4]]
    assert lines["no"] == [[4.5, 0.0], [0.0, 0.0]]
    assert lines["all words"] == [[5.0, 1 / 15], [0.5, 4 / 15]]
    with pytest.raises(ValueError, match="no operating points to draw"):
        plots.misses_against_false_alarms([])


def test_files_are_whole_or_not_there(tmp_path):
    plots.save(plots.learning_curve(HISTORY), tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        plots.save(plots.learning_curve(HISTORY), tmp_path / "folder")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["curve.png", "folder"]


def test_labels_are_inside_the_picture():
    ax = plots.confusion_matrix(np.eye(3, dtype=int), ["a very long word", "yes", "another long word"])
    picture = ax.figure
    picture.canvas.draw()
    box = ax.get_tightbbox()
    assert box is not None
    assert box.x0 >= 0
    assert box.y0 >= 0


PAIRS = {
    "magnitude_and_phase": lambda ax: plots.magnitude_and_phase(lti.FIR([1, 1]), rate=8000.0, ax=ax),
    "impulse_and_step": lambda ax: plots.impulse_and_step(lti.FIR([1, 1], start=-1), 9, ax=ax),
    "system": lambda ax: lti.FIR([1, 1]).plot(ax),
}


@pytest.mark.parametrize("draw", PAIRS.values(), ids=PAIRS)
def test_pairs_draw_on_the_pair_given(draw):
    pair = tuple(plots.figure().subplots(1, 2))
    assert draw(pair) == pair
    assert all(ax.get_ylabel() for ax in pair)
    assert draw(None) != pair


def test_delays_and_phases_are_what_they_show():
    system = lti.FIR([0.0, 0.0, 1.0], rate=100)
    ax = plots.group_delay(system, points=4, rate=100.0)
    np.testing.assert_allclose(ax.lines[0].get_ydata(), 20)  # pyright: ignore
    assert np.ptp(ax.get_ylim()) >= 9  # rounding errors of a constant do not fill the picture
    ax = plots.phase_response(system, points=8)
    np.testing.assert_allclose(ax.lines[0].get_ydata(), -2 * np.degrees(ax.lines[0].get_xdata()))  # pyright: ignore


def test_repeated_roots_are_counted():
    ax = plots.pole_zero(lti.FIR([1, -1]) ** 3)
    assert sorted(text.get_text() for text in ax.texts) == ["3", "3"]


def test_the_animation_shows_every_overlap(tmp_path):
    from PIL import Image

    plots.flip_and_filter([3, 1, 2], [3, 2, 1], tmp_path / "steps.gif", seconds=0.5, dpi=30)
    with Image.open(tmp_path / "steps.gif") as picture:
        assert picture.n_frames == 5  # pyright: ignore
        assert picture.info["duration"] == 500


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda path: plots.flip_and_filter([1], [1], path / "x.png"), r"x\.png: the name of an animation must end in"),
        (lambda path: plots.flip_and_filter([[1]], [1], path / "x.gif"), "x must have a single channel"),
        (lambda path: plots.flip_and_filter([1], [1j], path / "x.gif"), "h must be real and in time"),
        (lambda path: plots.flip_and_filter(np.ones(300), [1, 1], path / "x.gif"), "301 steps are too many to watch"),
        (lambda path: plots.flip_and_filter([1], [1], path / "x.gif", seconds=0), "seconds must lie between"),
        (lambda path: plots.stem(lti.Signal([[1, 2], [3, 4]])), "one channel is wanted, got samples of shape"),
        (lambda path: plots.spectrogram(lti.Signal(np.ones((2, 999)), rate=8000)), "one channel is wanted"),
        (lambda path: lti.FIR([[1, 2]]).plot(), "belongs to systems in time"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        call(tmp_path)
    assert list(tmp_path.iterdir()) == []

import sys

import numpy as np
import pytest
from tones import RATE, untrained

import ltisys as lti
from ltisys import nn, plots
from ltisys.audio import LogMel
from ltisys.spotting import Detection
from ltisys.spotting.lesson import SHIFTS

HISTORY = nn.History(accuracy=[0.5, 0.8], validation_accuracy=[0.6, 0.9])

PICTURES = {
    "stem": lambda ax: plots.stem(lti.Signal([3, 1, 2], start=-1), ax=ax),
    "frequency_response": lambda ax: plots.frequency_response(lti.FIR([0.5, 0.5]), rate=8000.0, ax=ax),
    "radians": lambda ax: plots.frequency_response(lti.FIR([0.5, 0.5]), ax=ax),
    "spectrogram": lambda ax: plots.spectrogram(np.random.default_rng(0).random((40, 98)), LogMel(), ax=ax),
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
    plots.png(plots.learning_curve(HISTORY))
    assert "matplotlib.pyplot" not in sys.modules


def test_detections_are_named_where_they_were_heard():
    found, missed = Detection("up", 1.0, 1.4, 0.9), Detection("down", 16.0, 16.4, 0.9)
    wrong = Detection("up", 17.0, 17.4, 0.9)
    x = np.random.default_rng(0).standard_normal(20 * RATE).astype(np.float32)
    picture = plots.detections(x, untrained().front_end, [found], missed=[missed], false_alarms=[wrong])
    texts = [[text.get_text() for text in ax.texts] for ax in picture.axes]
    assert texts == [["up"], ["✗ down", "! up"]]


def test_the_first_layer_is_shown_with_its_strongest_filters():
    spotter = untrained()
    layer = spotter.net[0]  # pyright: ignore
    filters = [[layer.system(out=i, in_=band) for band in range(40)] for i in range(10)]
    picture = plots.first_layer(filters, spotter.front_end, columns=4)
    norms = np.square(layer.weight.value[:10]).sum(axis=(1, 2))
    titles = [ax.get_title() for ax in picture.axes if ax.get_title()]
    assert titles == [f"filter {i}" for i in np.argsort(-norms)[:4]]


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

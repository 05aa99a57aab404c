"""Pictures of computation graphs."""

import numpy as np
import pytest
from matplotlib.text import Annotation

from ltisys import nn, plots
from ltisys.nn import functions as F


def circuit():
    w = [nn.Variable(value, name) for value, name in ((2.0, "w0"), (-3.0, "w1"), (-3.0, "w2"))]
    x = [nn.Variable(value, name) for value, name in ((-1.0, "x0"), (-2.0, "x1"))]
    f = F.sigmoid(w[0] * x[0] + w[1] * x[1] + w[2])
    f.backward()
    return f


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_values_and_error_signals_are_written_at_every_node():
    texts = words(nn.draw(circuit()))
    assert texts.count("0.73") == 1
    assert texts.count("1.00") == 2  # the sum, and the error signal where it begins
    assert texts.count("0.20") == 5  # both sums, both products, and what the last sum hands on to w2
    assert {"×", "+", "sigmoid", "w0", "x1", "−0.39", "−0.59"} <= set(texts)


def test_before_backward_there_are_no_error_signals():
    x = nn.Variable(2.0, "x")
    assert sorted(words(nn.draw(x * x))) == ["", "", "2.00", "4.00", "x", "×"]


def test_no_two_nodes_share_a_place_and_time_runs_to_the_right():
    f = circuit()
    ax = plots.computation_graph(f)
    boxes = {text.get_position() for text in ax.texts if text.get_bbox_patch() is not None}
    assert len(boxes) == 5 + 5
    arrows = [text for text in ax.texts if isinstance(text, Annotation)]
    assert len(arrows) == 10 - 1
    assert all(arrow.xyann[0] < arrow.xy[0] for arrow in arrows)


def test_arrays_are_shown_by_their_shape_and_a_file_can_be_written(tmp_path):
    net = nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), nn.ReLU(), nn.Flatten(), nn.Linear(32, 3, rng=0))
    loss = nn.cross_entropy(net(nn.Variable(np.ones((2, 1, 4, 4), np.float32), "digits")), [0, 1])
    loss.backward()
    texts = words(nn.draw(loss, tmp_path / "graph.png"))
    assert {"2×1×4×4", "2×2×4×4", "digits"} <= set(texts)
    assert (tmp_path / "graph.png").read_bytes().startswith(b"\x89PNG")


def test_what_was_not_computed_has_no_graph():
    with pytest.raises(ValueError, match="there is no graph to draw: nothing was recorded"):
        nn.draw(nn.Variable(1.0))

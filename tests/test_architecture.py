"""The architecture page is that of the code, and the drawing tells the truth about it."""

import ast
import sys

import architecture
import pytest


def test_the_page_is_current():
    assert architecture.PAGE.read_text(encoding="utf-8") == architecture.page(), "run `python -m tests.architecture`"


def test_every_room_says_what_it_is():
    assert all(room.purpose for room in architecture.rooms().values())


def test_the_engine_stands_on_the_ground():
    found = architecture.rooms()
    assert "convolution" in architecture.levels(found)[0]
    assert "matplotlib" in found["plots"].at_once
    assert [name for name, room in found.items() if "matplotlib" in room.at_once | room.on_use] == ["plots"]
    assert "plots" in found["signal"].on_use - found["signal"].at_once


def test_arrows_leave_out_what_follows_from_others():
    a, b, c = (architecture.Room(name, "") for name in "abc")
    a.at_once, b.at_once = {"b", "c"}, {"c"}
    found = {"a": a, "b": b, "c": c}
    assert architecture.arrows(found) == [("a", "b"), ("b", "c")]
    assert architecture.levels(found) == [["c"], ["b"], ["a"]]
    c.at_once = {"a"}
    with pytest.raises(ValueError, match="these rooms import each other: a, b, c"):
        architecture.levels(found)


def test_imports_are_read_as_python_reads_them():
    code = (
        "import numpy.fft\nfrom . import nearby\nfrom ..signal import Signal\nfrom .. import audio\n"
        "from ltisys import nn\nfrom ltisys.stream import Stream\n"
        "def later():\n    import scipy\n"
        "if TYPE_CHECKING:\n    from matplotlib.axes import Axes\n"
    )
    found = list(architecture._imports(ast.parse(code).body, ("plots",), late=False))
    late = [name for name, waits in found if waits]
    assert [name for name, waits in found if not waits] == ["numpy", "plots", "signal", "audio", "nn", "stream"]
    assert late == ["scipy"]
    assert "architecture" in sys.modules

"""The notebooks: each runs from first cell to last, and was kept as it ran."""

import os
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LARGEST = 1_000_000  # bytes of one notebook, pictures included


def _outputs(notebook):
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_at_a_small_size(path, monkeypatch):
    monkeypatch.setenv("LTISYS_SMALL", "1")
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(FOLDER)}})
    client.execute()  # an assertion in a cell that fails is raised here
    said = [output.text for output in _outputs(notebook) if output.get("name") == "stderr"]
    assert not said, said


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_is_kept_as_it_ran(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert all(output.output_type != "error" and output.get("name") != "stderr" for output in _outputs(notebook))
    assert any("image/png" in output.get("data", {}) for output in _outputs(notebook))
    assert any("assert" in cell.source for cell in code)
    assert path.stat().st_size < LARGEST


def test_are_numbered_and_link_to_each_other():
    assert [path.name[:3] for path in NOTEBOOKS] == [f"{n:02d}_" for n in range(1, len(NOTEBOOKS) + 1)]
    for path, following in pairwise(NOTEBOOKS):
        assert f"({following.name})" in path.read_text(encoding="utf-8"), f"{path.name} does not lead on"
    assert os.fspath(FOLDER) not in "".join(path.read_text(encoding="utf-8") for path in NOTEBOOKS)

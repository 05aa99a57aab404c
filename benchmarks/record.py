"""Results on disk: one JSON file, whole after every cell, so that a run that was stopped goes on where it was."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from . import ceilings
from .measure import Cell

FOLDER = Path(__file__).parent / "results"


class Record:
    """The cells of one machine.

    Parameters
    ----------
    path : Path
        Where they are kept.
    machine : mapping
        What measurements must share to stand in one table, see `machine.describe`.
    fresh : bool
        Whether to forget what the file holds.

    Raises
    ------
    ValueError
        If the file holds results of another machine, or with other versions.
    """

    def __init__(self, path: Path, machine: Mapping[str, Any], *, fresh: bool = False):
        self._path = path
        self.machine, self.limits, self.cells = dict(machine), {}, {}
        if fresh or not path.exists():
            return
        held = json.loads(path.read_text(encoding="utf-8"))
        other = {name: value for name, value in held["machine"].items() if machine.get(name) != value}
        if other:
            raise ValueError(f"{path} holds results with other {other}: start over with --fresh, or name another file")
        _, self.limits, self.cells = _parts(held)

    def has(self, suite: str, name: str, engine: str) -> bool:
        """Tell whether a cell was measured with this state of the engine."""
        return (suite, name) in self.cells and self.cells[suite, name].engine == engine

    def keep(self, cell: Cell) -> None:
        """Add a cell, or put it in the place of an older one, and write the file."""
        self.cells[cell.suite, cell.name] = cell
        self.write()

    def limit(self, limits: ceilings.Limits) -> None:
        """Take the limits that were measured now, where they are above the ones known."""
        self.limits = ceilings.merged(self.limits, limits)
        self.write()

    def write(self) -> None:
        """Write the file, whole or not at all."""
        content = {
            "machine": self.machine,
            "limits": self.limits,
            "cells": [asdict(cell) for cell in self.cells.values()],
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(".json.part")
        temporary.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        temporary.replace(self._path)


def read(path: Path) -> tuple[dict[str, Any], ceilings.Limits, dict[tuple[str, str], Cell]]:
    """Return machine, limits and cells of a file of results."""
    return _parts(json.loads(path.read_text(encoding="utf-8")))


def _parts(held):
    cells = [Cell(**cell) for cell in held["cells"]]
    return held["machine"], held["limits"], {(cell.suite, cell.name): cell for cell in cells}

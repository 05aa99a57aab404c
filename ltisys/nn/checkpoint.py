"""Checkpoints: a training run as one file, from which it goes on bit for bit.

The arrays of the network, the optimiser, the schedule, the average and the callbacks are tensors; where the run stands
and what it is are JSON in the metadata. The file is replaced as a whole, so that a run can be killed at any moment.
"""

import glob
import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..files import write_whole
from .devices import CPU, is_array, moved
from .layers import Layer
from .loading import Data, examples_at
from .randomness import State
from .state import Stateful, copy_into, must_match
from .storage import CHECKPOINT, read_tensors

_SAMPLES = 16  # examples that stand for the data when a run is compared with a file


@dataclass(frozen=True)
class Moment:
    """Where a run stands, the arrays aside.

    Attributes
    ----------
    epoch, step : int
        The epoch, from 1, and how many of its batches are done.
    sums : (int, float, float)
        Examples, their losses and correct answers in this epoch.
    seconds : float
        Time spent in this epoch.
    batches : dict or None
        The generator of order and augmentation, None before an epoch's first batch.
    dropout : list of dict
        The generators of dropout, in network order.
    history : dict
        Lists of the epochs that are over.
    stopped : bool
        Whether a callback has ended the run.
    """

    epoch: int = 1
    step: int = 0
    sums: tuple[int, float, float] = (0, 0.0, 0.0)
    seconds: float = 0.0
    batches: State | None = None
    dropout: list[State] = field(default_factory=list)
    history: dict[str, list[float]] = field(default_factory=dict)
    stopped: bool = False


class Checkpoint:
    """The file of a training run.

    Parameters
    ----------
    path : path
        Where it is kept.
    parts : mapping of str to Stateful
        All that changes in training, by name.
    run : dict
        What must be the same for a run to go on from the file: names with values that JSON can hold.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.
    """

    def __init__(self, path: str | os.PathLike[str], parts: Mapping[str, Stateful], run: dict[str, Any]) -> None:
        self.path = Path(path)
        if not self.path.parent.is_dir():
            raise FileNotFoundError(f"{self.path.parent}: the folder of checkpoint={str(path)!r} does not exist")
        self._parts = parts
        self._run = json.loads(json.dumps(run))  # as it comes back from the file

    def save(self, moment: Moment) -> None:
        """Replace the file, whole or not at all."""
        import safetensors.numpy

        tensors = {
            f"{part}/{name}": np.ascontiguousarray(moved(array, CPU)).reshape(
                array.shape
            )  # which makes no axis where none is
            for part, owner in self._parts.items()
            for name, array in owner.state().items()
        }
        text = {CHECKPOINT: json.dumps({"run": self._run, "moment": asdict(moment)})}
        write_whole(self.path, safetensors.numpy.save(tensors, text))

    def load(self) -> Moment | None:
        """Bring all parts to what the file holds, and say where it stands; None if there is no file.

        Raises
        ------
        ValueError
            If the file is damaged, is something else, or belongs to another run. Nothing is changed then.
        """
        self._sweep()
        if not self.path.exists():
            return None
        tensors, text = read_tensors(self.path)
        if CHECKPOINT not in text:
            raise ValueError(f"{self.path}: holds no training run (no {CHECKPOINT!r} in its metadata)")
        told = json.loads(text[CHECKPOINT])
        self._must_be_this_run(told["run"])
        states = {
            part: {
                name.removeprefix(f"{part}/"): array for name, array in tensors.items() if name.startswith(f"{part}/")
            }
            for part in self._parts
        }
        for part, owner in self._parts.items():
            try:
                must_match(owner.state(), states[part])
            except ValueError as error:
                raise ValueError(f"{self.path}: belongs to another run: its {part} does not fit ({error})") from None
        for part, owner in self._parts.items():
            if isinstance(owner, Layer):
                copy_into(owner.state(), states[part])
            else:
                owner.set_state(states[part])
        return Moment(**told["moment"])

    def _must_be_this_run(self, told: dict[str, Any]) -> None:
        for name in sorted(self._run.keys() | told.keys()):
            theirs, ours = told.get(name), self._run.get(name)
            if theirs != ours:
                raise ValueError(
                    f"{self.path}: belongs to another run, whose {name} is {theirs}, while this one's is {ours}; "
                    "give this run a file of its own, or remove that one to start over"
                )

    def _sweep(self) -> None:
        """Remove what a run that was killed while writing has left beside the file."""
        for left in self.path.parent.glob("." + glob.escape(self.path.name) + ".????????.tmp"):
            with suppress(OSError):
                left.unlink()


def description_of(
    net: Layer, data: Data, parts: Mapping[str, Stateful], numbers: Mapping[str, float | None]
) -> dict[str, Any]:
    """What makes a run this one: network, rules, data and numbers, as they are before the first step.

    Of data in memory a few examples are compared, of others the number alone; loss functions and augmentations cannot
    be compared.
    """
    return {
        "network": repr(net),
        "dtype": str(net.dtype),
        **{name: _described(part) for name, part in parts.items() if part is not net},
        "number of examples": len(data[0]),
        "data": _fingerprint(data),
        **numbers,
    }


def _described(value: object) -> str:
    """A class with the numbers and words that its objects keep, as they are when the run begins."""
    kept = {name: plain for name, plain in vars(value).items() if not name.startswith("_") and _is_plain(plain)}
    return f"{type(value).__name__}({', '.join(f'{name}={plain!r}' for name, plain in kept.items())})"


def _is_plain(value: object) -> bool:
    return isinstance(value, int | float | str) or (isinstance(value, tuple) and all(map(_is_plain, value)))


def _fingerprint(data: Data) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for part in data:
        if is_array(part) and part.dtype.kind in "biuf":
            places = np.linspace(0, len(part) - 1, min(len(part), _SAMPLES)).astype(int)
            some = np.ascontiguousarray(moved(examples_at(part, places), CPU))
            digest.update(f"{part.shape} {part.dtype}".encode() + some.tobytes())
    return digest.hexdigest()

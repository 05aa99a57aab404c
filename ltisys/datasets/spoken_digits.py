"""The Free Spoken Digit Dataset: the ten English digits, said fifty times each by a few speakers."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from .clips import Clips
from .location import VARIABLE, locate
from .recordings import Recording, find, load

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
RATE = 8000

_ARCHIVE = "fsdd_train.zip"
_FOLDER = "recordings"
_NAME = re.compile(r"(\d)_([^_]+)_(\d+)")
_TEST_TAKES = 5


def fsdd(path: str | os.PathLike[str] | None = None, *, progress: Callable[[int, int], None] | None = None) -> Clips:
    """The Free Spoken Digit Dataset as clips of one second at 8 kHz.

    The official split: of every speaker and digit, takes 0 to 4 are for testing, the others for training. Speakers are
    therefore in both; to test on speakers that were never heard, select by `Clips.speakers` instead.

    Parameters
    ----------
    path : path, optional
        A folder with recordings/DIGIT_SPEAKER_TAKE.wav (or .flac), as published, or with the same packed into
        fsdd_train.zip. If None: `fsdd` below the folder that the environment variable LTISYS_DATA names.
    progress : callable, optional
        Called with how many recordings are decoded, and how many there are.

    Returns
    -------
    Clips
        int16 samples of shape (clips, 8000), the words spelled out. Recordings are trimmed and of any length: shorter
        ones are zero-padded at the end, longer ones cut to their loudest second.

    Raises
    ------
    FileNotFoundError
        If there is no such folder, or none is named: its publisher gives no checksum, so it is not downloaded.
    ValueError
        For a folder without recordings, a file of another name, or one that cannot be read; it is named.

    Notes
    -----
    Source: Z. Jackson and others, https://github.com/Jakobovski/free-spoken-digit-dataset
    """
    root = locate(path, "fsdd", _unavailable)
    archives = (_ARCHIVE,) if (root / _ARCHIVE).exists() else ()
    spoken = [one for one in find(root, archives) if one.folder == _FOLDER]
    if not spoken:
        raise ValueError(f"{root}: expected {_FOLDER}/DIGIT_SPEAKER_TAKE.wav, or {_ARCHIVE}")
    digits, speakers, takes = zip(*map(_parts, spoken), strict=True)
    return Clips(
        samples=load(spoken, RATE, RATE, progress=progress),
        rate=RATE,
        words=DIGITS,
        labels=np.array(digits, np.int64),
        speakers=np.array(speakers),
        splits=np.where(np.array(takes) < _TEST_TAKES, "testing", "training"),
        name="Free Spoken Digit Dataset",
        licence="CC BY-SA 4.0",
        credit="Zohar Jackson and others, https://github.com/Jakobovski/free-spoken-digit-dataset",
    )


def is_fsdd(root: Path) -> bool:
    """Whether a folder holds the Free Spoken Digit Dataset: its archive, or recordings named as they are there."""
    if (root / _ARCHIVE).exists():
        return True
    return any(_NAME.fullmatch(path.stem) for path in (root / _FOLDER).glob("*"))


def _parts(recording: Recording) -> tuple[int, str, int]:
    match = _NAME.fullmatch(recording.stem)
    if match is None:
        raise ValueError(f"{recording.file}: expected a name DIGIT_SPEAKER_TAKE, got {recording.stem}")
    return int(match[1]), match[2], int(match[3])


def _unavailable() -> Path:
    raise FileNotFoundError(
        f"the Free Spoken Digit Dataset is not downloaded (there is no checksum to trust): "
        f"pass the path of a copy, or set {VARIABLE}"
    )

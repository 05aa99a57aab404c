"""Google Speech Commands: one-second recordings of single English words by many speakers."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from .clips import Clips
from .location import fetch, locate, unpack
from .recordings import find, load, load_noise
from .splits import speaker_of, split_of

KEYWORDS = ("yes", "no", "up", "down", "left", "right", "stop", "go")
NOISE_FOLDER = "_background_noise_"
RATE = 16000

_ARCHIVES = ("keywords.zip", "other.zip")
_URL = "https://storage.googleapis.com/download.tensorflow.org/data/speech_commands_v0.02.tar.gz"
_SHA256 = "af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58"


def speech_commands(
    path: str | os.PathLike[str] | None = None,
    *,
    keywords: Sequence[str] = KEYWORDS,
    progress: Callable[[int, int], None] | None = None,
) -> Clips:
    """The Speech Commands data set as clips of one second at 16 kHz.

    Classes are the keywords and "unknown", every other word. The split is the official one, by a hash of the speaker,
    so that no speaker is in two. `Clips.noise` holds the background recordings whole.

    Parameters
    ----------
    path : path, optional
        A folder with one sub-folder per word of files SPEAKER_nohash_N.wav (or .flac) and `_background_noise_`, as
        published; or with the same packed into keywords.zip and other.zip. If None: `speech_commands` below the folder
        that the environment variable LTISYS_DATA names; else version 0.02 is downloaded once to the cache
        (2.4 GB, 6 GB on disk, 3.4 GB as an array).
    keywords : sequence of str
        The words to tell apart.
    progress : callable, optional
        Called with how many recordings are decoded, and how many there are.

    Returns
    -------
    Clips
        int16 samples of shape (clips, 16000); shorter recordings are zero-padded at the end.

    Raises
    ------
    FileNotFoundError
        If there is no such folder, or one of the two archives is missing.
    ValueError
        For keywords that repeat or are not among the recordings, a folder without recordings, or a file that cannot be
        read, which is named.

    Notes
    -----
    Source: P. Warden, Speech Commands: A Dataset for Limited-Vocabulary Speech Recognition, arXiv:1804.03209.
    """
    keywords = tuple(keywords)
    if not keywords or len(set(keywords)) < len(keywords) or "unknown" in keywords:
        raise ValueError(f"keywords must be different words other than 'unknown', got {keywords}")
    root = locate(path, "speech_commands", lambda: unpack(fetch(_URL, _SHA256, "speech_commands")))
    found = find(root, _ARCHIVES if _is_packed(root) else ())
    spoken = [one for one in found if not one.folder.startswith("_")]
    if not spoken:
        raise ValueError(f"{root}: expected a sub-folder of recordings for each word, or {' and '.join(_ARCHIVES)}")
    missing = sorted(set(keywords) - {one.folder for one in spoken})
    if missing:
        raise ValueError(f"{root}: holds no recordings of {', '.join(missing)}")
    words = (*keywords, "unknown")
    label = {word: index for index, word in enumerate(words)}
    return Clips(
        samples=load(spoken, RATE, RATE, progress=progress),
        rate=RATE,
        words=words,
        labels=np.array([label.get(one.folder, label["unknown"]) for one in spoken], np.int64),
        speakers=np.array([speaker_of(one.name) for one in spoken]),
        splits=np.array([split_of(one.name) for one in spoken]),
        noise=load_noise([one for one in found if one.folder == NOISE_FOLDER], RATE),
        name="Speech Commands",
        licence="CC BY 4.0",
        credit="Google and Pete Warden, Speech Commands (arXiv:1804.03209)",
    )


def is_speech_commands(root: Path) -> bool:
    """Whether a folder holds Speech Commands: its archives, or recordings of every keyword named as they are there."""
    return _is_packed(root) or all(any((root / word).glob("*_nohash_*")) for word in KEYWORDS)


def _is_packed(root: Path) -> bool:
    return any((root / name).exists() for name in _ARCHIVES)

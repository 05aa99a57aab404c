"""Anyone's recordings: a folder with one sub-folder for each word."""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

from .. import audio
from .clips import Clips
from .commands import NOISE_FOLDER, is_speech_commands, speech_commands
from .recordings import find, load, load_noise
from .splits import speaker_of, split_of
from .spoken_digits import fsdd, is_fsdd


def folder(path: str | os.PathLike[str], *, progress: Callable[[int, int], None] | None = None) -> Clips:
    """Recordings sorted into one sub-folder for each word, as clips of one second.

    The words are the names of the sub-folders, in alphabetical order. The speaker is what a file name begins with, up
    to the first "_" or "-"; a hash of the speaker chooses the split (about 80% training, 10% validation, 10% testing),
    so that nobody is in two splits, and a split may be empty when few people speak.

    Parameters
    ----------
    path : path
        The folder: WORD/SPEAKER_ANYTHING.wav or .flac. Long background recordings may lie in `_background_noise_`;
        other sub-folders that begin with "_" or "." are passed over.
    progress : callable, optional
        Called with how many recordings are decoded, and how many there are.

    Returns
    -------
    Clips
        int16 samples at the most common rate among the recordings (the highest of equally common ones), to which the
        others are resampled; channels are averaged. Shorter recordings are zero-padded at the end, longer ones cut to
        their loudest second.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    ValueError
        If it holds no sub-folder of recordings, or a recording that cannot be read, which is named.
    """
    root = Path(path)
    found = find(root)
    spoken = [one for one in found if not one.folder.startswith("_")]
    if not spoken:
        raise ValueError(f"{root}: expected a sub-folder for each word, with WAV or FLAC files in it")
    rates = Counter(audio.info(one.file).rate for one in spoken)
    rate = max(rates, key=lambda rate: (rates[rate], rate))
    words = tuple(sorted({one.folder for one in spoken}))
    return Clips(
        samples=load(spoken, rate, rate, progress=progress),
        rate=rate,
        words=words,
        labels=np.array([words.index(one.folder) for one in spoken], np.int64),
        speakers=np.array([speaker_of(one.name) for one in spoken]),
        splits=np.array([split_of(one.name) for one in spoken]),
        noise=load_noise([one for one in found if one.folder == NOISE_FOLDER], rate),
        name=root.resolve().name,
    )


def open_clips(path: str | os.PathLike[str], *, progress: Callable[[int, int], None] | None = None) -> Clips:
    """Whatever recordings of words lie in a folder: Speech Commands, the Free Spoken Digit Dataset, or anyone's.

    Parameters
    ----------
    path : path
        A folder for `speech_commands` (recognised by its archives, or by files named SPEAKER_nohash_N for each of its
        eight keywords), for `fsdd` (by its archive, or by recordings/DIGIT_SPEAKER_TAKE), or for `folder`.
    progress : callable, optional
        Called with how many recordings are decoded, and how many there are.

    Returns
    -------
    Clips

    Raises
    ------
    FileNotFoundError, ValueError
        As from the three.
    """
    root = Path(path)
    if is_speech_commands(root):
        return speech_commands(root, progress=progress)
    if is_fsdd(root):
        return fsdd(root, progress=progress)
    return folder(root, progress=progress)

"""Who speaks in a recording, and which split the speaker belongs to: never two."""

import hashlib
from pathlib import PurePath

_TOP = 2**27 - 1


def speaker_of(filename: str) -> str:
    """The speaker that a file name begins with: all before the first "_" or "-", or the whole name without suffix.

    Examples
    --------
    >>> speaker_of("yes/0a7c2a8d_nohash_0.wav"), speaker_of("ada-3.flac"), speaker_of("ben.wav")
    ('0a7c2a8d', 'ada', 'ben')
    """
    stem = PurePath(filename).stem
    return stem.replace("-", "_").split("_")[0]


def split_of(filename: str) -> str:
    """The split of a recording, by its speaker, as Speech Commands defines it.

    Parameters
    ----------
    filename : str
        A file name that begins with the speaker, as for `speaker_of`.

    Returns
    -------
    str
        "training", "validation" or "testing".

    Examples
    --------
    >>> split_of("yes/0a7c2a8d_nohash_0.wav")
    'training'
    """
    return split_of_speaker(speaker_of(filename))


def split_of_speaker(speaker: str) -> str:
    """The split of a speaker: a hash puts about 10% into validation, 10% into testing and the others into training.

    The same speaker is in the same split everywhere and for ever, whatever other recordings there are. With a handful
    of speakers a split may therefore be empty.

    Source: P. Warden, Speech Commands, arXiv:1804.03209, section 7.

    Examples
    --------
    >>> [split_of_speaker(name) for name in ("ada", "ben", "cleo")]
    ['validation', 'testing', 'training']
    """
    percent = int(hashlib.sha1(speaker.encode()).hexdigest(), 16) % (_TOP + 1) * (100 / _TOP)
    if percent < 10:
        return "validation"
    return "testing" if percent < 20 else "training"

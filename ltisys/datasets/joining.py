"""Several data sets as one."""

import numpy as np

from .clips import Clips
from .vocabulary import PRONUNCIATIONS

UNKNOWN = "unknown"


def join(*parts: Clips) -> Clips:
    """The clips of several data sets, one after the other, with all their words, speakers, splits and noise.

    Parameters
    ----------
    *parts : Clips
        At one rate, and of one length.

    Returns
    -------
    Clips
        The words in the order in which they first occur, "unknown" last; names, licences and credits side by side.

    Raises
    ------
    ValueError
        If there are no parts, or rates or lengths differ.

    Examples
    --------
    >>> from ltisys.datasets import synthetic_speech
    >>> join(*(synthetic_speech(words=[word, "no"], voices=1, repetitions=1) for word in ("yes", "up"))).words
    ('yes', 'no', 'up', 'unknown')
    """
    if not parts:
        raise ValueError("join needs at least one data set, got none")
    if len(shapes := {(part.rate, part.samples.shape[1]) for part in parts}) > 1:
        raise ValueError(f"data sets to join need one rate and one length, got (rate, length) = {sorted(shapes)}")
    words = list(dict.fromkeys(word for part in parts for word in part.words if word != UNKNOWN))
    if any(UNKNOWN in part.words for part in parts):
        words.append(UNKNOWN)
    kinds = {part.samples.dtype for part in parts}
    samples = [part.samples if len(kinds) == 1 else part.audio() for part in parts]
    labels = [np.array([words.index(word) for word in part.words], np.int64)[part.labels] for part in parts]
    return Clips(
        samples=np.concatenate(samples),
        rate=parts[0].rate,
        words=tuple(words),
        labels=np.concatenate(labels),
        speakers=np.concatenate([part.speakers for part in parts]),
        splits=np.concatenate([part.splits for part in parts]),
        noise=tuple(x for part in parts for x in part.noise),
        **{name: _side_by_side([getattr(part, name) for part in parts]) for name in ("name", "licence", "credit")},
    )


def can_be_said(words: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the words that synthetic voices know.

    Examples
    --------
    >>> can_be_said(("yes", "abracadabra"))
    ('yes',)
    """
    return tuple(word for word in words if word in PRONUNCIATIONS)


def _side_by_side(texts: list[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))

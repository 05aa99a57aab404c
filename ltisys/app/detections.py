"""Detections as text that other programs read: JSON, CSV, and labels for Audacity."""

import csv
import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ltisys.spotting import Detection

FORMATS = ("table", "json", "csv", "labels")

Heard = Sequence[tuple[str, "Sequence[Detection]"]]
"""The names of files, and what was heard in each."""


def as_json(heard: Heard) -> str:
    """A list of objects with file, word, start, stop and score."""
    found = [{"file": file, **vars(d)} for file, detections in heard for d in detections]
    return json.dumps(found, indent=2, ensure_ascii=False)


def as_csv(heard: Heard) -> str:
    """A line with file, word, start, stop and score for each detection, under a header.

    Examples
    --------
    >>> from ltisys.spotting import Detection
    >>> print(as_csv([("talk.wav", [Detection("yes", 1.0, 1.4, 0.9)])]))
    file,word,start,stop,score
    talk.wav,yes,1.000,1.400,0.900
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("file", "word", "start", "stop", "score"))
    for file, detections in heard:
        writer.writerows((file, d.word, f"{d.start:.3f}", f"{d.stop:.3f}", f"{d.score:.3f}") for d in detections)
    return text.getvalue().rstrip("\n")


def as_labels(heard: Heard) -> str:
    r"""A label track for Audacity (File, Import, Labels): start, end and word with score, between tabs.

    Raises
    ------
    ValueError
        If there is more than one file: labels are those of one recording.

    Examples
    --------
    >>> from ltisys.spotting import Detection
    >>> as_labels([("talk.wav", [Detection("yes", 1.0, 1.4, 0.9)])])
    '1.000000\t1.400000\tyes 0.90'
    """
    if len(heard) != 1:
        raise ValueError(f"labels belong to one recording, got {len(heard)}: call once for each")
    return "\n".join(f"{d.start:.6f}\t{d.stop:.6f}\t{d.word} {d.score:.2f}" for d in heard[0][1])

"""Data sets: files and downloads in, arrays out, with the words, the speakers and a split that keeps them apart."""

from typing import TYPE_CHECKING

from .clips import Clips
from .commands import speech_commands
from .folders import folder, open_clips
from .handwriting import Digits, mnist
from .silence import silence_clips, training_noise, validation_noise
from .splits import speaker_of, split_of
from .spoken_digits import fsdd

if TYPE_CHECKING:
    from .synthetic_speech import synthetic_speech

__all__ = [
    "Clips",
    "Digits",
    "folder",
    "fsdd",
    "mnist",
    "open_clips",
    "silence_clips",
    "speaker_of",
    "speech_commands",
    "split_of",
    "synthetic_speech",
    "training_noise",
    "validation_noise",
]


def __getattr__(name: str) -> object:
    if name != "synthetic_speech":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .synthetic_speech import synthetic_speech  # the synthesiser loads only when something is to be said

    globals()[name] = synthetic_speech  # the import has just bound the name to the submodule
    return synthetic_speech

"""Data sets: files and downloads in, arrays out, with the words, the speakers and a split that keeps them apart."""

from .clips import Clips
from .commands import speech_commands
from .drawn_digits import drawn_digits
from .folders import folder, open_clips
from .handwriting import Digits, mnist
from .joining import join
from .silence import silence_clips, training_noise, validation_noise
from .splits import speaker_of, split_of
from .spoken_digits import fsdd
from .synthetic_speech import synthetic_speech

__all__ = [
    "Clips",
    "Digits",
    "drawn_digits",
    "folder",
    "fsdd",
    "join",
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

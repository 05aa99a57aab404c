"""Sound: files in and out, sampling rates, spectrograms and the log-mel front end.

Sounds are `Signal`s with a rate, or arrays with time on the last axis and full scale at ±1.
"""

from .files import AudioInfo, blocks, decode, info, read, to_int16, write
from .filtering import Filtered, filter_file
from .frames import Spectrogram, spectrogram
from .log_mel import LogMel
from .mel import hz_to_mel, mel_matrix, mel_to_hz
from .resampling import resample, to_mono
from .taps import gabor_taps, mel_taps, sinc_taps
from .writing import Writer, writing

__all__ = [
    "AudioInfo",
    "Filtered",
    "LogMel",
    "Spectrogram",
    "Writer",
    "blocks",
    "decode",
    "filter_file",
    "gabor_taps",
    "hz_to_mel",
    "info",
    "mel_matrix",
    "mel_taps",
    "mel_to_hz",
    "read",
    "resample",
    "sinc_taps",
    "spectrogram",
    "to_int16",
    "to_mono",
    "write",
    "writing",
]

"""Audio files in and out: whatever libsndfile decodes comes in as float32, WAV and FLAC go out as 16-bit PCM."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
from numpy.typing import ArrayLike

from ..files import write_whole
from ..signal import Signal

FULL_SCALE = 32768  # the int16 value that ±1 stands for
_FORMATS = {".wav": "WAV", ".flac": "FLAC"}
_CHUNK = 1 << 20  # frames decoded at once, so that a header that lies about the length cannot exhaust the memory


@dataclass(frozen=True)
class AudioInfo:
    """What the header of an audio file says.

    Attributes
    ----------
    rate : int
        Samples per second.
    channels : int
        Number of channels.
    frames : int
        Number of samples of each channel.
    subtype : str
        Format of a sample, in the words of libsndfile: "PCM_16", "FLOAT" and others.
    """

    rate: int
    channels: int
    frames: int
    subtype: str

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.frames / self.rate


def info(path: str | os.PathLike[str]) -> AudioInfo:
    """What the header of an audio file says; the samples are not decoded.

    Parameters
    ----------
    path : str or path
        A file of any format that libsndfile knows: WAV, FLAC, AIFF, OGG, MP3 and others.

    Returns
    -------
    AudioInfo

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not an audio file.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from ltisys import Signal, audio
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "tone.wav"
    ...     audio.write(path, Signal([0.0, 0.5, 0.0, -0.5], rate=8000))
    ...     audio.info(path)
    AudioInfo(rate=8000, channels=1, frames=4, subtype='PCM_16')
    """
    path = _existing(path)
    with _opened(path, path) as file:
        return AudioInfo(file.samplerate, file.channels, file.frames, file.subtype)


def read(path: str | os.PathLike[str]) -> Signal:
    """The whole of an audio file as a Signal with its rate.

    Parameters
    ----------
    path : str or path
        A file of any format that libsndfile knows, with any sample format, rate and number of channels.

    Returns
    -------
    Signal
        float32 samples of shape (n,) for one channel, (channels, n) otherwise. Integer formats are scaled so that full
        scale is ±1 (16-bit: the integer divided by 32768); floating point formats keep their values.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not an audio file, is compressed and cut short, holds no samples, or holds NaN or infinity. A
        WAV file that is shorter than its header says is read to its end: writers that stream cannot know the length.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from ltisys import Signal, audio
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "tone.flac"
    ...     audio.write(path, Signal([0.0, 0.5, 0.0, -0.5], rate=8000))
    ...     audio.read(path)
    Signal([ 0. ,  0.5,  0. , -0.5], start=0, rate=8000)
    """
    path = _existing(path)
    return _read(path, path)


def decode(content: bytes, name: str) -> Signal:
    """The Signal in an audio file whose bytes are already in memory, for example from an archive.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        What error messages call it.

    Returns
    -------
    Signal
        As from `read`.

    Raises
    ------
    ValueError
        As from `read`.

    Examples
    --------
    >>> decode(b"hello", "greeting.wav")
    Traceback (most recent call last):
    ValueError: greeting.wav: not a readable audio file (Format not recognised)
    """
    return _read(io.BytesIO(content), name)


def blocks(path: str | os.PathLike[str], size: int) -> Iterator[np.ndarray]:
    """An audio file of any length, block after block, in constant memory.

    Parameters
    ----------
    path : str or path
        As for `read`.
    size : int
        Samples of each channel in a block, at least 1; the last block may be shorter.

    Returns
    -------
    iterator of ndarray, shape (channels, up to size)
        float32 samples as from `read`, with a channel axis also for one channel.

    Raises
    ------
    FileNotFoundError, ValueError
        As from `read`; what only decoding shows is raised at the block concerned.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from ltisys import Signal, audio
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "ramp.wav"
    ...     audio.write(path, Signal([0.0, 0.25, 0.5], rate=8000))
    ...     [block.tolist() for block in audio.blocks(path, 2)]
    [[[0.0, 0.25]], [[0.5]]]
    """
    if size < 1:
        raise ValueError(f"size must be at least 1, got {size}")
    info(path)  # a missing or foreign file is reported here, not at the first block
    return _blocks(Path(path), size)


def write(path: str | os.PathLike[str], signal: Signal) -> None:
    """Write a Signal to a 16-bit PCM file, whole or not at all.

    Each sample becomes the integer nearest to 32768 times its value (ties to even); values beyond ±1 are clipped to
    full scale. A file that was there before is replaced only once the new one is complete. The start of the signal is
    not stored.

    Parameters
    ----------
    path : str or path
        Ends in ``.wav`` or ``.flac``, which chooses the format.
    signal : Signal
        Floating point samples of shape (n,) or (channels, n), full scale at ±1, with a whole rate in hertz.

    Raises
    ------
    ValueError
        For another suffix, a signal without a whole rate, more axes, NaN or infinity, or more channels or a higher rate
        than the format can hold.
    TypeError
        For samples that are not real floating point numbers.
    OSError
        If the file cannot be written; nothing is left behind.

    Examples
    --------
    See `read`.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in _FORMATS:
        raise ValueError(f"{path}: the name of a sound file must end in .wav or .flac")
    rate = signal.rate
    if rate is None or rate != int(rate):
        raise ValueError(f"a sound file needs a whole rate in hertz, got a signal with rate={rate}")
    if signal.ndim != 1 or signal.samples.ndim > 2:
        raise ValueError(f"samples must have shape (n,) or (channels, n), got {signal.samples.shape}")
    samples = to_int16(signal.samples)
    encoded = io.BytesIO()
    try:
        soundfile.write(encoded, samples.T, int(rate), format=_FORMATS[suffix], subtype="PCM_16")
    except (soundfile.SoundFileError, ValueError) as error:
        channels = 1 if samples.ndim == 1 else len(samples)
        asked = f"{channels} channels at {int(rate)} Hz"
        raise ValueError(f"{path}: {_FORMATS[suffix]} cannot hold {asked} ({_reason(error)})") from error
    write_whole(path, encoded.getbuffer())


def to_int16(x: ArrayLike) -> np.ndarray:
    """16-bit integers for samples with full scale ±1: 32768 x rounded to nearest, ties to even, clipped at full scale.

    Parameters
    ----------
    x : array_like
        Real floating point samples.

    Returns
    -------
    ndarray of int16
        Same shape.

    Raises
    ------
    TypeError
        For samples that are not real floating point numbers.
    ValueError
        For NaN or infinity.

    Examples
    --------
    >>> to_int16([0.0, 0.5, -1.0, 1.0, 7.0])
    array([     0,  16384, -32768,  32767,  32767], dtype=int16)
    """
    x = np.asarray(x)
    if x.dtype.kind != "f":
        raise TypeError(f"samples must be floating point with full scale ±1, got dtype {x.dtype}")
    scaled = np.rint(x.astype(np.result_type(x, np.float32), copy=False) * FULL_SCALE)
    if not np.isfinite(scaled).all():
        raise ValueError("samples must be finite, got NaN or infinity")
    return np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1, out=scaled).astype(np.int16)


def _existing(path: str | os.PathLike[str]) -> Path:
    path = Path(path)
    if path.is_dir():
        raise ValueError(f"{path}: not a readable audio file (it is a folder)")
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file")
    return path


def _reason(error: Exception) -> str:
    return getattr(error, "error_string", str(error)).rstrip(".")  # libsndfile's own words, without a second path


@contextmanager
def _opened(source: Path | BinaryIO, name: str | Path) -> Iterator[soundfile.SoundFile]:
    """An open sound file; every complaint of the decoder, then or later, names it."""
    try:
        with soundfile.SoundFile(source) as file:
            yield file
    except (soundfile.SoundFileError, TypeError) as error:  # TypeError: a headerless format, known by its suffix
        raise ValueError(f"{name}: not a readable audio file ({_reason(error)})") from error


def _chunks(source: Path | BinaryIO, name: str | Path, size: int) -> Iterator[tuple[np.ndarray, int]]:
    """Checked float32 chunks of shape (frames, channels), each with the rate of the file."""
    with _opened(source, name) as file:
        frames = 0
        while len(chunk := file.read(size, dtype="float32", always_2d=True)):
            if not np.isfinite(chunk).all():
                raise ValueError(f"{name}: holds samples that are NaN or infinite")
            frames += len(chunk)
            yield chunk, file.samplerate
        if frames < file.frames:
            raise ValueError(f"{name}: not a readable audio file (cut short: {frames} of {file.frames} frames)")
        if frames == 0:
            raise ValueError(f"{name}: holds no samples")


def _read(source: Path | BinaryIO, name: str | Path) -> Signal:
    chunks = list(_chunks(source, name, _CHUNK))
    rate = chunks[0][1]
    samples = chunks[0][0] if len(chunks) == 1 else np.concatenate([chunk for chunk, _ in chunks])
    return Signal(samples[:, 0] if samples.shape[1] == 1 else samples.T, rate=rate)


def _blocks(path: Path, size: int) -> Iterator[np.ndarray]:
    for chunk, _ in _chunks(path, path, size):
        yield chunk.T

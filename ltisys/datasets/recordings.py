"""Recordings in sub-folders or zip archives, and many of them decoded to one array."""

import os
import zipfile
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from .. import audio
from ..signal import Signal

SUFFIXES = (".wav", ".flac")
_THREADS = 2


@dataclass(frozen=True)
class Recording:
    """One sound file: on disk, or a member of a zip archive.

    Attributes
    ----------
    name : str
        Its path below the data set's folder, with forward slashes: "yes/0a7c2a8d_nohash_0.flac".
    file : Path
        The file itself, or the archive that holds it.
    archived : bool
        Whether `file` is an archive.
    """

    name: str
    file: Path
    archived: bool = False

    @property
    def folder(self) -> str:
        """The sub-folder it lies in: the word, where there is a folder for each word."""
        return PurePosixPath(self.name).parts[0]

    @property
    def stem(self) -> str:
        """Its file name without the suffix."""
        return PurePosixPath(self.name).stem


def find(root: Path, archives: Sequence[str] = ()) -> list[Recording]:
    """All WAV and FLAC files FOLDER/FILE below a folder, sorted by name; hidden ones are passed over.

    Parameters
    ----------
    root : Path
        The folder.
    archives : sequence of str
        Zip archives in it, whose members count as if they were unpacked there.

    Raises
    ------
    FileNotFoundError
        If the folder or one of the archives is missing.
    ValueError
        For an archive that cannot be read.
    """
    if not root.is_dir():
        raise FileNotFoundError(f"{root}: no such folder; give the one that holds the recordings")
    found = [Recording(path.relative_to(root).as_posix(), path) for path in root.glob("*/*") if path.is_file()]
    for path in (root / name for name in archives):
        with _open_zip(path) as archive:
            found += [Recording(name, path, archived=True) for name in archive.namelist() if name.count("/") == 1]
    return sorted((one for one in found if _is_sound(one.name)), key=lambda one: one.name)


def load(
    recordings: Sequence[Recording], rate: int, length: int, *, progress: Callable[[int, int], None] | None = None
) -> np.ndarray:
    """Decode many recordings to one array: one channel, one rate, one length.

    Channels are averaged, other rates resampled; a recording that is longer than `length` is cut to its loudest
    stretch, a shorter one followed by zeros.

    Parameters
    ----------
    recordings : sequence of Recording
        What to read.
    rate : int
        Samples per second of the result.
    length : int
        Samples of each clip.
    progress : callable, optional
        Called with how many recordings are done, and how many there are.

    Returns
    -------
    ndarray of int16, shape (recordings, length)

    Raises
    ------
    ValueError
        For a file that cannot be decoded, is cut short or empty; it is named.
    """
    samples = np.zeros((len(recordings), length), np.int16)

    def decode_into(row: int) -> None:
        x = loudest(reader.mono(recordings[row], rate), length)
        samples[row, : len(x)] = audio.to_int16(x)

    with _Reader(recordings) as reader, ThreadPoolExecutor(_THREADS) as pool:
        for done, _ in enumerate(pool.map(decode_into, range(len(recordings))), start=1):
            if progress is not None:
                progress(done, len(recordings))
    return samples


def load_noise(recordings: Sequence[Recording], rate: int) -> tuple[np.ndarray, ...]:
    """Decode background recordings whole: one channel, one rate, float32."""
    with _Reader(recordings) as reader:
        return tuple(reader.mono(one, rate) for one in recordings)


def loudest(x: np.ndarray, length: int) -> np.ndarray:
    """The stretch of `length` samples that holds the most energy, the first of equals; all of a shorter x.

    Examples
    --------
    >>> loudest(np.array([0.0, 1.0, -3.0, 2.0, 1.0]), 2)
    array([-3.,  2.])
    """
    if len(x) <= length:
        return x
    energy = np.concatenate([[0.0], np.cumsum(np.square(x, dtype=np.float64))])
    first = int(np.argmax(energy[length:] - energy[:-length]))
    return x[first : first + length]


class _Reader:
    """Reads recordings, with every archive opened once."""

    def __init__(self, recordings: Sequence[Recording]) -> None:
        self._stack = ExitStack()
        files = {one.file for one in recordings if one.archived}
        self._archives = {file: self._stack.enter_context(_open_zip(file)) for file in files}

    def __enter__(self) -> "_Reader":
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def mono(self, recording: Recording, rate: int) -> np.ndarray:
        """float32 samples at one rate."""
        signal = self._signal(recording)
        assert signal.rate is not None
        return audio.resample(audio.to_mono(signal.samples), signal.rate, rate)

    def _signal(self, recording: Recording) -> Signal:
        if not recording.archived:
            return audio.read(recording.file)
        name = os.fspath(recording.file / recording.name)
        try:
            content = self._archives[recording.file].read(recording.name)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise ValueError(f"{name}: damaged in the archive ({error})") from error
        return audio.decode(content, name)


def _open_zip(path: Path) -> zipfile.ZipFile:
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file")
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise ValueError(f"{path}: not a readable zip archive ({error})") from error


def _is_sound(name: str) -> bool:
    parts = PurePosixPath(name)
    return parts.suffix.lower() in SUFFIXES and not any(part.startswith(".") for part in parts.parts)

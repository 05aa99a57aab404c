"""Sound files of any length, written block by block, whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import final

import numpy as np
import soundfile

from ..files import whole_file

_FORMATS = {".wav": "WAV", ".flac": "FLAC"}
_BITS = {"PCM_U8": 8, "PCM_S8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32}
_LARGEST_WAV = (1 << 32) - (1 << 20)  # bytes: its header counts them in 32 bits


@final
class Writer:
    """A sound file that is being written; `writing` gives it out.

    Attributes
    ----------
    frames : int
        Samples of each channel written so far.
    peak : float
        The largest magnitude so far, full scale being 1.
    clipped : int
        How many samples were beyond what the format holds, and are now full scale.
    """

    def __init__(self, file: soundfile.SoundFile, name: Path):
        self._file, self._name = file, name
        self.frames, self.peak, self.clipped = 0, 0.0, 0

    def write(self, block: np.ndarray) -> None:
        """Append samples (channels, n), floating point with full scale at ±1.

        Integer formats get the integer nearest to full scale times the value, ties to even, as `write` has it.

        Raises
        ------
        ValueError
            For NaN or infinity, or another number of channels.
        """
        if block.ndim != 2 or len(block) != self._file.channels:
            raise ValueError(f"{self._name}: blocks have shape ({self._file.channels}, n), got {block.shape}")
        if not np.isfinite(block).all():
            raise ValueError(f"{self._name}: samples must be finite, got NaN or infinity")
        self.peak = max(self.peak, float(np.abs(block).max(initial=0)))
        bits = _BITS.get(self._file.subtype)
        if bits is not None:
            scale = 1 << (bits - 1)
            # float32 holds integers of 24 bits exactly
            whole = np.rint(block * scale) if bits <= 24 else np.rint(block.astype(np.float64) * scale)
            self.clipped += int(np.count_nonzero((whole < -scale) | (whole > scale - 1)))
            block = np.clip(whole, -scale, scale - 1).astype(np.int64) << (32 - bits)
            block = block.astype(np.int32)  # libsndfile takes the leading bits
        self._file.write(np.ascontiguousarray(block.T))
        self.frames += block.shape[1]


@contextmanager
def writing(
    path: str | os.PathLike[str], rate: int, channels: int, *, subtype: str = "PCM_16", frames: int = 0
) -> Iterator[Writer]:
    """Write a sound file block by block; it appears under its name when all of it is there.

    Parameters
    ----------
    path : str or path
        Ends in ``.wav`` or ``.flac``, which chooses the format.
    rate, channels : int
        Samples per second, and how many side by side.
    subtype : str, default "PCM_16"
        Format of a sample, in the words of libsndfile.
    frames : int, default 0
        About how many samples of each channel are to come: a WAV file beyond 4 GiB needs a larger header (RF64).

    Yields
    ------
    Writer

    Raises
    ------
    ValueError
        For another suffix, or a rate, a number of channels or a subtype that the format cannot hold.
    OSError
        If the file cannot be written; nothing is left behind.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from ltisys import audio
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "tone.wav"
    ...     with audio.writing(path, 8000, 2) as file:
    ...         file.write(np.array([[0.5, 0.0], [1.5, -0.5]]))
    ...     file.clipped, audio.read(path).samples.tolist()
    (1, [[0.5, 0.0], [0.999969482421875, -0.5]])
    """
    path = Path(path)
    kind = _FORMATS.get(path.suffix.lower())
    if kind is None:
        raise ValueError(f"{path}: the name of a sound file must end in .wav or .flac")
    if not soundfile.check_format(kind, subtype):
        known = ", ".join(soundfile.available_subtypes(kind))
        raise ValueError(f"{path}: {kind} does not hold samples of format {subtype!r}; it holds {known}")
    if kind == "WAV" and frames * channels * (_BITS.get(subtype, 64) // 8) > _LARGEST_WAV:
        kind = "RF64"
    with whole_file(path) as temporary:
        try:
            file = soundfile.SoundFile(temporary, "x", rate, channels, subtype, format=kind)
        except soundfile.SoundFileError as error:
            reason = getattr(error, "error_string", str(error)).rstrip(".")
            asked = f"{channels} channels at {rate} Hz in {subtype}"
            if not os.access(path.parent, os.W_OK):
                raise PermissionError(f"{path}: the folder cannot be written to") from error
            raise ValueError(f"{path}: {kind} cannot hold {asked} ({reason})") from error
        with file:
            try:
                yield Writer(file, path)
            except soundfile.SoundFileError as error:
                raise OSError(f"{path}: could not be written ({getattr(error, 'error_string', error)})") from error

"""Systems applied to sound files of any length, in constant memory."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..systems import System
from .files import blocks, info
from .writing import writing

BLOCK = 1 << 16  # frames: enough that nothing but the work itself takes time


@dataclass(frozen=True)
class Filtered:
    """What became of a file.

    Attributes
    ----------
    rate, channels, frames : int
        Of the file that was written.
    peak : float
        The largest magnitude of its samples before clipping, full scale being 1.
    clipped : int
        How many samples were beyond full scale.
    seconds : float
        How long it took.
    """

    rate: int
    channels: int
    frames: int
    peak: float
    clipped: int
    seconds: float

    @property
    def real_time(self) -> float:
        """How many times faster than the sound lasts."""
        return self.frames / self.rate / max(self.seconds, 1e-9)


def filter_file(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    systems: System | Sequence[System],
    *,
    tail: bool = False,
    subtype: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Filtered:
    """Apply systems to a sound file, block by block, and write the result, whole or not at all.

    The result begins where the source begins, also for systems that look ahead, and is as long.

    Parameters
    ----------
    source : str or path
        A file of any format that libsndfile knows, of any length.
    target : str or path
        Ends in ``.wav`` or ``.flac``; may be the source itself.
    systems : System or sequence of System
        One for every channel alike, or one for each channel of the result: then the source has as many channels, or one
        that they all hear.
    tail : bool, default False
        Go on until the responses have died away after the last sample.
    subtype : str, optional
        Format of a sample of the target, in the words of libsndfile; by default that of the source.
    progress : callable, optional
        Is told after every block how many frames are done, and of how many.

    Returns
    -------
    Filtered

    Raises
    ------
    ValueError
        Systems of another rate or for images, a number of systems that does not fit the channels, the tail of a
        recursive system, and what `read` and `writing` refuse.
    OSError
        A file that cannot be read or written; nothing is left behind.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import ltisys as lti
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     source, target = (pathlib.Path(folder) / name for name in ("in.wav", "out.wav"))
    ...     lti.audio.write(source, lti.Signal([0.0, 0.5, 0.0, 0.0], rate=8000))
    ...     done = lti.audio.filter_file(source, target, lti.FIR([0.25, 0.5, 0.25], start=-1))
    ...     done.frames, lti.audio.read(target).samples.tolist()
    (4, [0.125, 0.25, 0.125, 0.0])
    """
    start = time.perf_counter()
    given = info(source)
    if given.frames == 0:
        raise ValueError(f"{source}: the recording is empty")
    each = [systems] if isinstance(systems, System) else list(systems)
    for system in each:
        if system.rate is not None and system.rate != given.rate:
            raise ValueError(f"{source} has {given.rate} samples per second, the system {system.rate:g}: resample one")
        if tail and system.stop == np.inf:
            raise ValueError(f"the tail of {system!r} never ends: leave it out")
    if len(each) > 1 and given.channels not in (1, len(each)):
        raise ValueError(
            f"{source} has {given.channels} channels, and there are {len(each)} responses: give one, or one per channel"
        )
    filters = _Filters(each, given.channels)
    frames = given.frames + (max(0, *(int(system.stop) - 1 for system in each)) if tail else 0)
    silence = frames - given.frames + filters.latency
    words = {"subtype": subtype or given.subtype, "frames": frames}
    with writing(Path(target), given.rate, filters.channels, **words) as file:
        for block in _followed_by_zeros(source, given.channels, silence):
            file.write(filters.push(block)[:, : frames - file.frames])
            if progress is not None:
                progress(file.frames, frames)
    return Filtered(given.rate, filters.channels, file.frames, file.peak, file.clipped, time.perf_counter() - start)


class _Filters:
    """Streams side by side whose outputs begin together, however late each is."""

    def __init__(self, systems: Sequence[System], channels: int):
        if len(systems) == 1:
            self._heard = [slice(0, channels)]
            self._streams = [systems[0].stream(channels, np.float32)]
        else:
            self._heard = [slice(c, c + 1) for c in (range(channels) if channels > 1 else [0] * len(systems))]
            self._streams = [system.stream(1, np.float32) for system in systems]
        self.channels = channels if len(systems) == 1 else len(systems)
        self.latency = max(stream.latency for stream in self._streams)
        self._early = [stream.latency for stream in self._streams]  # outputs still to be dropped: those before time 0
        self._ready = [np.empty((stream.channels, 0), np.float32) for stream in self._streams]

    def push(self, block: np.ndarray) -> np.ndarray:
        """Return the outputs (channels, m) that all streams have ready after one more block."""
        for i, (stream, heard) in enumerate(zip(self._streams, self._heard, strict=True)):
            x = block[heard]
            y = np.atleast_2d(stream.process(x[0] if stream.channels == 1 else x))
            dropped = min(self._early[i], y.shape[1])
            self._early[i] -= dropped
            self._ready[i] = np.concatenate([self._ready[i], y[:, dropped:]], axis=1)
        count = min(ready.shape[1] for ready in self._ready)
        made = np.concatenate([ready[:, :count] for ready in self._ready])
        self._ready = [ready[:, count:] for ready in self._ready]
        return made


def _followed_by_zeros(source, channels: int, count: int) -> Iterator[np.ndarray]:
    yield from blocks(source, BLOCK)
    for start in range(0, count, BLOCK):
        yield np.zeros((channels, min(BLOCK, count - start)), np.float32)

"""The microphone: words as they are said, and how loud it is."""

import math
import queue
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import typer

if TYPE_CHECKING:
    from ltisys.spotting import Spotter

_BLOCK = 0.1  # seconds
_PATIENCE = 3.0  # seconds of silence after which a microphone may be off
_SILENT = -75.0  # decibels below full scale
_QUIETEST, _CELLS = -60.0, 30  # of the meter


def listen(spotter: "Spotter", threshold: float | None, device: str | None) -> None:
    """Print the words that are said into a microphone, until Ctrl-C.

    Parameters
    ----------
    spotter : Spotter
        What listens.
    threshold : float or None
        For all keywords, in place of the spotter's own.
    device : str or None
        Number or part of the name of the input device; None for the usual one.

    Raises
    ------
    OSError
        If sounddevice is not installed, or finds no sound system.
    ValueError
        If there is no such input device: the message names those that there are.
    """
    sound = _sound_system()
    chosen = _input_device(sound, device)
    rate = round(chosen["default_samplerate"])
    stream = spotter.stream(rate, threshold)
    blocks: queue.Queue[tuple[np.ndarray, bool]] = queue.Queue()

    def take(data: np.ndarray, frames: int, time: Any, status: Any) -> None:
        blocks.put((data[:, 0].copy(), bool(status)))

    typer.echo(
        f"listening to {chosen['name']} at {rate} Hz for {', '.join(spotter.keywords)}; end with Ctrl-C", err=True
    )
    with sound.InputStream(
        samplerate=rate, blocksize=round(_BLOCK * rate), device=chosen["index"], channels=1, dtype="float32",
        callback=take,
    ):  # fmt: skip
        quiet = 0.0
        while True:
            block, lost = blocks.get()
            level = 10 * math.log10(max(float(np.mean(np.square(block))), 1e-12))
            quiet = quiet + _BLOCK if level < _SILENT else 0.0
            for found in stream.push(block):
                _above_the_meter(f"{found.start:8.2f} s  {found.word:<12} {found.score:.2f}")
            if lost:
                _note("sound was lost: the machine is too busy")
            if _PATIENCE <= quiet < _PATIENCE + _BLOCK:
                _note("nothing comes in: is the microphone muted, or the wrong device chosen?")
            _show(meter(level))


def meter(level: float) -> str:
    """A bar for a level in decibels below full scale.

    Examples
    --------
    >>> meter(-30.0)
    '[###############               ]  -30 dB'
    """
    cells = round(_CELLS * (1 - max(min(level, 0.0), _QUIETEST) / _QUIETEST))
    return f"[{'#' * cells:<{_CELLS}}] {level:4.0f} dB"


def _sound_system() -> Any:
    try:
        import sounddevice  # pyright: ignore[reportMissingImports]  (an extra)
    except ImportError:
        raise OSError("the microphone needs sounddevice: python -m pip install 'ltisys[live]'") from None
    except OSError as error:
        raise OSError(f"the microphone needs PortAudio, a system library such as libportaudio2: {error}") from None
    return sounddevice


def _input_device(sound: Any, wanted: str | None) -> dict[str, Any]:
    inputs = [one for one in sound.query_devices() if one["max_input_channels"] > 0]
    if not inputs:
        raise ValueError("there is no input device: plug in a microphone")
    try:
        chosen = sound.query_devices(int(wanted) if wanted and wanted.isdigit() else wanted, "input")
    except (ValueError, sound.PortAudioError):
        chosen = {"max_input_channels": 0}
    if not chosen["max_input_channels"]:
        names = ", ".join(f"{one['index']} {one['name']}" for one in inputs)
        raise ValueError(f"no input device {wanted or 'is the usual one'}; there are: {names}")
    return chosen


def _above_the_meter(text: str) -> None:
    _show("")
    typer.echo(text)


def _note(text: str) -> None:
    _show("")
    typer.echo(text, err=True)


def _show(text: str) -> None:
    """On the last line of a terminal, in place of what stands there."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)

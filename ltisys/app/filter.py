"""``ltisys filter``: a filter applied to a sound file of any length."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .console import AsJson, counting, must_be_writable, show_json

if TYPE_CHECKING:
    from ltisys.systems import System

_TABLES = (".npy", ".csv", ".txt")
_HAMMING = 3.3  # taps times width of the transition in cycles per sample, for a Hamming window


def filter(
    source: Annotated[Path, typer.Argument(metavar="IN", help="WAV, FLAC or another sound file, of any length.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Where to write: .wav or .flac. May be IN itself.")],
    lowpass: Annotated[float | None, typer.Option(metavar="HZ", help="Keep what is below.")] = None,
    highpass: Annotated[float | None, typer.Option(metavar="HZ", help="Keep what is above.")] = None,
    bandpass: Annotated[tuple[float, float] | None, typer.Option(metavar="LOW HIGH", help="Keep a band.")] = None,
    bandstop: Annotated[tuple[float, float] | None, typer.Option(metavar="LOW HIGH", help="Remove a band.")] = None,
    notch: Annotated[
        list[float] | None, typer.Option(metavar="HZ", help="Remove one frequency; may be given again.")
    ] = None,
    response: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Taps of a filter (.npy, .csv, .txt), or a sound file with the response of a room."
        ),
    ] = None,
    width: Annotated[float, typer.Option(metavar="HZ", help="How wide the transitions of the bands are.")] = 100.0,
    mix: Annotated[float, typer.Option(help="How much of the filtered sound, 0 to 1; the rest is the original.")] = 1.0,
    gain: Annotated[
        float, typer.Option(metavar="DB", help="Make the result louder, or softer, by so many decibels.")
    ] = 0.0,
    tail: Annotated[bool, typer.Option("--tail", help="Let the response die away after the end of the sound.")] = False,
    subtype: Annotated[
        str | None, typer.Option(help="Format of the samples: PCM_16, PCM_24, FLOAT. [default: that of IN]")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Filter a sound file, block by block: bands, a notch, taps of your own, or the reverberation of a room.

    Filters that are given together work one after the other. Bands have linear phase, and the result stays in time
    with the original.

    Example: ltisys filter talk.wav clean.wav --highpass 80 --notch 50

    Example: ltisys filter dry.wav wet.wav --response hall.wav --mix 0.3 --tail    puts it into a hall
    """
    from ltisys import audio

    if not 0 <= mix <= 1:
        raise ValueError(f"--mix lies between 0 and 1, got {mix}")
    given = audio.info(source)
    must_be_writable(target)
    rate = given.rate
    systems = _bands(rate, width, lowpass=lowpass, highpass=highpass, bandpass=bandpass, bandstop=bandstop, notch=notch)
    responses = [None] if response is None else _responses(response, rate)
    if not systems and response is None:
        raise ValueError("nothing to do: give --lowpass, --highpass, --bandpass, --bandstop, --notch or --response")
    factor = 10 ** (gain / 20)
    each = [_series([*systems, *([one] if one is not None else [])]) for one in responses]
    each = [factor * (system if mix == 1 else mix * system + (1 - mix)) for system in each]
    with counting(f"filtering {source.name}") as progress:
        done = audio.filter_file(
            source, target, each[0] if len(each) == 1 else each, tail=tail, subtype=subtype,
            progress=lambda frames, total: progress(frames // rate, total // rate),
        )  # fmt: skip
    result = {
        "file": str(target),
        "rate": done.rate,
        "channels": done.channels,
        "frames": done.frames,
        "peak": done.peak,
        "clipped": done.clipped,
        "seconds": done.seconds,
        "real_time": done.real_time,
    }
    if done.clipped:
        softer = math.floor(10 * (gain - 20 * math.log10(done.peak))) / 10
        advice = f"--gain {softer:g} or --subtype FLOAT avoids it"
        typer.echo(f"{done.clipped} samples were beyond full scale and have been clipped: {advice}", err=True)
    if as_json:
        show_json(result)
    else:
        level = f"{20 * math.log10(done.peak):.1f} dB" if done.peak else "silence"
        duration = f"{done.frames / rate:.1f} s of {done.channels} channel{'s' * (done.channels > 1)}"
        typer.echo(f"{target}: {duration}, peak {level}, {done.real_time:.0f} times faster than real time")


def _bands(rate: int, width: float, **wanted: Any) -> "list[System]":
    """The designed filters that were asked for, in the order of the options."""
    from ltisys import design

    if not 0 < width < rate / 2:
        raise ValueError(f"--width lies between 0 and half the rate of the file, {rate / 2:g} Hz, got {width:g}")
    taps = math.ceil(_HAMMING * rate / width) | 1
    words = {"rate": rate, "centred": True}
    made: list[System] = []
    for name in ("lowpass", "highpass"):
        if wanted[name] is not None:
            made.append(getattr(design, name)(taps, wanted[name], **words))
    for name in ("bandpass", "bandstop"):
        if wanted[name] is not None:
            made.append(getattr(design, name)(taps, *wanted[name], **words))
    return made + [design.notch(frequency, rate=rate) for frequency in wanted["notch"] or ()]


def _series(systems: "Sequence[System]") -> "System":
    result = systems[0]
    for system in systems[1:]:
        result = result * system
    return result


def _responses(path: Path, rate: int) -> "list[System]":
    """The filters in a file: one, or one for each channel."""
    import numpy as np

    from ltisys import FIR, audio

    if path.suffix.lower() in _TABLES:
        return [FIR(_taps(path), rate=rate)]
    signal = audio.read(path)
    h = np.atleast_2d(signal.samples)
    if signal.rate != rate:
        typer.echo(f"{path} has {signal.rate} samples per second and is resampled to {rate}", err=True)
        # a response is scaled by the ratio of the rates, so that its gain stays what it was
        h = audio.resample(h, signal.rate or rate, rate) * np.float32((signal.rate or rate) / rate)
    return [FIR(row, rate=rate) for row in h]


def _taps(path: Path) -> Any:
    """The numbers in a file of taps."""
    import numpy as np

    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file")
    try:
        if path.suffix.lower() == ".npy":
            h = np.load(path, allow_pickle=False)
        else:
            h = np.loadtxt(path, delimiter="," if path.suffix.lower() == ".csv" else None, ndmin=1)
    except (ValueError, EOFError) as error:
        raise ValueError(f"{path}: not a file of taps, numbers one after the other ({error})") from error
    h = np.squeeze(h) if h.size > 1 else h.reshape(-1)
    if h.ndim != 1 or not h.size or h.dtype.kind not in "biuf" or not np.isfinite(h).all():
        raise ValueError(f"{path}: taps are one row of finite real numbers, got {h.dtype} of shape {h.shape}")
    return h.astype(np.float64)

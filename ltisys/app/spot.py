"""``ltisys spot``: where the words are in recordings, or in what a microphone hears."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import AsJson, counting, table

if TYPE_CHECKING:
    from ltisys.spotting import Detection, Spotter

_BLOCK = 10  # seconds read at a time


def spot(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Recordings: WAV or FLAC, any sampling rate, any length.")
    ] = None,
    model: Annotated[
        str, typer.Option(help="What hears: a model file, or the name of a bundled one (keywords, digits).")
    ] = "keywords",
    threshold: Annotated[
        float | None, typer.Option(help="Score from which a word counts as heard, 0 to 1. [default: the model's]")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="table, json, csv, or labels: a label track for Audacity.")
    ] = "table",
    live: Annotated[bool, typer.Option("--live", help="Listen to the microphone instead.")] = False,
    device: Annotated[str | None, typer.Option(help="With --live: number or part of the name of the input.")] = None,
    as_json: AsJson = False,
) -> None:
    """Find the words in recordings, with start, end and score.

    Example: ltisys spot talk.wav --format labels > talk.txt

    Example: ltisys spot --live --model digits    listens to the microphone for zero to nine
    """
    from ltisys import spotting

    from .detections import FORMATS, as_csv, as_labels
    from .detections import as_json as json_of

    form = "json" if as_json else form
    if form not in FORMATS:
        raise ValueError(f"--format must be one of {', '.join(FORMATS)}, got {form!r}")
    if live == bool(files):
        raise ValueError("give recordings, or --live for the microphone" + (", not both" if live else ""))
    spotter = spotting.load(model)
    if live:
        from .live import listen

        listen(spotter, threshold, device)
        return
    heard = [(str(file), _spot_file(spotter, file, threshold)) for file in files or ()]
    if form == "table":
        _show(heard, spotter)
    else:
        typer.echo({"json": json_of, "csv": as_csv, "labels": as_labels}[form](heard))


def _show(heard: "list[tuple[str, list[Detection]]]", spotter: "Spotter") -> None:
    for file, detections in heard:
        if detections:
            rows = [[d.word, f"{d.start:.2f}", f"{d.stop:.2f}", f"{d.score:.2f}"] for d in detections]
            table(file, ["word", "start (s)", "end (s)", "score"], rows)
        else:
            typer.echo(f"{file}: none of {', '.join(spotter.keywords)}")


def _spot_file(spotter: "Spotter", file: Path, threshold: float | None) -> "list[Detection]":
    """The words in one file, read block by block so that its length does not matter."""
    from ltisys import audio

    info = audio.info(file)
    if info.frames == 0:
        raise ValueError(f"{file}: the recording is empty")
    stream = spotter.stream(info.rate, threshold)
    found = []
    with counting(f"listening to {file.name}") as progress:
        done = 0
        for block in audio.blocks(file, _BLOCK * info.rate):
            found += stream.push(block)
            done += block.shape[1]
            progress(done // info.rate, info.frames // info.rate)
    return found + stream.flush()

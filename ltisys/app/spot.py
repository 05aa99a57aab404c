"""``ltisys spot``: where the words are in recordings."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import AsJson, counting, show_json, table

if TYPE_CHECKING:
    from ltisys.spotting import Detection, Spotter

_BLOCK = 10  # seconds read at a time


def spot(
    files: Annotated[list[Path], typer.Argument(help="Recordings: WAV or FLAC, any sampling rate, any length.")],
    model: Annotated[Path | None, typer.Option(help="The model file to hear with.")] = None,
    threshold: Annotated[
        float | None, typer.Option(help="Score from which a word counts as heard, 0 to 1. [default: the model's]")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find the words in recordings, with start, end and score.

    Example: ltisys spot talk.wav --model mine.safetensors
    """
    from ltisys import spotting

    spotter = spotting.load(model)
    heard = [(file, _spot_file(spotter, file, threshold)) for file in files]
    if as_json:
        show_json([{"file": str(file), **vars(found)} for file, detections in heard for found in detections])
        return
    for file, detections in heard:
        if detections:
            rows = [[d.word, f"{d.start:.2f}", f"{d.stop:.2f}", f"{d.score:.2f}"] for d in detections]
            table(str(file), ["word", "start (s)", "end (s)", "score"], rows)
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

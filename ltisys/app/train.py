"""``ltisys train``: from a folder of recordings to one model file."""

from pathlib import Path
from typing import Annotated

import typer

from .console import AsJson, Data, counting, must_be_writable, show_json


def train(
    data: Data,
    out: Annotated[Path, typer.Option(help="The model file to write.")] = Path("keywords.safetensors"),
    keywords: Annotated[
        str, typer.Option(help="Words to listen for, with commas; the others count as unknown. [default: all words]")
    ] = "",
    epochs: Annotated[int, typer.Option(min=1, help="How often every recording is heard.")] = 60,
    width: Annotated[float, typer.Option(help="Factor on the channels of the network.")] = 1.0,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same model.")] = 0,
    checkpoint: Annotated[
        Path | None,
        typer.Option(help="Keep the run in this file, and go on from it after a kill."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train a keyword spotter on recordings of words and judge it on speakers that it has not heard.

    Example: ltisys train --data recordings --out mine.safetensors
    """
    must_be_writable(out)
    from ltisys import datasets, spotting
    from ltisys.spotting.examples import with_keywords

    with counting(f"reading {data}") as progress:
        clips = datasets.open_clips(data, progress=progress)
    if keywords:
        clips = with_keywords(clips, [word.strip() for word in keywords.split(",")])
    recipe = spotting.Recipe(epochs=epochs, width=width)
    spotter, history = spotting.train(clips, seed=seed, recipe=recipe, checkpoint=checkpoint)
    spotting.save(spotter, out)
    result = {
        "model": str(out),
        "words": list(spotter.words),
        "parameters": spotter.net.n_parameters,
        "card": spotter.card.to_dict(),
        "seconds": sum(history.seconds),
    }
    if as_json:
        show_json(result)
        return
    typer.echo(f"words      {' '.join(spotter.words)}")
    typer.echo(f"heard      {spotter.card.clips} clips of {spotter.card.voices} speakers")
    typer.echo(f"accuracy   {100 * spotter.card.scores['accuracy']:.2f} % on speakers that it had not heard")
    typer.echo(f"model      {out} ({spotter.net.n_parameters} parameters), after {sum(history.seconds):.0f} s")
    typer.echo(f"next       ltisys spot RECORDING.wav --model {out}")

"""``ltisys evaluate``: how good a model file is on held-out speakers."""

from pathlib import Path
from typing import Annotated

import typer

from .console import AsJson, Data, counting, show_json, table, working


def evaluate(
    data: Data,
    model: Annotated[Path | None, typer.Option(help="The model file to judge.")] = None,
    stream_words: Annotated[
        int, typer.Option(min=0, help="Keywords in a made recording for misses and false alarms; 0 leaves it out.")
    ] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Of the made recording.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Judge a model on the recordings of held-out speakers: accuracy, confusion, misses against false alarms.

    Example: ltisys evaluate --data recordings --model mine.safetensors
    """
    from ltisys import datasets, spotting

    spotter = spotting.load(model)
    with counting(f"reading {data}") as progress:
        clips = datasets.open_clips(data, progress=progress)
    with working("judging"):
        scores = spotting.evaluate(spotter, clips, stream_words=stream_words, seed=seed)
    if as_json:
        show_json({"model": str(model), **scores.to_dict()})
        return
    typer.echo(f"accuracy           {100 * scores.accuracy:.2f} % of {scores.clips} clips of held-out speakers")
    typer.echo(f"keywords alone     {100 * scores.keyword_accuracy:.2f} %")
    rows = [
        [word, *(str(n) if n else "" for n in row)] for word, row in zip(scores.words, scores.confusion, strict=True)
    ]
    table("confusion: true word down, answer across", ["", *scores.words], rows)
    if scores.operating_points:
        points = [
            [f"{p.threshold:.2f}", f"{100 * p.miss_rate:.1f} %", f"{p.false_alarms_per_hour:.0f}"]
            for p in scores.operating_points
        ]
        table(
            "made recording: as many other words as keywords, noise 8 dB below",
            ["threshold", "missed", "false alarms/h"],
            points,
        )

"""``ltisys evaluate``: how good a model is on held-out speakers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import AsJson, Data, counting, must_be_writable, show_json, table, working

if TYPE_CHECKING:
    from ltisys.spotting import Scores


def evaluate(
    data: Data,
    model: Annotated[
        str, typer.Option(help="The model to judge: a file, or the name of a bundled one (keywords, digits).")
    ] = "keywords",
    hours: Annotated[
        float,
        typer.Option(
            min=0.0, help="Length of each of two recordings for thresholds and for misses and false alarms; 0 for none."
        ),
    ] = 0.0,
    seed: Annotated[int, typer.Option(min=0, help="Of those recordings.")] = 0,
    picture: Annotated[
        Path | None, typer.Option(help="Draw misses against false alarms, word by word, to this PNG file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Judge a model on the recordings of held-out speakers: accuracy, confusion, misses against false alarms.

    Example: ltisys evaluate --data recordings --model mine.safetensors --hours 6
    """
    if picture is not None:
        must_be_writable(picture)
        if not hours:
            raise ValueError("--picture draws what is counted on hours of sound: give --hours, too")
    from ltisys import datasets, spotting
    from ltisys.spotting.examples import by_speaker, same_speakers
    from ltisys.spotting.robustness import cost, robustness

    spotter = spotting.load(model)
    with counting(f"reading {data}") as progress:
        clips = datasets.open_clips(data, progress=progress)
    with working("judging"):
        scores = spotting.evaluate(spotter, clips, hours=hours, seed=seed)
        robust, spent = robustness(spotter, clips), cost(spotter)
    if picture is not None:
        from ltisys import plots

        plots.save(plots.misses_against_false_alarms(scores.operating_points), picture)
    if as_json:
        show_json({"model": model, **scores.to_dict(), **robust.to_dict(), **vars(spent)})
        return
    low, high = scores.accuracy_interval
    kept = "speakers that it learned from" if same_speakers(*by_speaker(clips)) else "held-out speakers"
    typer.echo(f"accuracy           {100 * scores.accuracy:.2f} % of {scores.clips} clips of {kept}")
    typer.echo(f"                   {100 * low:.2f} to {100 * high:.2f} % at 95 % confidence")
    typer.echo(f"keywords alone     {100 * scores.keyword_accuracy:.2f} %")
    rows = [
        [word, *(str(n) if n else "" for n in row)] for word, row in zip(scores.words, scores.confusion, strict=True)
    ]
    table("confusion: true word down, answer across", ["", *scores.words], rows)
    in_noise = [[f"{snr:g} dB", f"{100 * share:.2f} %"] for snr, share in robust.by_snr.items()]
    table("words in noise that training never heard", ["words above noise", "accuracy"], in_noise)
    moved = [[f"{1000 * shift:+.0f} ms", f"{100 * share:.2f} %"] for shift, share in robust.by_shift.items()]
    table("words moved in time", ["by", "accuracy"], moved)
    typer.echo(f"answers changed    {100 * robust.changed_by_shift:.2f} % by the largest shifts")
    typer.echo(f"cost               {spent.parameters:,} parameters, {spent.macs_per_second / 1e6:.1f} MMAC a second")
    typer.echo(f"speed              {spent.real_time_factor:.0f} times real time, {spent.latency:.2f} s late at most")
    if scores.operating_points:
        show_operation(scores)


def show_operation(scores: "Scores") -> None:
    """Print misses and false alarms by threshold, by the rate that was wanted, and by word."""
    hours = scores.operating_points[0].hours
    said = sum(scores.operating_points[0].said.values())
    table(
        f"{hours:g} hours of changing noise with {said} keywords and other words, 5 to 30 dB above it",
        ["threshold", "missed", "false alarms/h"],
        [
            [f"{p.threshold:.3f}", f"{100 * p.miss_rate:.1f} %", f"{p.false_alarms_per_hour:.2f}"]
            for p in scores.operating_points
        ],
    )
    table(
        "thresholds chosen on another such recording, of other speakers and noise, for so many false alarms an hour",
        ["wanted", "threshold", "missed", "95 %", "false alarms/h", "95 %"],
        [
            [
                f"{rate:g}", f"{p.threshold:.3f}",
                f"{100 * p.miss_rate:.1f} %", "{:.1f} to {:.1f} %".format(*(100 * x for x in p.miss_interval)),
                f"{p.false_alarms_per_hour:.2f}", "{:.2f} to {:.2f}".format(*p.false_alarm_interval),
            ]
            for rate, p in scores.at_rates.items()
        ],
    )  # fmt: skip
    point = scores.at_rates[min(scores.at_rates)]
    table(
        f"by word, threshold {point.threshold:.3f}",
        ["word", "said", "missed", "false alarms"],
        [[word, str(n), str(point.missed[word]), str(point.false_alarms[word])] for word, n in point.said.items()],
    )

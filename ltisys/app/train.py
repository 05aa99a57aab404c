"""``ltisys train``: from a folder of recordings to one model file."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from .console import AsJson, Data, counting, must_be_there, must_be_writable, show_json

_FEW = 20  # recordings of a word, below which more of them help most
_BY_ITSELF = 200  # recordings of a word with which a network may learn from nothing
_FROM_NOTHING, _FROM_FILTERS = {"epochs": 40, "lr": 8e-3}, {"epochs": 30, "lr": 2e-3}


def train(
    data: Data,
    out: Annotated[Path, typer.Option(help="The model file to write.")] = Path("my_words.safetensors"),
    keywords: Annotated[
        str, typer.Option(help="Words to listen for, with commas; the others count as unknown. [default: all words]")
    ] = "",
    start: Annotated[
        str | None,
        typer.Option(
            help="Begin with the filters of this model, a file or a bundled one, or with none. "
            f"[default: keywords, if there are fewer than {_BY_ITSELF} recordings of a word]"
        ),
    ] = None,
    teacher: Annotated[
        list[str] | None,
        typer.Option(
            help="Learn what this model, a file or a bundled one, says of the recordings, in place of their labels; "
            "given several times, what they say on average."
        ),
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="How often every recording is heard.")] = None,
    width: Annotated[float, typer.Option(help="Factor on the channels of a network that begins with nothing.")] = 1.0,
    voices: Annotated[int, typer.Option(min=0, help="Synthetic voices that say the words, too, where they can.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same model.")] = 0,
    checkpoint: Annotated[
        Path | None, typer.Option(help="Keep the run in this file, and go on from it after a kill.")
    ] = None,
    device: Annotated[
        str, typer.Option(help="Where the network learns: cpu, or gpu (needs the extra [cuda]).")
    ] = "cpu",
    calibrate: Annotated[
        float,
        typer.Option(
            min=0.0,
            help="Hours of sound of half of the held-out speakers, to choose thresholds on; 0 for none.",
        ),
    ] = 0.0,
    false_alarms: Annotated[
        float, typer.Option(min=0.0, help="With --calibrate: how many an hour are allowed; fewer mean more misses.")
    ] = 0.5,
    as_json: AsJson = False,
) -> None:
    """Train a keyword spotter on recordings of words and judge it on speakers that it has not heard.

    One word and one speaker are enough to begin with; the model is then judged on recordings that it has not heard.
    With a few dozen recordings of each word it begins with the filters of the model that comes with the library, which
    know what speech is; with hundreds it learns from nothing.

    Example: ltisys train --data my_words --out mine.safetensors
    """
    must_be_writable(out)
    must_be_there(device)
    from ltisys import datasets, spotting
    from ltisys.spotting.assembly import halves
    from ltisys.spotting.examples import by_speaker, keywords_of, same_speakers, with_keywords

    teachers = [spotting.load(name) for name in teacher or ()]
    with counting(f"reading {data}") as progress:
        clips = datasets.open_clips(data, progress=progress)
    if keywords:
        clips = with_keywords(clips, [word.strip() for word in keywords.split(",")])
    learned, judged = by_speaker(clips)
    heard = Counter(learned.words[label] for label in learned.labels)
    if start is None:
        start = "keywords" if min(heard[word] for word in keywords_of(clips)) < _BY_ITSELF else "none"
    begin = None if start == "none" else spotting.load(start)
    pace = _FROM_NOTHING if begin is None else _FROM_FILTERS
    if calibrate:
        halves(judged)  # too few speakers for that are told now, and not after the training
    recipe = spotting.Recipe(epochs=epochs or pace["epochs"], lr=pace["lr"], width=width, voices=voices)
    spotter, history = spotting.train(
        clips, seed=seed, recipe=recipe, start=begin, teachers=teachers, checkpoint=checkpoint, device=device
    )
    if calibrate:
        spotter = spotting.calibrate(spotter, clips, hours=calibrate, false_alarms_per_hour=false_alarms)
    spotting.save(spotter, out)
    low, high = spotting.evaluate(spotter, clips).accuracy_interval
    result = {
        "model": str(out),
        "words": list(spotter.words),
        "started_from": start,
        "teachers": teacher or [],
        "parameters": spotter.net.n_parameters,
        "card": spotter.card.to_dict(),
        "accuracy_interval": [low, high],
        "thresholds": list(spotter.thresholds),
        "seconds": sum(history.seconds),
    }
    if as_json:
        show_json(result)
        return
    typer.echo(f"words      {' '.join(spotter.words)}")
    people = "1 speaker" if spotter.card.voices == 1 else f"{spotter.card.voices} speakers"
    strangers = "recordings" if same_speakers(learned, judged) else "speakers"
    typer.echo(f"heard      {spotter.card.clips} clips of {people}")
    typer.echo(f"began      with {'nothing' if begin is None else f'the filters of {start}'}")
    if teachers:
        typer.echo(f"taught     by {', '.join(teacher or ())}")
    typer.echo(f"accuracy   {100 * spotter.card.scores['accuracy']:.2f} % on {strangers} that it had not heard")
    typer.echo(f"           between {100 * low:.1f} and {100 * high:.1f} % at 95 % confidence")
    typer.echo(f"threshold  {spotter.thresholds[0]:.3f}")
    typer.echo(f"model      {out} ({spotter.net.n_parameters} parameters), after {sum(history.seconds):.0f} s")
    typer.echo(f"next       ltisys spot RECORDING.wav --model {out}")
    few = [f"{word} ({heard[word]})" for word in spotter.keywords if heard[word] < _FEW]
    if few:
        typer.echo(
            f"note       few recordings of {', '.join(few)}: {_FEW} to 50 each, by several people, would help most"
        )
    if spotter.card.note:
        typer.echo(f"note       {spotter.card.note}")
    elif spotter.card.voices < 3:
        typer.echo("note       few people speak in the recordings: expect the model to know them better than others")

"""``ltisys demo``: the whole chain on words that the library speaks itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .console import AsJson, must_be_writable, show_json, table, working

if TYPE_CHECKING:
    from ltisys.spotting.demo import Outcome


def demo(
    out: Annotated[
        Path, typer.Option(help="Folder for the model, the recording, the pictures and report.html.")
    ] = Path("ltisys-demo"),
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same voices.")] = 0,
    quick: Annotated[
        bool, typer.Option(help="A small version in seconds, to try the chain; its results are poor.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Speak words, learn them, find them in a long noisy recording, and write a report: no data needed.

    Prints what was heard where and how well; the folder then holds the model, the recording, five pictures and
    report.html, which explains them.

    Example: ltisys demo --out somewhere

    Example: ltisys demo --quick    shows in seconds that everything runs, and nothing else
    """
    out.mkdir(parents=True, exist_ok=True)
    must_be_writable(out / "report.html")
    from ltisys.spotting.demo import Plan, run, small_plan
    from ltisys.spotting.report import write

    outcome = run(small_plan(seed) if quick else Plan(seed=seed), stage=working)
    with working("writing the report"):
        files = write(outcome, out)
    if as_json:
        show_json(_result(outcome, files))
    else:
        _print(outcome, files)


def _print(o: "Outcome", files: dict[str, Path]) -> None:
    say = typer.echo
    matches = {id(d): said for said, d in zip(o.recording.keywords, o.matches.found, strict=True) if d is not None}
    rows = [
        [d.word, f"{d.start:.2f}", f"{d.stop:.2f}", f"{d.score:.2f}", "said" if id(d) in matches else "false alarm"]
        for d in o.detections
    ]
    table("words heard in the recording", ["word", "start (s)", "end (s)", "score", ""], rows)
    missed = [said for said, d in zip(o.recording.keywords, o.matches.found, strict=True) if d is None]
    found, total = len(matches), len(o.recording.keywords)
    say(f"recording        {o.recording.seconds:.0f} s: {total} keywords, {len(o.recording.others)} other words, "
        f"noise {o.recording.snr:.0f} dB below the words")  # fmt: skip
    say(f"found            {found} of {total} keywords within 0.25 s, false alarms: {len(o.matches.false_alarms)}")
    if missed:
        say(f"missed           {', '.join(f'{d.word} at {d.start:.2f} s' for d in missed)}")
    say(f"unheard voices   {100 * o.accuracy:.1f} % of the words recognised; "
        f"by the nearest mean log-mel picture: {100 * o.baseline:.1f} %")  # fmt: skip
    lesson = o.lesson
    rows = [
        [name, *(f"{100 * a:.0f} %" for a in accuracies)]
        for name, accuracies in (("convolution", lesson.convolutional), ("dense", lesson.dense))
    ]
    shifts = [f"{1000 * s:+.0f} ms" for s in lesson.shifts]
    table(
        f"accuracy when the words move in time (in training by up to {1000 * lesson.trained:.0f} ms)",
        ["network", *shifts],
        rows,
    )
    say("")
    say("This spotter was trained on synthetic voices only. To train on real ones:")
    say("    ltisys train --data FOLDER --out mine.safetensors     (one sub-folder of recordings for each word)")
    say(f"    ltisys spot RECORDING.wav --model {files['model']}     hears with this one")
    say(f"report           {files['report']}  ({sum(o.seconds.values()):.0f} s)")


def _result(o: "Outcome", files: dict[str, Path]) -> dict[str, Any]:
    return {
        "accuracy": o.accuracy,
        "nearest_mean_accuracy": o.baseline,
        "keywords": len(o.matches.found),
        "found": sum(d is not None for d in o.matches.found),
        "false_alarms": len(o.matches.false_alarms),
        "recording_seconds": o.recording.seconds,
        "snr": o.recording.snr,
        "detections": [vars(d) for d in o.detections],
        "said": [vars(d) for d in (*o.recording.keywords, *o.recording.others)],
        "shifts": list(o.lesson.shifts),
        "convolutional_accuracy": list(o.lesson.convolutional),
        "dense_accuracy": list(o.lesson.dense),
        "seconds": o.seconds,
        "files": {name: str(path) for name, path in files.items()},
    }

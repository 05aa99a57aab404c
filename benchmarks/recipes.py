"""What each step of the keyword spotter's recipe is worth: the recipe, and what else was tried.

    python -m benchmarks.recipes --data FOLDER [--epochs 120] [--seeds 3] [--hours 6] [--changes] [--teachers FILE ...]

Without --changes the recipe itself is trained, once for each seed; with --teachers on what these models say of the
clips. Label smoothing was the first change that was tried, and the others were tried with it, so that each of them is
to be compared with label smoothing alone. Networks are judged on the validation speakers of Speech Commands: on clips,
and on the first of the two long recordings that `ltisys evaluate` makes, which is the one to choose by. A finished
training is kept in the result file and not repeated; one that was stopped goes on, with --checkpoints FOLDER.
"""

import argparse
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ltisys import datasets, nn, spotting
from ltisys.datasets import Clips
from ltisys.spotting.assembly import Assembly, halves
from ltisys.spotting.examples import held_out_from, to_judge
from ltisys.spotting.operating import chosen, operating_points

from .kept import Kept

RESULTS = Path(__file__).parent / "results" / "recipes.json"
WHOLE = "the recipe"
SMOOTHED = "label smoothing"


def _smoothed(**changes: Any) -> Callable[[spotting.Recipe], spotting.Recipe]:
    return lambda recipe: replace(recipe, label_smoothing=0.05, **changes)


def _varied(**changes: Any) -> Callable[[spotting.Recipe], spotting.Recipe]:
    return lambda recipe: _smoothed(variation=replace(recipe.variation, **changes))(recipe)


CHANGES: dict[str, Callable[[spotting.Recipe], spotting.Recipe]] = {
    WHOLE: lambda recipe: recipe,
    SMOOTHED: _smoothed(),
    f"{SMOOTHED}, no change of speed": _varied(speed=0.0),
    f"{SMOOTHED}, no shift in time": _varied(shift=0.0),
    f"{SMOOTHED}, no noise": _varied(noise=0.0),
    f"{SMOOTHED}, no masks": _varied(masks=(0, 0)),
    f"{SMOOTHED}, no neighbouring words": _varied(neighbour=0.0),
    f"{SMOOTHED}, no invented words, half the silence": _smoothed(negatives=0.0),
    f"{SMOOTHED}, vocal tracts of other lengths": _varied(tract=0.1),
    f"{SMOOTHED}, 16 synthetic voices": _smoothed(voices=16),
}


def judged(spotter: spotting.Spotter, clips: Clips, hours: float) -> dict[str, float]:
    """Accuracies and cross-entropy of the validation clips, and the misses at 0.5 and 5 false alarms an hour."""
    held_out = held_out_from(clips, spotter.rate)
    x, t = to_judge(held_out, spotter.words, spotter.front_end.samples)
    p = spotter.probabilities(spotter.front_end(x))
    right = p.argmax(axis=1) == t
    recording = Assembly(halves(held_out)[0], spotter.keywords, hours=hours)
    points = operating_points(spotter, recording)
    return {
        "accuracy": float(right.mean()),
        "keyword_accuracy": float(right[t < len(spotter.keywords)].mean()),
        "cross_entropy": float(-np.log(p[np.arange(len(t)), t]).mean()),
        "misses_at_0.5": chosen(points, 0.5).miss_rate,
        "misses_at_5": chosen(points, 5.0).miss_rate,
    }


def trained(
    clips: Clips,
    seed: int,
    recipe: spotting.Recipe,
    teachers: list[spotting.Spotter],
    checkpoint: Path | None,
    hours: float,
) -> dict[str, float]:
    """What `judged` says of a network, its size, multiply-adds in a clip of a second, and the seconds of training."""
    spotter, history = spotting.train(
        clips, seed=seed, recipe=recipe, teachers=teachers, checkpoint=checkpoint, progress=False
    )
    cost = {"parameters": spotter.net.n_parameters, "macs": nn.macs(spotter.net, (1, 40, 98))}
    return judged(spotter, clips, hours) | cost | {"seconds": round(sum(history.seconds))}


def main() -> None:
    """Train what is missing, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="the folder of Speech Commands")
    parser.add_argument("--epochs", type=int, default=120)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--hours", type=float, default=6.0, help="length of the long recording")
    parser.add_argument("--changes", action="store_true", help="every change, too")
    parser.add_argument("--teachers", nargs="+", default=[], help="models to learn from, in place of the labels")
    parser.add_argument("--checkpoints", type=Path, help="a folder to keep runs in")
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args()
    clips = datasets.speech_commands(options.data)
    kept = Kept(options.results)
    teachers = [spotting.load(name) for name in options.teachers]
    for change in CHANGES if options.changes else (WHOLE,):
        name = f"{change} taught by {len(teachers)} networks" if teachers else change
        found = []
        for seed in range(options.seeds):
            key = f"{name}, seed {seed}, {options.epochs} epochs"
            checkpoint = options.checkpoints and options.checkpoints / f"{key}.ckpt"
            recipe = replace(CHANGES[change](spotting.Recipe()), epochs=options.epochs)
            one = kept.get(key, partial(trained, clips, seed, recipe, teachers, checkpoint, options.hours))
            found.append(one["accuracy"])
            print(
                f"{key:<60} {100 * one['accuracy']:6.2f} %  keywords {100 * one['keyword_accuracy']:6.2f} %  "
                f"cross-entropy {one['cross_entropy']:.3f}  misses at 0.5/h {100 * one['misses_at_0.5']:4.1f} %, "
                f"at 5/h {100 * one['misses_at_5']:4.1f} %  {one['seconds']} s",
                flush=True,
            )
        print(f"{name}: mean {100 * np.mean(found):.2f} %, standard deviation {100 * np.std(found):.2f}", flush=True)


if __name__ == "__main__":
    main()

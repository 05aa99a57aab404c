"""How well a spotter knows digits: of speakers it never heard, and by the official split, which shares speakers.

    python -m benchmarks.spoken_digits --data FOLDER [--seeds 3] [--epochs 30] [--voices 32] [--official]

One network for each speaker left out and each seed; what is printed is the share of the digits of that speaker that
are recognised, with "unknown" and "silence" among the answers. A finished fold is kept in the result file and not
trained again.
"""

import argparse
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from ltisys import datasets, spotting
from ltisys.datasets import Clips

from .kept import Kept

RESULTS = Path(__file__).parent / "results" / "spoken_digits.json"
SMOOTHING = 0.05  # of the labels


def without(clips: Clips, speaker: str) -> Clips:
    """All speakers but one to learn from, that one to judge by."""
    return replace(clips, splits=np.where(clips.speakers == speaker, "validation", "training"))


def official(clips: Clips) -> Clips:
    """The official split, with speakers named apart in its two parts so that both count as they are."""
    names = np.char.add(clips.speakers.astype(str), np.where(clips.splits == "testing", " (test)", ""))
    return replace(clips, speakers=names)


def trained(part: Clips, seed: int, recipe: spotting.Recipe) -> dict[str, float]:
    """The share of the held-out digits that are recognised, and the seconds of training."""
    spotter, history = spotting.train(part, seed=seed, recipe=recipe, progress=False)
    scores = spotting.evaluate(spotter, part)
    return {"accuracy": scores.keyword_accuracy, "seconds": round(sum(history.seconds))}


def main() -> None:
    """Train what is missing, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="the folder of the Free Spoken Digit Dataset")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--voices", type=int, default=32, help="synthetic voices that speak along in training")
    parser.add_argument("--official", action="store_true", help="the official split only")
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args()
    clips = datasets.fsdd(options.data)
    recipe = spotting.Recipe(epochs=options.epochs, voices=options.voices, label_smoothing=SMOOTHING)
    parts = {"official split": official(clips)}
    if not options.official:
        parts = {speaker: without(clips, speaker) for speaker in sorted(set(clips.speakers.tolist()))}
    kept = Kept(options.results)
    for seed in range(options.seeds):
        for name, part in parts.items():
            key = f"{name}, seed {seed}, {options.epochs} epochs, {options.voices} voices"
            one = kept.get(key, partial(trained, part, seed, recipe))
            print(f"{key:<60} {100 * one['accuracy']:6.2f} %  {one['seconds']:5d} s", flush=True)
    suffix = f"{options.epochs} epochs, {options.voices} voices"
    found = [
        value["accuracy"] for key, value in kept.found.items() if key.endswith(suffix) and key.split(",")[0] in parts
    ]
    print(f"mean {100 * np.mean(found):.2f} %, standard deviation {100 * np.std(found):.2f}, of {len(found)}")


if __name__ == "__main__":
    main()

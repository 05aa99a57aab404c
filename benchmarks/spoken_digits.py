"""How well a spotter knows digits: of speakers it never heard, and by the official split, which shares speakers.

    python -m benchmarks.spoken_digits --data FOLDER [--seeds 3] [--epochs 30] [--voices 32] [--official]

One network for each speaker left out and each seed; what is printed is the share of the digits of that speaker that
are recognised, with "unknown" and "silence" among the answers. A finished fold is kept in the result file and not
trained again.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from ltisys import datasets, spotting
from ltisys.datasets import Clips
from ltisys.files import write_whole

RESULTS = Path(__file__).parent / "results" / "spoken_digits.json"


def without(clips: Clips, speaker: str) -> Clips:
    """All speakers but one to learn from, that one to judge by."""
    return replace(clips, splits=np.where(clips.speakers == speaker, "validation", "training"))


def official(clips: Clips) -> Clips:
    """The official split, with speakers named apart in its two parts so that both count as they are."""
    names = np.char.add(clips.speakers.astype(str), np.where(clips.splits == "testing", " (test)", ""))
    return replace(clips, speakers=names)


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
    recipe = spotting.Recipe(epochs=options.epochs, voices=options.voices)
    parts = {"official split": official(clips)}
    if not options.official:
        parts = {speaker: without(clips, speaker) for speaker in sorted(set(clips.speakers.tolist()))}
    done = json.loads(options.results.read_text()) if options.results.exists() else {}
    for seed in range(options.seeds):
        for name, part in parts.items():
            key = f"{name}, seed {seed}, {options.epochs} epochs, {options.voices} voices"
            if key not in done:
                spotter, history = spotting.train(part, seed=seed, recipe=recipe, progress=False)
                scores = spotting.evaluate(spotter, part)
                done[key] = {"accuracy": scores.keyword_accuracy, "seconds": round(sum(history.seconds))}
                write_whole(options.results, json.dumps(done, indent=1).encode())
            print(f"{key:<60} {100 * done[key]['accuracy']:6.2f} %  {done[key]['seconds']:5d} s", flush=True)
    suffix = f"{options.epochs} epochs, {options.voices} voices"
    found = [value["accuracy"] for key, value in done.items() if key.endswith(suffix) and key.split(",")[0] in parts]
    print(f"mean {100 * np.mean(found):.2f} %, standard deviation {100 * np.std(found):.2f}, of {len(found)}")


if __name__ == "__main__":
    main()

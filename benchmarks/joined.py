"""Words found in validation clips joined with pauses and noise: `python -m benchmarks.joined MODEL SPEECH_COMMANDS`."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import ltisys as lti
from ltisys import audio, datasets, spotting
from ltisys.spotting.detection import Detection
from ltisys.spotting.evaluation import match

KEYWORDS, OTHERS, PAUSE, NOISE, SEED = 32, 8, (0.3, 1.0), 0.004, 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    x, said = join(datasets.open_clips(options.data).part("validation"), np.random.default_rng(SEED))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "joined.wav"
        audio.write(path, x)
        spot = [sys.executable, "-m", "ltisys", "spot", str(path), "--model", str(options.model)]
        subprocess.run(spot, check=True)
        heard = spotting.load(options.model).spot(audio.read(path).samples, x.rate or 0)
    outcome = match(said, heard, tolerance=0.5)  # a clip is a second long, and says its word anywhere within it
    found = sum(detection is not None for detection in outcome.found)
    seconds, false_alarms = x.n.size / (x.rate or 1), len(outcome.false_alarms)
    print(f"{seconds:.0f} s: {found} of {len(said)} keywords found, {false_alarms} false alarms")


def join(clips, rng: np.random.Generator) -> tuple[lti.Signal, list[Detection]]:
    """Return the recording, and the keywords in it with the times of their clips."""
    unknown = clips.words.index("unknown")
    chosen = [
        *rng.choice(np.flatnonzero(clips.labels != unknown), KEYWORDS, replace=False),
        *rng.choice(np.flatnonzero(clips.labels == unknown), OTHERS, replace=False),
    ]
    rng.shuffle(chosen)
    pieces, said, n = [], [], 0
    for i in chosen:
        pieces.append(np.zeros(int(rng.uniform(*PAUSE) * clips.rate), np.float32))
        clip = clips.audio([i])[0]
        start = (n + len(pieces[-1])) / clips.rate
        if clips.labels[i] != unknown:
            said.append(Detection(clips.words[clips.labels[i]], start, start + len(clip) / clips.rate, 1.0))
        pieces.append(clip)
        n += len(pieces[-2]) + len(clip)
    x = np.concatenate(pieces)
    x += NOISE * rng.standard_normal(len(x), dtype=np.float32)
    return lti.Signal(np.clip(x, -1, 1), rate=clips.rate), said


if __name__ == "__main__":
    main()

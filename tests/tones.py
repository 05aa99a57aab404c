"""Words that anyone can tell apart: rising and falling tones, and noise bursts, said by speakers of different pitch."""

from pathlib import Path

import numpy as np
import soundfile

from ltisys import spotting
from ltisys.audio import LogMel
from ltisys.datasets import Clips
from ltisys.spotting.frontend import FrontEnd
from ltisys.spotting.network import scanning_network

RATE = 16000


def tone(word: str, pitch: float, rng: np.random.Generator, seconds: float = 0.4) -> np.ndarray:
    """A word by itself, in [-1, 1]."""
    t = np.arange(round(seconds * RATE)) / RATE
    if word == "up":
        x = np.sin(2 * np.pi * (pitch * t + pitch * t**2))
    elif word == "down":
        x = np.sin(2 * np.pi * (2 * pitch * t - pitch * t**2))
    else:
        x = rng.standard_normal(len(t)) / 3
    return (0.3 * x * np.hanning(len(t))).astype(np.float32)


def tone_clips(takes: int = 4, speakers: int = 10) -> Clips:
    """One-second clips of three words; the last two speakers validate."""
    rng = np.random.default_rng(0)
    words = ("up", "down", "unknown")
    samples, labels, names = [], [], []
    for speaker in range(speakers):
        for label, word in enumerate(words):
            for _ in range(takes):
                x = np.zeros(RATE, np.float32)
                start = 4800 + rng.integers(-400, 400)
                said = tone(word, 500 + 40 * speaker, rng)
                x[start : start + len(said)] = said
                samples.append(x + 1e-3 * rng.standard_normal(RATE).astype(np.float32))
                labels.append(label)
                names.append(f"s{speaker}")
    splits = np.where(np.isin(names, [f"s{s}" for s in range(speakers - 2, speakers)]), "validation", "training")
    return Clips(
        np.stack(samples).astype(np.float32), RATE, words, np.array(labels), np.array(names), splits, name="tones",
        licence="MIT",
    )  # fmt: skip


def tone_folder(root: Path, takes: int = 2) -> Path:
    """The same as files: WORD/SPEAKER_TAKE.wav."""
    clips = tone_clips(takes)
    for i, (label, speaker) in enumerate(zip(clips.labels, clips.speakers, strict=True)):
        file = root / clips.words[label] / f"{speaker}_{i}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(file, clips.samples[i], RATE)
    return root


def untrained(words: tuple[str, ...] = ("up", "down")) -> spotting.Spotter:
    """A spotter that has learned nothing, and hears words all over the place."""
    net = scanning_network(40, len(words) + 2, seed=0).eval()
    net[-1].weight.value *= 0.1  # undecided, so that scores vary
    front_end = FrontEnd(LogMel(), (-6.0,) * 40, (3.0,) * 40)
    card = spotting.Card("nothing", "MIT", scores={"accuracy": 0.25})
    return spotting.Spotter(net, (*words, "unknown", "silence"), front_end, (0.2,) * len(words), card)

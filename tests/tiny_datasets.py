"""Data sets of a few tiny files, laid out as the published ones, and the real ones where LTISYS_DATA names them."""

import gzip
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import soundfile

from ltisys.datasets.commands import KEYWORDS

# speakers by the split that the published hash puts them in
SPEAKERS = {"training": "0a7c2a8d", "validation": "026290a7", "testing": "0c40e715"}


def real(name: str) -> list[Path]:
    """The folder of a real data set in a list, or an empty list: a case more where the data are, and never a skip."""
    folder = Path(os.environ.get("LTISYS_DATA", ""), name)
    return [folder] if "LTISYS_DATA" in os.environ and folder.is_dir() else []


def sources(name: str, *makers: Callable[[Path], Path]) -> list[Callable[[Path], Path]]:
    """Ways to a data set, given an empty folder: the makers of tiny ones, and the real one where it is."""
    return [*makers, *((lambda _, folder=folder: folder) for folder in real(name))]


def sound(seed: int, n: int) -> np.ndarray:
    """Sixteen-bit samples."""
    return np.random.default_rng(seed).integers(-9000, 9000, n).astype(np.int16)


def write_sounds(root: Path, sounds: Mapping[str, np.ndarray], rate: int) -> Path:
    """Write sounds to files below a folder."""
    for name, samples in sounds.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(root / name, samples, rate)
    return root


def pack(root: Path, members: Mapping[str, str]) -> Path:
    """Move files into uncompressed zip archives: from each name to the archive that it goes to."""
    for name, archive in members.items():
        with zipfile.ZipFile(root / archive, "a") as target:
            target.write(root / name, name)
        (root / name).unlink()
    return root


def speech_command_sounds(suffix: str) -> dict[str, np.ndarray]:
    """Each keyword by three speakers, two other words, one noise; one clip is shorter than a second."""
    names = [f"{word}/{speaker}_nohash_0" for word in KEYWORDS for speaker in SPEAKERS.values()]
    names += [f"{word}/{SPEAKERS['training']}_nohash_1" for word in ("bed", "tree")]
    sounds = {f"{name}.{suffix}": sound(seed, 16000) for seed, name in enumerate(names)}
    sounds[f"bed/{SPEAKERS['training']}_nohash_1.{suffix}"] = sound(99, 12000)
    return sounds | {f"_background_noise_/hum.{suffix}": sound(100, 40000)}


def speech_commands_in_folders(root: Path) -> Path:
    """As published: WORD/SPEAKER_nohash_N.wav."""
    return write_sounds(root, speech_command_sounds("wav"), 16000)


def speech_commands_packed(root: Path) -> Path:
    """The same as FLAC in keywords.zip and other.zip."""
    sounds = speech_command_sounds("flac")
    write_sounds(root, sounds, 16000)
    return pack(root, {name: "keywords.zip" if name.split("/")[0] in KEYWORDS else "other.zip" for name in sounds})


def fsdd_sounds(suffix: str) -> dict[str, np.ndarray]:
    """Two digits by two speakers, takes 4 (test) and 5 (training), none a second long but one longer."""
    names = [f"{digit}_{speaker}_{take}" for digit in (0, 7) for speaker in ("ada", "ben") for take in (4, 5)]
    sounds = {f"recordings/{name}.{suffix}": sound(seed, 3000 + seed) for seed, name in enumerate(names)}
    long = np.concatenate([np.zeros(3000, np.int16), sound(50, 8000), np.zeros(2000, np.int16)])
    return sounds | {f"recordings/7_ben_5.{suffix}": long}


def fsdd_in_a_folder(root: Path) -> Path:
    """As published: recordings/DIGIT_SPEAKER_TAKE.wav."""
    return write_sounds(root, fsdd_sounds("wav"), 8000)


def fsdd_packed(root: Path) -> Path:
    """The same as FLAC in fsdd_train.zip."""
    sounds = fsdd_sounds("flac")
    write_sounds(root, sounds, 8000)
    return pack(root, dict.fromkeys(sounds, "fsdd_train.zip"))


def idx(array: np.ndarray) -> bytes:
    """An array of unsigned bytes in IDX format."""
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def mnist(root: Path, train: int = 6, test: int = 3) -> Path:
    """Random images under the names of MNIST."""
    rng = np.random.default_rng(0)
    root.mkdir(parents=True, exist_ok=True)
    for name, count in (("train", train), ("t10k", test)):
        images = rng.integers(0, 256, (count, 28, 28), np.uint8)
        (root / f"{name}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(images)))
        (root / f"{name}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(np.arange(count, dtype=np.uint8) % 10)))
    return root

"""A long recording through a long response: ``python -m benchmarks.reverb`` prints memory and real-time factor.

It makes a stereo recording of noise at 48 kHz and the response of a room of two channels, runs ``ltisys filter`` on
them in a process of its own, and compares stretches of the result with `scipy.signal.oaconvolve`.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import oaconvolve

RATE = 48000
BLOCK = 10 * RATE


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reverb", description=__doc__)
    parser.add_argument("--hours", type=float, default=2.0, help="length of the recording")
    parser.add_argument("--response", type=float, default=3.0, help="length of the response in seconds")
    parser.add_argument("--folder", type=Path, help="where to make the files, 2.8 GB for two hours")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        place = Path(folder)
        room = response(int(options.response * RATE))
        soundfile.write(place / "room.wav", room, RATE, subtype="FLOAT")
        frames = make_recording(place / "in.wav", int(options.hours * 3600 * RATE))
        names = [str(place / name) for name in ("in.wav", "out.wav", "room.wav")]
        command = [sys.executable, "-m", "ltisys", "filter", names[0], names[1], "--response", names[2], "--json"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        deviation = max(check(place, room, frames // 5 * part) for part in range(5))
        result = json.loads(done.stdout)
    print(f"{frames / RATE / 3600:.2f} h of 2 channels at {RATE} Hz through {len(room)} taps for each")
    print(f"largest memory of the process: {peak:.0f} MiB")
    print(f"{result['real_time']:.0f} times faster than real time ({result['seconds']:.1f} s)")
    print(f"largest deviation from scipy.signal.oaconvolve in five stretches: {deviation:.1e} of full scale")


def response(taps: int) -> np.ndarray:
    """Return noise that dies away by 60 dB, a column for each channel, of unit energy."""
    noise = np.random.default_rng(0).standard_normal((taps, 2)) * 10 ** (-3 * np.arange(taps)[:, None] / taps)
    return (noise / np.sqrt((noise**2).sum(axis=0))).astype(np.float32)


def make_recording(path: Path, frames: int) -> int:
    rng = np.random.default_rng(1)
    with soundfile.SoundFile(path, "w", RATE, 2, "PCM_16") as file:
        for start in range(0, frames, BLOCK):
            file.write((3000 * rng.standard_normal((min(BLOCK, frames - start), 2))).astype(np.int16))
    return frames


def check(place: Path, room: np.ndarray, start: int) -> float:
    """Return the largest deviation of a second of the result from the convolution of what it heard."""
    first = max(0, start - len(room))
    with soundfile.SoundFile(place / "in.wav") as source, soundfile.SoundFile(place / "out.wav") as made:
        source.seek(first)
        heard = source.read(start - first + RATE)
        made.seek(start)
        result = made.read(RATE)
    wanted = oaconvolve(heard, room.astype(np.float64), axes=0)[start - first : start - first + len(result)]
    return float(np.abs(result - np.clip(wanted, -1, 1 - 2**-15)).max())


if __name__ == "__main__":
    main()

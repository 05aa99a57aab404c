"""Streams of long responses against `scipy.signal.lfilter` with its state, block by block in one process.

Run it as ``python -m benchmarks.streaming [--json FILE]``. Every case is verified against `scipy.signal.oaconvolve`
before it is timed. Both contenders take turns on short runs of blocks; all cases are measured five times, and the table
shows the medians of the five. Times are of one call, Python included.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import lfilter, oaconvolve

import ltisys as lti

from . import machine

TAPS = (512, 4096, 16384, 65536)
BLOCKS = (64, 128, 256, 512)
RATE = 48000
REPEATS, TURNS, STREAM_CALLS, PEER_CALLS = 5, 10, 100, 3


def response(taps: int) -> np.ndarray:
    return (np.random.default_rng(taps).standard_normal(taps) / np.sqrt(taps)).astype(np.float32)


def verify(h: np.ndarray, block: int) -> None:
    n = 2 * len(h) + 5 * block
    x = np.random.default_rng(0).standard_normal(n - n % block).astype(np.float32)
    stream = lti.FIR(h).stream(dtype=np.float32)
    y = np.concatenate([stream.process(part) for part in x.reshape(-1, block)])
    wanted = oaconvolve(x.astype(np.float64), h.astype(np.float64))[: len(x)]
    assert np.abs(y - wanted).max() <= 2e-6 * np.abs(wanted).max()


def timed(call, calls: int) -> np.ndarray:
    times = np.empty(calls)
    for i in range(calls):
        start = time.perf_counter()
        call()
        times[i] = time.perf_counter() - start
    return times


def measure(h: np.ndarray, block: int) -> dict[str, float]:
    """Medians in seconds, and the 99th percentile of the stream over its median."""
    x = np.random.default_rng(1).standard_normal(block).astype(np.float32)
    y, one = np.empty_like(x), np.ones(1, np.float32)
    stream = lti.FIR(h).stream(dtype=np.float32)
    state = np.zeros(len(h) - 1, np.float32)

    def run_peer() -> None:
        nonlocal state
        _, state = lfilter(h, one, x, zi=state)

    ours, peers = [], []
    for _ in range(2 * len(h) // block):
        stream.process(x, out=y)
    for _ in range(TURNS):
        timed(run_peer, 1)
        peers.append(timed(run_peer, PEER_CALLS))
        timed(lambda: stream.process(x, out=y), 10)
        ours.append(timed(lambda: stream.process(x, out=y), STREAM_CALLS))
    samples = np.concatenate(ours)
    median = float(np.median(samples))
    return {
        "stream": median,
        "lfilter": float(np.median(np.concatenate(peers))),
        "p99": float(np.percentile(samples, 99)) / median,
    }


def table() -> list[dict[str, Any]]:
    cases = [(taps, block) for taps in TAPS for block in BLOCKS]
    for taps, block in cases:
        verify(response(taps), block)
    runs = [[measure(response(taps), block) for taps, block in cases] for _ in range(REPEATS)]
    rows = []
    for i, (taps, block) in enumerate(cases):
        each = {key: float(np.median([run[i][key] for run in runs])) for key in runs[0][i]}
        ratio = float(np.median([run[i]["lfilter"] / run[i]["stream"] for run in runs]))
        rows.append({"taps": taps, "block": block, **each, "ratio": ratio, "real_time": block / RATE / each["stream"]})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.streaming", description=__doc__)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args()
    rows = table()
    print("|  taps | block | stream µs | lfilter µs | ratio | p99/median | × real time at 48 kHz |")
    print("|------:|------:|----------:|-----------:|------:|-----------:|----------------------:|")
    for row in rows:
        print(
            f"| {row['taps']:5} | {row['block']:5} | {1e6 * row['stream']:9.1f} | {1e6 * row['lfilter']:10.1f} "
            f"| {row['ratio']:5.1f} | {row['p99']:10.2f} | {row['real_time']:21.0f} |"
        )
    if options.json:
        temporary = options.json.with_suffix(".part")
        temporary.write_text(json.dumps({"machine": machine.describe(), "rows": rows}, indent=1, ensure_ascii=False))
        temporary.replace(options.json)


if __name__ == "__main__":
    main()

"""What learning a filter bank on raw sound is worth, and what of it moved: beside a frozen one and a random one.

    python -m benchmarks.learned_bank --data FOLDER [--clips 2000] [--epochs 12] [--seed 0]

All fronts get the same clips of Speech Commands' eight keywords, the same back end, epochs and seed: a fixed log-mel
spectrogram; a bank of 40 Gabor pairs, frozen, learned, and learned at a tenth of the rate; the learned one with
per-channel energy normalisation in place of the logarithm; and a bank that begins at random. Accuracies are those of
validation speakers. Writes results/learned_bank.json and docs/pictures/learned_bank.png.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from ltisys import audio, datasets, nn
from ltisys.files import write_whole

RATE, FILTERS, TAPS, STRIDE, POOL = 16000, 40, 401, 80, 2
RESULTS = Path(__file__).parent / "results" / "learned_bank.json"
PICTURE = Path(__file__).parent.parent / "docs" / "pictures" / "learned_bank.png"
SLOWLY = "Gabor, learned slowly"
KINDS = "log-mel, fixed", "Gabor, frozen", "Gabor, learned", SLOWLY, "Gabor, learned, PCEN", "random, learned"
Examples = tuple[np.ndarray, np.ndarray]


class Gently(nn.AdamW):
    """AdamW that moves its first parameter, the bank, a tenth as far as the others."""

    def step(self) -> None:
        """Move."""
        bank = self.parameters[0]
        before = bank.value.copy()
        super().step()
        bank.value[...] = before + (bank.value - before) / 10


def bank(kind: str, seed: int) -> nn.FilterBank:
    """Forty pairs of filters, designed or random."""
    taps: Any = audio.gabor_taps(FILTERS, TAPS, RATE) if "Gabor" in kind else (2 * FILTERS, TAPS)
    return nn.FilterBank(taps, STRIDE, mode="valid", rng=seed)


def network(kind: str, back: str, classes: int, seed: int) -> nn.Sequential:
    """A front end as layers, and what reads it."""
    front: tuple[nn.Layer, ...] = ()
    if kind != "log-mel, fixed":
        compression = nn.PCEN(FILTERS) if "PCEN" in kind else nn.Log()
        front = (bank(kind, seed), nn.PairPower(), nn.AvgPool(POOL), compression)
    rng = np.random.default_rng(seed)
    if back == "linear":
        frames = 98 if not front else ((RATE - TAPS) // STRIDE + 1) // POOL
        return nn.Sequential(*front, nn.BatchNorm(FILTERS), nn.Flatten(), nn.Linear(FILTERS * frames, classes, rng=rng))
    return nn.Sequential(*front, nn.BatchNorm(FILTERS), *nn.zoo.tc_resnet8(FILTERS, classes, 0.5, seed=seed))


def responses(taps: np.ndarray) -> np.ndarray:
    """|H|² of each pair, at whole multiples of 10 Hz, (filters, bins)."""
    real, imaginary = np.split(taps.reshape(2 * FILTERS, TAPS).astype(np.float64), 2)
    return np.abs(np.fft.fft(real + 1j * imaginary, RATE // 10, axis=1)[:, : RATE // 20 + 1]) ** 2


def moments(power: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centre and bandwidth of each filter in hertz: mean and standard deviation of its power over frequency."""
    f = 10.0 * np.arange(power.shape[1])
    share = power / power.sum(axis=1, keepdims=True)
    centre = share @ f
    return centre, np.sqrt(np.maximum(share @ f**2 - centre**2, 0))


def distance(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Jensen-Shannon distance of the normalised responses, 0 for the same and 1 for disjoint ones."""
    p, q = (x / x.sum(axis=1, keepdims=True) + 1e-300 for x in (before, after))
    m = (p + q) / 2
    divergence = ((p * np.log2(p / m)).sum(axis=1) + (q * np.log2(q / m)).sum(axis=1)) / 2
    return np.sqrt(np.maximum(divergence, 0))


def bounds(power: np.ndarray) -> tuple[float, float]:
    """The least and the largest cumulative response between 100 and 7000 Hz: the bounds of the frame."""
    total = power.sum(axis=0)[10:701]
    return float(total.min()), float(total.max())


def trained(kind: str, back: str, data: Examples, validation: Examples, options: argparse.Namespace) -> dict[str, Any]:
    """Accuracy, and the responses of the bank before and after."""
    if kind == "log-mel, fixed":
        data, validation = ((audio.LogMel()(x), t) for x, t in (data, validation))
    net = network(kind, back, 8, options.seed)
    before = responses(net[0].weight.value) if isinstance(net[0], nn.FilterBank) else None
    learned = net.parameters()[1:] if "frozen" in kind else net.parameters()
    optimiser = (Gently if kind == SLOWLY else nn.AdamW)(learned, lr=options.lr, weight_decay=0.01)
    steps = options.epochs * -(-len(data[0]) // 64)
    history = nn.fit(
        net, data, validation=validation, loss=nn.cross_entropy, optimiser=optimiser, epochs=options.epochs,
        schedule=nn.OneCycle(optimiser, max_lr=options.lr, steps=steps), batch_size=64, seed=options.seed,
        progress=False,
    )  # fmt: skip
    result: dict[str, Any] = {"accuracy": history.validation_accuracy[-1], "seconds": round(sum(history.seconds), 1)}
    if before is not None:
        after = responses(net[0].weight.value)
        shift = np.abs(moments(after)[0] - moments(before)[0])
        result |= {
            "median_move_of_centre_hz": float(np.median(shift)),
            "median_js_distance": float(np.median(distance(before, after))),
            "frame_bounds": bounds(after),
            "before": before.tolist(),
            "after": after.tolist(),
        }
    return result


def picture(found: dict[str, dict[str, Any]], path: Path) -> None:
    """Responses sorted by centre, cumulative responses, centre against bandwidth, before and after."""
    from ltisys import plots
    from ltisys.plots.canvas import figure

    shown = [kind for kind in found if "learned" in kind and "PCEN" not in kind]
    canvas = figure(12, 4.2 * len(shown))
    for row, kind in enumerate(shown):
        before, after = (np.array(found[kind][when]) for when in ("before", "after"))
        order = np.argsort(moments(before)[0])
        for column, (when, power) in enumerate((("before", before), ("after", after))):
            ax = canvas.add_subplot(len(shown), 4, 4 * row + column + 1)
            decibels = 10 * np.log10(power[order] / power.max() + 1e-6)
            ax.imshow(decibels, aspect="auto", origin="lower", vmin=-40, vmax=0, extent=(0, 8, 0, FILTERS))
            ax.set_title(f"{kind}: {when}", fontsize=9)
            ax.set_xlabel("frequency (kHz)")
            ax.set_ylabel("filter" if column == 0 else "")
        ax = canvas.add_subplot(len(shown), 4, 4 * row + 3)
        f = np.arange(before.shape[1]) / 100
        for power, name, style in ((before, "before", "--"), (after, "after", "-")):
            ax.plot(f, 10 * np.log10(power.sum(axis=0)), style, label=name, linewidth=1)
        ax.set_title("cumulative response (dB)", fontsize=9)
        ax.set_xlabel("frequency (kHz)")
        ax.legend(fontsize=8)
        ax = canvas.add_subplot(len(shown), 4, 4 * row + 4)
        (x, y), (u, v) = moments(before), moments(after)
        ax.quiver(x, y, u - x, v - y, angles="xy", scale_units="xy", scale=1, width=0.004)
        ax.plot(u, v, "o", markersize=3)
        ax.set_title("centre to bandwidth (Hz), before → after", fontsize=9)
        ax.set_xlabel("centre")
    plots.save(canvas, path)


def main() -> None:
    """Train all fronts on all back ends and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="the folder of Speech Commands")
    parser.add_argument("--clips", type=int, default=2000, help="training clips")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--lr", type=float, default=4e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--picture", type=Path, default=PICTURE)
    options = parser.parse_args()
    clips = datasets.speech_commands(options.data)
    clips = clips.select(clips.labels < 8)
    training, held = clips.part("training"), clips.part("validation")
    training = training.select(np.random.default_rng(options.seed).permutation(len(training))[: options.clips])
    data, validation = ((part.audio(), part.labels) for part in (training, held))
    found: dict[str, dict[str, dict[str, Any]]] = {}
    print(
        f"{len(training)} clips, {options.epochs} epochs, seed {options.seed}; validation speakers, {len(held)} clips"
    )
    print(f"{'back end':<14}{'front end':<28}{'accuracy':>9}{'centre moved':>14}{'JS distance':>13}{'seconds':>9}")
    for back in ("linear", "tc_resnet8/2"):
        for kind in KINDS:
            one = trained(kind, back, data, validation, options)
            found.setdefault(back, {})[kind] = one
            moved = one.get("median_move_of_centre_hz")
            moves = "" if moved is None else f"{moved:11.0f} Hz{one['median_js_distance']:13.3f}"
            print(f"{back:<14}{kind:<28}{100 * one['accuracy']:8.2f}%{moves:<27}{one['seconds']:9.0f}", flush=True)
    picture(found["linear"], options.picture)
    kept = {
        back: {
            kind: {key: value for key, value in one.items() if key not in ("before", "after")}
            for kind, one in kinds.items()
        }
        for back, kinds in found.items()
    }
    facts = {"clips": len(training), "epochs": options.epochs, "seed": options.seed, "found": kept}
    write_whole(options.results, json.dumps(facts, indent=1).encode())


if __name__ == "__main__":
    main()

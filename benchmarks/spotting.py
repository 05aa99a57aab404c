"""The page about the keyword spotter: `python -m benchmarks.spotting` writes docs/spotting.md from kept results."""

import json
from collections.abc import Iterable
from pathlib import Path
from statistics import mean, pstdev
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS, PAGE = ROOT / "benchmarks" / "results", ROOT / "docs" / "spotting.md"
Found = dict[str, Any]
HEAD = """\
# How well the keyword spotter hears

Every number on this page comes from a file in `benchmarks/results`; `python -m benchmarks.spotting` writes the page.
The words are those of Speech Commands and of the Free Spoken Digit Dataset; nobody who is judged on was heard in
training, unless it says so. The official test speakers of Speech Commands take no part: networks are chosen and judged
on its validation speakers, 996 clips and 100 of silence.
"""
BUNDLED = """\
## The bundled model

`ltisys evaluate --data speech_commands --hours 6 --json`, kept as `keywords.json`. Misses and false alarms are counted
in six hours of sound with noise that changes every minute, 5 to 30 dB below the words. A word counts as found within
0.25 s; a keyword taken for another one is a miss and a false alarm. Thresholds were chosen on six other hours, of other
speakers and noise.
"""
RECIPES = """\
## The recipe

`python -m benchmarks.recipes --data speech_commands` trains the recipe with three seeds. With
`--changes --seeds 1 --epochs 20` it trains what else was tried. Labels were smoothed while the other changes were
tried, so each of them is to be compared with label smoothing alone. With one seed half a point of accuracy is chance,
and the cross-entropy of the same clips tells more. With `--teachers FILE ...` a network learns what others, of the
same recipe and of other seeds, say of the varied clips, in place of their labels. Misses are those on the first of the
two long recordings, the one to choose by. Minutes are those of the clock, on two threads, with whatever else the
machine did.
"""
DIGITS = """\
## Spoken digits

`python -m benchmarks.spoken_digits --data fsdd`: one speaker is left out, the others and synthetic voices teach; what
counts is the share of the digits of the one left out, with "unknown" and "silence" among the answers. Labels are
smoothed by 0.05. With `--official` it is the split of the data set, in which the test speakers are heard in training.
"""
BANK = """\
## A filter bank on raw sound, learned and not

`python -m benchmarks.learned_bank --data speech_commands`: {clips} clips of the eight keywords, {epochs} epochs, seed
{seed}; 40 pairs of filters of 401 taps. The frozen bank and the random one are the controls. The picture shows what
moved: responses sorted by centre frequency, their sum, and centres against bandwidths, before and after. With so few
clips free taps pick up noise beside every band, and a deep back end loses by it, less at a tenth of the rate: the
bundled models listen through a fixed bank.
"""


def page(results: Path = RESULTS) -> str:
    """Return the page: a section for every file of results that exists."""
    sections = {"keywords": _bundled, "recipes": _recipes, "spoken_digits": _digits, "learned_bank": _bank}
    parts = [HEAD]
    for name, section in sections.items():
        path = results / f"{name}.json"
        if path.exists():
            parts.append("\n".join(section(json.loads(path.read_text(encoding="utf-8")))) + "\n")
    return "\n".join(parts)


def _bundled(found: Found) -> list[str]:
    """The model that comes with the library."""
    low, high = found["accuracy_interval"]
    facts = {
        f"accuracy, {found['clips']} clips": f"{_share(found['accuracy'])} ({_share(low)} to {_share(high)})",
        "keywords alone": _share(found["keyword_accuracy"]),
        "parameters": f"{found['parameters']:,}",
        "multiply-adds a second": f"{found['macs_per_second'] / 1e6:.1f} million",
        "faster than real time, one thread": f"{found['real_time_factor']:.0f} times",
        "late at most": f"{found['latency']:.2f} s",
    }
    rates = [
        (
            rate, f"{p['threshold']:.3f}", _share(p["miss_rate"]), " to ".join(map(_share, p["miss_interval"])),
            f"{p['false_alarms_per_hour']:.2f}", "{:.2f} to {:.2f}".format(*p["false_alarm_interval"]),
        )
        for rate, p in found["at_false_alarms_per_hour"].items()
    ]  # fmt: skip
    by_snr = {f"{float(snr):g} dB": _share(share) for snr, share in found["by_snr"].items()}
    by_shift = {f"{1000 * float(shift):+.0f} ms": _share(share) for shift, share in found["by_shift"].items()}
    return [
        BUNDLED,
        *_table(("", ""), facts.items()),
        "",
        *_table(("false alarms/h wanted", "threshold", "missed", "95 %", "false alarms/h", "95 %"), rates),
        "",
        *_table(("words above noise", *by_snr), [("accuracy", *by_snr.values())]),
        "",
        *_table(("words moved by", *by_shift), [("accuracy", *by_shift.values())]),
    ]


def _recipes(found: dict[str, dict[str, float]]) -> list[str]:
    """The recipe with several seeds, and with one thing changed."""
    runs: dict[int, dict[str, list[dict[str, float]]]] = {}
    for key, one in found.items():
        name, _, epochs = (part.strip() for part in key.rsplit(",", 2))
        runs.setdefault(int(epochs.split()[0]), {}).setdefault(name, []).append(one)
    heads = (
        "", "runs", "accuracy", "spread", "keywords alone", "cross-entropy", "missed at 0.5/h", "at 5/h", "minutes",
    )  # fmt: skip
    lines = [RECIPES]
    for epochs in sorted(runs, reverse=True):
        rows = [
            (
                name, str(len(group)), _share(_mean(group, "accuracy")), _spread([one["accuracy"] for one in group]),
                _share(_mean(group, "keyword_accuracy")), f"{_mean(group, 'cross_entropy'):.3f}",
                _share(_mean(group, "misses_at_0.5")), _share(_mean(group, "misses_at_5")),
                f"{_mean(group, 'seconds') / 60:.0f}",
            )
            for name, group in runs[epochs].items()
        ]  # fmt: skip
        lines += [f"{epochs} epochs:", "", *_table(heads, rows), ""]
    return lines[:-1]


def _digits(found: dict[str, dict[str, float]]) -> list[str]:
    """Spoken digits, speaker by speaker and by the official split."""
    runs: dict[str, dict[str, list[float]]] = {}
    for key, one in found.items():
        name, _, recipe = (part.strip() for part in key.split(",", 2))
        runs.setdefault(recipe, {}).setdefault(name, []).append(one["accuracy"])
    lines = [DIGITS]
    for recipe, speakers in runs.items():
        rows = [(name, str(len(group)), _share(mean(group)), _spread(group)) for name, group in speakers.items()]
        left_out = [x for name, group in speakers.items() if name != "official split" for x in group]
        if left_out:
            rows.append(("mean of those left out", str(len(left_out)), f"**{_share(mean(left_out))}**", ""))
        lines += [f"{recipe}:", "", *_table(("left out", "runs", "accuracy", "spread"), rows), ""]
    return lines[:-1]


def _bank(found: Found) -> list[str]:
    """Learned filter banks beside fixed ones."""
    rows = [
        (
            back, kind, _share(one["accuracy"]),
            f"{one['median_move_of_centre_hz']:.0f} Hz" if "median_move_of_centre_hz" in one else "",
            f"{one['median_js_distance']:.3f}" if "median_js_distance" in one else "",
            "{:.2f} to {:.2f}".format(*one["frame_bounds"]) if "frame_bounds" in one else "",
        )
        for back, kinds in found["found"].items()
        for kind, one in kinds.items()
    ]  # fmt: skip
    heads = ("back end", "front end", "accuracy", "centres moved", "Jensen-Shannon distance", "bounds of the frame")
    return [
        BANK.format(**found),
        *_table(heads, rows),
        "",
        "![Responses of the banks before and after training](pictures/learned_bank.png)",
    ]


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    heads = list(heads)
    return [f"| {' | '.join(line)} |" for line in (heads, ["---"] * len(heads), *rows)]


def _share(value: float) -> str:
    return f"{100 * value:.2f} %"


def _spread(values: list[float]) -> str:
    return f"{100 * pstdev(values):.2f}" if len(values) > 1 else ""


def _mean(group: list[dict[str, float]], name: str) -> float:
    return mean(one[name] for one in group)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

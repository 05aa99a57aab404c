"""The demonstration as files: the model, the recording, the pictures, and one page that shows them."""

import base64
import html
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import ltisys
from ltisys import nn

from .demo import Outcome
from .detection import Detection
from .storage import save

MODEL, RECORDING, PAGE = "keywords.safetensors", "recording.wav", "report.html"

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 1150px; margin: 2em auto; padding: 0 1em; color: #1a1a1a; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2em; }
img { max-width: 100%; height: auto; display: block; } figure { margin: 1em 0; }
table { border-collapse: collapse; } td, th { padding: .15em .8em; text-align: right; border-bottom: 1px solid #ddd; }
td:first-child, th:first-child { text-align: left; }
.figures { display: flex; flex-wrap: wrap; gap: 1em; } .figures > figure { flex: 1 1 500px; margin: 0; }
figcaption { color: #444; font-size: .92em; } audio { width: 100%; margin: 1em 0; }
.note { background: #fff4e0; border-left: 4px solid #E69F00; padding: .6em 1em; }
.words { display: flex; flex-wrap: wrap; gap: 3em; align-items: flex-start; }
code { background: #f3f3f3; padding: .1em .3em; }
"""


def write(outcome: Outcome, folder: str | os.PathLike[str]) -> dict[str, Path]:
    """Write everything into a folder, which is made if need be.

    Parameters
    ----------
    outcome : Outcome
        Of the demonstration.
    folder : path
        Where to; files of the same names are replaced.

    Returns
    -------
    dict of str to Path
        The files by what they are: model, recording, report, and the pictures.

    Raises
    ------
    OSError
        If a file cannot be written; each file is whole or not there.
    """
    from ltisys import audio, plots
    from ltisys.files import write_whole

    root = Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    files = {"model": root / MODEL, "recording": root / RECORDING, "report": root / PAGE}
    save(outcome.spotter, files["model"])
    audio.write(files["recording"], ltisys.Signal(outcome.recording.samples, rate=outcome.recording.rate))
    pictures = {name: plots.png(picture) for name, picture in _pictures(outcome).items()}
    for name, content in pictures.items():
        files[name] = root / f"{name}.png"
        write_whole(files[name], content)
    write_whole(files["report"], page(outcome, pictures).encode())
    return files


def page(outcome: Outcome, pictures: dict[str, bytes]) -> str:
    """The report as one HTML page with the pictures in it.

    Parameters
    ----------
    outcome : Outcome
        Of the demonstration.
    pictures : dict of str to bytes
        PNG files: detections, learning_curve, confusion, shift, filters.

    Returns
    -------
    str
    """
    image = {
        name: f'<img alt="{name.replace("_", " ")}" src="data:image/png;base64,{base64.b64encode(content).decode()}">'
        for name, content in pictures.items()
    }
    o, card = outcome, outcome.spotter.card
    found = sum(d is not None for d in o.matches.found)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>ltisys demo</title><style>{STYLE}</style></head><body>
<h1>Words found in a recording, by filters that were learned</h1>
<p class="note"><b>This spotter was trained on synthetic voices only</b>, spoken by this library's own vocal-tract
filters. It shows the chain; it is not meant for real voices. To train on real recordings:
<code>ltisys train --data FOLDER --out mine.safetensors</code>, with one sub-folder for each word.</p>
<table>
<tr><th>result</th><th></th></tr>
<tr><td>words of unheard voices recognised</td><td>{100 * o.accuracy:.1f} %</td></tr>
<tr><td>the same by the nearest mean log-mel picture</td><td>{100 * o.baseline:.1f} %</td></tr>
<tr><td>keywords found in the recording, within 0.25 s</td><td>{found} of {len(o.matches.found)}</td></tr>
<tr><td>false alarms among {len(o.recording.others)} other words</td><td>{len(o.matches.false_alarms)}</td></tr>
<tr><td>recording</td><td>{o.recording.seconds:.0f} s, words {o.recording.snr:.0f} dB above the noise</td></tr>
<tr><td>trained on</td><td>{card.clips} clips of {card.voices} voices</td></tr>
<tr><td>parameters</td><td>{o.spotter.net.n_parameters:,}</td></tr>
</table>

<h2>The recording</h2>
<audio controls src="{RECORDING}"></audio>
<figure>{image["detections"]}<figcaption>Log-mel spectrogram. A box and a word: heard there. ✗ marks a word that was
missed, ! a false alarm.</figcaption></figure>
<div class="words">{_tables(o.detections)}</div>

<h2>Learning</h2>
<div class="figures">
<figure>{image["learning_curve"]}<figcaption>Training clips are varied in speed, place, level and noise each time
they are heard, so they are harder than the held-out ones.</figcaption></figure>
<figure>{image["confusion"]}<figcaption>{o.scores.clips} clips of unheard voices and of silence.</figcaption></figure>
</div>

<h2>Why convolution</h2>
<div class="figures"><figure>{image["shift"]}</figure><div style="flex: 1 1 400px">
<p>A convolution commutes with a shift, and the mean over time ignores it: the network of
{o.spotter.net.n_parameters:,} parameters knows a word wherever it is said. A dense network of
{o.lesson.dense_parameters:,} parameters, trained on the same features, has to learn each place anew.</p></div></div>

<h2>The filters of the first layer</h2>
<figure>{image["filters"]}<figcaption>Each filter reads a patch of the spectrogram: bands down, frames of
{1000 * o.spotter.front_end.log_mel.hop:.0f} ms across. Above, its unit sample response; below, the magnitude of its
frequency response: which ripples along the bands and which rhythms along time it lets through.</figcaption></figure>
</body></html>
"""


def _tables(detections: Sequence[Detection]) -> str:
    """Two tables side by side, each with its heads."""
    half = (len(detections) + 1) // 2
    return "\n".join(_table(part) for part in (detections[:half], detections[half:]) if part)


def _table(detections: Sequence[Detection]) -> str:
    rows = "".join(
        f"<tr><td>{html.escape(d.word)}</td><td>{d.start:.2f}</td><td>{d.stop:.2f}</td><td>{d.score:.2f}</td></tr>\n"
        for d in detections
    )
    return f"<table><tr><th>word</th><th>start (s)</th><th>end (s)</th><th>score</th></tr>\n{rows}</table>"


def _pictures(o: Outcome) -> dict:
    from ltisys import plots

    found = [d for d in o.matches.found if d is not None]
    missed = [said for said, d in zip(o.recording.keywords, o.matches.found, strict=True) if d is None]
    curves = {
        f"convolution along time ({o.spotter.net.n_parameters:,} parameters)": o.lesson.convolutional,
        f"dense ({o.lesson.dense_parameters:,} parameters)": o.lesson.dense,
    }
    front_end = o.spotter.front_end
    return {
        "detections": plots.detections(
            o.recording.samples, front_end, found, missed=missed, false_alarms=o.matches.false_alarms
        ),
        "learning_curve": plots.learning_curve(o.history),
        "confusion": plots.confusion_matrix(o.scores.confusion, o.scores.words),
        "shift": plots.accuracy_by_shift(o.lesson.shifts, curves, trained=o.lesson.trained),
        "filters": plots.kernels_and_responses(first_filters(o)),
    }


def first_filters(outcome: Outcome, count: int = 8) -> list:
    """The systems of the first convolution with the most energy, over bands and time."""
    layer = next(layer for layer in outcome.spotter.net.layers() if isinstance(layer, nn.Conv2d))
    energies = np.square(layer.weight.value).sum(axis=(1, 2, 3))
    return [layer.system(out=int(i)) for i in np.argsort(-energies)[:count]]

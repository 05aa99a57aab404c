"""Pictures of what a spotter hears."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from .canvas import COLOURS, axes, figure
from .signals import log_mel

if TYPE_CHECKING:
    from ltisys.spotting import Detection
    from ltisys.spotting.frontend import FrontEnd
    from ltisys.spotting.operating import OperatingPoint

_ROW = 15.0  # seconds in one row


def detections(
    x: np.ndarray,
    front_end: "FrontEnd",
    found: "Sequence[Detection]",
    *,
    missed: "Sequence[Detection]" = (),
    false_alarms: "Sequence[Detection]" = (),
) -> Figure:
    """The spectrogram of a recording in rows, with every word above the place where it was heard.

    Parameters
    ----------
    x : ndarray, (n,)
        The recording at the rate of the front end.
    front_end : FrontEnd
        What the network hears with.
    found : sequence of Detection
        Words that were said and heard.
    missed : sequence of Detection
        Words that were said but not heard, marked ✗.
    false_alarms : sequence of Detection
        Words that were heard but not said, marked !.

    Returns
    -------
    Figure
    """
    frames = front_end.log_mel(x)
    seconds = len(x) / front_end.rate
    rows = max(1, int(np.ceil(seconds / _ROW)))
    picture = figure(12, 1.75 * rows + 0.5)
    per_row = round(_ROW * front_end.rate / front_end.log_mel.hop_samples)
    kinds = (("", COLOURS[5], found), ("✗ ", COLOURS[4], missed), ("! ", COLOURS[1], false_alarms))
    low, high = np.percentile(frames, [1, 99.8])
    for row in range(rows):
        ax = picture.add_subplot(rows, 1, row + 1)
        start = row * _ROW
        log_mel(frames[:, row * per_row : (row + 1) * per_row], front_end.log_mel, start=start, ax=ax)
        ax.images[0].set_clim(low, high)
        ax.set_xlim(start, start + _ROW)
        if row < rows - 1:
            ax.set_xlabel("")
        top = len(front_end.log_mel.centres) - 0.5
        for mark, colour, words in kinds:
            for word in words:
                if start <= word.centre < start + _ROW:
                    ax.axvspan(word.start, word.stop, facecolor="none", edgecolor=colour, linewidth=1.5)
                    text = f"{mark}{word.word}"
                    ax.text(
                        min(word.centre, start + _ROW - 0.2), top + 1, text, ha="center", va="bottom", fontsize=9,
                        color=COLOURS[1] if mark else "black", fontweight="bold",
                    )  # fmt: skip
    return picture


def misses_against_false_alarms(points: Sequence["OperatingPoint"], *, ax: Axes | None = None) -> Axes:
    """Misses against false alarms an hour as the threshold rises, for each word and for all together.

    Parameters
    ----------
    points : sequence of OperatingPoint
        From `spotting.evaluate` with hours of sound.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If there are no points.
    """
    if not points:
        raise ValueError("no operating points to draw: evaluate with hours of sound")
    ax = axes(ax, 7, 5)
    markers = "osv^D<>p"
    for i, word in enumerate(points[0].said):
        alarms = [point.false_alarms[word] / point.hours for point in points]
        missed = [point.missed[word] / max(1, point.said[word]) for point in points]
        ax.plot(
            alarms, missed, marker=markers[i % len(markers)], markersize=3, linewidth=0.8,
            color=COLOURS[i % (len(COLOURS) - 1)], linestyle="-" if i < len(COLOURS) - 1 else "--", label=word,
        )  # fmt: skip
    every = [(point.false_alarms_per_hour, point.miss_rate) for point in points]
    ax.plot(*zip(*every, strict=True), color=COLOURS[-1], linewidth=2.5, label="all words")
    ax.set_xscale("symlog", linthresh=0.2)
    ax.set_xlim(0, None)
    ax.set_ylim(0, None)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.grid(alpha=0.3, which="both")
    ax.set_xlabel("false alarms an hour")
    ax.set_ylabel("missed")
    ax.legend(fontsize=8, ncols=2)
    return ax

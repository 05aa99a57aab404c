"""Pictures of what a spotter hears and what it has learned."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from ltisys.systems import FIR

from .canvas import COLOURS, figure
from .signals import log_mel

if TYPE_CHECKING:
    from ltisys.spotting import Detection
    from ltisys.spotting.frontend import FrontEnd

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


def first_layer(filters: Sequence[Sequence[FIR]], front_end: "FrontEnd", *, columns: int = 8) -> Figure:
    """The learned filters of a first layer that convolves along time, with their frequency responses.

    Above, the taps of each filter: one unit sample response per band. Below, the magnitude of the frequency response of
    its three strongest bands: what rhythm, in hertz, the filter lets through in them.

    Parameters
    ----------
    filters : sequence of sequence of FIR
        For every output channel one system per band.
    front_end : FrontEnd
        For frequencies and times.
    columns : int
        Filters shown, the strongest.

    Returns
    -------
    Figure
    """
    taps = np.array([[h.response.samples for h in bank] for bank in filters])
    strongest = np.argsort(-np.square(taps).sum(axis=(1, 2)))[:columns]
    hop = front_end.log_mel.hop_samples / front_end.rate
    picture = figure(12, 6)
    largest = np.abs(taps[strongest]).max()
    for place, i in enumerate(strongest):
        above = picture.add_subplot(2, len(strongest), place + 1)
        first = filters[i][0]
        edges = (1000 * hop * (first.start - 0.5), 1000 * hop * (first.start + taps.shape[2] - 0.5))
        image = above.imshow(
            taps[i], origin="lower", aspect="auto", cmap="PuOr", vmin=-largest, vmax=largest,
            extent=(*edges, -0.5, taps.shape[1] - 0.5),
        )  # fmt: skip
        above.set_title(f"filter {i}", fontsize=10)
        above.set_xlabel("time (ms)")
        ticks = np.linspace(0, taps.shape[1] - 1, 5).round().astype(int)
        above.set_yticks(ticks, [f"{front_end.log_mel.centres[b]:.0f}" for b in ticks] if place == 0 else [])
        below = picture.add_subplot(2, len(strongest), len(strongest) + place + 1)
        bands = np.argsort(-np.square(taps[i]).sum(axis=1))[:3]
        for colour, band in zip(COLOURS, sorted(bands), strict=False):
            omega, response = filters[i][band].frequency_response(128)
            magnitude = 20 * np.log10(np.maximum(np.abs(response), 1e-3))
            name = f"{front_end.log_mel.centres[band]:.0f} Hz"
            below.plot(omega / (2 * np.pi * hop), magnitude, color=colour, label=name)
        below.set_ylim(-40, 20 * np.log10(3 * largest))
        below.set_xlabel("rhythm (Hz)")
        below.grid(alpha=0.3)
        below.legend(fontsize=7, loc="lower center", title="band", title_fontsize=7)
        if place == 0:
            above.set_ylabel("band (Hz)")
            below.set_ylabel("|H| (dB)")
        else:
            below.set_yticklabels([])
        if place == len(strongest) - 1:
            picture.colorbar(image, ax=above, label="tap")
    return picture

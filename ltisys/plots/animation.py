"""Convolution in motion: the response flipped, slid along, and summed."""

import io
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ltisys import blackboard
from ltisys.files import write_whole
from ltisys.signal import Signal

from .canvas import COLOURS, figure

MOST_FRAMES = 300


def flip_and_filter(
    x: Signal | ArrayLike, h: Signal | ArrayLike, path: str | os.PathLike[str], *, seconds: float = 0.8, dpi: int = 80
) -> None:
    """Write an animated GIF of flip-and-filter: at each n the flipped response over x, and the sum of the products.

    Parameters
    ----------
    x, h : Signal or array_like
        In time, real, one channel; an array begins at index 0.
    path : path
        The file, ending in ``.gif``; an existing one is replaced.
    seconds : float
        How long each step stays.
    dpi : int
        Pixels per inch, of 8 by 6 inches.

    Raises
    ------
    ValueError
        Another suffix, images, complex samples, or more than 300 steps.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "steps.gif"
    ...     flip_and_filter([3, 1, 2], [3, 2, 1], path, dpi=20)
    ...     path.read_bytes()[:6]
    b'GIF89a'
    """
    path = Path(path)
    if path.suffix.lower() != ".gif":
        raise ValueError(f"{path}: the name of an animation must end in .gif")
    if not 0.02 <= seconds <= 60:
        raise ValueError(f"seconds must lie between 0.02 and 60, got {seconds}")
    x, h = (given if isinstance(given, Signal) else Signal(given) for given in (x, h))
    for name, signal in (("x", x), ("h", h)):
        if signal.ndim != 1 or signal.samples.dtype.kind == "c":
            raise ValueError(
                f"{name} must be real and in time, got {signal.samples.dtype} of shape {signal.samples.shape}"
            )
    steps = list(blackboard.flip_and_filter(x, h))
    if len(steps) > MOST_FRAMES:
        raise ValueError(f"{len(steps)} steps are too many to watch: at most {MOST_FRAMES}; shorten x or h")
    write_whole(path, _gif([_frame(x, steps[: i + 1], h, dpi) for i in range(len(steps))], seconds))


def _frame(x: Signal, steps: list, h: Signal, dpi: int) -> Any:
    """The picture of the last of the steps that were done."""
    from PIL import Image

    step, picture = steps[-1], figure(8, 6)
    over, below = picture.subplots(2, 1, sharex=True)
    low = min(x.start, x.start + h.start) - len(h.samples)
    high = max(x.stop, x.stop + h.stop) + len(h.samples)
    _stems(over, x.n, x.samples, COLOURS[0], "x[k]", 0)
    _stems(over, step.flipped.n, step.flipped.samples, COLOURS[1], f"h[{step.n} - k]", 0.15)
    largest = max(np.abs(x.samples).max(), np.abs(h.samples).max(), 1e-12)
    over.set_ylim(1.25 * min(0, x.samples.min(), h.samples.min()) - 0.1 * largest, 1.35 * largest)
    over.set_xlim(low - 0.5, high - 0.5)
    over.legend(loc="upper right", ncols=2)
    over.set_ylabel("samples")
    terms = " + ".join(f"{value:.4g}" for value in step.products.samples if value != 0)
    sum_of = "" if "+" not in terms else f" = {terms}" if len(terms) < 60 else " = ..."
    over.set_title(f"y[{step.n}]{sum_of} = {step.value:.4g}")
    y = x * h
    _stems(below, [done.n for done in steps], [done.value for done in steps], COLOURS[2], "y[n]", 0)
    reach = max(np.abs(y.samples).max(), 1e-12)
    below.set_ylim(1.2 * min(0, y.samples.min()) - 0.1 * reach, 1.2 * max(0, y.samples.max()) + 0.1 * reach)
    below.set_xlabel("k, n (samples)")
    below.set_ylabel("y[n]")
    content = io.BytesIO()
    picture.savefig(content, format="png", dpi=dpi)
    return Image.open(content).convert("P", palette=Image.Palette.ADAPTIVE)


def _stems(ax, n, values, colour: str, name: str, aside: float) -> None:
    n = np.asarray(n) + aside
    ax.vlines(n, 0, values, color=colour)
    ax.plot(n, values, "o", color=colour, label=name)
    ax.axhline(0, color="0.6", linewidth=0.8)


def _gif(frames: list, seconds: float) -> bytes:
    content = io.BytesIO()
    frames[0].save(
        content, format="GIF", save_all=True, append_images=frames[1:], duration=round(1000 * seconds), loop=0
    )
    return content.getvalue()

"""Axes without global state: every figure stands alone, is drawn by Agg, and needs no screen."""

import io
import os
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..files import write_whole

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Line colours that stay apart for colour-blind eyes (Okabe and Ito, 2008)."""


def figure(width: float = 8.0, height: float = 4.0) -> Figure:
    """An empty figure that no display and no global list knows of.

    Parameters
    ----------
    width, height : float
        In inches; `png` draws 150 pixels to the inch.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure(4, 3).get_size_inches().tolist()
    [4.0, 3.0]
    """
    picture = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(picture)
    return picture


def axes(ax: Axes | None, width: float = 8.0, height: float = 4.0) -> Axes:
    """The axes given, or those of a new figure."""
    return figure(width, height).add_subplot() if ax is None else ax


def next_colour(ax: Axes) -> str:
    """The first of `COLOURS` that no line of the axes has yet, or the first again when all are taken."""
    taken = {line.get_color() for line in ax.lines}
    return next((colour for colour in COLOURS if colour not in taken), COLOURS[0])


def png(picture: Axes | Figure, dpi: int = 150) -> bytes:
    """A picture as the bytes of a PNG file.

    Parameters
    ----------
    picture : Axes or Figure
        The figure, or axes of it.
    dpi : int
        Pixels per inch.

    Returns
    -------
    bytes

    Examples
    --------
    >>> png(figure(1, 1))[1:4]
    b'PNG'
    """
    whole: Any = picture if isinstance(picture, Figure) else picture.figure
    content = io.BytesIO()
    whole.savefig(content, format="png", dpi=dpi)
    return content.getvalue()


def save(picture: Axes | Figure, path: str | os.PathLike[str], dpi: int = 150) -> None:
    """Write a picture to a PNG file, whole or not at all.

    Parameters
    ----------
    picture : Axes or Figure
        The figure, or axes of it.
    path : path
        The file; an existing one is replaced.
    dpi : int
        Pixels per inch.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    write_whole(Path(path), png(picture, dpi))

"""Pictures of what a network has learned: its filters, the patches it looks for, and where examples lie."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ltisys.nn.inspect import Patch, ShiftResponse
from ltisys.systems import FIR

from .canvas import COLOURS, axes, figure

COLUMNS = 10
MARKERS = "os^vD<>pPX"


def image_grid(
    images: np.ndarray, titles: Sequence[str] = (), *, signed: bool = False, columns: int = COLUMNS
) -> Figure:
    """Images side by side, each on a scale of its own.

    Parameters
    ----------
    images : ndarray (N, H, W)
        What to show.
    titles : sequence of str
        A word above each.
    signed : bool
        Blue for negative, white for zero, red for positive, instead of greys.
    columns : int
        Images in a row.

    Returns
    -------
    Figure

    Examples
    --------
    >>> len(image_grid(np.zeros((3, 4, 4))).axes)
    3
    """
    rows = -(-len(images) // columns)
    picture = figure(1.1 * min(columns, len(images)), (1.35 if titles else 1.1) * rows)
    for n, image in enumerate(images):
        ax = picture.add_subplot(rows, min(columns, len(images)), n + 1)
        limit = float(np.abs(image).max()) or 1.0
        low, high = (-limit, limit) if signed else (float(image.min()), float(image.max()))
        ax.imshow(image, cmap="RdBu_r" if signed else "gray", vmin=low, vmax=high, interpolation="nearest")
        ax.set_axis_off()
        if titles:
            ax.set_title(titles[n], fontsize=9)
    return picture


def kernels_and_responses(systems: Sequence[FIR]) -> Figure:
    """Learned two-dimensional kernels above, the magnitude of their frequency responses below.

    Parameters
    ----------
    systems : sequence of FIR
        Two-dimensional, at most about a dozen.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import ltisys as lti
    >>> len(kernels_and_responses([lti.kernels.sobel(), lti.kernels.gaussian(1.0)]).axes)
    4
    """
    picture = figure(1.25 * len(systems) + 0.4, 2.9)
    for n, system in enumerate(systems):
        h = np.asarray(system.h)
        limit = float(np.abs(h).max()) or 1.0
        above = picture.add_subplot(2, len(systems), n + 1)
        above.imshow(h, cmap="RdBu_r", vmin=-limit, vmax=limit, interpolation="nearest")
        above.set_axis_off()
        below = picture.add_subplot(2, len(systems), len(systems) + n + 1)
        spectrum = np.abs(np.fft.fftshift(np.fft.fft2(h, (64, 64))))
        below.imshow(spectrum, cmap="viridis", extent=(-1, 1, -1, 1), origin="lower")
        labels = ["−π", "0", "π"] if n == 0 else ["", "", ""]  # the same for all; beside each other they would touch
        below.set_xticks([-1, 0, 1], labels, fontsize=10)
        below.set_yticks([-1, 0, 1], labels, fontsize=10)
    return picture


def patches(found: Sequence[Sequence[Patch]], labels: Sequence[str]) -> Figure:
    """The patches that maps answer most to, one row for each map.

    Parameters
    ----------
    found : sequence of sequences of Patch
        Of images of one channel.
    labels : sequence of str
        One for each row.

    Returns
    -------
    Figure

    Examples
    --------
    >>> patch = Patch(0, (0, 0), 1.0, np.zeros((1, 3, 3)))
    >>> len(patches([[patch, patch]], ["map 0"]).axes)
    2
    """
    columns = max(map(len, found))
    picture = figure(0.9 * columns + 0.9, 0.95 * len(found))
    for r, row in enumerate(found):
        for c, patch in enumerate(row):
            ax = picture.add_subplot(len(found), columns, r * columns + c + 1)
            ax.imshow(patch.samples[0], cmap="gray", interpolation="nearest")
            ax.set_xticks([])
            ax.set_yticks([])
            if c == 0:
                ax.set_ylabel(labels[r], rotation=0, ha="right", va="center", fontsize=9)
    return picture


def classes_in_the_plane(points: np.ndarray, labels: np.ndarray, *, ax: Axes | None = None) -> Axes:
    """Examples as points, a colour and a marker for each class.

    Parameters
    ----------
    points : ndarray (N, 2)
        Where.
    labels : ndarray (N,)
        Class indices.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Examples
    --------
    >>> ax = classes_in_the_plane(np.zeros((2, 2)), np.array([0, 1]))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['0', '1']
    """
    ax = axes(ax, 6.4, 5)
    for n, label in enumerate(np.unique(labels)):
        where = points[labels == label]
        colour, marker = COLOURS[n % len(COLOURS)], MARKERS[n % len(MARKERS)]
        ax.plot(where[:, 0], where[:, 1], marker, color=colour, markersize=3.5, alpha=0.65, label=str(label))
        box = {"boxstyle": "circle,pad=0.15", "fc": "white", "ec": colour, "alpha": 0.85}
        x, y = np.median(where, axis=0)
        ax.text(x, y, str(label), ha="center", va="center", fontsize=10, bbox=box)
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), markerscale=2)
    ax.set_xlabel("first direction")
    ax.set_ylabel("second direction")
    return ax


def shift_curves(found: Sequence[ShiftResponse], *, ax: Axes | None = None) -> Axes:
    """How much the output of every layer changes when the input moves: one line for each shift.

    Parameters
    ----------
    found : sequence of ShiftResponse
        From `nn.inspect.shift_responses`.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Examples
    --------
    >>> shift_curves([ShiftResponse("0 Conv2d", 1, 0.5, 0.0)]).get_ylabel()
    'relative change'
    """
    ax = axes(ax, 8, 4)
    names = list(dict.fromkeys(response.layer for response in found))
    for n, shift in enumerate(dict.fromkeys(response.shift for response in found)):
        mine = [response for response in found if response.shift == shift]
        places = range(len(mine))
        ax.plot(places, [r.change for r in mine], "o-", color=COLOURS[n], label=f"moved by {shift}: change")
        ax.plot(
            places, [r.defect for r in mine], "x:", color=COLOURS[n], label=f"moved by {shift}: beyond moving along"
        )
    ax.set_xticks(range(len(names)), names, rotation=30, ha="right")
    ax.set_ylabel("relative change")
    ax.set_ylim(bottom=0)
    ax.grid(alpha=0.3)
    ax.legend(fontsize=8)
    return ax

"""Pictures of training and its results."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from .canvas import COLOURS, axes

if TYPE_CHECKING:
    from ltisys.nn import History


def learning_curve(history: "History", *, ax: Axes | None = None) -> Axes:
    """Accuracy by epoch, on the varied training examples and on the held-out ones.

    Parameters
    ----------
    history : nn.History
        From ``nn.fit``.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from ltisys.nn import History
    >>> learning_curve(History(accuracy=[0.5, 0.8], validation_accuracy=[0.6, 0.9])).get_xlabel()
    'epoch'
    """
    ax = axes(ax, 6, 4)
    epochs = np.arange(1, len(history.accuracy) + 1)
    ax.plot(epochs, history.accuracy, "o-", markersize=3, color=COLOURS[0], label="training (varied)")
    if history.validation_accuracy:
        ax.plot(epochs, history.validation_accuracy, "s-", markersize=3, color=COLOURS[1], label="held out")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.set_xlim(0.5, len(history.accuracy) + 0.5)  # a single epoch has no width of its own
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.set_ylim(0, 1.03)
    ax.grid(alpha=0.3)
    ax.set_xlabel("epoch")
    ax.set_ylabel("accuracy")
    ax.legend(loc="lower right")
    return ax


def confusion_matrix(confusion: np.ndarray, words: Sequence[str], *, ax: Axes | None = None) -> Axes:
    """Examples by true class (rows) and answer (columns); the shade is the share of the row.

    Parameters
    ----------
    confusion : ndarray of int, (words, words)
        Counts.
    words : sequence of str
        The classes: names of rows and columns.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Examples
    --------
    >>> confusion_matrix(np.array([[3, 1], [0, 4]]), ["yes", "no"]).get_xlabel()
    'answer'
    """
    ax = axes(ax, 6.5, 5.5)
    share = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    ax.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(confusion):
        if count:
            colour = "white" if share[row, column] > 0.5 else "black"
            ax.text(column, row, str(count), ha="center", va="center", color=colour, fontsize=8)
    if max(map(len, words), default=0) > 3:  # long names turn aside for each other
        ax.set_xticks(range(len(words)), words, rotation=45, ha="right", rotation_mode="anchor")
    else:
        ax.set_xticks(range(len(words)), words)
    ax.set_yticks(range(len(words)), words)
    ax.set_xlabel("answer")
    ax.set_ylabel("truth")
    return ax


def accuracy_by_shift(
    shifts: Sequence[float], accuracies: Mapping[str, Sequence[float]], *, trained: float = 0.0, ax: Axes | None = None
) -> Axes:
    """How accuracy holds when the words move in time.

    Parameters
    ----------
    shifts : sequence of float
        Seconds.
    accuracies : mapping of str to sequence of float
        A curve for each network.
    trained : float
        Largest shift in training, shaded.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Examples
    --------
    >>> accuracy_by_shift([-0.1, 0.0, 0.1], {"dense": [0.4, 0.9, 0.5]}).get_ylabel()
    'accuracy'
    """
    ax = axes(ax, 6, 4)
    if trained:
        ax.axvspan(-1000 * trained, 1000 * trained, color="0.92", label="shifts in training")
    for (name, values), colour, marker in zip(accuracies.items(), COLOURS, "os^vDP*", strict=False):
        ax.plot(np.multiply(1000, shifts), values, marker=marker, color=colour, label=name)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.set_ylim(0, 1.03)
    ax.grid(alpha=0.3)
    ax.set_xlabel("shift of the words (ms)")
    ax.set_ylabel("accuracy")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14))  # below: the curves may lie anywhere
    return ax

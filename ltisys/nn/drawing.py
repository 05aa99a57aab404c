"""A computation graph as a picture."""

import os
from typing import TYPE_CHECKING

from .graph import Variable

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw(loss: Variable, path: str | os.PathLike[str] | None = None, *, ax: "Axes | None" = None) -> "Axes":
    """Draw the graph that a variable was computed from, as the lectures do: values above, error signals below.

    Time runs from left to right. Arrays are shown by their shape. Error signals are there after ``loss.backward()``.

    Parameters
    ----------
    loss : Variable
        A computed variable, usually a scalar.
    path : path, optional
        A picture file to write, PNG, SVG or PDF.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If nothing was recorded for the variable.

    Examples
    --------
    The circuit f = (x + y)·z of the lecture:

    >>> from ltisys import nn
    >>> x, y, z = nn.Variable(-2.0, "x"), nn.Variable(5.0, "y"), nn.Variable(-4.0, "z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> [text.get_text() for text in nn.draw(f).texts if "−12" in text.get_text()]
    ['−12.00']
    """
    if not loss.operation:
        raise ValueError("there is no graph to draw: nothing was recorded for this variable, compute it from others")
    from .. import plots  # matplotlib is loaded by whoever wants a picture

    ax = plots.computation_graph(loss, ax=ax)
    if path is not None:
        plots.save(ax, path)
    return ax

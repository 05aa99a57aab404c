"""Pictures of computation graphs: what was computed from what, with values and error signals."""

import numpy as np
from matplotlib.axes import Axes

from ltisys.nn.graph import Variable, forward_order

from .canvas import COLOURS, figure

SYMBOLS = {"add": "+", "subtract": "−", "multiply": "×", "divide": "÷", "power": "^", "matmul": "@", "sum": "Σ"}
WIDTH, HEIGHT = 1.25, 1.05  # inches per column and per row
SWEEPS = 8  # that bring neighbours near each other
ROOM = 0.22  # between a node and its texts, in rows


def computation_graph(root: Variable, *, ax: Axes | None = None) -> Axes:
    """The graph of a variable from left to right: operations in circles, values above them, error signals below.

    Parameters
    ----------
    root : Variable
        A computed variable.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from ltisys import nn
    >>> x = nn.Variable(2.0, "x")
    >>> sorted({text.get_text() for text in computation_graph(x * x).texts} - {""})
    ['2.00', '4.00', 'x', '×']
    """
    nodes = _nodes(root)
    columns = _columns(nodes)
    rows = _rows(nodes, columns)
    if ax is None:
        size = WIDTH * (max(columns.values()) + 1.2), HEIGHT * (max(rows.values()) - min(rows.values()) + 1.3)
        ax = figure(*size).add_subplot()
    for node in nodes:
        for parent in _parents(node):
            arrow = {"arrowstyle": "-|>", "color": "0.45", "shrinkA": 0, "shrinkB": 15, "lw": 1.2}
            begin, end = ((columns[id(each)], rows[id(each)]) for each in (parent, node))
            ax.annotate(
                "", end, begin, zorder=1, arrowprops={**arrow, "connectionstyle": f"arc3,rad={_bend(begin, end)}"}
            )
        _draw_node(ax, node, columns[id(node)], rows[id(node)])
    ax.set_xlim(-0.6, max(columns.values()) + 0.6)
    ax.set_ylim(min(rows.values()) - 0.6, max(rows.values()) + 0.6)
    ax.set_axis_off()
    return ax


def _draw_node(ax: Axes, node: Variable, x: float, y: float) -> None:
    word = SYMBOLS.get(node.operation, node.operation.replace("_", "\n")) if node.operation else node.name or "·"
    shape = {"boxstyle": "circle,pad=0.35" if len(word) <= 2 else "round,pad=0.35", "fc": "white", "ec": "0.25"}
    if not node.operation:
        shape |= {"boxstyle": "round,pad=0.3", "fc": "0.93", "ec": "0.75"}
    ax.text(x, y, word, ha="center", va="center", fontsize=11 if len(word) <= 8 else 8, bbox=shape, zorder=3)
    ax.text(x, y + ROOM, _number(node.value), ha="center", va="bottom", fontsize=10, color=COLOURS[0], zorder=4)
    if node.grad is not None:
        ax.text(x, y - ROOM, _number(node.grad), ha="center", va="top", fontsize=10, color=COLOURS[1], zorder=4)


def _number(value: np.ndarray) -> str:
    """A scalar with two decimals, or three digits where that would be nothing; of an array the shape."""
    if value.size != 1:
        return "×".join(map(str, value.shape))
    number = value.item()
    text = f"{number:.2f}" if number == 0 or 0.01 <= abs(number) < 1e4 else f"{number:.2e}"
    return text.replace("-", "−")


def _bend(begin: tuple[float, float], end: tuple[float, float]) -> float:
    """How much an arrow is bent: those that pass over a column leave the straight line, which a node may stand on."""
    return 0.25 if end[0] - begin[0] > 1 and begin[1] == end[1] else 0.0


def _nodes(root: Variable) -> list[Variable]:
    """All variables below the root, each after those it was computed from."""
    nodes: dict[int, Variable] = {}
    for node in forward_order(root):
        for each in (*_parents(node), node):
            nodes.setdefault(id(each), each)
    return list(nodes.values())


def _parents(node: Variable) -> list[Variable]:
    return [parent for parent in node.parents if parent is not None]


def _columns(nodes: list[Variable]) -> dict[int, int]:
    """The column of each node: one beyond its last parent; what was made by hand stands right before its first use."""
    columns: dict[int, int] = {}
    for node in nodes:
        columns[id(node)] = max((columns[id(parent)] + 1 for parent in _parents(node)), default=0)
    for node in nodes:
        if not node.operation:
            uses = [columns[id(each)] for each in nodes if any(parent is node for parent in each.parents)]
            columns[id(node)] = min(uses) - 1
    return columns


def _rows(nodes: list[Variable], columns: dict[int, int]) -> dict[int, float]:
    """The row of each node: columns are sorted by the mean place of their neighbours, again and again."""
    order = [[node for node in nodes if columns[id(node)] == c] for c in range(max(columns.values()) + 1)]
    neighbours: dict[int, list[int]] = {id(node): [] for node in nodes}
    for node in nodes:
        for parent in _parents(node):
            neighbours[id(node)].append(id(parent))
            neighbours[id(parent)].append(id(node))
    rows = {id(node): -float(n) for column in order for n, node in enumerate(column)}
    for _ in range(SWEEPS):
        for column in order:
            wanted = {id(node): float(np.mean([rows[each] for each in neighbours[id(node)]])) for node in column}
            column.sort(key=lambda node: -wanted[id(node)])
            middle = float(np.mean(list(wanted.values())))
            for n, node in enumerate(column):
                rows[id(node)] = middle + (len(column) - 1) / 2 - n
    return rows

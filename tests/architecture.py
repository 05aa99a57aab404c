"""The architecture page, drawn from the code's own imports: ``python -m tests.architecture`` writes ARCHITECTURE.md."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "ltisys"
PAGE = ROOT / "ARCHITECTURE.md"
OUTSIDE = ("numpy", "scipy", "numba", "matplotlib", "soundfile", "safetensors", "pooch", "typer", "rich")


@dataclass
class Room:
    """A file or folder of the package: what it says of itself, and what it imports at once or on first use."""

    name: str
    purpose: str
    files: int = 0
    at_once: set[str] = field(default_factory=set)
    on_use: set[str] = field(default_factory=set)


def rooms() -> dict[str, Room]:
    """Return every room of the package, by name, in alphabetical order."""
    found: dict[str, Room] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[0].startswith("__"):
            continue  # the front door lists names and holds no logic
        tree = ast.parse(path.read_text(encoding="utf-8"))
        room = found.setdefault(parts[0], Room(parts[0], ""))
        room.files += 1
        if parts[1:] in ((), ("__init__",)):
            room.purpose = (ast.get_docstring(tree) or "").split("\n\n")[0].replace("\n", " ")
        package = parts[:-1]
        for target, late in _imports(tree.body, package, late=False):
            if target != room.name:
                (room.on_use if late else room.at_once).add(target)
    for room in found.values():
        room.at_once &= found.keys() | set(OUTSIDE)
        room.on_use = room.on_use & (found.keys() | set(OUTSIDE)) - room.at_once
    return found


def _imports(body, package: tuple[str, ...], *, late: bool) -> Iterator[tuple[str, bool]]:
    """Every import below some statements: a room or an outside package, and whether it waits inside a function."""
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from _imports(node.orelse, package, late=late)
            continue
        if isinstance(node, ast.Import):
            yield from ((_room_of(alias.name), late) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((name, late) for name in _from(node, package))
        inner = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from _imports(ast.iter_child_nodes(node), package, late=inner)


def _from(node: ast.ImportFrom, package: tuple[str, ...]) -> list[str]:
    """The rooms or packages that a ``from`` statement of a file in `package` reaches."""
    if node.level == 0:
        if node.module == "ltisys":
            return [alias.name for alias in node.names]
        return [_room_of(node.module or "")]
    above = (*package, "")[: len(package) - node.level + 1]
    path = (*above, *(node.module.split(".") if node.module else ()))
    return [path[0]] if path else [alias.name for alias in node.names]


def _room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if parts[0] == "ltisys" and len(parts) > 1 else parts[0]


def levels(found: dict[str, Room]) -> list[list[str]]:
    """Rooms by height: those that import no other room come first, each other one above all that it imports at once."""
    height: dict[str, int] = {}
    while len(height) < len(found):
        ready = [n for n, room in found.items() if n not in height and room.at_once & found.keys() <= height.keys()]
        if not ready:
            raise ValueError(f"these rooms import each other: {', '.join(sorted(found.keys() - height.keys()))}")
        for name in ready:
            height[name] = 1 + max((height[below] for below in found[name].at_once & found.keys()), default=-1)
    return [[n for n in found if height[n] == h] for h in range(max(height.values()) + 1)]


def arrows(found: dict[str, Room]) -> list[tuple[str, str]]:
    """Imports between rooms that do not follow from others: if a imports b and b imports c, then a to c is left out."""
    below: dict[str, set[str]] = {}
    for name in (name for level in levels(found) for name in level):
        direct = found[name].at_once & found.keys()
        below[name] = direct | {deep for each in direct for deep in below[each]}
    return [
        (name, to)
        for name, room in found.items()
        for to in sorted(room.at_once & found.keys())
        if not any(to in below[other] for other in room.at_once & found.keys())
    ]


def page() -> str:
    """Return the page."""
    found = rooms()
    lines = [
        "# Architecture",
        "",
        "Written by `python -m tests.architecture` from the imports in the code; a test holds it to them.",
        "",
        "An arrow means *imports when loaded*; arrows that follow from others are left out. They point downwards,",
        "and the contracts in `pyproject.toml`, run by `lint-imports`, say which ones may ever be drawn.",
        "",
        "```mermaid",
        "flowchart TD",
        *(f"    {name} --> {to}" for name, to in arrows(found)),
        "```",
        "",
        "## Rooms, from the ground up",
        "",
        "| room | what it is | files | imports | on first use only | outside |",
        "|---|---|---|---|---|---|",
        *(_row(found, found[name]) for level in levels(found) for name in level),
    ]
    return "\n".join(lines) + "\n"


def _row(found: dict[str, Room], room: Room) -> str:
    ours, theirs = found.keys(), room.at_once | room.on_use
    columns = (
        f"`{room.name}`",
        room.purpose.replace("|", "\\|"),
        str(room.files),
        ", ".join(sorted(room.at_once & ours)),
        ", ".join(sorted(room.on_use & ours)),
        ", ".join(name for name in OUTSIDE if name in theirs),
    )
    return f"| {' | '.join(columns)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

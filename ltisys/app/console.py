"""What all commands share: progress on standard error, results as a table or as JSON on standard output."""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer

_WIDTH = 120  # of tables in a file

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Data = Annotated[
    Path,
    typer.Option(
        help="A folder: Speech Commands, the Free Spoken Digit Dataset, or WORD/SPEAKER_ANYTHING.wav (or .flac)."
    ),
]


@contextmanager
def working(text: str) -> Iterator[None]:
    """Show that something is going on."""
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_terminal:
        with console.status(text):
            yield
    else:
        console.print(text, highlight=False, soft_wrap=True)
        yield


@contextmanager
def counting(text: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far something is: the function given out takes how many are done, and of how many."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(text, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def show_json(result: Any) -> None:
    """Print a result as JSON, and nothing else."""
    typer.echo(json.dumps(result, indent=2, ensure_ascii=False))


def table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    """Print rows under column headings; columns of numbers to the right."""
    from rich.console import Console
    from rich.table import Table

    picture = Table(title=title or None, title_justify="left")
    for i, name in enumerate(columns):
        numbers = bool(rows) and all(row[i].strip("-+.%").replace(".", "", 1).isdigit() for row in rows)
        picture.add_column(name, justify="right" if numbers else "left")
    for row in rows:
        picture.add_row(*row)
    console = Console()
    (console if console.is_terminal else Console(width=_WIDTH)).print(picture)


def must_be_writable(path: Path) -> None:
    """Fail now rather than after an hour of work if a file cannot be written.

    Raises
    ------
    OSError
        If the path is a folder, or no file can be made beside it.
    """
    if path.is_dir():
        raise IsADirectoryError(f"{path}: is a folder; give the name of a file")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{path}: the folder {path.parent} does not exist")
    probe = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        probe.write_bytes(b"\0" * 4096)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from None
    finally:
        with suppress(OSError):
            probe.unlink()


def must_be_there(device: str) -> None:
    """Fail now rather than after the data are read if a network cannot learn on a device.

    Raises
    ------
    ValueError
        If the device has no such name, or what it needs is missing.
    """
    from ltisys.nn.devices import moved

    try:
        moved(0.0, device)
    except (ImportError, RuntimeError) as missing:
        raise ValueError(f"--device {device}: {missing}") from None

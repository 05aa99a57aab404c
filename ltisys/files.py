"""Files that are whole or not there: every file the library writes goes through this door."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def write_whole(path: Path, content: bytes | memoryview) -> None:
    """Write a file under another name beside it and rename it: a reader sees the old file or the new one, never a part.

    Parameters
    ----------
    path : Path
        The file; an existing one is replaced once the new one is complete.
    content : bytes
        All of it.

    Raises
    ------
    OSError
        If the file cannot be written, with the name that was asked for; nothing is left behind then.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "note.txt"
    ...     write_whole(path, b"whole")
    ...     path.read_bytes(), len(list(path.parent.iterdir()))
    (b'whole', 1)
    """
    with whole_file(path) as temporary, temporary.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give out the name of a file that does not exist yet, beside `path`; rename it to `path` if all went well.

    Parameters
    ----------
    path : Path
        The file that is wanted; an existing one is replaced at the end.

    Raises
    ------
    OSError
        If the file cannot be written, with the name that was asked for; nothing is left behind then, nor after any
        other error.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "note.txt"
    ...     with whole_file(path) as temporary:
    ...         _ = temporary.write_text("wh")
    ...         before = path.exists()
    ...     before, path.read_text()
    (False, 'wh')
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "the folder does not exist", str(path))
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        if error.filename is None or Path(error.filename) == temporary:
            raise type(error)(error.errno, error.strerror, str(path)) from error
        raise
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)

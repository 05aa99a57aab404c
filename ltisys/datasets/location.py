"""Where a data set lies: at a path, below LTISYS_DATA, or in the cache of what was downloaded."""

import os
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

VARIABLE = "LTISYS_DATA"


def locate(path: str | os.PathLike[str] | None, name: str, download: Callable[[], Path]) -> Path:
    """The folder of a data set.

    Parameters
    ----------
    path : path or None
        The folder itself. If None, the folder `name` below the one that the environment variable LTISYS_DATA names.
    name : str
        What the data set's folder is called below LTISYS_DATA.
    download : callable
        Asked for the folder if neither is given.

    Returns
    -------
    Path

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    """
    if path is not None:
        folder, origin = Path(path), ""
    elif VARIABLE in os.environ:
        folder, origin = Path(os.environ[VARIABLE], name), f" (from {VARIABLE}={os.environ[VARIABLE]})"
    else:
        return download()
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: no such folder{origin}")
    return folder


def fetch(url: str, checksum: str, folder: str) -> Path:
    """A public file, downloaded once to the cache, and known to be the right one by its checksum.

    Parameters
    ----------
    url : str
        Where it is published.
    checksum : str
        Its SHA-256 in hexadecimal.
    folder : str
        The folder of the cache that it goes to.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ConnectionError
        If it cannot be downloaded.
    ValueError
        If the checksum is wrong; the file is not kept.
    """
    import pooch

    pooch.get_logger().setLevel("WARNING")
    name = url.rpartition("/")[2]
    cache = pooch.os_cache("ltisys") / folder
    progress = DownloadProgress(name)
    downloader: Any = pooch.HTTPDownloader(progressbar=cast(Any, progress))
    try:
        return Path(pooch.retrieve(url, f"sha256:{checksum}", fname=name, path=cache, downloader=downloader))
    except OSError as error:
        raise ConnectionError(
            f"{url}: could not be downloaded ({error}); pass the path of a copy, or set {VARIABLE}"
        ) from error
    finally:
        progress.close()


def unpack(archive: Path) -> Path:
    """The folder beside a tar archive that holds its content: unpacked once, whole or not at all."""
    folder = archive.with_name(archive.name.partition(".tar")[0])
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(dir=archive.parent) as temporary:
            with tarfile.open(archive) as tar:
                tar.extraction_filter = getattr(tarfile, "data_filter", None)  # missing before Python 3.11.4
                tar.extractall(Path(temporary, "content"))
            Path(temporary, "content").rename(folder)
    return folder


class DownloadProgress:
    """The progress of a download, in the form that pooch asks for: a total, and updates in bytes."""

    def __init__(self, name: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        self.total = 0
        self._progress = Progress(*columns, console=Console(stderr=True))
        self._task = self._progress.add_task(name, total=None)

    def update(self, count: int) -> None:
        """Count bytes that have arrived."""
        self._progress.start()
        self._progress.update(self._task, total=self.total, advance=count)

    def reset(self) -> None:
        """Begin again at zero."""
        self._progress.reset(self._task)

    def close(self) -> None:
        """Leave the bar as it is; nothing, if nothing was shown."""
        if self._progress.live.is_started:
            self._progress.stop()

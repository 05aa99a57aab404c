"""Results that take long to make: each is on disk as soon as it is there, and is not made again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ltisys.files import write_whole


class Kept:
    """The results in one file, by name.

    Parameters
    ----------
    path : Path
        A JSON file, which need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}

    def get(self, name: str, make: Callable[[], Any]) -> Any:
        """Return a result; where there is none, make it and keep it."""
        if name not in self.found:
            self.found[name] = make()
            write_whole(self._path, json.dumps(self.found, indent=1).encode())
        return self.found[name]

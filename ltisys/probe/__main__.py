"""``python -m ltisys.probe`` prints the verdicts on well-known functions; ``--write`` puts them into docs/probe.md."""

import argparse
from pathlib import Path

from ..files import write_whole
from .table import page, reports


def main(arguments: list[str] | None = None) -> None:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(prog="python -m ltisys.probe", description=__doc__)
    parser.add_argument("--write", nargs="?", const=Path("docs/probe.md"), type=Path, metavar="PATH")
    path = parser.parse_args(arguments).write
    text = page(reports())
    if path is None:
        print(text, end="")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode())


if __name__ == "__main__":
    main()

"""A spotter as one file: weights as tensors, everything else as text in the metadata, and never code."""

import json
from pathlib import Path

from ltisys import nn

from .frontend import FrontEnd
from .spotter import Card, Spotter

FORMAT = "ltisys-spotter-2"
BUNDLED = ("keywords", "digits")
"""Models that come with the library, by name."""

_FOLDER = Path(__file__).parent / "models"


def save(spotter: Spotter, path: str | Path) -> None:
    """Write a spotter to one .safetensors file, atomically.

    Parameters
    ----------
    spotter : Spotter
        What to keep.
    path : str or Path
        The file; an existing one is replaced only when the new one is complete.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    metadata = {
        "ltisys_format": FORMAT,
        "words": json.dumps(spotter.words),
        "rate": str(spotter.rate),
        "front_end": json.dumps(spotter.front_end.to_dict()),
        "thresholds": json.dumps(spotter.thresholds),
        "card": json.dumps(spotter.card.to_dict()),
        "licence": spotter.card.licence,
    }
    nn.save(spotter.net, path, metadata)


def load(name: str | Path = "keywords") -> Spotter:
    """A spotter that comes with the library, or one from a file.

    Parameters
    ----------
    name : str or Path
        "keywords" or "digits", or a model file that `save`, ``ltisys train`` or ``ltisys demo`` wrote.

    Returns
    -------
    Spotter

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is damaged or holds something other than a spotter.

    Examples
    --------
    >>> load("keywords").keywords
    ('yes', 'no', 'up', 'down', 'left', 'right', 'stop', 'go')
    """
    path = _FOLDER / f"{name}.safetensors" if name in BUNDLED else Path(name)
    if not path.exists():
        raise FileNotFoundError(
            f"{path}: no such model file; the names of bundled ones are {' and '.join(BUNDLED)}, "
            "and `ltisys train --data DIR --out FILE` writes one"
        )
    if path.is_dir():
        raise IsADirectoryError(f"{path}: is a folder, not a model file")
    metadata = nn.load_metadata(path)
    if metadata.get("ltisys_format") != FORMAT:
        raise ValueError(f"{path}: not a keyword spotter (no {FORMAT!r} in its metadata)")
    try:
        words = tuple(json.loads(metadata["words"]))
        thresholds = tuple(json.loads(metadata["thresholds"]))
        front_end = FrontEnd.from_dict(json.loads(metadata["front_end"]))
        card = Card.from_dict(json.loads(metadata["card"]))
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path}: its metadata do not describe a keyword spotter ({error})") from error
    return Spotter(nn.load(path), words, front_end, thresholds, card)

"""Networks as files: one .safetensors with the numbers, and the architecture as text. Nothing in it can run.

The metadata holds the architecture as JSON: class names from a fixed list with their constructors' arguments. The
caller's own metadata stands beside it.
"""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from ..files import write_whole
from . import layers
from .devices import CPU, moved
from .layers import Layer

ARCHITECTURE = "ltisys.architecture"
CHECKPOINT = "ltisys.checkpoint"
KNOWN = {name: getattr(layers, name) for name in layers.__all__ if name != "Layer"}
"""The layers that a file may ask for."""


def save(net: Layer, path: str | os.PathLike[str], metadata: dict[str, str] | None = None) -> None:
    """Write a network to one .safetensors file, whole or not at all.

    Parameters
    ----------
    net : Layer
        Parameters, buffers and architecture are written.
    path : path
        The file; it is replaced if it exists.
    metadata : dict of str
        Whatever belongs to the network, as strings.

    Raises
    ------
    TypeError
        If a metadata value is not a string, or a layer is none of this library's.
    ValueError
        If a metadata key is this library's own.
    FileNotFoundError, OSError
        If the folder does not exist or cannot be written. What was there before is untouched then.

    Examples
    --------
    >>> import tempfile
    >>> from ltisys import nn
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     nn.save(nn.Linear(3, 2), f"{folder}/m.safetensors", {"licence": "MIT"})
    ...     nn.load(f"{folder}/m.safetensors"), nn.load_metadata(f"{folder}/m.safetensors")
    (Linear(in_features=3, out_features=2, bias=True), {'licence': 'MIT'})
    """
    import safetensors.numpy

    text = {ARCHITECTURE: json.dumps(_describe(net))}
    for key, value in (metadata or {}).items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise TypeError(f"metadata must be strings, got {key!r}: {value!r}")
        if key == ARCHITECTURE:
            raise ValueError(f"the metadata key {key!r} is reserved for the architecture: choose another")
        text[key] = value
    # safetensors writes memory as it lies, so the arrays must lie in C order
    tensors = {name: np.ascontiguousarray(moved(array, CPU)) for name, array in net.state().items()}
    write_whole(Path(path), safetensors.numpy.save(tensors, text))


def load(path: str | os.PathLike[str]) -> Layer:
    """Read a network that ``save`` wrote.

    Returns
    -------
    Layer
        The network in evaluation mode.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is damaged, no safetensors file, or does not hold a network of this library.
    """
    tensors, text = _read(path)
    try:
        net = _build(json.loads(text[ARCHITECTURE]))
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"{path}: the architecture cannot be built ({error})") from None
    try:
        net.set_state(tensors)
    except ValueError as error:
        raise ValueError(f"{path}: the numbers do not fit the architecture ({error})") from None
    return net.eval()


def load_metadata(path: str | os.PathLike[str]) -> dict[str, str]:
    """The metadata that was given to ``save``.

    Returns
    -------
    dict of str
        Without this library's own entry.

    Raises
    ------
    FileNotFoundError, ValueError
        As ``load``.
    """
    _, text = _read(path)
    return {key: value for key, value in text.items() if key != ARCHITECTURE}


def _describe(layer: Layer) -> dict[str, Any]:
    name = type(layer).__name__
    if KNOWN.get(name) is not type(layer):
        raise TypeError(f"only this library's layers can be saved, got {type(layer).__qualname__}")
    return {"layer": name, "arguments": layer.arguments(), "children": [_describe(c) for c in layer.children()]}


def _build(description: dict[str, Any]) -> Layer:
    name = description["layer"]
    if name not in KNOWN:
        raise ValueError(f"unknown layer {name!r}: it may be of a newer version of ltisys")
    arguments = {key: _as_tuple(value) for key, value in description["arguments"].items()}
    return KNOWN[name](*map(_build, description["children"]), **arguments)


def _as_tuple(value: Any) -> Any:
    """JSON has lists only; layers hold tuples."""
    return tuple(map(_as_tuple, value)) if isinstance(value, list) else value


def _read(path: str | os.PathLike[str]) -> tuple[dict[str, Any], dict[str, str]]:
    tensors, text = read_tensors(path)
    if CHECKPOINT in text:
        raise ValueError(f"{path}: holds a training run, not a network: go on with it by nn.fit(..., checkpoint=...)")
    if ARCHITECTURE not in text:
        raise ValueError(f"{path}: holds no network of ltisys (no {ARCHITECTURE!r} in its metadata)")
    return tensors, text


def read_tensors(path: str | os.PathLike[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The arrays and the metadata of any .safetensors file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is damaged or something else.
    """
    import safetensors

    if not Path(path).exists():
        raise FileNotFoundError(f"{path}: no such file")
    try:
        with safetensors.safe_open(path, framework="np") as file:
            text = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  (no mapping)
    except (safetensors.SafetensorError, OSError) as error:
        raise ValueError(f"{path}: not a readable safetensors file ({str(error).splitlines()[0]})") from None
    return tensors, text

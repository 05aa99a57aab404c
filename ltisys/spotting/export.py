"""A spotter as an ONNX file: from samples to probabilities, front end included."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from ltisys import nn
from ltisys.files import write_whole
from ltisys.nn.exchange import OnnxGraph

from .frontend import FrontEnd
from .spotter import Spotter


def export(spotter: Spotter, path: str | os.PathLike[str]) -> None:
    """Write a spotter to an ONNX file that onnxruntime runs to the same probabilities.

    The graph takes "samples" (batch, n), with full scale at ±1 at the spotter's rate and of one window's length, and
    gives "probabilities" (batch, words). The front end is part of it: a bank of FIR filters with a stride, its power,
    the mel matrix, the logarithm. Words, rate, thresholds and licence are in the metadata.

    Parameters
    ----------
    spotter : Spotter
        What to export.
    path : path
        The file; an existing one is replaced only when the new one is complete.

    Raises
    ------
    ImportError
        If onnx is not installed: the extra [onnx].
    TypeError
        If a layer has no counterpart in ONNX.
    OSError
        If the file cannot be written.
    """
    graph = OnnxGraph()
    logits = graph.layer(nn.folded(spotter.net), _front_end(graph, spotter.front_end, "samples"))
    probabilities = graph.add("Softmax", logits, axis=1)
    model = graph.model(
        probabilities,
        {"samples": ["batch", spotter.front_end.samples]},
        {"probabilities": ["batch", len(spotter.words)]},
    )
    for key, value in _metadata(spotter).items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    write_whole(Path(path), model.SerializeToString())


def _front_end(graph: OnnxGraph, front_end: FrontEnd, x: str) -> str:
    """Normalised log-mel frames (batch, bands, frames)."""
    mel = front_end.log_mel
    taps = mel.taps[:, ::-1]  # ONNX correlates
    pairs = np.concatenate([taps.real, taps.imag])[:, np.newaxis]
    x = graph.add("Unsqueeze", x, graph.constant([1]))
    spectra = graph.add("Conv", x, graph.constant(pairs), strides=[mel.hop_samples])
    squares = graph.add("Mul", spectra, spectra)
    # a band is a weighted sum of the squares of the real and of the imaginary parts
    energies = graph.add("MatMul", graph.constant(np.concatenate([mel.matrix, mel.matrix], axis=1)), squares)
    logarithms = graph.add("Log", graph.add("Add", energies, graph.constant(mel.floor)))
    mean, scale = (np.asarray(numbers)[:, np.newaxis] for numbers in (front_end.mean, front_end.scale))
    return graph.add("Div", graph.add("Sub", logarithms, graph.constant(mean)), graph.constant(scale))


def _metadata(spotter: Spotter) -> dict[str, str]:
    card = spotter.card
    facts: dict[str, Any] = {
        "words": ",".join(spotter.words),
        "rate": spotter.rate,
        "thresholds": ",".join(f"{threshold:.4f}" for threshold in spotter.thresholds),
        "data": card.data,
        "licence": card.licence,
        "credit": card.credit,
    }
    return {key: str(value) for key, value in facts.items()}

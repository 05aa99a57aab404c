"""``ltisys export``: a model for other runtimes."""

from pathlib import Path
from typing import Annotated

import typer

from .console import AsJson, must_be_writable, show_json


def export(
    model: Annotated[str, typer.Argument(help="A model file, or the name of a bundled one (keywords, digits).")],
    out: Annotated[Path, typer.Argument(help="The ONNX file to write.")],
    as_json: AsJson = False,
) -> None:
    """Write a model with its front end to an ONNX file: samples in, probabilities out.

    Example: ltisys export keywords keywords.onnx
    """
    if out.suffix != ".onnx":
        raise ValueError(f"{out}: the name of an ONNX file ends in .onnx")
    must_be_writable(out)
    from ltisys import spotting
    from ltisys.spotting.export import export as write

    spotter = spotting.load(model)
    try:
        write(spotter, out)
    except ImportError as error:
        raise ValueError(str(error)) from None
    facts = {
        "file": str(out), "bytes": out.stat().st_size, "rate": spotter.rate, "samples": spotter.front_end.samples,
        "words": list(spotter.words),
    }  # fmt: skip
    if as_json:
        show_json(facts)
        return
    typer.echo(f"{out}: {facts['bytes'] / 1e6:.2f} MB; takes samples (batch, {facts['samples']}) at {spotter.rate} Hz")
    typer.echo(f"gives probabilities of {' '.join(spotter.words)}")

"""``python -m tests.palette``: large pictures in the notebooks get 96 colours, so that no notebook exceeds a megabyte.

Spectrograms are noise to a PNG file; with a palette they look the same and take a third.
"""

import base64
import io
from pathlib import Path

import nbformat
from PIL import Image

COLOURS = 96
LARGE = 200_000  # characters of a picture; smaller ones stay as they are


def smaller(picture: str) -> str:
    """A PNG picture in base64 with a palette."""
    image = Image.open(io.BytesIO(base64.b64decode(picture)))
    if image.mode == "P":
        return picture
    content = io.BytesIO()
    few = image.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(content, "PNG", optimize=True)
    return base64.b64encode(content.getvalue()).decode()


def main() -> None:
    """Rewrite the notebooks that have large pictures."""
    for path in sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                picture = output.get("data", {}).get("image/png", "")
                if len(picture) > LARGE:
                    output["data"]["image/png"] = smaller(picture)
        nbformat.write(notebook, path)


if __name__ == "__main__":
    main()

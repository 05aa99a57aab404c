"""What a network has learned about digits, as one HTML page with its pictures inside."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..files import write_whole
from ..spotting.report import STYLE

if TYPE_CHECKING:
    import numpy as np

    from ..nn import History, Sequential

LOOKED_AT, SHOWN, MAPS, PATCHES = 2000, 1000, 8, 9


class Section(NamedTuple):
    """A heading, a picture, and what it shows."""

    title: str
    picture: Any
    caption: str


def write_report(
    path: Path, net: "Sequential", x: "np.ndarray", t: "np.ndarray", history: "History", line: str
) -> None:
    """Write the page, whole or not at all.

    Parameters
    ----------
    path : Path
        The file.
    net : Sequential
        The trained network.
    x, t : arrays
        Validation digits as the network takes them, and their classes.
    history : History
        Of its training.
    line : str
        The figures in words.
    """
    from ltisys import plots

    parts = []
    for section in _sections(net, x[:LOOKED_AT], t[:LOOKED_AT], history):
        image = base64.b64encode(plots.png(section.picture)).decode()
        parts.append(
            f'<h2>{section.title}</h2><figure><img alt="{section.title}" src="data:image/png;base64,{image}">'
            f"<figcaption>{section.caption}</figcaption></figure>"
        )
    page = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>ltisys mnist</title><style>{STYLE}</style></head><body>
<h1>What a network has learned about digits</h1>
<p>{line}</p>
<p>All pictures below are of validation digits, which the network was not trained on.</p>
<pre>{net.summary((1, *x.shape[1:]))}</pre>
{"".join(parts)}
</body></html>
"""
    write_whole(path, page.encode())


def _sections(net, x, t, history) -> Iterator[Section]:
    from ltisys import nn, plots

    yield Section(
        "Learning", plots.learning_curve(history), "Training digits are distorted anew each time they are seen."
    )
    convolutions = [n for n, layer in enumerate(net) if isinstance(layer, nn.Conv2d)]
    if convolutions:
        yield from _of_filters(net, x, convolutions)
    elif sum(isinstance(layer, nn.Linear) for layer in net.layers()) == 1:
        pictures = nn.inspect.templates(net, (28, 28))
        words = [str(n) for n in range(len(pictures))]
        yield Section(
            "Templates", plots.image_grid(pictures, words, signed=True),
            "The score of a class is the inner product of image and template; red counts for it, blue against.",
        )  # fmt: skip
    yield from _of_features(net, x, t)
    yield _of_ascent(net, x)


def _of_filters(net, x, convolutions: list[int]) -> Iterator[Section]:
    from ltisys import nn, plots

    first = net[convolutions[0]]
    systems = [first.system(out=n, in_=0) for n in range(min(MAPS + 2, first.weight.shape[0]))]
    yield Section(
        "The filters of the first layer", plots.kernels_and_responses(systems),
        "Above, unit sample responses: red positive, blue negative. Below, the magnitude of their frequency responses.",
    )  # fmt: skip
    for n in dict.fromkeys((convolutions[0], convolutions[-1])):
        part = net[: n + 1]
        maps = range(min(MAPS, net[n].weight.shape[0]))
        found = [nn.inspect.maximally_activating(part, x, channel, PATCHES) for channel in maps]
        yield Section(
            f"What layer {n} looks for", plots.patches(found, [f"map {channel} " for channel in maps]),
            f"The patches of {len(x)} digits that each map answers most to, all the map sees.",
        )  # fmt: skip
    yield Section(
        "When a digit moves", plots.shift_curves(nn.inspect.shift_responses(net, x[:200])),
        "Convolutions change as much as the image, but only by moving along (dotted, where strides divide the move); "
        "later layers care less and less where a digit is.",
    )  # fmt: skip


def _of_features(net, x, t) -> Iterator[Section]:
    import numpy as np

    from ltisys import nn, plots

    features = list(nn.inspect.activations(net[:-1], x).values())[-1] if len(net) > 1 else x
    features = features.reshape(len(x), -1)
    projected, shares = nn.inspect.principal_components(features[:SHOWN])
    yield Section(
        "The last layer in the plane", plots.classes_in_the_plane(projected, t[:SHOWN]),
        f"Features before the last layer along the two directions in which they vary most "
        f"({100 * shares.sum():.0f} % of the variance).",
    )  # fmt: skip
    try:
        plane = nn.inspect.tsne(features[:SHOWN], perplexity=min(30.0, len(features) / 4))
    except ImportError:
        pass  # an optional extra
    else:
        yield Section(
            "The same by t-SNE", plots.classes_in_the_plane(plane, t[:SHOWN]),
            "Near ones stay near; distances between clusters mean little.",
        )  # fmt: skip
    queries, rest = slice(0, 5), slice(5, None)
    rows = []
    for points in (features, x):
        found = nn.inspect.nearest(points[rest], points[queries], 9).indices
        rows.append(np.concatenate([x[queries][:, None], x[rest][found]], axis=1))
    images = np.stack(rows, axis=1).reshape(-1, 28, 28)  # query by query, features above pixels
    yield Section(
        "Nearest neighbours", plots.image_grid(images, columns=10),
        "Five digits, first in each row, and their nine nearest others: by features above, by pixels below.",
    )  # fmt: skip


def _of_ascent(net, x) -> Section:
    import numpy as np

    from ltisys import nn, plots

    classes = net.predict(x[:1]).shape[1]
    images = [
        nn.inspect.ascend(net, x.shape[1:], lambda y, n=n: (y * np.eye(classes, dtype=net.dtype)[[n]]).sum())
        for n in range(classes)
    ]
    pictures = np.stack(images).reshape(classes, 28, 28)
    return Section(
        "Inputs found by gradient ascent", plots.image_grid(pictures, [str(n) for n in range(classes)], signed=True),
        "What raises the score of each class most. They are no digits: the network answers to pieces of strokes.",
    )  # fmt: skip

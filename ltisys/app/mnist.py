"""``ltisys mnist``: the lecture's networks on handwritten digits."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import AsJson, must_be_writable, show_json, working

if TYPE_CHECKING:
    import numpy as np

_NETS = ("lecture_shallow", "softmax_regression", "mlp")
_FLAT = ("softmax_regression", "mlp")  # these take the pixels in one row


def mnist(
    net: Annotated[str, typer.Option(help=f"The network: {', '.join(_NETS)}.")] = "lecture_shallow",
    data: Annotated[
        Path | None, typer.Option(help="Folder with the four MNIST files. [default: $LTISYS_DATA/mnist, or a download]")
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, help="How often every digit is seen.")] = 8,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same result.")] = 0,
    out: Annotated[Path | None, typer.Option(help="A model file to write.")] = None,
    as_json: AsJson = False,
) -> None:
    """Train one of the lecture's networks on MNIST and test it once, after the last epoch.

    Example: ltisys mnist --net lecture_shallow
    """
    if net not in _NETS:
        raise ValueError(f"net must be one of {', '.join(_NETS)}, got {net!r}")
    if out is not None:
        must_be_writable(out)
    from ltisys import datasets, nn

    network = getattr(nn.zoo, net)(seed=seed)
    typer.echo(f"{net}: {network.n_parameters:,} parameters", err=as_json)
    with working("reading MNIST"):
        digits = datasets.mnist(data)
    flat = net in _FLAT
    x_train, x_test = (x.reshape(len(x), -1) if flat else x for x in (digits.x_train, digits.x_test))
    batch_size = 64
    optimiser = nn.AdamW(network.parameters(), lr=3e-3, weight_decay=0.02)
    history = nn.fit(
        network,
        (x_train, digits.t_train),
        loss=nn.cross_entropy,
        optimiser=optimiser,
        schedule=nn.OneCycle(optimiser, max_lr=3e-3, steps=epochs * -(-len(x_train) // batch_size)),
        epochs=epochs,
        batch_size=batch_size,
        augment=None if flat else jittered,
        seed=seed,
    )
    _, accuracy = nn.evaluate(network, (x_test, digits.t_test), loss=nn.cross_entropy)
    if out is not None:
        nn.save(network, out, {"trained_on": "MNIST", "test_accuracy": str(accuracy)})
    seconds = sum(history.seconds)
    if as_json:
        show_json({"net": net, "parameters": network.n_parameters, "test_accuracy": accuracy, "seconds": seconds})
    else:
        typer.echo(f"test accuracy {100 * accuracy:.2f} % after epoch {epochs}, {seconds:.0f} s of training")


def jittered(x: "np.ndarray", rng: "np.random.Generator") -> "np.ndarray":
    """Each image moved by up to one pixel along each axis; zeros come in."""
    import numpy as np

    batch, _, height, width = x.shape
    padded = np.pad(x[:, 0], ((0, 0), (1, 1), (1, 1)))
    rows = np.arange(height) + rng.integers(0, 3, (batch, 1))
    columns = np.arange(width) + rng.integers(0, 3, (batch, 1))
    moved = padded[np.arange(batch)[:, None, None], rows[:, :, None], columns[:, None, :]]
    return moved[:, None]

"""``ltisys mnist``: the lecture's networks, and one of our own, on handwritten digits."""

from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from statistics import mean, pstdev
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .console import AsJson, must_be_writable, show_json, working

if TYPE_CHECKING:
    import numpy as np

    from ..nn import History, Layer


@dataclass(frozen=True)
class Recipe:
    """How a network is trained; all of it was chosen on validation digits."""

    epochs: int
    lr: float
    strength: float = 1.0  # of the distortion; 0 where pixels come in one row
    lecture: float | None = None  # the accuracy the lecture reports


RECIPES = {
    "lecture_shallow": Recipe(25, 3e-3, lecture=0.9449),
    "lecture_deep": Recipe(15, 3e-3, lecture=0.9687),
    "digits": Recipe(10, 6e-3),
    "lenet5": Recipe(15, 3e-3),
    "softmax_regression": Recipe(8, 3e-3, strength=0.0),
    "mlp": Recipe(8, 3e-3, strength=0.0),
}
VALIDATION, BATCH = 5000, 64
TOP = 3  # answers, of which one must be right for a digit not to count as a top-k error
GOAL = 0.99  # of the validation digits: how long that takes is reported


def mnist(
    net: Annotated[str, typer.Option(help=f"The network: {', '.join(RECIPES)}.")] = "lecture_shallow",
    data: Annotated[
        Path | None, typer.Option(help="Folder with the four MNIST files. [default: $LTISYS_DATA/mnist, or a download]")
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="How often every digit is seen. [default: by net]")] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same result.")] = 0,
    seeds: Annotated[int, typer.Option(min=1, help="Train so many times, from this seed on.")] = 1,
    out: Annotated[Path | None, typer.Option(help="A model file to write: the network of the last seed.")] = None,
    report: Annotated[Path | None, typer.Option(help="An HTML page to write: what the last network learned.")] = None,
    as_json: AsJson = False,
) -> None:
    """Train a network on MNIST without 5,000 validation digits, and test it once, after the last epoch.

    Prints the test accuracy beside the one the lecture reports. --report writes a page with the filters, what later
    maps look for, the classes in the plane, and what happens when a digit moves.

    Example: ltisys mnist --epochs 3 --report page.html

    Example: ltisys mnist --net lecture_deep --seeds 3    gives mean and spread of three runs
    """
    if net not in RECIPES:
        raise ValueError(f"net must be one of {', '.join(RECIPES)}, got {net!r}")
    for path in (out, report):
        if path is not None:
            must_be_writable(path)
    from ltisys import datasets, nn

    recipe = RECIPES[net]
    with working("reading MNIST"):
        digits = datasets.mnist(data)
    runs, network, history = [], None, nn.History()
    for number in range(seed, seed + seeds):
        network = getattr(nn.zoo, net)(seed=number)
        if not runs:
            typer.echo(f"{net}: {network.n_parameters:,} parameters", err=as_json)
        history = _trained(network, digits, recipe, epochs or recipe.epochs, number)
        runs.append({"seed": number, **_judged(network, digits, history, flat=recipe.strength == 0)})
        typer.echo(_line(runs[-1]), err=as_json)
    assert network is not None  # seeds is at least 1
    accuracies = [run["test_accuracy"] for run in runs]
    if out is not None:
        nn.save(network, out, {"trained_on": "MNIST", "test_accuracy": str(accuracies[-1])})
    if report is not None:
        from .mnist_report import write_report

        _, held_out = _split(len(digits.x_train))
        x = _pixels(digits.x_train[held_out], recipe.strength == 0)
        write_report(report, network, x, digits.t_train[held_out], history, f"{net}, {_line(runs[-1])}.")
    result = {"net": net, "parameters": network.n_parameters, "epochs": epochs or recipe.epochs, "runs": runs}
    if as_json:
        show_json(
            {**result, "test_accuracy": mean(accuracies), "spread": pstdev(accuracies), "lecture": recipe.lecture}
        )
        return
    if seeds > 1:
        typer.echo(f"mean of {seeds} seeds {100 * mean(accuracies):.2f} %, spread {100 * pstdev(accuracies):.2f} %")
    if recipe.lecture:
        typer.echo(f"the lecture reports {100 * recipe.lecture:.2f} %")


def _trained(network: "Layer", digits: Any, recipe: Recipe, epochs: int, seed: int) -> "History":
    """Train on all but the validation digits; the network ends with the average of its weights."""
    from ltisys import nn

    flat, s = recipe.strength == 0, recipe.strength
    distort = None if flat else nn.Distort(rotation=10 * s, scale=0.1 * s, shear=6 * s, shift=1.5 * s, alpha=15 * s)
    x, t = _pixels(digits.x_train, flat), digits.t_train
    training, held_out = _split(len(x))
    optimiser = nn.AdamW(network.parameters(), lr=recipe.lr, weight_decay=0.02)
    return nn.fit(
        network,
        (x[training], t[training]),
        validation=(x[held_out], t[held_out]),
        loss=nn.cross_entropy,
        optimiser=optimiser,
        schedule=nn.OneCycle(optimiser, max_lr=recipe.lr, steps=epochs * -(-len(training) // BATCH)),
        average=nn.EMA(network),
        epochs=epochs,
        batch_size=BATCH,
        augment=distort,
        seed=seed,
    )


def _split(n: int) -> tuple["np.ndarray", "np.ndarray"]:
    """The same validation digits for every network and seed."""
    import numpy as np

    order = np.random.default_rng(1234).permutation(n)
    held_out = min(VALIDATION, n // 5)
    return order[held_out:], order[:held_out]


def _judged(network: "Layer", digits: Any, history: "History", *, flat: bool) -> dict[str, float | None]:
    """The figures of a run; the test digits are looked at here and nowhere else."""
    import numpy as np

    scores = network.predict(_pixels(digits.x_test, flat))
    ranked = np.argsort(-scores, axis=1) == digits.t_test[:, None]
    clock = accumulate(history.seconds)
    reached = [at for at, share in zip(clock, history.validation_accuracy, strict=True) if share >= GOAL]
    return {
        "test_accuracy": float(ranked[:, 0].mean()),
        "top_k_error": float(1 - ranked[:, :TOP].any(axis=1).mean()),
        "validation_accuracy": history.validation_accuracy[-1],
        "seconds": sum(history.seconds),
        "seconds_to_goal": reached[0] if reached else None,
    }


def _pixels(x: "np.ndarray", flat: bool) -> "np.ndarray":
    return x.reshape(len(x), -1) if flat else x


def _line(run: dict[str, Any]) -> str:
    """One run in words."""
    goal = run["seconds_to_goal"]
    reached = f", {100 * GOAL:.0f} % of the validation digits after {goal:.0f} s" if goal else ""
    return (
        f"seed {run['seed']}: test accuracy {100 * run['test_accuracy']:.2f} %, top-{TOP} error "
        f"{100 * run['top_k_error']:.2f} %, {run['seconds']:.0f} s of training{reached}"
    )

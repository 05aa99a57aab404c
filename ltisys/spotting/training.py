"""Training a spotter: varied log-mel frames into a network that scans."""

import copy
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ltisys import nn
from ltisys.audio import LogMel
from ltisys.datasets import Clips, training_noise

from .augment import Augment, Variation
from .examples import (
    SILENCE,
    UNKNOWN,
    background,
    by_speaker,
    keywords_of,
    resampled,
    same_speakers,
    to_judge,
    to_learn,
    with_synthetic_voices,
)
from .frontend import FrontEnd
from .negatives import with_negatives
from .network import scanning_network
from .noise import made_noise
from .spotter import Card, Spotter
from .teaching import Taught, refuse_unfit

THRESHOLD = 0.65  # of the smoothed probability
_HIGHEST_RATE = 16_000  # words are told apart below 8 kHz


@dataclass(frozen=True)
class Recipe:
    """How a spotter is trained.

    Parameters
    ----------
    epochs : int
        How often every clip is heard.
    batch_size : int
        Clips per step.
    lr : float
        Highest learning rate of the cycle.
    weight_decay : float
        Of AdamW.
    label_smoothing : float
        Share of the target spread evenly over all words.
    width : float
        Factor on the channels of the network.
    dropout : float
        Before the last layer.
    average : float
        How much of the moving average of the weights, with which training ends, is kept in each step.
    variation : Variation
        How much the clips are varied.
    voices : int
        Synthetic voices that say the keywords they know, and other words, beside the speakers of the data.
    negatives : float
        Invented words, and as much more silence, as a share of the examples of one keyword.

    Examples
    --------
    >>> Recipe(epochs=3).batch_size
    64
    """

    epochs: int = 40
    batch_size: int = 64
    lr: float = 8e-3
    weight_decay: float = 0.02
    label_smoothing: float = 0.0
    width: float = 1.0
    dropout: float = 0.2
    average: float = 0.998
    variation: Variation = field(default_factory=Variation)
    voices: int = 0
    negatives: float = 0.5


def train(
    dataset: Clips,
    *,
    seed: int = 0,
    epochs: int | None = None,
    recipe: Recipe | None = None,
    start: Spotter | None = None,
    teachers: Sequence[Spotter] = (),
    checkpoint: str | os.PathLike[str] | None = None,
    device: str = "cpu",
    progress: bool = True,
) -> tuple[Spotter, nn.History]:
    """Train a keyword spotter, and judge it on speakers that it has not heard.

    The words are the data set's keywords, "unknown" (its other words; its clips played backwards if there are none)
    and "silence" (its background noise; made noise if there is none). Every epoch hears every clip at another speed,
    place, level and noise.

    Parameters
    ----------
    dataset : Clips
        Recordings of words; beyond 16 kHz they are resampled to it. One keyword and one speaker are enough to begin.
    seed : int
        The same seed gives the same spotter.
    epochs : int, optional
        In place of the recipe's.
    recipe : Recipe, optional
        How to train.
    start : Spotter, optional
        Begin with the filters of this spotter, trained on other words, and with its front end; only the last layer is
        new. With a few dozen recordings of a word that is worth more than anything else.
    teachers : sequence of Spotter
        Learn to say of every varied clip what these say of it on average, in place of its label: several networks of
        one recipe and other seeds are right together more often than each of them.
    checkpoint : path, optional
        The file in which `nn.fit` keeps the run, and from which it goes on if it was killed.
    device : str
        Where the network learns, "cpu" or "gpu". Sound is varied on the CPU, and the spotter ends there.
    progress : bool
        Show a bar and a line for each epoch.

    Returns
    -------
    spotter : Spotter
        With its held-out accuracy in ``card.scores["accuracy"]``.
    history : nn.History
        Loss and accuracy per epoch.

    Raises
    ------
    ValueError
        If there is no keyword or one recording of one; if a teacher knows other words or hears through other filters;
        if the checkpoint is that of another run.
    ImportError, RuntimeError
        If there is no CuPy, or no GPU, to learn on.
    """
    recipe = recipe or Recipe()
    epochs = recipe.epochs if epochs is None else epochs
    keywords = keywords_of(dataset)
    if not keywords:
        raise ValueError(f"need a keyword: a word other than {UNKNOWN!r} and {SILENCE!r}")
    rate = min(dataset.rate, _HIGHEST_RATE) if start is None else start.rate
    training, held_out = by_speaker(resampled(dataset, rate))
    words = (*keywords, UNKNOWN, SILENCE)
    given = None if start is None else start.front_end
    refuse_unfit(teachers, words, given or FrontEnd.plain(LogMel(rate=rate)))
    if recipe.voices:
        training = with_synthetic_voices(training, recipe.voices, seed)
    rng = np.random.default_rng(seed)
    front_end, augment, (x, t) = listening(training, recipe, rng, given)
    if teachers:
        augment = Taught(augment, front_end, teachers, words)
    x, t = with_negatives(x, t, recipe.negatives, unknown=words.index(UNKNOWN), silence=words.index(SILENCE))
    x_held, t_held = to_judge(held_out, words, front_end.samples)

    if start is None:
        bands = front_end.log_mel.bands
        net = scanning_network(bands, len(words), width=recipe.width, dropout=recipe.dropout, seed=seed)
    else:
        net = with_other_words(start.net, len(words), seed)
    net.to(device)
    optimiser = nn.AdamW(net.parameters(), lr=recipe.lr, weight_decay=recipe.weight_decay)
    steps = epochs * -(-len(x) // recipe.batch_size)
    history = nn.fit(
        net,
        (x, t),
        validation=(front_end(x_held), t_held),
        loss=lambda y, labels: nn.cross_entropy(y, labels, label_smoothing=recipe.label_smoothing),
        optimiser=optimiser,
        schedule=nn.OneCycle(optimiser, max_lr=recipe.lr, steps=steps),
        epochs=epochs,
        batch_size=recipe.batch_size,
        augment=augment,
        average=nn.EMA(net, recipe.average),
        checkpoint=checkpoint,
        seed=seed,
        progress=progress,
    )
    card = Card(
        data=training.name,
        licence=training.licence,
        credit=training.credit,
        clips=len(training),
        voices=len(set(training.speakers.tolist())),
        scores={"accuracy": history.validation_accuracy[-1]},
        note="; ".join(_caveats(training, held_out)),
    )
    return Spotter(net.to("cpu"), words, front_end, (THRESHOLD,) * len(keywords), card), history


def _caveats(training: Clips, held_out: Clips) -> Iterator[str]:
    """What the data cannot tell."""
    if same_speakers(training, held_out):
        yield "judged on speakers that it learned from: nothing is known about others"
    if UNKNOWN not in np.array(training.words)[training.labels]:
        yield f"no other words to learn from, only these backwards and in pieces: a folder {UNKNOWN!r} would help"


def with_other_words(net: nn.Layer, words: int, seed: int) -> nn.Sequential:
    """A copy of a network that ends in a dense layer, with a new one for so many words."""
    steps = tuple(copy.deepcopy(net)) if isinstance(net, nn.Sequential) else ()
    if not steps or not isinstance(steps[-1], nn.Linear):
        raise ValueError(
            f"to begin with a spotter its network must be a Sequential that ends in a dense layer, got {net!r}"
        )
    return nn.Sequential(*steps[:-1], nn.Linear(steps[-1].weight.shape[1], words, rng=seed))


def listening(
    training: Clips, recipe: Recipe, rng: np.random.Generator, front_end: FrontEnd | None = None
) -> tuple[FrontEnd, Augment, tuple[np.ndarray, np.ndarray]]:
    """The front end, the augmentation through it, and the examples.

    Unless a front end is given, it gets the mean and the scale of varied training clips.
    """
    plain = front_end or FrontEnd.plain(LogMel(rate=training.rate))
    noise = training_noise(background(training)) + made_noise(training.rate, rng)
    x, t = to_learn(training, plain.samples, rng)
    if front_end is None:
        some = x[rng.choice(len(x), min(len(x), 1000), replace=False)]
        unmasked = replace(recipe.variation, masks=(0, 0))  # a mask is the mean, which is only being measured
        front_end = plain.fitted(Augment(plain, noise, unmasked)(some, rng))
    return front_end, Augment(front_end, noise, recipe.variation), (x, t)

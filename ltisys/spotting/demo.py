"""The whole chain on an embedded default: make words, train, judge on unheard voices, find the words in a recording."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

import numpy as np

from ltisys import nn
from ltisys.datasets import Clips, synthetic_speech

from .augment import Variation
from .detection import Detection
from .evaluation import Scores, evaluate
from .examples import by_speaker, keywords_of, one_window
from .lesson import Lesson, by_shift, centred, dense_network, nearest_mean
from .operating import Matches, match
from .recording import Recording, make_recording
from .spotter import Spotter
from .training import Recipe, listening, train

NOTE = "trained on synthetic voices only: on real voices expect about half of the words; train on real recordings"

# the voices themselves vary in speed, and a minute is short: lighter than for real recordings
_VARIATION = Variation(speed=0.08, shift=0.15, noise=0.7, snr=(4.0, 25.0), masks=(8, 3))


@dataclass(frozen=True)
class Plan:
    """How large the demonstration is.

    Parameters
    ----------
    voices, repetitions : int
        Of the synthetic speech.
    recipe : Recipe
        For the spotter.
    dense_epochs : int
        For the network without weight sharing.
    said, others : int
        Keywords and other words in the recording.
    snr : float
        Words to noise in the recording, in decibels.
    seed : int
        The same seed gives the same demonstration.
    """

    voices: int = 64
    repetitions: int = 3
    recipe: Recipe = field(default_factory=lambda: Recipe(epochs=24, width=0.5, variation=_VARIATION, negatives=0.0))
    dense_epochs: int = 15
    said: int = 40
    others: int = 14
    snr: float = 9.0
    seed: int = 0


def small_plan(seed: int = 0) -> Plan:
    """A demonstration that takes seconds and is good for nothing but seeing that everything runs."""
    return Plan(voices=6, repetitions=1, recipe=Recipe(epochs=2), dense_epochs=1, said=8, others=3, seed=seed)


@dataclass(frozen=True)
class Outcome:
    """All that the demonstration found.

    Parameters
    ----------
    spotter : Spotter
        The trained spotter.
    history : nn.History
        Of its training.
    scores : Scores
        On unheard voices.
    accuracy, baseline : float
        On the words of unheard voices: the spotter, and the class with the nearest mean log-mel picture.
    lesson : Lesson
        How accuracy holds when words move.
    recording : Recording
        Unheard voices in noise.
    detections : tuple of Detection
        What was heard in it.
    matches : Matches
        Which of that was said.
    seconds : dict of str to float
        How long each part took.
    """

    spotter: Spotter
    history: nn.History
    scores: Scores
    accuracy: float
    baseline: float
    lesson: Lesson
    recording: Recording
    detections: tuple[Detection, ...]
    matches: Matches
    seconds: dict[str, float]


def run(
    plan: Plan | None = None,
    *,
    stage: Callable[[str], AbstractContextManager[None]] = lambda text: nullcontext(),
    progress: bool = True,
) -> Outcome:
    """Run the demonstration.

    Parameters
    ----------
    plan : Plan, optional
        How large it is.
    stage : callable
        Given the name of each part, the context to run it in.
    progress : bool
        Show the epochs of training.

    Returns
    -------
    Outcome
    """
    plan = plan or Plan()
    seconds: dict[str, float] = {}
    clock = _Clock(seconds)
    with clock("speaking"), stage(f"speaking: {plan.voices} synthetic voices, {plan.repetitions} times each keyword"):
        speech = synthetic_speech(voices=plan.voices, repetitions=plan.repetitions, seed=plan.seed)
        speech = replace(speech, samples=centred(speech.samples, speech.rate))
    with clock("compiling"), stage("compiling the engine (the first time only)"):
        train(_few(speech), epochs=1, recipe=plan.recipe, progress=False)
    with clock("training"), stage("training") if not progress else nullcontext():
        spotter, history = train(speech, seed=plan.seed, recipe=plan.recipe, progress=progress)
        card = replace(spotter.card, note=NOTE)
        spotter = replace(spotter, card=card)
    with clock("comparing"), stage("comparing with the nearest mean and with a dense network"):
        scores = evaluate(spotter, speech)
        accuracy, baseline, lesson = _compare(spotter, speech, plan)
    with clock("listening"), stage("listening to a long noisy recording"):
        _, unheard = by_speaker(speech)
        recording = make_recording(
            unheard, spotter.keywords, said=plan.said, others=plan.others, snr=plan.snr, seed=plan.seed
        )
        heard = tuple(spotter.spot(recording.samples, recording.rate))
    matches = match(recording.keywords, heard)
    return Outcome(spotter, history, scores, accuracy, baseline, lesson, recording, heard, matches, seconds)


def _compare(spotter: Spotter, speech: Clips, plan: Plan) -> tuple[float, float, Lesson]:
    training, unheard = by_speaker(speech)
    x, t = one_window(unheard.audio(), spotter.front_end.samples), unheard.labels
    features = spotter.front_end(x)
    accuracy = float(np.mean(spotter.net.predict(features).argmax(axis=1) == t))
    known = spotter.front_end(one_window(training.audio(), spotter.front_end.samples))
    baseline = float(np.mean(nearest_mean(known, training.labels, features) == t))
    _, augment, examples = listening(training, plan.recipe, np.random.default_rng(plan.seed))
    shape = (features.shape[1], features.shape[2], len(spotter.words))
    dense = dense_network(*examples, augment, shape, epochs=plan.dense_epochs, seed=plan.seed)
    return accuracy, baseline, by_shift(spotter, dense, x, t, trained=plan.recipe.variation.shift)


def _few(speech: Clips) -> Clips:
    """A clip or two of each word and split: enough to compile all that training runs."""
    keywords = len(keywords_of(speech))
    chosen = [
        i
        for split in np.unique(speech.splits)
        for label in range(keywords)
        for i in np.flatnonzero((speech.splits == split) & (speech.labels == label))[:7]
    ]
    return speech.select(chosen)


class _Clock:
    """Notes how long each part takes."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self._seconds = seconds
        self._name = ""
        self._start = 0.0

    def __call__(self, name: str) -> "_Clock":
        self._name = name
        return self

    def __enter__(self) -> None:
        self._start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self._seconds[self._name] = time.perf_counter() - self._start

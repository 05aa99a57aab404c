"""The models that come with the library: what they say of themselves, and that they hear."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from ltisys import nn, spotting
from ltisys.datasets import synthetic_speech
from ltisys.spotting.export import export
from ltisys.spotting.storage import BUNDLED

FOLDER = Path(spotting.__file__).parent / "models"


@pytest.mark.parametrize("name", BUNDLED)
def test_a_model_is_small_and_says_where_it_comes_from(name):
    assert (FOLDER / f"{name}.safetensors").stat().st_size <= 1_000_000
    spotter = spotting.load(name)
    assert spotter.net.n_parameters <= 150_000
    card = spotter.card
    assert card.data
    assert card.credit
    assert card.licence.startswith("CC BY")
    assert card.clips > 1000
    assert 0.8 < card.scores["accuracy"] <= 1
    assert all(0 < threshold < 1 for threshold in spotter.thresholds)


def test_their_words():
    assert spotting.load().keywords == ("yes", "no", "up", "down", "left", "right", "stop", "go")
    assert spotting.load("digits").keywords[:3] == ("zero", "one", "two")


@pytest.mark.parametrize("name", BUNDLED)
def test_silence_is_silence(name):
    spotter = spotting.load(name)
    p = spotter.classify(np.zeros(spotter.rate), spotter.rate)
    assert max(p, key=p.__getitem__) == "silence"
    assert spotter.spot(1e-3 * np.random.default_rng(0).standard_normal(20 * spotter.rate), spotter.rate) == []


@pytest.mark.parametrize(("name", "least"), [("keywords", 0.4), ("digits", 0.9)])
def test_words_of_synthetic_voices_are_heard(name, least):
    spotter = spotting.load(name)
    clips = synthetic_speech(words=spotter.keywords, voices=4, repetitions=2, rate=spotter.rate, seed=77)
    clips = clips.select(clips.labels < len(spotter.keywords))
    heard = [spotter.classify(x, spotter.rate) for x in clips.audio()]
    right = [max(p, key=p.__getitem__) == clips.words[label] for p, label in zip(heard, clips.labels, strict=True)]
    assert np.mean(right) >= least  # keywords never met a synthetic voice in training


@pytest.mark.parametrize("name", BUNDLED)
def test_exported_they_give_the_same_scores(name, tmp_path):
    spotter = spotting.load(name)
    export(spotter, tmp_path / "m.onnx")
    clips = synthetic_speech(words=spotter.keywords[:2], voices=2, repetitions=2, rate=spotter.rate)
    x = np.zeros((8, spotter.front_end.samples), np.float32)
    x[:, : clips.samples.shape[1]] = clips.audio()[:8]
    session = onnxruntime.InferenceSession(str(tmp_path / "m.onnx"), providers=["CPUExecutionProvider"])
    (scores,) = session.run(None, {"samples": x})
    np.testing.assert_allclose(np.asarray(scores), spotter.probabilities(spotter.front_end(x)), atol=1e-4)


@pytest.mark.parametrize("name", BUNDLED)
def test_a_stream_costs_what_a_small_device_has(name):
    spotter = spotting.load(name)
    more, one = (nn.macs(spotter.net, (1, 40, spotter.front_end.frames + extra)) for extra in (800, 0))
    assert (more - one) / 8 <= 10e6

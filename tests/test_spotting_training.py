from dataclasses import replace

import numpy as np
import pytest
import standin
from tones import RATE, tone_clips, untrained

from ltisys import spotting
from ltisys.audio import LogMel
from ltisys.spotting.examples import resampled
from ltisys.spotting.frontend import FrontEnd
from ltisys.spotting.network import scanning_network
from ltisys.spotting.operating import match
from ltisys.spotting.recording import make_recording
from ltisys.spotting.teaching import Taught


def test_learns_to_tell_words_apart_and_to_find_them():
    clips = tone_clips()
    spotter, history = spotting.train(clips, epochs=16, recipe=spotting.Recipe(batch_size=16), progress=False)
    assert spotter.words == ("up", "down", "unknown", "silence")
    assert (spotter.card.data, spotter.card.licence, spotter.card.voices) == ("tones", "MIT", 8)
    assert spotter.card.scores["accuracy"] == history.validation_accuracy[-1] > 0.9
    assert spotting.evaluate(spotter, clips).accuracy == pytest.approx(history.validation_accuracy[-1])
    p = spotter.classify(tone_clips().audio()[-12], RATE)
    assert max(p, key=lambda word: p[word]) == "up"
    recording = make_recording(clips.part("validation"), ["up", "down"], said=6, others=2, snr=20)
    matches = match(recording.keywords, spotter.spot(recording.samples, RATE))
    assert matches.recall >= 0.8


def test_the_same_seed_gives_the_same_spotter():
    clips = tone_clips(takes=1)
    first, again, other = (spotting.train(clips, seed=s, epochs=1, progress=False)[0].net.state() for s in (0, 0, 1))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not all(np.array_equal(first[name], other[name]) for name in first)


def test_one_keyword_of_one_speaker_is_enough_to_begin_with():
    mine = tone_clips(takes=12, speakers=1)
    one = replace(mine.select(mine.labels != 1), words=("up", "silence", "unknown"))
    spotter, _ = spotting.train(one, epochs=16, recipe=spotting.Recipe(batch_size=8), progress=False)
    assert spotter.words == ("up", "unknown", "silence")
    assert spotter.card.note == "judged on speakers that it learned from: nothing is known about others"
    confusion = spotting.evaluate(spotter, one).confusion
    assert confusion[0, 0] == confusion[0].sum() == 3


def test_without_other_words_the_card_says_so():
    alone = tone_clips(takes=3, speakers=3)
    alone = replace(alone.select(alone.labels == 0), words=("up", "silence", "unknown"))
    spotter, _ = spotting.train(alone, epochs=1, progress=False)
    assert spotter.card.note.startswith("no other words to learn from, only these backwards and in pieces")


def test_a_keyword_is_needed():
    clips = replace(tone_clips(takes=1), words=("unknown", "unknown", "silence"))
    with pytest.raises(ValueError, match="need a keyword: a word other than 'unknown' and 'silence'"):
        spotting.train(clips, epochs=1, progress=False)


def test_high_rates_are_brought_down():
    clips = resampled(tone_clips(takes=1), 44100)
    spotter, _ = spotting.train(clips, epochs=1, progress=False)
    assert spotter.rate == 16000
    assert spotting.evaluate(spotter, clips).clips == 106


def test_synthetic_voices_speak_along_in_training_alone():
    clips = tone_clips(takes=1)
    recipe = spotting.Recipe(voices=2)
    spotter, _ = spotting.train(clips, epochs=1, recipe=recipe, progress=False)
    assert spotter.card.voices == 8 + 2
    assert "tones; synthetic speech" in spotter.card.data
    assert spotting.evaluate(spotter, clips).clips == 106


def test_synthetic_voices_must_know_a_word():
    clips = replace(tone_clips(takes=1), words=("abra", "cadabra", "unknown"))
    with pytest.raises(ValueError, match="synthetic voices know none of abra, cadabra"):
        spotting.train(clips, epochs=1, recipe=spotting.Recipe(voices=2), progress=False)


def test_a_spotter_can_begin_with_the_filters_of_another_and_leaves_it_as_it_is():
    begin = untrained(("a", "b", "c"))
    before = {name: value.copy() for name, value in begin.net.state().items()}
    spotter, _ = spotting.train(tone_clips(takes=1), start=begin, epochs=1, progress=False)
    assert spotter.words == ("up", "down", "unknown", "silence")
    assert spotter.front_end == begin.front_end
    for name, value in begin.net.state().items():
        np.testing.assert_array_equal(value, before[name])
    first = spotter.net.state()["1.weight"]
    assert 0 < np.abs(first - before["1.weight"]).max() < 0.3 * np.abs(first).max()


def test_a_run_goes_on_where_it_was(tmp_path):
    clips = tone_clips(takes=1)
    whole, _ = spotting.train(clips, epochs=2, checkpoint=tmp_path / "run", progress=False)
    again, history = spotting.train(clips, epochs=2, checkpoint=tmp_path / "run", progress=False)
    assert len(history.loss) == 2
    for name, value in whole.net.state().items():
        np.testing.assert_array_equal(again.net.state()[name], value)


def test_a_network_that_learns_on_a_gpu_comes_back(monkeypatch):
    standin.install(monkeypatch)
    clips = tone_clips(takes=1)
    spotter, history = spotting.train(clips, epochs=1, device="gpu", progress=False)
    assert spotter.net.device == "cpu"
    _, here = spotting.train(clips, epochs=1, progress=False)
    assert history.loss == pytest.approx(here.loss, rel=1e-3)


def teacher(seed, words=("up", "down")):
    """A spotter that has learned nothing, with weights and a front end of its own."""
    spotter = untrained(words)
    mean, scale = np.random.default_rng(seed).uniform(0.5, 2, (2, spotter.front_end.log_mel.bands)).tolist()
    front_end = replace(spotter.front_end, mean=tuple(mean), scale=tuple(scale))
    return replace(spotter, net=scanning_network(40, len(words) + 2, seed=seed).eval(), front_end=front_end)


def test_the_targets_are_what_the_teachers_say_of_the_same_features_on_average():
    one, other = teacher(1), teacher(2, ("down", "up"))
    front_end = untrained().front_end
    varied = np.random.default_rng(3).standard_normal((5, 40, 158)).astype(np.float32)
    features, targets = Taught(lambda x, rng: varied, front_end, [one, other], one.words)(
        np.zeros((5, 9)), np.random.default_rng()
    )
    np.testing.assert_array_equal(features, varied)
    mean, scale = (np.asarray(numbers)[:, None] for numbers in (front_end.mean, front_end.scale))
    frames = (varied * scale + mean).astype(np.float32)
    heard = [each.probabilities(each.front_end.normalise(frames)) for each in (one, other)]
    np.testing.assert_allclose(targets, (heard[0] + heard[1][:, [1, 0, 2, 3]]) / 2, atol=1e-5)
    assert targets.dtype == np.float32


def test_what_teachers_know_is_learned_from_them():
    clips = tone_clips()
    recipe = spotting.Recipe(batch_size=16)
    knows, _ = spotting.train(clips, epochs=16, recipe=recipe, progress=False)
    nonsense = replace(clips, labels=np.random.default_rng(0).permutation(clips.labels))  # nothing to be learned here
    spotter, _ = spotting.train(nonsense, epochs=16, recipe=recipe, teachers=[knows], progress=False)
    assert spotting.evaluate(spotter, clips).accuracy > 0.9


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (teacher(0, ("up", "left")), "a teacher must know the words up, down, unknown, silence, got one of up, left"),
        (
            replace(teacher(0), front_end=FrontEnd.plain(LogMel(), window=1.2)),
            r"a teacher must hear through the same filters, .* in windows of 1\.6 s, got .* in windows of 1\.2 s",
        ),
    ],
)
def test_a_teacher_must_know_the_words_and_hear_alike(other, message):
    with pytest.raises(ValueError, match=message):
        spotting.train(tone_clips(takes=1), epochs=1, teachers=[teacher(1), other], progress=False)

"""The Free Spoken Digit Dataset in both layouts, and the real recordings where they are."""

import functools

import numpy as np
import pytest
import tiny_datasets
from tiny_datasets import fsdd_sounds, real, sound, sources, write_sounds

from ltisys import datasets

load = functools.cache(datasets.fsdd)  # the real recordings take seconds

LAYOUTS = [tiny_datasets.fsdd_in_a_folder, tiny_datasets.fsdd_packed]


@pytest.fixture(scope="module", params=sources("fsdd", *LAYOUTS))
def clips(request, tmp_path_factory) -> datasets.Clips:
    return load(request.param(tmp_path_factory.mktemp("data")))


def test_clips_are_a_second_at_8_khz(clips):
    assert clips.rate == 8000
    assert clips.samples.dtype == np.int16
    assert clips.samples.shape == (len(clips), 8000)
    assert clips.words[7] == "seven"
    assert len(clips.words) == 10


def test_every_speaker_and_digit_is_in_both_splits(clips):
    pairs = {
        split: set(zip(part.speakers.tolist(), part.labels.tolist(), strict=True))
        for split in ("training", "testing")
        for part in [clips.part(split)]
    }
    assert pairs["training"] == pairs["testing"]
    assert len(clips.part("validation")) == 0


@pytest.mark.parametrize(("layout", "suffix"), list(zip(LAYOUTS, ["wav", "flac"], strict=True)))
def test_every_clip_is_its_recording(tmp_path, layout, suffix):
    clips = datasets.fsdd(layout(tmp_path))
    for row, name in enumerate(sorted(fsdd_sounds(suffix))):
        samples = fsdd_sounds(suffix)[name]
        samples = samples if len(samples) <= 8000 else samples[3000:11000]
        np.testing.assert_array_equal(clips.samples[row, : len(samples)], samples)
        digit, speaker, take = name.split("/")[1].split(".")[0].split("_")
        assert (clips.labels[row], clips.speakers[row]) == (int(digit), speaker)
        assert clips.splits[row] == ("testing" if int(take) < 5 else "training")


def test_the_real_data_are_complete():
    for folder in real("fsdd"):
        clips = load(folder)
        assert (len(clips), len(clips.part("testing"))) == (2250, 250)
        assert set(clips.speakers) == {"george", "jackson", "nicolas", "theo", "yweweler"}


def test_without_a_path_it_says_where_to_put_one(monkeypatch):
    monkeypatch.delenv("LTISYS_DATA", raising=False)
    with pytest.raises(FileNotFoundError, match=r"is not downloaded .+: pass the path of a copy, or set LTISYS_DATA$"):
        datasets.fsdd()


def test_an_empty_folder_is_refused_with_what_was_expected(tmp_path):
    with pytest.raises(ValueError, match=r"expected recordings/DIGIT_SPEAKER_TAKE\.wav, or fsdd_train\.zip$"):
        datasets.fsdd(tmp_path)


def test_a_recording_of_another_name_is_refused(tmp_path):
    write_sounds(tmp_path, {"recordings/seven_ada_1.wav": sound(0, 100)}, 8000)
    with pytest.raises(ValueError, match=r"seven_ada_1\.wav: expected a name DIGIT_SPEAKER_TAKE, got seven_ada_1$"):
        datasets.fsdd(tmp_path)

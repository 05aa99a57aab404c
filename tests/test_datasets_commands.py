"""Speech Commands in both layouts, and the real recordings where they are."""

import functools
import tarfile
from pathlib import Path

import numpy as np
import pytest
import tiny_datasets
from tiny_datasets import SPEAKERS, real, sound, sources, speech_command_sounds, write_sounds

from ltisys import datasets
from ltisys.datasets import commands
from ltisys.datasets.commands import KEYWORDS

load = functools.cache(datasets.speech_commands)  # the real recordings take seconds

LAYOUTS = [tiny_datasets.speech_commands_in_folders, tiny_datasets.speech_commands_packed]


@pytest.fixture(scope="module", params=sources("speech_commands", *LAYOUTS))
def clips(request, tmp_path_factory) -> datasets.Clips:
    return load(request.param(tmp_path_factory.mktemp("data")))


def test_clips_are_a_second_of_sixteen_bit_samples(clips):
    assert clips.rate == 16000
    assert clips.samples.dtype == np.int16
    assert clips.samples.shape == (len(clips), 16000)
    assert (clips.samples != 0).any(axis=1).all()


def test_classes_are_the_keywords_and_unknown(clips):
    assert clips.words == (*KEYWORDS, "unknown")
    assert set(clips.labels) == set(range(9))


def test_no_speaker_is_in_two_splits(clips):
    parts = [set(clips.part(split).speakers) for split in datasets.clips.SPLITS]
    assert sum(map(len, parts)) == len(set(clips.speakers))


def test_noise_is_long_and_at_full_scale_one(clips):
    assert clips.noise
    assert all(x.dtype == np.float32 and x.ndim == 1 and len(x) > 16000 and np.abs(x).max() <= 1 for x in clips.noise)


def test_licence_and_credit_travel_along(clips):
    assert clips.licence == "CC BY 4.0"
    assert "Warden" in clips.credit


@pytest.mark.parametrize(("layout", "suffix"), list(zip(LAYOUTS, ["wav", "flac"], strict=True)))
def test_every_clip_is_its_recording(tmp_path, layout, suffix):
    clips = datasets.speech_commands(layout(tmp_path))
    names = sorted(name for name in speech_command_sounds(suffix) if not name.startswith("_"))
    for row, name in enumerate(names):
        samples = speech_command_sounds(suffix)[name]
        np.testing.assert_array_equal(clips.samples[row, : len(samples)], samples)
        assert not clips.samples[row, len(samples) :].any()
        word, file = name.split("/")
        assert clips.words[clips.labels[row]] == (word if word in KEYWORDS else "unknown")
        assert SPEAKERS[clips.splits[row]] == clips.speakers[row] == file.split("_")[0]


def test_the_real_validation_split_is_the_one_that_is_scored():
    for folder in real("speech_commands"):
        clips = load(folder)
        validation = clips.part("validation")
        assert (len(clips), len(validation)) == (7607, 996)
        assert np.bincount(validation.labels).tolist() == [105, 105, 105, 105, 105, 105, 100, 105, 161]
        assert len(clips.noise) == 6


def test_keywords_may_be_chosen(tmp_path):
    clips = datasets.speech_commands(tiny_datasets.speech_commands_packed(tmp_path), keywords=["bed", "yes"])
    assert clips.words == ("bed", "yes", "unknown")
    assert np.bincount(clips.labels).tolist() == [1, 3, len(clips) - 4]


@pytest.mark.parametrize("keywords", [(), ("yes", "yes"), ("yes", "unknown")])
def test_keywords_are_different_words(tmp_path, keywords):
    with pytest.raises(ValueError, match="keywords must be different words other than 'unknown', got"):
        datasets.speech_commands(tmp_path, keywords=keywords)


def test_a_keyword_without_recordings_is_named(tmp_path):
    with pytest.raises(ValueError, match="holds no recordings of maybe, perhaps"):
        datasets.speech_commands(
            tiny_datasets.speech_commands_in_folders(tmp_path), keywords=["perhaps", "yes", "maybe"]
        )


def test_an_empty_folder_is_refused_with_what_was_expected(tmp_path):
    with pytest.raises(ValueError, match=r"expected a sub-folder of recordings for each word, or keywords\.zip and"):
        datasets.speech_commands(tmp_path)


def test_half_of_the_packed_data_is_refused(tmp_path):
    tiny_datasets.speech_commands_packed(tmp_path)
    (tmp_path / "other.zip").unlink()
    with pytest.raises(FileNotFoundError, match=r"other\.zip: no such file"):
        datasets.speech_commands(tmp_path)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_cut_recording_is_named(tmp_path, layout):
    write_sounds(tmp_path, {f"yes/{SPEAKERS['training']}_nohash_5.wav": sound(0, 0)}, 16000)
    with pytest.raises(ValueError, match=r"nohash_5\.wav: holds no samples"):
        datasets.speech_commands(layout(tmp_path))


def test_the_published_archive_is_downloaded_and_unpacked(tmp_path, monkeypatch):
    published = tmp_path / "speech_commands_v0.02.tar.gz"
    with tarfile.open(published, "w:gz") as tar:
        tar.add(tiny_datasets.speech_commands_in_folders(tmp_path / "published"), ".")
    monkeypatch.delenv("LTISYS_DATA", raising=False)
    asked = []

    def fetch(url: str, checksum: str, folder: str) -> Path:
        asked.append((url.rpartition("/")[2], len(checksum), folder))
        return published

    monkeypatch.setattr(commands, "fetch", fetch)
    assert len(datasets.speech_commands()) == len(speech_command_sounds("wav")) - 1
    assert asked == [("speech_commands_v0.02.tar.gz", 64, "speech_commands")]

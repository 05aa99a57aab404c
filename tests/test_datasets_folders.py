"""Anyone's recordings, one sub-folder a word; and recognising what lies in a folder."""

import numpy as np
import pytest
import tiny_datasets
from tiny_datasets import SPEAKERS, sound, sources, write_sounds

from ltisys import datasets


def test_words_speakers_and_splits_come_from_the_names(tmp_path):
    sounds = {
        f"{word}/{speaker}_{take}.wav": sound(0, 50) for word in "ba" for speaker in SPEAKERS.values() for take in "12"
    }
    clips = datasets.folder(write_sounds(tmp_path, sounds, 100))
    assert clips.words == ("a", "b")
    assert np.bincount(clips.labels).tolist() == [6, 6]
    assert {split: set(clips.part(split).speakers) for split in SPEAKERS} == {s: {name} for s, name in SPEAKERS.items()}
    assert clips.samples.shape == (12, 100)
    assert clips.name == tmp_path.name


def test_the_most_common_rate_wins_and_others_are_resampled(tmp_path):
    tone = np.sin(2 * np.pi * 0.01 * np.arange(4000))
    write_sounds(tmp_path, {"a/ada_1.wav": tone, "a/ada_2.wav": tone}, 4000)
    write_sounds(tmp_path, {"a/ada_3.wav": np.sin(2 * np.pi * 0.005 * np.arange(8000))}, 8000)
    clips = datasets.folder(tmp_path)
    assert clips.rate == 4000
    sounds = clips.audio()
    np.testing.assert_allclose(sounds[2, 100:-100], sounds[0, 100:-100], atol=2e-3)


def test_of_equally_common_rates_the_highest_wins(tmp_path):
    write_sounds(tmp_path, {"a/ada_1.wav": sound(0, 10)}, 4000)
    write_sounds(tmp_path, {"a/ada_2.wav": sound(0, 10)}, 8000)
    assert datasets.folder(tmp_path).rate == 8000


def test_a_long_recording_is_cut_to_its_loudest_second(tmp_path):
    long = np.concatenate([np.zeros(70, np.int16), sound(0, 100), np.zeros(30, np.int16)])
    clips = datasets.folder(write_sounds(tmp_path, {"a/ada_1.flac": long}, 100))
    np.testing.assert_array_equal(clips.samples[0], sound(0, 100))


def test_background_noise_is_kept_whole_and_other_underlined_folders_are_passed_over(tmp_path):
    sounds = {"a/ada_1.wav": sound(0, 50), "_background_noise_/hum.wav": sound(1, 500), "_drafts/x.wav": sound(2, 10)}
    clips = datasets.folder(write_sounds(tmp_path, sounds, 100))
    assert clips.words == ("a",)
    (noise,) = clips.noise
    np.testing.assert_array_equal(noise * 32768, sound(1, 500))


def test_an_empty_folder_is_refused_with_what_was_expected(tmp_path):
    (tmp_path / "yes").mkdir()
    write_sounds(tmp_path, {"loose.wav": sound(0, 10)}, 8000)
    for look in (datasets.folder, datasets.open_clips):
        with pytest.raises(ValueError, match=r"expected a sub-folder for each word, with WAV or FLAC files in it$"):
            look(tmp_path)


def test_a_missing_folder_is_named(tmp_path):
    for look in (datasets.folder, datasets.open_clips):
        with pytest.raises(FileNotFoundError, match=r"absent: no such folder; give the one that holds the recordings$"):
            look(tmp_path / "absent")


@pytest.mark.parametrize(
    "content", [b"these are words", b"", b"fLaC" + bytes(50)], ids=["text", "nothing", "half a header"]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, content):
    write_sounds(tmp_path, {"a/ada_1.wav": sound(0, 10)}, 8000)
    (tmp_path / "a" / "ada_2.wav").write_bytes(content)
    with pytest.raises(ValueError, match=r"a/ada_2\.wav: not a readable audio file"):
        datasets.folder(tmp_path)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (tiny_datasets.speech_commands_in_folders, "Speech Commands"),
        (tiny_datasets.speech_commands_packed, "Speech Commands"),
        (tiny_datasets.fsdd_in_a_folder, "Free Spoken Digit Dataset"),
        (tiny_datasets.fsdd_packed, "Free Spoken Digit Dataset"),
        *((source, "Free Spoken Digit Dataset") for source in sources("fsdd")),
    ],
)
def test_published_data_sets_are_recognised(tmp_path, make, name):
    assert datasets.open_clips(make(tmp_path)).name == name


def test_anything_else_is_a_folder_of_words(tmp_path):
    write_sounds(tmp_path, {"yes/0a7c2a8d_nohash_0.wav": sound(0, 50), "recordings/x.wav": sound(0, 50)}, 100)
    assert datasets.open_clips(tmp_path).words == ("recordings", "yes")


@pytest.mark.parametrize(
    ("look", "make", "count"),
    [
        (datasets.open_clips, tiny_datasets.speech_commands_packed, 26),
        (datasets.open_clips, tiny_datasets.fsdd_packed, 8),
        (datasets.folder, tiny_datasets.speech_commands_in_folders, 26),
    ],
)
def test_progress_is_reported_for_every_layout(tmp_path, look, make, count):
    calls = []
    look(make(tmp_path), progress=lambda done, total: calls.append((done, total)))
    assert calls == [(done, count) for done in range(1, count + 1)]

"""Recordings from folders and archives: found in order, decoded to one channel, one rate, one length."""

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from tiny_datasets import pack, sound, write_sounds

from ltisys.datasets.recordings import find, load, load_noise, loudest


def test_files_and_members_of_archives_are_found_in_order(tmp_path):
    names = ["b/2.wav", "a/1.flac", "a/3.WAV", "c/4.wav"]
    write_sounds(tmp_path, {name: sound(0, 10) for name in names}, 8000)
    pack(tmp_path, {"b/2.wav": "some.zip"})
    assert [one.name for one in find(tmp_path, ["some.zip"])] == sorted(names)
    assert [one.name for one in find(tmp_path)] == ["a/1.flac", "a/3.WAV", "c/4.wav"]
    assert [one.folder + ":" + one.stem for one in find(tmp_path)] == ["a:1", "a:3", "c:4"]


def test_other_and_hidden_files_are_passed_over(tmp_path):
    write_sounds(tmp_path, {"a/1.wav": sound(0, 10), "a/._1.wav": sound(0, 10), ".b/1.wav": sound(0, 10)}, 8000)
    write_sounds(tmp_path, {"top.wav": sound(0, 10), "a/deep/1.wav": sound(0, 10)}, 8000)
    (tmp_path / "a" / "notes.txt").write_text("notes")
    assert [one.name for one in find(tmp_path)] == ["a/1.wav"]


def test_decoding_is_exact_whether_packed_or_not(tmp_path):
    sounds = {f"a/{i}.flac": sound(i, 100) for i in range(20)}
    write_sounds(tmp_path, sounds, 8000)
    loose = load(find(tmp_path), 8000, 100)
    np.testing.assert_array_equal(loose, [sounds[one.name] for one in find(tmp_path)])
    pack(tmp_path, dict.fromkeys(sounds, "some.zip"))
    np.testing.assert_array_equal(load(find(tmp_path, ["some.zip"]), 8000, 100), loose)


def test_short_clips_are_followed_by_zeros_and_long_ones_cut(tmp_path):
    write_sounds(
        tmp_path, {"a/1.wav": np.array([5, 6], np.int16), "a/2.wav": np.array([1, 9, 8, 7, 1], np.int16)}, 8000
    )
    assert load(find(tmp_path), 8000, 3).tolist() == [[5, 6, 0], [9, 8, 7]]


def test_channels_are_averaged_and_rates_made_equal(tmp_path):
    stereo = np.stack([np.full(100, 1000), np.full(100, 3000)], axis=1).astype(np.int16)
    write_sounds(tmp_path, {"a/1.wav": stereo}, 8000)
    assert load(find(tmp_path), 8000, 100).tolist() == [[2000] * 100]
    doubled = load(find(tmp_path), 16000, 200)
    np.testing.assert_allclose(doubled[0, 60:140], 2000, atol=5)
    (noise,) = load_noise(find(tmp_path), 16000)
    assert noise.dtype == np.float32
    np.testing.assert_array_equal(np.rint(noise * 32768), doubled[0])


def test_floating_point_files_are_rounded_to_sixteen_bits(tmp_path):
    (tmp_path / "a").mkdir()
    soundfile.write(tmp_path / "a/1.wav", np.array([0.5, 1.5, -2.0]), 8000, subtype="FLOAT")
    assert load(find(tmp_path), 8000, 3).tolist() == [[16384, 32767, -32768]]


def test_progress_counts_to_the_end(tmp_path):
    write_sounds(tmp_path, {f"a/{i}.wav": sound(i, 10) for i in range(3)}, 8000)
    calls = []
    load(find(tmp_path), 8000, 10, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 3), (2, 3), (3, 3)]


def test_nothing_to_load_is_an_empty_array(tmp_path):
    assert load([], 8000, 10).shape == (0, 10)


@given(st.lists(st.integers(-100, 100), min_size=1, max_size=30), st.integers(1, 30))
def test_the_loudest_stretch_has_the_most_energy(values, length):
    x = np.array(values)
    result = loudest(x, length)
    stretches = [x[i : i + length] for i in range(max(1, len(x) - length + 1))]
    assert len(result) == min(len(x), length)
    assert np.sum(result**2) == max(np.sum(stretch**2) for stretch in stretches)


@pytest.mark.parametrize("packed", [False, True])
def test_a_recording_that_cannot_be_read_is_named(tmp_path, packed):
    write_sounds(tmp_path, {f"a/{i}.wav": sound(i, 10) for i in range(5)}, 8000)
    (tmp_path / "a" / "3.wav").write_text("words")
    archives = []
    if packed:
        pack(tmp_path, {f"a/{i}.wav": "some.zip" for i in range(5)})
        archives = ["some.zip"]
    with pytest.raises(ValueError, match=r"a/3\.wav: not a readable audio file"):
        load(find(tmp_path, archives), 8000, 10)


def test_a_damaged_archive_is_named(tmp_path):
    write_sounds(tmp_path, {"a/1.wav": sound(0, 1000)}, 8000)
    pack(tmp_path, {"a/1.wav": "some.zip"})
    content = bytearray((tmp_path / "some.zip").read_bytes())
    content[1000] ^= 255
    (tmp_path / "some.zip").write_bytes(content)
    with pytest.raises(ValueError, match=r"some\.zip/a/1\.wav: damaged in the archive \(Bad CRC-32"):
        load(find(tmp_path, ["some.zip"]), 8000, 1000)
    (tmp_path / "some.zip").write_bytes(content[:1000])
    with pytest.raises(ValueError, match=r"some\.zip: not a readable zip archive"):
        find(tmp_path, ["some.zip"])


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"absent: no such folder; give the one that holds the recordings$"):
        find(tmp_path / "absent")
    with pytest.raises(FileNotFoundError, match=r"absent\.zip: no such file$"):
        find(tmp_path, ["absent.zip"])

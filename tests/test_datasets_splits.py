"""Splits follow the speaker, and agree with those that were published."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_datasets import real

from ltisys.datasets import speaker_of, split_of


@pytest.mark.parametrize(
    ("filename", "split"),
    [
        ("bed/026290a7_nohash_0.wav", "validation"),  # listed in validation_list.txt
        ("bed/0c40e715_nohash_0.wav", "testing"),  # listed in testing_list.txt
        ("bed/00176480_nohash_0.wav", "training"),
    ],
)
def test_the_published_lists(filename, split):
    assert split_of(filename) == split


def test_the_index_of_the_real_data_where_it_is():
    for folder in real("speech_commands"):
        with (folder / "index.csv").open() as file:
            rows = [row for row in csv.DictReader(file) if row["split"] != "noise"]
        assert [split_of(row["path"]) for row in rows] == [row["split"] for row in rows]
        assert [speaker_of(row["path"]) for row in rows] == [row["speaker"] for row in rows]


@pytest.mark.parametrize(
    ("filename", "speaker"),
    [("yes/ada_1.wav", "ada"), ("ada-b_1.flac", "ada"), ("ada.wav", "ada"), ("a.d.a_1.wav", "a.d.a")],
)
def test_the_speaker_begins_the_name(filename, speaker):
    assert speaker_of(filename) == speaker


@given(st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True), st.integers(0, 99), st.sampled_from(["yes", "no"]))
def test_whatever_a_speaker_says_is_in_one_split(speaker, take, word):
    assert split_of(f"{word}/{speaker}_{take}.wav") == split_of(f"{speaker}.flac")


def test_a_tenth_of_many_speakers_is_in_each_of_the_small_splits():
    splits = [split_of(f"speaker{i}.wav") for i in range(5000)]
    assert 430 < splits.count("validation") < 570
    assert 430 < splits.count("testing") < 570

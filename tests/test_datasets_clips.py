"""Clips are a table: choosing rows keeps every column in step."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltisys.datasets import Clips


def clips(count: int = 6, **changes) -> Clips:
    columns = {
        "samples": np.arange(count * 4, dtype=np.int16).reshape(count, 4),
        "rate": 8000,
        "words": ("no", "yes"),
        "labels": np.arange(count) % 2,
        "speakers": np.array([f"speaker{i}" for i in range(count)], dtype=str),
        "splits": np.array([("training", "validation", "testing")[i % 3] for i in range(count)], dtype=str),
        "noise": (np.ones(5, np.float32),),
        "name": "numbers",
    }
    return Clips(**(columns | changes))


@given(st.lists(st.integers(-6, 5)))
def test_rows_stay_together(indices):
    chosen = clips().select(indices)
    assert len(chosen) == len(indices)
    rows = np.arange(6)[np.array(indices, int)]
    np.testing.assert_array_equal(chosen.samples[:, 0], 4 * rows)
    np.testing.assert_array_equal(chosen.labels, rows % 2)
    assert chosen.speakers.tolist() == [f"speaker{row}" for row in rows]
    assert chosen.words == ("no", "yes")
    assert len(chosen.noise) == 1


def test_masks_and_slices_choose_too():
    everything = clips()
    assert everything.select(everything.labels == 1).speakers.tolist() == ["speaker1", "speaker3", "speaker5"]
    assert everything.select(slice(4, None)).speakers.tolist() == ["speaker4", "speaker5"]


def test_parts_are_disjoint_and_complete():
    everything = clips()
    parts = [everything.part(split) for split in ("training", "validation", "testing")]
    assert sum(map(len, parts)) == len(everything)
    assert len({speaker for part in parts for speaker in part.speakers}) == 6


def test_a_part_may_be_empty():
    empty = clips(1).part("testing")
    assert len(empty) == 0
    assert empty.audio().shape == (0, 4)


def test_audio_has_full_scale_at_one():
    samples = np.array([[0, 16384, -32768, 32767]], np.int16)
    sound = clips(1, samples=samples).audio()
    assert sound.dtype == np.float32
    assert sound.tolist() == [[0, 0.5, -1, 32767 / 32768]]
    same = clips(1, samples=sound).audio()
    np.testing.assert_array_equal(same, sound)
    assert not np.shares_memory(same, sound)


def test_audio_of_some():
    everything = clips()
    np.testing.assert_array_equal(everything.audio([5, 1]), everything.audio()[[5, 1]])


def test_it_prints_in_one_line():
    assert repr(clips()) == "Clips('numbers': 6 clips of 0.0005 s at 8000 Hz, 2 words, 6 speakers)"


def test_it_is_frozen():
    with pytest.raises(AttributeError, match="cannot assign to field 'rate'"):
        clips().rate = 16000  # type: ignore[misc]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"samples": np.zeros(6, np.int16)}, r"samples must have shape \(clips, n\), got \(6,\)"),
        ({"labels": np.zeros(5, int)}, r"labels must hold one value for each of 6 clips, got shape \(5,\)"),
        ({"labels": np.array([0, 1, 2, 0, 0, 0])}, "labels must be indices into 2 words, got 0 to 2"),
        ({"labels": np.array([0, 1, -1, 0, 0, 0])}, "labels must be indices into 2 words, got -1 to 1"),
        ({"splits": np.array(["train"] * 6)}, r"splits must be training, validation or testing, got \['train'\]"),
    ],
)
def test_columns_that_do_not_fit_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        clips(**changes)


def test_samples_of_another_type_are_refused():
    with pytest.raises(TypeError, match="samples must be int16 or float32, got float64"):
        clips(samples=np.zeros((6, 4)))


def test_an_unknown_split_is_refused():
    with pytest.raises(ValueError, match="split must be training, validation or testing, got 'train'"):
        clips().part("train")

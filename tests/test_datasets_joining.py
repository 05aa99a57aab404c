"""Joined data sets keep what each clip is."""

from dataclasses import replace

import numpy as np
import pytest

from ltisys.datasets import Clips, join


def clips(words, n=4, rate=8000, dtype: type = np.int16, **facts):
    count = len(words)
    return Clips(
        np.arange(count * n).reshape(count, n).astype(dtype), rate, words, np.arange(count), np.array(["ada"] * count),
        np.array(["training"] * count), **facts,
    )  # fmt: skip


def test_every_clip_keeps_its_word():
    one, other = clips(("no", "unknown"), noise=(np.zeros(3, np.float32),)), clips(("yes", "no"))
    both = join(one, replace(other, speakers=np.array(["ben", "cleo"])))
    assert both.words == ("no", "yes", "unknown")
    assert [both.words[label] for label in both.labels] == ["no", "unknown", "yes", "no"]
    assert both.speakers.tolist() == ["ada", "ada", "ben", "cleo"]
    np.testing.assert_array_equal(both.samples, np.concatenate([one.samples, other.samples]))
    assert len(both.noise) == 1


def test_one_alone_is_itself():
    one = clips(("no", "yes"), name="n", licence="MIT", credit="me")
    both = join(one)
    assert (both.words, both.name, both.licence, both.credit) == (one.words, "n", "MIT", "me")


def test_terms_stand_side_by_side():
    both = join(clips(("no",), licence="MIT"), clips(("yes",), licence="CC BY 4.0"), clips(("up",), licence="MIT"))
    assert both.licence == "MIT; CC BY 4.0"


def test_unlike_samples_meet_at_full_scale_one():
    both = join(clips(("no",)), clips(("yes",), dtype=np.float32))
    assert both.samples.dtype == np.float32
    np.testing.assert_allclose(both.samples[0], np.arange(4) / 32768)


@pytest.mark.parametrize("other", [clips(("yes",), rate=16000), clips(("yes",), n=5)])
def test_unlike_rates_and_lengths_are_refused(other):
    with pytest.raises(ValueError, match=r"data sets to join need one rate and one length, got \(rate, length\) ="):
        join(clips(("no",)), other)


def test_nothing_cannot_be_joined():
    with pytest.raises(ValueError, match="join needs at least one data set, got none"):
        join()

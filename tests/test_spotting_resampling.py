import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltisys import audio
from ltisys.spotting.resampling import Resampler, checked_rate

RATES = (8000, 11025, 16000, 22050, 44100, 48000, 15999)


@pytest.mark.parametrize("rate", RATES)
def test_equals_the_batch_resampler(rate):
    x = np.random.default_rng(0).standard_normal(rate // 3).astype(np.float32)
    resampler = Resampler(rate, 16000)
    y = np.concatenate([resampler.push(x), resampler.flush()])
    np.testing.assert_allclose(y, audio.resample(x, rate, 16000), atol=1e-5)


@given(st.sampled_from(RATES), st.lists(st.integers(0, 3000), max_size=6))
def test_any_chopping_gives_the_same_bits(rate, cuts):
    x = np.random.default_rng(1).standard_normal(3000).astype(np.float32)
    whole, pieces = Resampler(rate, 16000), Resampler(rate, 16000)
    want = np.concatenate([whole.push(x), whole.flush()])
    got = np.concatenate([*(pieces.push(block) for block in np.split(x, sorted(cuts))), pieces.flush()])
    np.testing.assert_array_equal(got, want)


def test_starts_anew_after_a_flush():
    x = np.ones(500, np.float32)
    resampler = Resampler(8000, 16000)
    first = np.concatenate([resampler.push(x), resampler.flush()])
    np.testing.assert_array_equal(np.concatenate([resampler.push(x), resampler.flush()]), first)


def test_keeps_a_bounded_past():
    resampler = Resampler(48000, 16000)
    for _ in range(20):
        resampler.push(np.zeros(4800, np.float32))
    assert len(resampler._buffer) < 200


@pytest.mark.parametrize("rate", [0, -1, 100, 16000.5, 1e9, float("nan")])
def test_rates_that_carry_no_speech_are_refused(rate):
    message = f"rate must be a whole number of hertz from 4000 to 384000 to carry speech, got {rate}"
    with pytest.raises(ValueError, match=re.escape(message)):
        checked_rate(rate)

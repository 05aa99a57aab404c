import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tones import RATE, tone, untrained

from ltisys.audio import LogMel
from ltisys.spotting.frontend import FrontEnd
from ltisys.spotting.streaming import Stream, mono

FRONT_END = FrontEnd.plain(LogMel())


class ByLoudness:
    """Says "beep" where the window holds a loud sound whose middle is in the window's middle third."""

    hop, window, step = 10, 98, 40

    def reset(self):
        self._loud = np.zeros(self.window, bool)

    def push(self, frames):
        looks = []
        for new in np.split(frames.mean(axis=0) > -6, frames.shape[1] // self.hop):
            self._loud = np.concatenate([self._loud, new])[-self.window :]
            heard = self._loud.any() and 25 < np.flatnonzero(self._loud).mean() < 73
            looks.append([0.95, 0.05, 0.0] if heard else [0.0, 0.0, 1.0])
        return np.array(looks)


def beeps(starts, seconds, rate=RATE):
    x = (1e-4 * np.random.default_rng(0).standard_normal((round(seconds * rate),))).astype(np.float32)
    for start in starts:
        x[round(start * rate) : round((start + 0.3) * rate)] *= 1000
    return x


def stream(rate=RATE):
    return Stream(FRONT_END, ByLoudness(), ["beep"], [0.5], rate)  # pyright: ignore


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
def test_finds_words_at_their_times(rate):
    starts = [0.05, 2.0, 3.5, 5.62]
    one = stream(rate)
    found = one.push(beeps(starts, 6.0, rate)) + one.flush()
    assert [d.word for d in found] == ["beep"] * 4
    np.testing.assert_allclose([d.start for d in found], starts, atol=0.06)
    np.testing.assert_allclose([d.stop for d in found], np.add(starts, 0.3), atol=0.06)


@settings(max_examples=10)
@given(st.lists(st.integers(0, 3 * 11025), max_size=8))
def test_any_chopping_gives_the_same_detections(cuts):
    rng = np.random.default_rng(0)
    x = np.concatenate([tone(word, 500, rng, 0.5) for word in ("up", "down", "other", "up", "down", "up")])[:33075]
    spotter = untrained()
    want = spotter.spot(x, 11025)
    pieces = spotter.stream(11025)
    got = [d for block in np.split(x, sorted(cuts)) for d in pieces.push(block)] + pieces.flush()
    assert want
    assert got == want


def test_detections_come_while_the_sound_goes_on():
    one = stream()
    x = beeps([1.0], 10.0)
    assert one.push(x[: 3 * RATE])


def test_memory_is_constant():
    one = stream()
    block = beeps([0.2], 1.0)
    sizes = []
    for _ in range(24):
        one.push(block)
        sizes.append(sum(v.nbytes for v in vars(one).values() if isinstance(v, np.ndarray)))
    assert max(sizes[12:]) == max(sizes[6:12])  # what does not fill a step waits, so they go up and down


def test_flush_begins_a_new_recording():
    one = stream()
    x = beeps([1.0], 2.0)
    first = one.push(x) + one.flush()
    assert first
    assert one.push(x) + one.flush() == first
    assert one.flush() == []


def test_no_detection_lies_outside_the_recording():
    one = stream()
    (found,) = one.push(beeps([0.75], 1.0)) + one.flush()
    assert 0.7 < found.start < found.stop <= 1.0


def test_channels_are_averaged_and_integers_scaled():
    x = np.array([[0.5, -0.5], [0.0, 0.25]])
    np.testing.assert_array_equal(mono(x), np.array([0.25, -0.125], np.float32))
    np.testing.assert_array_equal(mono((x * 32768).astype(np.int16)), mono(x))


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (np.zeros((2, 3, 4)), ValueError, r"x must have the shape \(n,\) or \(channels, n\), got \(2, 3, 4\)"),
        (np.zeros((16000, 2)), ValueError, r"got \(16000, 2\)"),
        (np.array([0.0, np.nan]), ValueError, "samples must be finite, got NaN or infinity"),
        (np.zeros(3, complex), TypeError, "samples must be real numbers, got complex128"),
        (np.zeros(3, np.uint8), TypeError, "unsigned samples have no zero line: convert uint8"),
    ],
)
def test_samples_that_are_no_sound_are_refused(x, error, message):
    with pytest.raises(error, match=message):
        stream().push(x)


def test_a_refused_block_leaves_the_stream_as_it_was():
    one = stream()
    x = beeps([1.0], 2.0)
    found = one.push(x[:RATE])
    with pytest.raises(ValueError, match="finite"):
        one.push(np.array([np.inf]))
    assert found + one.push(x[RATE:]) + one.flush() == stream_of(x)


def stream_of(x):
    one = stream()
    return one.push(x) + one.flush()

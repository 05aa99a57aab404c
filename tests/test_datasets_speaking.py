import numpy as np
import pytest
from scipy.linalg import solve_toeplitz
from scipy.signal import lfilter

from ltisys.datasets.articulation import articulate
from ltisys.datasets.phonemes import PHONEMES
from ltisys.datasets.speaking import say, synthesise
from ltisys.datasets.vocabulary import PRONUNCIATIONS
from ltisys.datasets.voices import Voice, draw_voice

RATE = 16000
CLEAR = Voice("clear", pitch=90.0, melody=0.0, jitter=0.0, shimmer=0.0, breathiness=0.0, tempo=0.5)
STEADY_VOWELS = [name for name, phoneme in PHONEMES.items() if phoneme.vowel and not phoneme.segments[0].towards]


def sound(name, voice=CLEAR, seed=0):
    """A phoneme alone, its motion, and the sound of its middle third."""
    rng = np.random.default_rng(seed)
    motion = articulate([(name, True)], voice, rng)
    y = synthesise(motion, voice, rng, RATE)
    return motion, y[len(y) // 3 : 2 * len(y) // 3]


def poles_in_hertz(y, order=18):
    """Frequencies of the sharp poles of the linear prediction of a sound, lowest first."""
    bright = lfilter([1.0, -0.97], [1.0], y) * np.hamming(len(y))
    r = np.correlate(bright, bright, "full")[len(y) - 1 : len(y) + order]
    roots = np.roots(np.r_[1.0, -solve_toeplitz(r[:-1], r[1:])])
    roots = roots[(roots.imag > 0) & (abs(roots) > 0.9)]
    frequencies = np.sort(np.angle(roots)) * RATE / (2 * np.pi)
    return frequencies[frequencies > 150]


@pytest.mark.parametrize("name", STEADY_VOWELS)
@pytest.mark.parametrize("tract", [0.95, 1.2])
def test_a_vowel_has_its_formants_where_the_table_says(name, tract):
    voice = Voice("clear", pitch=90.0, tract=tract, melody=0.0, jitter=0.0, breathiness=0.0, tempo=0.5)
    motion, y = sound(name, voice)
    wanted = motion.formants[len(motion.pitch) // 2]
    assert wanted / tract == pytest.approx(PHONEMES[name].segments[0].formants, rel=0.15)
    found = poles_in_hertz(y)
    for formant in wanted:
        assert np.min(abs(found - formant)) <= 0.1 * formant


@pytest.mark.parametrize("pitch", [85.0, 140.0, 230.0, 310.0])
def test_a_vowel_has_the_pitch_of_its_voice(pitch):
    _, y = sound("AH", Voice("clear", pitch=pitch, melody=0.0, tempo=0.5))
    autocorrelation = np.correlate(y, y, "full")[len(y) - 1 :]
    lags = np.arange(int(0.4 * RATE / pitch), int(1.6 * RATE / pitch))
    assert RATE / lags[np.argmax(autocorrelation[lags])] == pytest.approx(pitch, rel=0.03)


def centroid(y):
    power = abs(np.fft.rfft(y)) ** 2
    return np.sum(np.fft.rfftfreq(len(y), 1 / RATE) * power) / power.sum()


def test_fricatives_sound_higher_than_vowels_and_s_higher_than_sh():
    s, sh, vowel = (centroid(sound(name)[1]) for name in ("S", "SH", "AA"))
    assert s > 4500 > sh > 2500 > 1200 > vowel


def test_a_nasal_hums_below_the_vowels():
    nasal, vowel = sound("N")[1], sound("AA")[1]
    assert centroid(nasal) < 500
    assert nasal.std() < 0.5 * vowel.std()


@pytest.mark.parametrize("word", PRONUNCIATIONS)
def test_every_word_is_finite_sound_of_a_sensible_length(word):
    voice = draw_voice("anyone", np.random.default_rng(3))
    y = say(word, voice, np.random.default_rng(0))
    assert y.dtype == np.float32
    assert np.all(np.isfinite(y))
    assert 0.2 < len(y) / RATE < 1.6
    assert 0.02 < y.std() < 3


def test_the_same_generator_says_the_same_and_another_something_else():
    first, again, other = (say("seven", CLEAR, np.random.default_rng(seed)) for seed in (4, 4, 5))
    assert np.array_equal(first, again)
    assert len(first) != len(other) or not np.array_equal(first, other)


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100])
def test_a_word_lasts_as_long_at_every_rate(rate):
    y = say("yes", CLEAR, np.random.default_rng(0), rate)
    assert len(y) / rate == pytest.approx(len(say("yes", CLEAR, np.random.default_rng(0))) / RATE, abs=0.002)
    assert np.all(np.isfinite(y))


def test_no_word_is_longer_than_it_may_be():
    assert len(say("backward", CLEAR, np.random.default_rng(0), longest=0.5)) <= 0.5 * RATE + 32


def test_it_begins_softly_and_dies_away():
    y = say("down", CLEAR, np.random.default_rng(0))
    assert abs(y[:80]).max() < 0.01 * abs(y).max()
    assert abs(y[-80:]).max() < 0.01 * abs(y).max()


def test_an_unknown_word_is_refused():
    with pytest.raises(ValueError, match=r"word must be one of .*; got 'hello'"):
        say("hello", CLEAR, np.random.default_rng(0))


def test_a_rate_too_low_for_speech_is_refused():
    with pytest.raises(ValueError, match="rate must be at least 8000, got 4000"):
        say("yes", CLEAR, np.random.default_rng(0), 4000)

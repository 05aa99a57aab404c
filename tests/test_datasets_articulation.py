import numpy as np
import pytest

from ltisys.datasets.articulation import STEP, articulate, smoother
from ltisys.datasets.phonemes import PHONEMES
from ltisys.datasets.vocabulary import pronunciation
from ltisys.datasets.voices import Voice

VOICE = Voice("steady", melody=0.0)


def said(word, voice=VOICE, seed=0, **options):
    return articulate(pronunciation(word), voice, np.random.default_rng(seed), **options)


def test_the_smoother_turns_a_jump_into_a_rise_without_delay():
    step = np.repeat([0.0, 1.0], 100)
    rise = smoother(0.05)(step, padding="replicate")
    assert np.all(np.diff(rise) >= -1e-12)
    assert np.allclose(rise[:87], 0.0)
    assert np.allclose(rise[113:], 1.0)
    assert rise[99] + rise[100] == pytest.approx(1.0)


def test_tracks_share_one_clock():
    motion = said("stop")
    moments = len(motion.pitch)
    assert motion.duration == pytest.approx(moments * STEP)
    assert motion.formants.shape == (moments, 3)
    assert motion.noise.shape == (moments, 2)
    for track in (motion.voicing, motion.aspiration, motion.frication, motion.nasality):
        assert track.shape == (moments,)
        assert track.min() >= -1e-12


def test_moments_are_counted_from_the_start_and_end_with_the_last():
    motion = said("up")
    assert motion.moments(np.array([0.0, 3.5 * STEP, 99.0])).tolist() == [0, 3, len(motion.pitch) - 1]


def test_a_diphthong_moves_its_formants_from_one_vowel_to_the_other():
    motion = said("eight")
    begin, end = PHONEMES["EY"].segments[0].formants, PHONEMES["EY"].segments[0].towards
    assert end is not None
    voiced = motion.formants[motion.voicing > 0.5]
    assert voiced[2, 0] == pytest.approx(begin[0], rel=0.15)
    assert voiced[len(voiced) // 2, 0] == pytest.approx((begin[0] + end[0]) / 2, rel=0.15)
    assert voiced[:, 1].max() == pytest.approx(end[1], rel=0.15)


def test_a_stop_is_silence_then_a_burst_then_breath():
    motion = said("two")
    burst, breath = np.argmax(motion.frication), np.argmax(motion.aspiration)
    vowel = np.argmax(motion.voicing)
    assert burst < breath < vowel
    assert motion.frication[burst - 12] < 0.01


def test_a_nasal_opens_the_palate_and_a_vowel_closes_it():
    motion = said("no")
    assert motion.nasality.max() > 0.95
    assert motion.nasality[-50] < 0.01


def test_a_fast_voice_is_faster_by_its_tempo():
    slow = said("seven")
    fast = said("seven", Voice("hasty", melody=0.0, tempo=1.25))
    assert slow.duration / fast.duration == pytest.approx(1.25, rel=0.01)


def test_no_utterance_lasts_longer_than_it_may():
    assert said("backward", longest=0.4).duration == pytest.approx(0.4, abs=STEP)


def test_a_short_tract_scales_all_formants():
    assert np.allclose(said("yes", Voice("small", tract=1.2)).formants, 1.2 * said("yes").formants)


def test_melody_keeps_to_the_pitch_and_repetitions_differ():
    assert np.allclose(said("yes").pitch, VOICE.pitch)
    melodious = Voice("singing", melody=4.0)
    first, second = (said("yes", melodious, seed).pitch for seed in (0, 1))
    assert np.all(abs(np.log2(first / melodious.pitch)) <= 8 / 12)
    assert first.std() > 1
    assert len(first) != len(second) or not np.allclose(first, second)

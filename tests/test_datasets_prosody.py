import numpy as np
import pytest

from ltisys.datasets.phonemes import PHONEMES
from ltisys.datasets.prosody import segments_in_context
from ltisys.datasets.voices import Voice

VOICE = Voice("plain")


def spoken(*phonemes, voice=VOICE, seed=0):
    known = [(name.rstrip("1"), name.endswith("1")) for name in phonemes]
    return segments_in_context(known, voice, np.random.default_rng(seed))


def test_silence_surrounds_a_word():
    before, vowel, after = spoken("AA1")
    assert before.voicing == after.voicing == before.frication == 0
    assert vowel.voicing == 1


def test_vowels_are_long_at_the_end_and_short_before_a_voiceless_sound():
    final, voiced, voiceless = (spoken("EH1", *rest)[1].duration for rest in ((), ("D",), ("T",)))
    assert final > voiced > voiceless


def test_a_vowel_without_stress_is_short_and_soft():
    stressed, plain = spoken("AH1")[1], spoken("AH")[1]
    assert plain.duration < stressed.duration
    assert plain.voicing < stressed.voicing


def test_a_stop_after_s_hardly_breathes():
    after_silence, after_s = spoken("T", "AA1")[3], spoken("S", "T", "AA1")[4]
    assert after_s.aspiration == pytest.approx(0.2 * after_silence.aspiration)
    assert after_s.duration == pytest.approx(0.2 * after_silence.duration)


def test_final_stops_are_released_differently_every_time():
    releases = {spoken("AH1", "P", seed=seed)[3].frication for seed in range(5)}
    assert len(releases) == 5
    assert max(releases) <= PHONEMES["P"].segments[1].frication


def test_h_has_the_formants_of_the_vowel_that_follows():
    _, h, vowel, _ = spoken("HH", "IY1")
    assert h.formants == pytest.approx(vowel.formants)


def test_a_final_consonant_leans_towards_where_the_diphthong_ends():
    closure = spoken("EY1", "K")[2]
    own = PHONEMES["K"].segments[0]
    towards = PHONEMES["EY"].segments[0].towards
    assert towards is not None
    expected = [o + (1 - own.firmness) * (t - o) for o, t in zip(own.formants, towards, strict=True)]
    assert closure.formants == pytest.approx(expected, rel=0.15)


def test_an_accent_scales_the_formants_of_its_phoneme():
    accent = tuple((1.05, 1.0, 1.0) if name == "AA" else (1.0, 1.0, 1.0) for name in PHONEMES)
    foreign = Voice("foreign", accent=accent)
    assert spoken("AA1", voice=foreign)[1].formants[0] == pytest.approx(1.05 * spoken("AA1")[1].formants[0])
    assert spoken("AE1", voice=foreign)[1].formants == spoken("AE1")[1].formants


def test_a_sharp_voice_hisses():
    sharp = Voice("sharp", sharpness=2.0)
    assert spoken("S", voice=sharp)[1].frication == 2 * spoken("S")[1].frication

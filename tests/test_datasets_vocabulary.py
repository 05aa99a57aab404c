import pytest

from ltisys.datasets.phonemes import PHONEMES
from ltisys.datasets.vocabulary import KEYWORDS, OTHER, PRONUNCIATIONS, pronunciation

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
COMMANDS = ("yes", "no", "up", "down", "left", "right", "stop", "go")


def test_digits_and_commands_can_be_said():
    assert set(DIGITS) | set(COMMANDS) <= set(PRONUNCIATIONS)


def test_keywords_and_other_words_share_the_vocabulary():
    assert len(KEYWORDS) >= 10
    assert len(OTHER) >= 12
    assert sorted((*KEYWORDS, *OTHER)) == sorted(PRONUNCIATIONS)


def test_no_two_words_sound_alike():
    assert len(set(PRONUNCIATIONS.values())) == len(PRONUNCIATIONS)


@pytest.mark.parametrize("word", PRONUNCIATIONS)
def test_every_word_is_made_of_known_phonemes_and_has_one_stressed_vowel(word):
    phonemes = pronunciation(word)
    assert all(name in PHONEMES for name, _ in phonemes)
    stressed = [name for name, stress in phonemes if stress]
    assert len(stressed) == 1
    assert PHONEMES[stressed[0]].vowel


def test_an_unknown_word_is_refused_with_the_words_there_are():
    with pytest.raises(ValueError, match=r"word must be one of backward, bed, .*zero; got 'hippopotamus'"):
        pronunciation("hippopotamus")


@pytest.mark.parametrize("name", PHONEMES)
def test_formants_of_a_phoneme_rise_and_its_parts_take_time(name):
    for segment in PHONEMES[name].segments:
        f1, f2, f3 = segment.formants
        assert 200 <= f1 < f2 < f3 <= 3100
        assert 0.005 <= segment.duration <= 0.3
        assert 0 <= segment.firmness <= 1


def test_only_stops_have_three_parts_and_only_voiceless_sounds_have_no_voice():
    for phoneme in PHONEMES.values():
        assert (len(phoneme.segments) == 3) == phoneme.stop
        assert phoneme.voiceless == all(segment.voicing == 0 for segment in phoneme.segments)

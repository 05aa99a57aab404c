"""The words that can be spoken, each with its pronunciation, and which of them are the default keywords."""

from types import MappingProxyType

PRONUNCIATIONS = MappingProxyType(
    {
        "backward": "B AE1 K W ER0 D",
        "bed": "B EH1 D",
        "bird": "B ER1 D",
        "cat": "K AE1 T",
        "dog": "D AO1 G",
        "down": "D AW1 N",
        "eight": "EY1 T",
        "five": "F AY1 V",
        "follow": "F AA1 L OW0",
        "forward": "F AO1 R W ER0 D",
        "four": "F AO1 R",
        "go": "G OW1",
        "happy": "HH AE1 P IY0",
        "house": "HH AW1 S",
        "learn": "L ER1 N",
        "left": "L EH1 F T",
        "marvin": "M AA1 R V IH0 N",
        "nine": "N AY1 N",
        "no": "N OW1",
        "off": "AO1 F",
        "on": "AA1 N",
        "one": "W AH1 N",
        "right": "R AY1 T",
        "seven": "S EH1 V AH0 N",
        "sheila": "SH IY1 L AH0",
        "six": "S IH1 K S",
        "stop": "S T AA1 P",
        "three": "TH R IY1",
        "tree": "T R IY1",
        "two": "T UW1",
        "up": "AH1 P",
        "visual": "V IH1 ZH UW0 AH0 L",
        "wow": "W AW1",
        "yes": "Y EH1 S",
        "zero": "Z IY1 R OW0",
    }
)
"""Word to pronunciation, in the notation of the CMU pronouncing dictionary; 1 marks the stressed vowel."""

KEYWORDS = ("yes", "no", "up", "down", "left", "right", "stop", "go", "zero", "happy")
"""The ten words that the default spotter listens for."""

OTHER = tuple(word for word in PRONUNCIATIONS if word not in KEYWORDS)
"""The words that it must not mistake for one of them."""


def pronunciation(word: str) -> tuple[tuple[str, bool], ...]:
    """The phonemes of a word, each with whether it is stressed.

    Parameters
    ----------
    word : str
        A word of the vocabulary.

    Returns
    -------
    tuple of (str, bool)

    Raises
    ------
    ValueError
        If the word is not in the vocabulary.

    Examples
    --------
    >>> pronunciation("seven")
    (('S', False), ('EH', True), ('V', False), ('AH', False), ('N', False))
    """
    if word not in PRONUNCIATIONS:
        raise ValueError(f"word must be one of {', '.join(PRONUNCIATIONS)}; got {word!r}")
    return tuple((name.rstrip("01"), name.endswith("1")) for name in PRONUNCIATIONS[word].split())

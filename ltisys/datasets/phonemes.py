"""What the mouth does for each sound of English: targets for the vocal tract, as plain numbers.

The names are those of the CMU pronouncing dictionary. A phoneme is one or more :class:`Segment` values said one
after the other: a stop is silence, then a burst, then breath; a diphthong moves its formants from one vowel to another.
The numbers describe one adult male voice; :mod:`ltisys.datasets.voices` turns them into many.

Vowels follow Peterson and Barney, "Control methods used in a study of the vowels", JASA 24 (1952), consonants are set
in the manner of Klatt, "Software for a cascade/parallel formant synthesizer", JASA 67 (1980).
"""

from dataclasses import dataclass, replace
from types import MappingProxyType

Formants = tuple[float, float, float]


@dataclass(frozen=True)
class Segment:
    """A stretch of speech with one target: where the formants are, and which sources sound.

    Parameters
    ----------
    duration : float
        Seconds at tempo 1.
    formants : tuple of float
        F1, F2, F3 in hertz at the beginning of the segment.
    towards : tuple of float, optional
        F1, F2, F3 at its end, for diphthongs. Default: they stay.
    firmness : float
        How much of the formants is the segment's own, from 0 to 1; the rest is the neighbouring vowel's. This is the
        locus equation F = locus + (1 - firmness) (vowel - locus) of coarticulation.
    voicing, aspiration, frication : float
        Strength of the three sources: glottal pulses, noise at the glottis, noise at the constriction.
    noise : tuple of float
        Centre and width in hertz of the frication noise.
    nasality : float
        How far the soft palate is open, from 0 to 1.
    """

    duration: float
    formants: Formants
    towards: Formants | None = None
    firmness: float = 1.0
    voicing: float = 0.0
    aspiration: float = 0.0
    frication: float = 0.0
    noise: tuple[float, float] = (4000.0, 4000.0)
    nasality: float = 0.0


@dataclass(frozen=True)
class Phoneme:
    """A speech sound: its segments in order, and of which kinds it is.

    Parameters
    ----------
    segments : tuple of Segment
        One; for a stop three: closure, burst, breath.
    vowel, stop, voiceless : bool
        What the sound is; context treats the kinds differently.
    """

    segments: tuple[Segment, ...]
    vowel: bool = False
    stop: bool = False
    voiceless: bool = False


def _vowel(duration: float, formants: Formants, towards: Formants | None = None) -> Phoneme:
    return Phoneme((Segment(duration, formants, towards, voicing=1.0),), vowel=True)


def _sonorant(duration: float, formants: Formants, voicing: float, nasality: float = 0.0) -> Phoneme:
    return Phoneme((Segment(duration, formants, voicing=voicing, nasality=nasality),))


def _fricative(duration: float, formants: Formants, frication: float, noise: tuple[float, float]) -> Phoneme:
    return Phoneme((Segment(duration, formants, firmness=0.7, frication=frication, noise=noise),), voiceless=True)


def _voiced(fricative: Phoneme, duration: float) -> Phoneme:
    """The voiced partner of a fricative: the same mouth, shorter, half the noise, and the vocal folds moving."""
    (segment,) = fricative.segments
    return Phoneme((replace(segment, duration=duration, voicing=0.35, frication=0.5 * segment.frication),))


def _stop(formants: Formants, firmness: float, burst: float, noise: tuple[float, float], voiced: bool) -> Phoneme:
    """Closure, burst, breath: a voiceless stop breathes for long, a voiced one hums in its closure."""
    if voiced:
        strengths = ((0.055, 0.12, 0.0, 0.0), (0.010, 0.2, 0.1, 0.7 * burst), (0.010, 0.6, 0.2, 0.0))
    else:
        strengths = ((0.060, 0.0, 0.0, 0.0), (0.014, 0.0, 0.1, burst), (0.045, 0.0, 0.5, 0.15 * burst))
    segments = tuple(
        Segment(duration, formants, None, firmness, voicing, aspiration, frication, noise)
        for duration, voicing, aspiration, frication in strengths
    )
    return Phoneme(segments, stop=True, voiceless=not voiced)


_F = _fricative(0.110, (340, 1100, 2080), 0.12, (5000, 6000))
_TH = _fricative(0.100, (320, 1290, 2540), 0.10, (6200, 5000))
_S = _fricative(0.125, (320, 1390, 2530), 0.60, (5600, 2200))
_SH = _fricative(0.130, (300, 1840, 2750), 0.60, (3200, 1700))
_LIPS = ((250, 900, 2150), 0.5, 0.25, (1200, 2500))
_RIDGE = ((250, 1700, 2650), 0.7, 0.70, (4300, 2500))
_PALATE = ((250, 1800, 2300), 0.35, 0.60, (2000, 900))

PHONEMES = MappingProxyType(
    {
        "IY": _vowel(0.170, (290, 2290, 3010)),
        "IH": _vowel(0.130, (400, 1990, 2550)),
        "EH": _vowel(0.150, (550, 1810, 2480)),
        "AE": _vowel(0.190, (670, 1720, 2410)),
        "AH": _vowel(0.135, (640, 1190, 2390)),
        "AA": _vowel(0.190, (730, 1090, 2440)),
        "AO": _vowel(0.190, (590, 880, 2410)),
        "UH": _vowel(0.120, (440, 1020, 2240)),
        "UW": _vowel(0.170, (310, 960, 2240)),
        "ER": _vowel(0.190, (480, 1320, 1690)),
        "EY": _vowel(0.190, (510, 1860, 2500), (330, 2200, 2750)),
        "AY": _vowel(0.220, (740, 1180, 2480), (400, 2000, 2600)),
        "OW": _vowel(0.210, (540, 1150, 2400), (390, 850, 2300)),
        "AW": _vowel(0.230, (720, 1450, 2450), (470, 950, 2350)),
        "W": _sonorant(0.075, (290, 640, 2150), 0.6),
        "Y": _sonorant(0.070, (260, 2150, 3020), 0.6),
        "R": _sonorant(0.080, (320, 1060, 1450), 0.6),
        "L": _sonorant(0.080, (340, 1020, 2850), 0.6),
        "M": _sonorant(0.085, (280, 1050, 2150), 0.5, nasality=1.0),
        "N": _sonorant(0.085, (280, 1500, 2500), 0.5, nasality=1.0),
        "HH": Phoneme((Segment(0.070, (500, 1500, 2500), firmness=0.0, aspiration=0.6),), voiceless=True),
        "F": _F,
        "TH": _TH,
        "S": _S,
        "SH": _SH,
        "V": _voiced(_F, 0.065),
        "DH": _voiced(_TH, 0.055),
        "Z": _voiced(_S, 0.095),
        "ZH": _voiced(_SH, 0.085),
        "P": _stop(*_LIPS, voiced=False),
        "B": _stop(*_LIPS, voiced=True),
        "T": _stop(*_RIDGE, voiced=False),
        "D": _stop(*_RIDGE, voiced=True),
        "K": _stop(*_PALATE, voiced=False),
        "G": _stop(*_PALATE, voiced=True),
    }
)

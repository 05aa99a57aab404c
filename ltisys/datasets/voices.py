"""A voice: everything about a speaker that stays the same from word to word, and its random draw."""

from dataclasses import dataclass

import numpy as np

from .phonemes import PHONEMES


@dataclass(frozen=True)
class Voice:
    """A speaker.

    Parameters
    ----------
    name : str
        What the speaker is called.
    pitch : float
        Mean fundamental frequency in hertz.
    tract : float
        Factor on all formants: 1 is a vocal tract of 17.5 cm, 1.25 one of 14 cm.
    tempo : float
        Factor on the speed of speech.
    accent : tuple of (float, float, float)
        Factor on F1, F2, F3 of each phoneme, in the order of the phoneme table; empty for none.
    breathiness : float
        Noise at the glottis while it vibrates, relative to the pulses.
    jitter, shimmer : float
        Relative irregularity of the period and of the strength of the pulses.
    tilt : float
        Cut-off in hertz of the low-pass that makes a voice soft.
    melody : float
        Excursion of the pitch in semitones.
    slur : float
        Seconds that the tongue takes from one target to the next.
    sharpness : float
        Factor on the strength of fricatives and bursts.

    Raises
    ------
    ValueError
        If pitch, tract, tempo, tilt or slur is not positive, or the accent has another number of phonemes.

    Examples
    --------
    >>> Voice("anna", pitch=210.0, tract=1.15).tempo
    1.0
    """

    name: str
    pitch: float = 120.0
    tract: float = 1.0
    tempo: float = 1.0
    accent: tuple[tuple[float, float, float], ...] = ()
    breathiness: float = 0.03
    jitter: float = 0.01
    shimmer: float = 0.05
    tilt: float = 4000.0
    melody: float = 3.0
    slur: float = 0.06
    sharpness: float = 1.0

    def __post_init__(self) -> None:
        for quantity in ("pitch", "tract", "tempo", "tilt", "slur"):
            value = getattr(self, quantity)
            if not value > 0:
                raise ValueError(f"{quantity} must be positive, got {value}")
        if self.accent and len(self.accent) != len(PHONEMES):
            raise ValueError(f"accent must hold factors for {len(PHONEMES)} phonemes or none, got {len(self.accent)}")


def draw_voice(name: str, rng: np.random.Generator) -> Voice:
    """Draw a speaker: man, woman or child, with an accent.

    Parameters
    ----------
    name : str
        What the speaker will be called.
    rng : numpy.random.Generator
        Where the randomness comes from.

    Returns
    -------
    Voice
        Pitch between 80 and 320 Hz, formants within ±20 % of the mean speaker's and each phoneme's within a further
        ±8 %, tempo within ±30 %. Short tracts go with high pitch, as they do in people, but not strictly.

    Examples
    --------
    >>> voice = draw_voice("anna", np.random.default_rng(0))
    >>> 80 <= voice.pitch <= 320
    True
    """
    size = rng.uniform()
    height = np.clip(size + rng.normal(scale=0.2), 0.0, 1.0)
    accent = rng.uniform(0.92, 1.08, (len(PHONEMES), 3))
    return Voice(
        name=name,
        pitch=float(80.0 * 4.0**height),
        tract=float(0.9 * 1.5**size),
        tempo=float(np.exp(rng.uniform(np.log(0.7), np.log(1.3)))),
        accent=tuple((float(f1), float(f2), float(f3)) for f1, f2, f3 in accent),
        breathiness=float(0.01 * 15.0 ** rng.uniform()),
        jitter=float(rng.uniform(0.003, 0.02)),
        shimmer=float(rng.uniform(0.02, 0.10)),
        tilt=float(1500.0 * 6.0 ** rng.uniform()),
        melody=float(rng.uniform(0.5, 5.0)),
        slur=float(rng.uniform(0.045, 0.080)),
        sharpness=float(2.0 ** rng.uniform(-2.0, 1.0)),
    )

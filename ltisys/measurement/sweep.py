"""Exponential sweeps: a sine through all frequencies, which keeps harmonic distortion apart from the response."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..bounds import at_least
from ..signal import Signal
from ..systems import FIR
from .measured import Measured
from .sequence import recording

HARMONICS = 5  # the highest that counts as distortion
FADE = 0.02  # of the sweep, at either end: a sine that begins or ends at once splashes over all frequencies
TINY = float(np.finfo(float).tiny)
GATE = 0.03, 0.3  # of the energy inside the band: below the first nothing is divided, from the second on all of it


@dataclass(frozen=True)
class Sweep:
    """A sine whose frequency grows from `low` to `high`, every octave lasting as long as every other.

    x[n] = sin(2π low L (e^(n/L) − 1)) with L = length / ln(high / low). Dividing the spectrum of the answer by that of
    the sweep gives the response of the band that was played. The k-th harmonic passes a frequency L ln k samples early:
    in the result it lies before time 0, apart from the response.

    Parameters
    ----------
    length : int
        Samples of one sweep; the longer, the less noise.
    low, high : float
        In hertz with a rate, else in cycles per sample: 0 < low < high ≤ half the rate.
    repeats : int, default 2
        How many times the sweep is played, each followed by `pause` samples of silence in which the response dies away.
        Their mean is the result, their spread its error.
    pause : int, optional
        A quarter of the length by default.
    rate : float, optional
        Samples per second.

    Raises
    ------
    ValueError
        A length below 64, fewer than 2 repeats, a negative pause, or frequencies that are not in this order.

    References
    ----------
    A. Farina, Simultaneous measurement of impulse response and distortion with a swept-sine technique, 108th AES
    Convention, 2000.

    Examples
    --------
    >>> import ltisys as lti
    >>> sweep = Sweep(20_000, 20, 4000, rate=8000)
    >>> box = lti.design.bandpass(65, 500, 2000, rate=8000)
    >>> found = sweep.response(box(sweep.signal), 65)
    >>> bool(abs(found.system.h - box.h).max() < 1e-3)
    True
    """

    length: int
    low: float
    high: float
    repeats: int = 2
    pause: int | None = None
    rate: float | None = None

    def __post_init__(self):
        at_least(64, self.length, "length")
        at_least(2, self.repeats, "repeats")
        at_least(0, self._silence, "pause")
        half = 0.5 if self.rate is None else self.rate / 2
        if not 0 < self.low < self.high <= half:
            unit = "cycles per sample" if self.rate is None else "hertz"
            raise ValueError(f"0 < low < high <= {half:g} {unit} must hold, got low={self.low}, high={self.high}")

    @property
    def signal(self) -> Signal:
        """What to play: the sweeps, of amplitude 1, each fading in and out, with silence after each."""
        return Signal(np.tile(np.pad(self._one(), (0, self._silence)), self.repeats), rate=self.rate)

    def _one(self) -> np.ndarray:
        n = np.arange(self.length)
        low = self.low / (self.rate or 1.0)
        x = np.sin(2 * np.pi * low * self._pace * np.expm1(n / self._pace))
        fade = max(1, round(FADE * self.length))
        ramp = np.sin(np.pi / 2 * (np.arange(fade) + 0.5) / fade) ** 2
        x[:fade] *= ramp
        x[-fade:] *= ramp[::-1]
        return x

    @property
    def _silence(self) -> int:
        return self.length // 4 if self.pause is None else self.pause

    @property
    def _pace(self) -> float:
        """Samples in which the frequency grows by the factor e."""
        return self.length / math.log(self.high / self.low)

    def response(self, recorded: Signal | ArrayLike, taps: int, *, start: int = 0) -> Measured:
        """Return the response of what answered `signal` with `recorded`, in the band that was played.

        Parameters
        ----------
        recorded : Signal or array_like, shape (N,)
            The answer, index 0 being the moment the signal began; longer is fine, shorter than `signal` is not.
        taps : int
            How many taps to return.
        start : int, default 0
            Index of the first; below 0 for the ringing of the band's edges before the response.

        Returns
        -------
        Measured

        Raises
        ------
        ValueError
            A recording of another rate, with channels, or that ends before the signal; taps that go on for longer than
            the pause, or begin where the harmonics lie.
        """
        taps, first = at_least(1, taps, "taps"), -round(self._pace * math.log(2) / 2)
        if not first <= start or start + taps > self._silence + 1:
            raise ValueError(
                f"these sweeps measure taps from {first} to {self._silence}, got {taps} from {start} on; "
                "sweep for longer, or pause for longer"
            )
        each = self.length + self._silence
        y = recording(recorded, self.rate, self.repeats * each).reshape(self.repeats, each)
        size = 2 ** math.ceil(math.log2(2 * each))
        played = np.fft.rfft(self._one(), size)
        # dividing where next to nothing was played would find next to nothing but noise
        played_there = np.abs(played) ** 2 / self._energy(np.fft.rfftfreq(size))
        gate = np.clip((played_there - GATE[0]) / (GATE[1] - GATE[0]), 0, 1)
        inverse = np.divide(gate, played, out=np.zeros_like(played), where=gate > 0)
        answers = np.fft.irfft(np.fft.rfft(y, size) * inverse, size)
        wanted = answers[:, np.arange(start, start + taps)]
        spread = wanted.std(axis=0, ddof=1) / math.sqrt(self.repeats)
        h = wanted.mean(axis=0)
        distortion = self._distortion(answers.mean(axis=0), start, taps) / max(float(np.sum(h**2)), TINY)
        return Measured(FIR(h, start=start, rate=self.rate), float(np.sqrt(np.mean(spread**2))), y.size, distortion)

    def _energy(self, frequency: np.ndarray) -> np.ndarray:
        """The energy a sweep has at frequencies inside its band, continued to all: it falls with the frequency."""
        return self._pace / (4 * np.maximum(frequency, self.low / (self.rate or 1.0) / 4))

    def _distortion(self, answer: np.ndarray, start: int, taps: int) -> float:
        """The energy of the harmonics: of k times the frequency, it lies about L ln k samples before time 0."""
        places = []
        for k in range(2, HARMONICS + 1):
            centre = -round(self._pace * math.log(k))
            room = round(self._pace * math.log((k + 1) / k))  # until the next one
            places.append(np.arange(centre + max(start, -room // 4), centre + min(start + taps, room // 2)))
        return float(np.sum(answer[np.concatenate(places)] ** 2))

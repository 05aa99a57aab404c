"""Maximum-length sequences: noise of two values whose circular autocorrelation is almost a unit sample."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..bounds import at_least
from ..signal import Signal
from ..systems import FIR
from .measured import Measured

HIGHEST = 24  # 2²⁴ samples last six minutes at 48 kHz


@dataclass(frozen=True)
class MaximumLengthSequence:
    """A periodic excitation of ±1 that finds every response no longer than its period, exactly where there is no noise.

    With the period P = 2^order − 1 the circular autocorrelation of the sequence m is P at 0 and −1 elsewhere. Of one
    recorded period y = h ⊛ m therefore

        h[k] = (Σ_n y[n] m[n − k] + Σ_n y[n] / Σ_n m[n]) / (P + 1).

    Noise in y spreads evenly over the taps. Each further period is one more estimate: their mean is the result, their
    spread its error.

    Parameters
    ----------
    order : int
        2 … 24; the period is 2^order − 1 samples, and must be at least as long as the response.
    periods : int, default 4
        How many are played; the first one lets the response settle and is not used. At least 3, so that there is a
        spread.
    rate : float, optional
        Samples per second.

    Raises
    ------
    ValueError
        An order or a number of periods out of range.

    References
    ----------
    D. D. Rife and J. Vanderkooy, Transfer-function measurement with maximum-length sequences, J. Audio Eng. Soc. 37,
    1989.

    Examples
    --------
    >>> import ltisys as lti
    >>> excitation = MaximumLengthSequence(5)
    >>> box = lti.FIR([0.0, 1.0, -0.5])
    >>> found = excitation.response(box(excitation.signal))
    >>> found.system.h[:4].round(12) + 0
    array([ 0. ,  1. , -0.5,  0. ])
    """

    order: int
    periods: int = 4
    rate: float | None = None

    def __post_init__(self):
        if not 2 <= at_least(0, self.order, "order") <= HIGHEST:
            raise ValueError(f"order must lie between 2 and {HIGHEST}, got {self.order}")
        at_least(3, self.periods, "periods")

    @property
    def period(self) -> int:
        """Samples until the sequence repeats."""
        return 2**self.order - 1

    @property
    def signal(self) -> Signal:
        """What to play: so many periods of ±1."""
        return Signal(np.tile(self._one(), self.periods), rate=self.rate)

    def response(self, recorded: Signal | ArrayLike, taps: int | None = None) -> Measured:
        """Return the response of what answered `signal` with `recorded`.

        Parameters
        ----------
        recorded : Signal or array_like, shape (N,)
            The answer, index 0 being the moment the signal began; longer is fine, shorter than `signal` is not.
        taps : int, optional
            How many taps to return, at most a period; all by default.

        Returns
        -------
        Measured

        Raises
        ------
        ValueError
            A recording of another rate, with channels, or that ends before the signal; more taps than a period.
        """
        length = self.period
        taps = length if taps is None else at_least(1, taps, "taps")
        if taps > length:
            raise ValueError(f"a period of {length} samples measures at most so many taps, got taps={taps}")
        y = recording(recorded, self.rate, self.periods * length)[length:].reshape(-1, length)
        m = self._one()
        correlations = np.fft.irfft(np.fft.rfft(y) * np.fft.rfft(m).conj(), length)
        estimates = (correlations + y.sum(axis=1, keepdims=True) / m.sum()) / (length + 1)
        spread = estimates.std(axis=0, ddof=1) / np.sqrt(len(y))
        error = float(np.sqrt(np.mean(spread**2)))
        return Measured(FIR(estimates.mean(axis=0)[:taps], rate=self.rate), error, y.size)

    def _one(self) -> np.ndarray:
        from scipy.signal import max_len_seq  # loads slowly, and few programs measure

        return 2.0 * max_len_seq(self.order)[0] - 1.0


def recording(given: Signal | ArrayLike, rate: float | None, length: int) -> np.ndarray:
    """The first `length` samples of a recording from index 0 on, in double precision, checked."""
    signal = given if isinstance(given, Signal) else Signal(given)
    if signal.channels or signal.ndim != 1:
        raise ValueError(f"a recording has one channel, got samples of shape {signal.samples.shape}")
    if signal.samples.dtype.kind == "c":
        raise ValueError(f"a recording holds finite real samples, got dtype {signal.samples.dtype}")
    if not np.isfinite(signal.samples).all():
        first = signal.start + int(np.argmin(np.isfinite(signal.samples)))
        raise ValueError(f"a recording holds finite real samples, got {signal[first]} at index {first}")
    if None not in (rate, signal.rate) and rate != signal.rate:
        raise ValueError(f"the excitation has {rate:g} samples per second, the recording {signal.rate:g}")
    if signal.stop < length:
        raise ValueError(
            f"the recording ends at {signal.stop}, before the {length} samples that are needed of it: go on recording"
        )
    return np.asarray(signal[0:length].samples, np.float64)

"""Change the sampling rate block by block: upsample, low-pass, keep every D-th sample, with exact carried state."""

from math import gcd

import numpy as np

_LOWEST_RATE, _HIGHEST_RATE = 4_000, 384_000
_ZERO_CROSSINGS = 10  # on each side of the low-pass, at the slower of the two rates
_KAISER = 5.0  # shape of its window


def checked_rate(rate: float) -> int:
    """The rate as an integer number of hertz, refused where speech cannot be in it.

    Parameters
    ----------
    rate : float
        Samples per second, a whole number from 4,000 to 384,000.

    Returns
    -------
    int
        The rate.

    Raises
    ------
    ValueError
        If the rate is not a whole number or lies outside the range.

    Examples
    --------
    >>> checked_rate(44100.0)
    44100
    """
    if not (_LOWEST_RATE <= rate <= _HIGHEST_RATE) or int(rate) != rate:
        raise ValueError(
            f"rate must be a whole number of hertz from {_LOWEST_RATE} to {_HIGHEST_RATE} to carry speech, got {rate}"
        )
    return int(rate)


class Resampler:
    """A rational change of rate U/D as a stream: the output is the same for any chopping of the input, bit for bit.

    With the low-pass h of gain U, cut at the lower of the two Nyquist frequencies and delayed by its half length L,

        y[m] = Σ_k x[k] h[m·D − k·U + L].

    Only one tap in U meets a sample that is not zero, so the taps are kept as U phases. The taps are those of
    `scipy.signal.resample_poly`, whose output this stream reproduces.

    Parameters
    ----------
    rate, new_rate : int
        Samples per second before and after.

    Examples
    --------
    >>> half = Resampler(16000, 8000)
    >>> y = np.concatenate([half.push(np.ones(5, np.float32)), half.push(np.ones(95, np.float32)), half.flush()])
    >>> y.shape
    (50,)
    """

    def __init__(self, rate: int, new_rate: int) -> None:
        common = gcd(rate, new_rate)
        self._up, self._down = new_rate // common, rate // common
        self._half, self._phases = _polyphase(self._up, self._down)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._buffer = np.zeros(len(self._phases), np.float32)  # ends with the newest sample; before it, silence
        self._received = 0
        self._produced = 0

    def push(self, x: np.ndarray) -> np.ndarray:
        """Take the next samples and return all outputs whose taps have been received.

        Parameters
        ----------
        x : ndarray, (n,), float32
            Any number of samples.

        Returns
        -------
        ndarray, (m,), float32
        """
        self._received += len(x)
        if self._up == self._down:
            return x
        self._buffer = np.concatenate([self._buffer, x])
        ready = max(self._produced, (self._received * self._up - self._half - 1) // self._down + 1)
        return self._outputs(ready)

    def flush(self) -> np.ndarray:
        """The outputs that were still waiting for samples, with zeros in their place.

        Returns
        -------
        ndarray, (m,), float32
            Up to ceil(n·U/D) outputs in all for the n samples received.
        """
        total = -(-self._received * self._up // self._down)
        missing = self._half // self._up + 1
        tail = self.push(np.zeros(missing, np.float32)) if self._up != self._down else np.zeros(0, np.float32)
        surplus = max(0, self._produced - total)
        self.reset()
        return tail[: len(tail) - surplus]

    def _outputs(self, ready: int) -> np.ndarray:
        taps = len(self._phases)
        m = np.arange(self._produced, ready, dtype=np.int64)
        newest, phase = np.divmod(m * self._down + self._half, self._up)
        newest += len(self._buffer) - self._received
        y = np.zeros(len(m), np.float32)
        for j in range(
            taps
        ):  # one tap at a time: the order of the sum, and so its rounding, never depends on the block
            y += self._phases[j, phase] * self._buffer[newest - j]
        self._produced = ready
        oldest = (ready * self._down + self._half) // self._up - taps + 1 - self._received + len(self._buffer)
        self._buffer = self._buffer[max(0, oldest) :]
        return y


def _polyphase(up: int, down: int) -> tuple[int, np.ndarray]:
    """Half length of the low-pass, a sinc under a Kaiser window, and its taps as (taps per phase, U)."""
    slower = max(up, down)
    half = _ZERO_CROSSINGS * slower
    n = np.arange(-half, half + 1)
    h = np.sinc(n / slower) * np.kaiser(len(n), _KAISER) if slower > 1 else np.ones(1)
    h *= up / h.sum()
    per_phase = -(-len(h) // up)
    phases = np.zeros(per_phase * up, np.float32)
    phases[: len(h)] = h
    return half, phases.reshape(per_phase, up)

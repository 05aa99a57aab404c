"""From the outputs of a bank of filters to what a network likes to read: power, and its compression."""

from typing import Any

import numpy as np

from .. import functions
from ..graph import Array, Variable
from .layer import Layer


class PairPower(Layer):
    """The squared modulus of analytic pairs: (B, 2M, N) to (B, M, N), as `audio.gabor_taps` orders them.

    Examples
    --------
    >>> PairPower()(np.array([[[3.0], [4.0]]]))
    Variable([[[25.]]])
    """

    def __call__(self, x: Variable | Array) -> Variable:
        """The powers."""
        return functions.pair_power(x)


class Log(Layer):
    """log(x + floor) for energies x.

    Parameters
    ----------
    floor : float
        Positive, so that silence is finite.

    Raises
    ------
    ValueError
        If floor is not positive.

    Examples
    --------
    >>> Log(1.0)(np.array([0.0, np.e - 1])).value.round(6)
    array([0., 1.])
    """

    def __init__(self, floor: float = 1e-6) -> None:
        if not 0 < floor < np.inf:
            raise ValueError(f"floor must be positive, got {floor}")
        self.floor = floor

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {"floor": self.floor}

    def __call__(self, x: Variable | Array) -> Variable:
        """The logarithms."""
        return functions.log(x + self.floor)


class PCEN(Layer):
    """Per-channel energy normalisation: (x / (eps + m)^α + δ)^r − δ^r with m a running mean of x along time.

    A gain control that divides out how loud a channel has been lately, and a root in place of the logarithm. α, δ and
    r are learned for each channel, as logarithms, so that they stay positive.

    Parameters
    ----------
    channels : int
        Of x (B, channels, N), energies of at least 0.
    alpha, delta, r : float
        To begin with.
    share : float
        Of the newest frame in the running mean.
    eps : float
        Positive.

    Attributes
    ----------
    log_alpha, log_delta, log_r : Variable (channels, 1)
        The logarithms.

    Raises
    ------
    ValueError
        If channels is below 1, a number is not positive, share exceeds 1, or x has another number of channels.

    References
    ----------
    Wang et al., Trainable Frontend for Robust and Far-Field Keyword Spotting, 2017 (arXiv:1607.05666).

    Examples
    --------
    >>> quiet = np.ones((1, 1, 3))
    >>> PCEN(1)(quiet).value.round(3), PCEN(1)(1000 * quiet).value.round(3)
    (array([[[0.318, 0.318, 0.318]]]), array([[[0.36, 0.36, 0.36]]]))
    """

    def __init__(
        self,
        channels: int,
        *,
        alpha: float = 0.98,
        delta: float = 2.0,
        r: float = 0.5,
        share: float = 0.025,
        eps: float = 1e-6,
    ) -> None:
        if channels < 1:
            raise ValueError(f"PCEN needs at least 1 channel, got {channels}")
        numbers = {"alpha": alpha, "delta": delta, "r": r, "share": share, "eps": eps}
        for name, number in numbers.items():
            if not 0 < number < np.inf:
                raise ValueError(f"{name} must be positive, got {number}")
        if share > 1:
            raise ValueError(f"share must be at most 1, got {share}")
        self._numbers = numbers
        self.log_alpha, self.log_delta, self.log_r = (
            Variable(np.full((channels, 1), np.log(numbers[name]), np.float32), f"log_{name}")
            for name in ("alpha", "delta", "r")
        )

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {"channels": self.log_alpha.shape[0], **self._numbers}

    def __call__(self, x: Variable | Array) -> Variable:
        """The normalised energies."""
        if len(x.shape) != 3 or x.shape[1] != self.log_alpha.shape[0]:
            raise ValueError(f"{self!r} takes (B, {self.log_alpha.shape[0]}, N), got shape {x.shape}")
        mean = functions.running_mean(x, share=self._numbers["share"])
        alpha, delta, r = (functions.exp(name) for name in (self.log_alpha, self.log_delta, self.log_r))
        gain = functions.exp(-alpha * functions.log(mean + self._numbers["eps"]))
        return functions.exp(r * functions.log(x * gain + delta)) - functions.exp(r * self.log_delta)

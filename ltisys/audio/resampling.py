"""Another number of samples per second, and one channel out of many."""

import math

import numpy as np
from numpy.typing import ArrayLike


def resample(x: ArrayLike, rate: float, new_rate: float, *, axis: int = -1) -> np.ndarray:
    """The same sound at another sampling rate.

    Between the two rates lies the rational factor up / down. The samples are spread by `up`, low-pass filtered below
    the lower of the two Nyquist frequencies, and every `down`-th is kept; a polyphase filter (Kaiser window, zero
    phase, from `scipy.signal.resample_poly`) computes only those. Outside the array the sound is taken to be zero.

    Parameters
    ----------
    x : array_like, shape (..., n, ...)
        Samples; n ≥ 1 along `axis`.
    rate, new_rate : int
        Samples per second of x and of the result: positive whole numbers.
    axis : int
        The time axis.

    Returns
    -------
    ndarray, shape (..., ceil(n · new_rate / rate), ...)
        float32 stays float32 and float64 stays float64; integers up to 16 bits become float32, longer ones float64.

    Raises
    ------
    ValueError
        For a rate that is not a positive whole number, or an empty time axis.

    Examples
    --------
    >>> resample(np.ones(44100, np.float32), 44100, 16000).shape
    (16000,)
    """
    up, down = _whole("new_rate", new_rate), _whole("rate", rate)
    x = np.asarray(x)
    x = x.astype(np.result_type(x, np.float32), copy=False)
    if x.shape[axis] == 0:
        raise ValueError(f"x must hold at least one sample along axis {axis}, got shape {x.shape}")
    if up == down:
        return x
    from scipy.signal import resample_poly  # loads slowly, and not every program resamples

    common = math.gcd(up, down)
    return resample_poly(x, up // common, down // common, axis=axis)


def to_mono(x: ArrayLike) -> np.ndarray:
    """The mean of all channels.

    Parameters
    ----------
    x : array_like, shape (n,) or (channels, n)
        One channel is returned as it is.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        For another number of axes.

    Examples
    --------
    >>> to_mono([[1.0, 2.0], [3.0, 6.0]])
    array([2., 4.])
    """
    x = np.asarray(x)
    if x.ndim not in (1, 2):
        raise ValueError(f"x must have shape (n,) or (channels, n), got {x.shape}")
    return x if x.ndim == 1 else x.mean(axis=0)


def _whole(name: str, rate: float) -> int:
    if not (rate > 0 and float(rate).is_integer()):
        raise ValueError(f"{name} must be a positive whole number of hertz, got {rate}")
    return int(rate)

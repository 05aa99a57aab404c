"""Noise made by filtering, for data that come without recordings of it."""

import numpy as np

_COLOURS = (0.0, 0.5, 1.0, 1.5, 2.0)  # white, between, pink, between, brown


def coloured(n: int, slope: float, rng: np.random.Generator) -> np.ndarray:
    """Noise whose power falls as 1 / f^slope, with unit root mean square.

    White noise through the linear time-invariant system |H(f)| = f^(-slope/2), applied as a product of spectra.

    Parameters
    ----------
    n : int
        Samples.
    slope : float
        0 is white, 1 pink, 2 brown.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ndarray, (n,), float32

    Examples
    --------
    >>> x = coloured(1000, 1.0, np.random.default_rng(0))
    >>> round(float(np.sqrt(np.mean(x**2))), 3)
    1.0
    """
    white = np.fft.rfft(rng.standard_normal(n))
    f = np.arange(len(white), dtype=float)
    f[0] = np.inf
    x = np.fft.irfft(white * np.maximum(f, len(f) / 400) ** (-slope / 2), n)
    return (x / np.sqrt(np.mean(x**2))).astype(np.float32)


def made_noise(rate: int, rng: np.random.Generator, *, seconds: float = 20.0) -> tuple[np.ndarray, ...]:
    """Background for data that come without: noise of five colours, its loudness wandering, and mains hum.

    Parameters
    ----------
    rate : int
        Samples per second.
    rng : numpy.random.Generator
        Source of chance.
    seconds : float
        Length of each.

    Returns
    -------
    tuple of ndarray, (n,), float32
        Root mean square about 0.1.
    """
    n = round(seconds * rate)
    t = np.arange(n) / rate
    noises = []
    for slope in _COLOURS:
        wander = np.exp(0.3 * np.interp(t, np.arange(seconds + 1), rng.standard_normal(int(seconds) + 1)))
        noises.append(0.1 * wander * coloured(n, slope, rng))
    hum = sum(np.sin(2 * np.pi * 50 * k * t + rng.uniform(0, 6)) / k for k in (1, 2, 3, 5, 7))
    noises.append(0.07 * hum + 0.03 * coloured(n, 1.0, rng))
    return tuple(x.astype(np.float32) for x in noises)

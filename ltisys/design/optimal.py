"""Finite filters that come closest to a wanted response: in the largest error, or in the squared one."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from ..bounds import at_least
from ..systems import FIR
from .arguments import band_edges, finite


def remez(
    taps: int,
    bands: Sequence[float],
    desired: Sequence[float],
    *,
    weight: Sequence[float] | None = None,
    rate: float | None = None,
    kind: Literal["bandpass", "differentiator", "hilbert"] = "bandpass",
    centred: bool = False,
) -> FIR:
    """The finite filter whose largest weighted error in the bands is least (Parks and McClellan): equal ripples.

    Parameters
    ----------
    taps : int
        Number of taps K.
    bands : sequence of float
        Rising edges, two per band, in hertz with a rate, else in cycles per sample, from 0 to half the rate. Between
        the bands the response is free.
    desired : sequence of float
        The gain in each band; for the kind "differentiator" its slope, per cycle per sample also with a rate.
    weight : sequence of float, optional
        How much an error counts in each band.
    rate : float, optional
        Samples per second.
    kind : {"bandpass", "differentiator", "hilbert"}
        Symmetric taps with a constant gain in each band, antisymmetric ones with a gain that rises with the frequency,
        antisymmetric ones with a constant gain.
    centred : bool, default False
        Put the middle tap at time 0.

    Returns
    -------
    FIR
        Linear phase; K taps from time 0 on, or from ``-((K - 1) // 2)`` on if centred.

    Raises
    ------
    ValueError
        Edges that do not rise inside 0 ... rate / 2, gains or weights that are not one per band.

    References
    ----------
    McClellan and Parks, "A unified approach to the design of optimum FIR linear phase digital filters", 1973.

    Examples
    --------
    >>> S = remez(31, [0, 1000, 1500, 4000], [1, 0], rate=8000)
    >>> omega = np.linspace(1500, 4000, 200) / 8000 * 2 * np.pi
    >>> bool(abs(S.frequency_response(omega)[1]).max() < 0.02)
    True
    """
    from scipy.signal import remez as design

    edges, count = band_edges(bands, rate), len(bands) // 2
    _check_one_per(count, "band", desired=desired, weight=weight)
    if kind not in ("bandpass", "differentiator", "hilbert"):
        raise ValueError(f'kind must be "bandpass", "differentiator" or "hilbert", got {kind!r}')
    h = design(at_least(3, taps, "taps"), edges, desired, weight=weight, type=kind, fs=1.0)
    return finite(h, rate, centred)


def firls(
    taps: int,
    bands: Sequence[float],
    desired: Sequence[float],
    *,
    weight: Sequence[float] | None = None,
    rate: float | None = None,
    centred: bool = False,
) -> FIR:
    """The finite filter whose weighted squared error, integrated over the bands, is least.

    Parameters
    ----------
    taps : int
        Number of taps K, odd.
    bands : sequence of float
        Rising edges, two per band, in hertz with a rate, else in cycles per sample, from 0 to half the rate.
    desired : sequence of float
        The gain at each edge; between the two of a band it goes in a straight line.
    weight : sequence of float, optional
        How much an error counts in each band.
    rate : float, optional
        Samples per second.
    centred : bool, default False
        Put the middle tap at time 0.

    Returns
    -------
    FIR
        Linear phase of type 1; K taps from time 0 on, or from ``-((K - 1) // 2)`` on if centred.

    Raises
    ------
    ValueError
        An even number of taps, edges that do not rise inside 0 ... rate / 2, gains that are not one per edge, weights
        that are not one per band.

    Examples
    --------
    >>> S = firls(31, [0, 1000, 1500, 4000], [1, 1, 0, 0], rate=8000)
    >>> abs(S.frequency_response([0, np.pi])[1]).round(2)
    array([1., 0.])
    """
    from scipy.signal import firls as design

    edges = band_edges(bands, rate)
    _check_one_per(len(edges), "edge", desired=desired)
    _check_one_per(len(edges) // 2, "band", weight=weight)
    if at_least(1, taps, "taps") % 2 == 0:
        raise ValueError(f"taps must be odd, got {taps}")
    return finite(design(taps, edges, desired, weight=weight, fs=1.0), rate, centred)


def _check_one_per(count: int, what: str, **values: Sequence[float] | None) -> None:
    for name, given in values.items():
        if given is not None and np.shape(given) != (count,):
            raise ValueError(f"{name} must hold one value per {what}, {count}, got {np.shape(given)}")

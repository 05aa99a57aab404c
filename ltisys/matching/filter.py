"""The matched filter: correlation with a template, as a system."""

import numpy as np
from numpy.typing import ArrayLike

from ..signal import Signal
from ..systems import FIR


def matched_filter(template: ArrayLike | Signal, *, rate: float | None = None) -> FIR:
    """The system that finds a known signal in white noise best: its response is the template reversed in time.

    h[n] = t*[-n] / Σ|t|². A template of amplitude A that is delayed by d comes out with the value A at n = d, and no
    linear system gives a larger ratio of that value to the deviation of the noise.

    Parameters
    ----------
    template : Signal or array_like, (K,) or (K1, K2)
        The signal t that is looked for, real or complex. An array begins at index 0.
    rate : float, optional
        Samples per second; a signal brings its own.

    Returns
    -------
    FIR
        It looks ahead: as a stream the output is late by the length of the template less one.

    Raises
    ------
    ValueError
        A template of zeros, one with channels, a rate besides that of a signal.

    References
    ----------
    Turin, "An introduction to matched filters", IRE Transactions on Information Theory, 1960.

    Examples
    --------
    >>> S = matched_filter([1, 1, -1, 1])
    >>> S([0, 3, 3, -3, 3, 0, 0])
    array([-0.75,  3.  , -0.75,  0.  ,  0.75,  0.  ,  0.  ])
    """
    if isinstance(template, Signal):
        t = FIR(template) if rate is None else FIR(template, rate=rate)
    else:
        t = FIR(template, rate=rate)
    energy = float(np.sum(np.abs(t.h.astype(np.complex128)) ** 2))
    if energy == 0:
        raise ValueError(f"a template needs a sample that is not zero, got {t.h.tolist()}")
    return t.H.scaled(1 / energy)

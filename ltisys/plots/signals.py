"""Pictures of signals and systems."""

import numpy as np
from matplotlib.axes import Axes

from ltisys.audio import LogMel
from ltisys.signal import Signal
from ltisys.systems import System

from .canvas import COLOURS, axes


def stem(x: Signal, *, ax: Axes | None = None) -> Axes:
    """A signal as the blackboard has it: a stem for every sample of its support.

    Parameters
    ----------
    x : Signal
        One-dimensional.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Examples
    --------
    >>> stem(Signal([3, 1, 2], start=-1)).get_xlabel()
    'n (samples)'
    """
    ax = axes(ax)
    n = np.arange(x.start, x.stop)
    ax.vlines(n, 0, x.samples, color=COLOURS[0])
    ax.plot(n, x.samples, "o", color=COLOURS[0])
    ax.axhline(0, color="0.6", linewidth=0.8)
    ax.set_xlabel("n (samples)")
    ax.set_ylabel("x[n]")
    return ax


def frequency_response(
    system: System, *, points: int = 512, rate: float | None = None, label: str | None = None, ax: Axes | None = None
) -> Axes:
    """The magnitude of a frequency response in decibels.

    Parameters
    ----------
    system : System
        One-dimensional.
    points : int
        Frequencies from 0 to half the rate.
    rate : float, optional
        Samples per second, for an axis in hertz; else it is in radians per sample.
    label : str, optional
        For a legend.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import ltisys as lti
    >>> frequency_response(lti.FIR([0.5, 0.5]), rate=100.0).get_xlabel()
    'frequency (Hz)'
    """
    ax = axes(ax)
    omega, response = system.frequency_response(points)
    frequency = omega if rate is None else omega * rate / (2 * np.pi)
    ax.plot(frequency, 20 * np.log10(np.maximum(np.abs(response), 1e-6)), label=label)
    ax.set_xlabel("ω (radians per sample)" if rate is None else "frequency (Hz)")
    ax.set_ylabel("|H| (dB)")
    return ax


def spectrogram(frames: np.ndarray, log_mel: LogMel, *, start: float = 0.0, ax: Axes | None = None) -> Axes:
    """Log-mel frames as a picture, time to the right, frequency upwards.

    Parameters
    ----------
    frames : ndarray, (bands, frames)
        What `log_mel` returned.
    log_mel : LogMel
        For the axes.
    start : float
        Time of the first frame in seconds.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Examples
    --------
    >>> log_mel = LogMel()
    >>> spectrogram(log_mel(np.zeros(16000, np.float32)), log_mel).get_ylabel()
    'frequency (Hz)'
    """
    ax = axes(ax)
    bands, count = frames.shape
    stop = start + count * log_mel.hop_samples / log_mel.rate
    low, high = np.percentile(frames, [1, 99.8])
    ax.imshow(
        frames, origin="lower", aspect="auto", cmap="magma", extent=(start, stop, -0.5, bands - 0.5), vmin=low,
        vmax=max(high, low + 1e-3),
    )  # fmt: skip
    ticks = np.linspace(0, bands - 1, 5).round().astype(int)
    ax.set_yticks(ticks, [f"{log_mel.centres[i]:.0f}" for i in ticks])
    ax.set_xlabel("time (s)")
    ax.set_ylabel("frequency (Hz)")
    return ax

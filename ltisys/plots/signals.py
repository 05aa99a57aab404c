"""Pictures of signals: stems, and power over time and frequency."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ltisys import audio
from ltisys.audio import LogMel
from ltisys.signal import Signal

from .canvas import COLOURS, axes


def stem(x: Signal, *, ax: Axes | None = None) -> Axes:
    """A signal as the blackboard has it: a stem for every sample of its support.

    Parameters
    ----------
    x : Signal
        In time, one channel; of complex samples both parts are drawn.
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
    _one_channel(x)
    ax = axes(ax)
    n = np.arange(x.start, x.stop)
    parts = (
        [("", x.samples)]
        if x.samples.dtype.kind != "c"
        else [("real", np.real(x.samples)), ("imaginary", np.imag(x.samples))]
    )
    for (name, samples), colour in zip(parts, COLOURS, strict=False):
        ax.vlines(n, 0, samples, color=colour)
        ax.plot(n, samples, "o", color=colour, label=name or None)
    ax.axhline(0, color="0.6", linewidth=0.8)
    if len(parts) > 1:
        ax.legend()
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel("n (samples)")
    ax.set_ylabel("x[n]")
    return ax


def spectrogram(
    x: Signal, *, window: float = 0.025, hop: float = 0.010, decibels: float = 80.0, ax: Axes | None = None
) -> Axes:
    """The power of a sound over time and frequency, in decibels below its largest.

    Parameters
    ----------
    x : Signal
        One channel, with a rate.
    window, hop : float
        Length of a frame and distance of frames, in seconds.
    decibels : float
        What lies further below the largest is as dark as nothing.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        A signal without a rate, with channels, or shorter than a frame.

    Examples
    --------
    >>> import ltisys as lti
    >>> spectrogram(lti.chirp(8000, 100, 3000, rate=8000)).get_ylabel()
    'frequency (Hz)'
    """
    _one_channel(x)
    frequencies, times, power = audio.spectrogram(x, window=window, hop=hop)
    level = 10 * np.log10(np.maximum(power, np.finfo(float).tiny) / max(float(power.max()), np.finfo(float).tiny))
    ax = axes(ax)
    start = x.start / (x.rate or 1.0)
    extent = (start + times[0] - hop / 2, start + times[-1] + hop / 2, frequencies[0], frequencies[-1])
    picture = ax.imshow(
        np.maximum(level, -decibels), origin="lower", aspect="auto", cmap="magma", extent=extent, vmin=-decibels, vmax=0
    )
    ax.figure.colorbar(picture, ax=ax, label="power (dB)")
    ax.set_xlabel("time (s)")
    ax.set_ylabel("frequency (Hz)")
    return ax


def log_mel(frames: np.ndarray, front_end: LogMel, *, start: float = 0.0, ax: Axes | None = None) -> Axes:
    """Log-mel frames as a picture, time to the right, frequency upwards.

    Parameters
    ----------
    frames : ndarray, (bands, frames)
        What `front_end` returned.
    front_end : LogMel
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
    >>> front_end = LogMel()
    >>> log_mel(front_end(np.zeros(16000, np.float32)), front_end).get_ylabel()
    'frequency (Hz)'
    """
    ax = axes(ax)
    bands, count = frames.shape
    stop = start + count * front_end.hop_samples / front_end.rate
    low, high = np.percentile(frames, [1, 99.8])
    ax.imshow(
        frames, origin="lower", aspect="auto", cmap="magma", extent=(start, stop, -0.5, bands - 0.5), vmin=low,
        vmax=max(high, low + 1e-3),
    )  # fmt: skip
    ticks = np.linspace(0, bands - 1, 5).round().astype(int)
    ax.set_yticks(ticks, [f"{front_end.centres[i]:.0f}" for i in ticks])
    ax.set_xlabel("time (s)")
    ax.set_ylabel("frequency (Hz)")
    return ax


def _one_channel(x: Signal) -> None:
    if x.ndim != 1 or x.channels:
        raise ValueError(f"a signal in time with one channel is wanted, got samples of shape {x.samples.shape}")

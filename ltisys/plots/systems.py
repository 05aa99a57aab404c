"""Pictures of systems: what they answer, and what they do to each frequency."""

import numpy as np
from matplotlib.axes import Axes

from ltisys.systems import System

from .canvas import COLOURS, axes, figure, next_colour
from .signals import stem

FLOOR = 1e-6  # magnitudes below are drawn as -120 dB


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
    frequency = _axis(omega, rate)
    ax.plot(frequency, 20 * np.log10(np.maximum(np.abs(response), FLOOR)), color=next_colour(ax), label=label)
    ax.set_xlabel(_unit(rate))
    ax.set_ylabel("|H| (dB)")
    return ax


def phase_response(
    system: System, *, points: int = 512, rate: float | None = None, label: str | None = None, ax: Axes | None = None
) -> Axes:
    """The phase of a frequency response in degrees, without jumps by whole turns.

    Parameters are those of `frequency_response`.

    Examples
    --------
    >>> import ltisys as lti
    >>> phase_response(lti.FIR([0.5, 0.5])).get_ylabel()
    'phase (degrees)'
    """
    ax = axes(ax)
    omega, response = system.frequency_response(points)
    ax.plot(_axis(omega, rate), np.degrees(np.unwrap(np.angle(response))), color=next_colour(ax), label=label)
    ax.set_xlabel(_unit(rate))
    ax.set_ylabel("phase (degrees)")
    return ax


def magnitude_and_phase(
    system: System, *, points: int = 512, rate: float | None = None, ax: tuple[Axes, Axes] | None = None
) -> tuple[Axes, Axes]:
    """Magnitude above phase, over one axis of frequencies.

    Parameters
    ----------
    system, points, rate
        As for `frequency_response`.
    ax : pair of Axes, optional
        Where to draw.

    Returns
    -------
    pair of Axes

    Examples
    --------
    >>> import ltisys as lti
    >>> [ax.get_ylabel() for ax in magnitude_and_phase(lti.FIR([0.5, 0.5]))]
    ['|H| (dB)', 'phase (degrees)']
    """
    above, below = _two(ax, rows=2, height=5.0, sharex=True)
    frequency_response(system, points=points, rate=rate, ax=above)
    phase_response(system, points=points, rate=rate, ax=below)
    above.set_xlabel("")
    return above, below


def group_delay(
    system: System, *, points: int = 512, rate: float | None = None, label: str | None = None, ax: Axes | None = None
) -> Axes:
    """The group delay over frequency: in samples, or in milliseconds with a rate.

    Parameters are those of `frequency_response`.

    Examples
    --------
    >>> import ltisys as lti
    >>> group_delay(lti.FIR([0.5, 0.5])).get_ylabel()
    'group delay (samples)'
    """
    ax = axes(ax)
    omega, delay = system.group_delay(points)
    ax.plot(_axis(omega, rate), delay if rate is None else 1e3 * delay / rate, color=next_colour(ax), label=label)
    low, high = ax.get_ylim()
    least = 1.0 if rate is None else 1e3 / rate  # a delay that is constant is not drawn as its rounding errors
    if high - low < least:
        ax.set_ylim((low + high - least) / 2, (low + high + least) / 2)
    ax.set_xlabel(_unit(rate))
    ax.set_ylabel("group delay (samples)" if rate is None else "group delay (ms)")
    return ax


def pole_zero(system: System, *, ax: Axes | None = None) -> Axes:
    """Zeros (circles) and poles (crosses) in the plane of z, with the unit circle; repeated ones have their number.

    Parameters
    ----------
    system : System
        In time.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import ltisys as lti
    >>> pole_zero(lti.IIR([1, 1], [1, -0.5])).get_xlabel()
    'real part'
    """
    ax = axes(ax, 5.0, 5.0)
    angle = np.pi * np.arange(361) / 180
    ax.plot(np.cos(angle), np.sin(angle), color="0.6", linewidth=0.8)
    ax.axhline(0, color="0.85", linewidth=0.8, zorder=0)
    ax.axvline(0, color="0.85", linewidth=0.8, zorder=0)
    for roots, marker, colour, name in (
        (system.zeros, "o", COLOURS[0], "zeros"),
        (system.poles, "x", COLOURS[1], "poles"),
    ):
        ax.plot(
            np.real(roots),
            np.imag(roots),
            marker,
            color=colour,
            fillstyle="none",
            markersize=8,
            linestyle="",
            label=name,
        )
        for z, count in _repeated(roots):
            ax.annotate(str(count), (z.real, z.imag), textcoords="offset points", xytext=(7, 5), color=colour)
    ax.set_aspect("equal", adjustable="datalim")
    ax.margins(0.1)
    ax.legend(loc="upper right")
    ax.set_xlabel("real part")
    ax.set_ylabel("imaginary part")
    return ax


def impulse_and_step(system: System, length: int = 50, *, ax: tuple[Axes, Axes] | None = None) -> tuple[Axes, Axes]:
    """The unit sample response beside the step response.

    Parameters
    ----------
    system : System
        In time.
    length : int
        Samples from n = 0 on, or from the start of the response if that is earlier.
    ax : pair of Axes, optional
        Where to draw.

    Returns
    -------
    pair of Axes

    Examples
    --------
    >>> import ltisys as lti
    >>> [ax.get_ylabel() for ax in impulse_and_step(lti.FIR([0.5, 0.5]), 5)]
    ['h[n]', 's[n]']
    """
    left, right = _two(ax, columns=2, width=9.0)
    stem(system.unit_sample_response(length), ax=left)
    left.set_ylabel("h[n]")
    step_response(system, length, ax=right)
    return left, right


def step_response(system: System, length: int = 50, *, ax: Axes | None = None) -> Axes:
    """The answer to the unit step.

    Parameters
    ----------
    system, length
        As for `impulse_and_step`.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import ltisys as lti
    >>> step_response(lti.FIR([0.5, 0.5]), 5).get_ylabel()
    's[n]'
    """
    ax = stem(system.step_response(length), ax=ax)
    ax.set_ylabel("s[n]")
    return ax


def _axis(omega: np.ndarray, rate: float | None) -> np.ndarray:
    return omega if rate is None else omega * rate / (2 * np.pi)


def _unit(rate: float | None) -> str:
    return "ω (radians per sample)" if rate is None else "frequency (Hz)"


def _two(ax, *, rows: int = 1, columns: int = 1, width: float = 8.0, height: float = 4.0, sharex: bool = False):
    if ax is not None:
        first, second = ax
        return first, second
    return figure(width, height).subplots(rows, columns, sharex=sharex)


def _repeated(roots: np.ndarray) -> list[tuple[complex, int]]:
    """Roots that lie on top of each other as far as a picture can tell, and how many they are."""
    left, found = list(roots), []
    while left:
        z = left[0]
        here = [other for other in left if abs(other - z) < 0.02]
        left = [other for other in left if abs(other - z) >= 0.02]
        if len(here) > 1:
            found.append((z, len(here)))
    return found

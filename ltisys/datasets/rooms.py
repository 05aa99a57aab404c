"""From the lips to the file: echoes, microphone, loudness and the noise of the room."""

from dataclasses import dataclass

import numpy as np

from ..systems import FIR, IIR

_LONGEST_ECHO = 0.08
"""Seconds after which the echoes are taken to be gone."""


@dataclass(frozen=True)
class Room:
    """What lies between a speaker and a recording.

    Parameters
    ----------
    echo : float
        Energy of the echoes relative to the direct sound.
    decay : float
        Seconds in which the echoes fall by 60 dB.
    tilt : float
        The microphone is 1 + tilt z⁻¹: below 0 it is bright, above 0 dull.
    rumble : float
        Hertz below which the microphone hears little.
    loudness : float
        Peak of the recorded speech, relative to full scale.
    noise : float
        Standard deviation of the noise relative to that of the speech.
    colour : float
        Pole of the noise: 0 is white, towards 1 it grows dark.
    """

    echo: float = 0.0
    decay: float = 0.2
    tilt: float = 0.0
    rumble: float = 20.0
    loudness: float = 0.5
    noise: float = 0.001
    colour: float = 0.0


def draw_room(rng: np.random.Generator) -> Room:
    """Draw a room, a microphone and a distance.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where the randomness comes from.

    Returns
    -------
    Room
        Speech peaks between -20 and -1 dB of full scale and lies 5 to 50 dB above the noise.

    Examples
    --------
    >>> room = draw_room(np.random.default_rng(0))
    >>> 0.1 <= room.loudness <= 0.9
    True
    """
    return Room(
        echo=float(rng.uniform(0.0, 0.3) ** 2),
        decay=float(rng.uniform(0.1, 0.5)),
        tilt=float(rng.uniform(-0.6, 0.4)),
        rumble=float(rng.uniform(20.0, 200.0)),
        loudness=float(10.0 ** rng.uniform(-1.0, -0.05)),
        noise=float(10.0 ** rng.uniform(-2.5, -0.25)),
        colour=float(rng.uniform(0.0, 0.95)),
    )


def echoes(room: Room, rng: np.random.Generator, rate: float) -> FIR:
    """The unit sample response of a room: the direct sound, then noise that decays exponentially.

    Parameters
    ----------
    room : Room
        Gives the strength and the decay of the echoes.
    rng : numpy.random.Generator
        Where the walls are.
    rate : float
        Samples per second.

    Returns
    -------
    FIR
    """
    n = np.arange(round(_LONGEST_ECHO * rate))
    taps = rng.standard_normal(len(n)) * 10.0 ** (-3.0 * n / (room.decay * rate))
    taps[: round(0.002 * rate)] = 0.0
    taps *= np.sqrt(room.echo / np.sum(taps**2))
    taps[0] = 1.0
    return FIR(taps)


def microphone(room: Room, rate: float) -> IIR:
    """A high-pass with one pole and a zero at frequency 0, and a second zero that makes the sound bright or dull.

    Parameters
    ----------
    room : Room
        Gives the tilt and the rumble.
    rate : float
        Samples per second.

    Returns
    -------
    IIR
    """
    pole = np.exp(-2 * np.pi * room.rumble / rate)
    return IIR.from_sos([[1.0, room.tilt - 1.0, -room.tilt, 1.0, -pole, 0.0]])


def room_noise(room: Room, length: int, rng: np.random.Generator) -> np.ndarray:
    """The noise of a room, with standard deviation 1.

    Parameters
    ----------
    room : Room
        Gives the colour.
    length : int
        Samples wanted.
    rng : numpy.random.Generator
        Where the randomness comes from.

    Returns
    -------
    ndarray of float32, shape (length,)
        White noise through 1 / (1 - colour z⁻¹), scaled by the square root of the energy of that system's unit sample
        response.
    """
    system = IIR.from_sos([[np.sqrt(1 - room.colour**2), 0.0, 0.0, 1.0, -room.colour, 0.0]])
    return system(rng.standard_normal(length, np.float32))


def record(
    speech: np.ndarray, length: int, at: int, room: Room, rng: np.random.Generator, *, rate: float
) -> np.ndarray:
    """Put speech into a recording of a given length, with its echoes and the noise of the room.

    Parameters
    ----------
    speech : ndarray, shape (n,)
        As :func:`ltisys.datasets.say` returns it.
    length : int
        Samples in the recording.
    at : int
        Where the speech begins.
    room : Room
        Where it is recorded.
    rng : numpy.random.Generator
        The room's echoes and noise.
    rate : float
        Samples per second.

    Returns
    -------
    ndarray of float32, shape (length,)
        Within ±1. What sounds on after the end is cut off.
    """
    heard = echoes(room, rng, rate)(microphone(room, rate)(speech), mode="full", method="fft")[: length - at]
    heard *= room.loudness / np.max(np.abs(heard))
    noise = room.noise * np.sqrt(np.mean(np.square(heard))) * room_noise(room, length, rng)
    recording = noise.astype(np.float32)
    recording[at : at + len(heard)] += heard
    return np.clip(recording, -1.0, 1.0)

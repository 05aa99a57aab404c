"""What noise, and moving the words, do to a spotter; what it costs and how late it is."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from ltisys import nn
from ltisys.datasets import Clips, validation_noise

from .examples import background, held_out_from, one_window, relabelled
from .following import SMOOTHING
from .scanning import Scanner
from .spotter import Spotter

SNRS = (20.0, 10.0, 5.0, 0.0, -5.0)  # decibels
SHIFTS = (-0.2, -0.1, -0.05, 0.05, 0.1, 0.2)  # seconds
_SECONDS = 20.0  # of sound for the real-time factor


@dataclass(frozen=True)
class Robustness:
    """How a spotter's answers hold, on the words of speakers that it has not heard.

    Parameters
    ----------
    by_snr : dict of float to float
        Accuracy on words in noise, by the ratio of their power in decibels.
    by_shift : dict of float to float
        Accuracy on words moved in time, by seconds.
    changed_by_shift : float
        Share of the answers that the largest shifts change.
    """

    by_snr: dict[float, float]
    by_shift: dict[float, float]
    changed_by_shift: float

    def to_dict(self) -> dict[str, Any]:
        """All numbers as JSON can hold them."""
        by = {
            name: {f"{key:g}": value for key, value in getattr(self, name).items()} for name in ("by_snr", "by_shift")
        }
        return by | {"changed_by_shift": self.changed_by_shift}


@dataclass(frozen=True)
class Cost:
    """What a spotter costs, and how late it is.

    Parameters
    ----------
    parameters : int
        Numbers learned.
    macs_per_second : float
        Multiply-adds of the network for a second of a stream, each convolution computed once.
    real_time_factor : float
        Seconds of sound heard in a second, on this machine, front end included.
    latency : float
        Seconds from the end of a window to the look that counts: the wait for a step, and the smoothing.
    """

    parameters: int
    macs_per_second: float
    real_time_factor: float
    latency: float


def robustness(spotter: Spotter, dataset: Clips, *, seed: int = 0) -> Robustness:
    """Accuracy in noise that training never heard, and with the words moved in time.

    Parameters
    ----------
    spotter : Spotter
        What to judge.
    dataset : Clips
        Of which the held-out part is used.
    seed : int
        Of the pieces of noise.

    Returns
    -------
    Robustness

    Raises
    ------
    ValueError
        If the data set has no held-out speakers.
    """
    held_out = held_out_from(dataset, spotter.rate)
    n = spotter.front_end.samples
    x, t = one_window(held_out.audio(), n), relabelled(held_out, spotter.words)
    noise = [piece for piece in validation_noise(background(held_out)) if len(piece)]

    def answers(samples: np.ndarray) -> np.ndarray:
        return spotter.probabilities(spotter.front_end(samples)).argmax(axis=1)

    by_snr = {}
    for snr in SNRS:
        noisy = nn.Perturb(noise=noise, snr=(snr, snr))(x, np.random.default_rng(seed))
        by_snr[snr] = float(np.mean(answers(np.clip(noisy, -1, 1)) == t))
    still = answers(x)
    moved = {shift: answers(np.roll(x, round(shift * spotter.rate), axis=1)) for shift in SHIFTS}
    changed = [np.mean(moved[shift] != still) for shift in (min(SHIFTS), max(SHIFTS))]
    by_shift = {shift: float(np.mean(found == t)) for shift, found in sorted((moved | {0.0: still}).items())}
    return Robustness(by_snr, by_shift, float(np.mean(changed)))


def cost(spotter: Spotter) -> Cost:
    """Size, multiply-adds, speed and latency of a spotter.

    Parameters
    ----------
    spotter : Spotter
        What to measure.

    Returns
    -------
    Cost
    """
    mel, front_end = spotter.front_end.log_mel, spotter.front_end
    per_second = spotter.rate / mel.hop_samples
    frames = [front_end.frames + round(seconds * per_second) for seconds in (0, 8)]
    one, more = (nn.macs(spotter.net, (1, mel.bands, count)) for count in frames)
    x = 0.01 * np.random.default_rng(0).standard_normal(round(_SECONDS * spotter.rate)).astype(np.float32)
    spotter.spot(x[: spotter.rate], spotter.rate)
    begin = time.perf_counter()
    spotter.spot(x, spotter.rate)
    seconds = time.perf_counter() - begin
    scanner = Scanner(spotter.net, front_end)
    latency = (scanner.step + scanner.hop * (SMOOTHING - 1) / 2) / per_second
    return Cost(spotter.net.n_parameters, (more - one) / 8, _SECONDS / seconds, latency)

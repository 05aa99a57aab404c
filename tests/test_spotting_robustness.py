"""How answers hold in noise and when words move, and what a spotter costs."""

import json

import numpy as np
import pytest
from tones import tone_clips, untrained

from ltisys import nn
from ltisys.spotting.examples import one_window
from ltisys.spotting.robustness import SHIFTS, SNRS, cost, robustness


class Oracle:
    """A spotter that answers "up" where the window's middle fifth is loud, whatever the noise."""

    words = ("up", "down", "unknown", "silence")
    rate = 16000

    class FrontEnd:
        samples = 25600

        def __call__(self, x):
            return x

    front_end = FrontEnd()

    def probabilities(self, x):
        loud = np.square(x[:, 10240:15360]).mean(axis=1) > 1e-3
        return np.where(loud[:, None], [1.0, 0, 0, 0], [0, 1.0, 0, 0])


def test_accuracy_is_counted_for_every_noise_and_shift():
    found = robustness(Oracle(), tone_clips())  # pyright: ignore
    assert list(found.by_snr) == list(SNRS)
    assert list(found.by_shift) == sorted((*SHIFTS, 0.0))
    # every word is loud in the middle, and up is one word of three
    assert found.by_shift[0.0] == found.by_snr[20.0] == pytest.approx(1 / 3)


def test_what_the_largest_shifts_change_is_counted():
    clips, oracle = tone_clips(), Oracle()
    x = one_window(clips.part("validation").audio(), oracle.front_end.samples)
    still = oracle.probabilities(x).argmax(axis=1)
    moved = [oracle.probabilities(np.roll(x, shift, axis=1)).argmax(axis=1) for shift in (-3200, 3200)]
    changed = robustness(oracle, clips).changed_by_shift  # pyright: ignore
    assert changed == np.mean([answers != still for answers in moved])
    assert 0 < changed < 1


def test_cost_is_what_a_stream_computes():
    spotter = untrained()
    spent = cost(spotter)
    assert spent.parameters == spotter.net.n_parameters
    one, eight = (nn.macs(spotter.net, (1, 40, 158 + extra)) for extra in (0, 800))
    assert spent.macs_per_second == (eight - one) / 8
    assert spent.real_time_factor > 1
    assert spent.latency == pytest.approx(0.72)


def test_all_of_it_fits_into_json():
    spotter = untrained()
    facts = robustness(spotter, tone_clips()).to_dict()
    assert json.loads(json.dumps(facts))["by_snr"].keys() == {"20", "10", "5", "0", "-5"}

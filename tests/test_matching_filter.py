import numpy as np
import pytest

import ltisys as lti
from ltisys import FIR, Signal, matched_filter

rng = np.random.default_rng(0)


@pytest.mark.parametrize("template", [rng.normal(size=9), rng.normal(size=9) + 1j * rng.normal(size=9)])
def test_the_amplitude_comes_out_where_the_template_begins(template):
    y = matched_filter(template, rate=100)(Signal(2.5 * template, start=30, rate=100))
    assert y[30] == pytest.approx(2.5)
    assert np.argmax(abs(y.samples)) + y.start == 30


def test_index_0_of_a_signal_is_what_is_found():
    template = Signal(rng.normal(size=9), start=-4, rate=8000)
    S = matched_filter(template)
    assert (S.start, S.stop, S.rate) == (-4, 5, 8000)
    assert S(template.shift(12))[12] == pytest.approx(1)


def test_images():
    template = rng.normal(size=(3, 4))
    image = np.zeros((12, 12))
    image[5:8, 2:6] = template
    y = matched_filter(template)(image)
    assert np.unravel_index(np.argmax(y), y.shape) == (5, 2)


def test_no_other_response_has_a_larger_ratio_of_signal_to_noise():
    t = rng.normal(size=20)

    def ratio(S):
        return float(S(Signal(t))[0]) / np.sqrt(np.sum(S.h**2))

    S = matched_filter(t)
    assert ratio(S) == pytest.approx(np.sqrt(np.sum(t**2)))
    assert all(ratio(FIR(S.h + 0.02 * rng.normal(size=20), S.start)) < ratio(S) for _ in range(20))


def test_it_finds_a_chirp_far_below_the_noise():
    chirp = lti.chirp(500, 3000, 2000, rate=8000, amplitude=0.3)
    recording = lti.noise(20000, seed=1, rate=8000) + chirp.shift(12345)
    y = matched_filter(chirp)(recording)
    assert max(lti.find_peaks(y), key=lambda peak: peak.height).index == 12345


def test_what_cannot_be_found_is_refused_in_words():
    with pytest.raises(ValueError, match=r"a template needs a sample that is not zero, got \[0, 0\]"):
        matched_filter([0, 0])
    with pytest.raises(ValueError, match="a signal brings its own start and rate, got start=0, rate=3 besides"):
        matched_filter(Signal([1]), rate=3)

import numpy as np
import pytest
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st

import ltisys as lti
from ltisys import design

FILTERS = {
    "lowpass": (design.lowpass, 900, "lowpass"),
    "highpass": (design.highpass, 900, "highpass"),
    "bandpass": (design.bandpass, (900, 2100), "bandpass"),
    "bandstop": (design.bandstop, (900, 2100), "bandstop"),
}


@pytest.mark.parametrize("window", ["hamming", "boxcar", ("kaiser", 7.5), 7.5])
@pytest.mark.parametrize("kind", FILTERS)
def test_it_is_firwin(kind, window):
    make, edges, pass_zero = FILTERS[kind]
    S = make(61, *np.atleast_1d(edges), rate=8000, window=window)
    np.testing.assert_allclose(S.h, scipy.signal.firwin(61, edges, pass_zero=pass_zero, window=window, fs=8000), 1e-9)
    assert (S.start, S.rate, S.linear_phase_type) == (0, 8000, 1)


@pytest.mark.parametrize("kind", FILTERS)
def test_hertz_with_a_rate_are_cycles_per_sample_without(kind):
    make, edges, _ = FILTERS[kind]
    hertz, cycles = make(31, *np.atleast_1d(edges), rate=8000), make(31, *np.atleast_1d(edges) / 8000)
    np.testing.assert_array_equal(hertz.h, cycles.h)
    assert cycles.rate is None


@given(st.integers(1, 40))
def test_centred_puts_the_middle_tap_at_time_0(taps):
    S = design.lowpass(taps, 0.2, centred=True)
    assert S.start == -((taps - 1) // 2)
    np.testing.assert_array_equal(S.h, design.lowpass(taps, 0.2).h)


@pytest.mark.parametrize("kind", FILTERS)
def test_centred_has_no_phase(kind):
    make, edges, _ = FILTERS[kind]
    H = make(61, *np.atleast_1d(edges) / 8000, centred=True).frequency_response(200)[1]
    np.testing.assert_allclose(H.imag, 0, atol=1e-14)


def test_it_filters_signals_of_its_rate_in_place():
    x = lti.sinusoid(100, 400, rate=8000)
    y = design.lowpass(101, 1000, rate=8000, centred=True)(x)
    np.testing.assert_allclose(y[100:300].samples, x[100:300].samples, atol=3e-3)
    with pytest.raises(ValueError, match="rates must agree, got 8000 and 16000"):
        design.lowpass(101, 1000, rate=8000)(lti.unit_sample(rate=16000))

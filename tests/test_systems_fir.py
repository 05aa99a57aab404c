import numpy as np
import pytest
import scipy.ndimage
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st

import ltisys as lti
from ltisys import FIR, Signal


def test_the_lecture():
    assert FIR([3, 2, 1])(Signal([3, 1, 2])).samples.tolist() == [9, 9, 11, 5, 2]


def test_on_arrays_it_is_a_causal_lfilter():
    rng = np.random.default_rng(0)
    x, h = rng.normal(size=(3, 50)), rng.normal(size=7)
    np.testing.assert_allclose(FIR(h)(x), scipy.signal.lfilter(h, 1, x), atol=1e-14)
    np.testing.assert_allclose(FIR(h)(x, axis=0), scipy.signal.lfilter(h, 1, x, axis=0), atol=1e-14)


@given(st.integers(-9, 9), st.integers(1, 5), st.integers(1, 9))
def test_on_arrays_the_start_is_the_origin(start, taps, length):
    rng = np.random.default_rng(taps + 10 * length)
    S, x = FIR(rng.integers(-9, 9, taps), start), rng.integers(-9, 9, length)
    np.testing.assert_array_equal(S(x), S(Signal(x))[0:length].samples)
    np.testing.assert_array_equal(S(x, "full"), S(Signal(x)).samples)


def test_modes_and_paddings_go_to_the_engine():
    x = np.random.default_rng(0).normal(size=(4, 30))
    S = FIR([1.0, 2.0, 3.0], start=-1)
    np.testing.assert_allclose(S(x, padding="circular"), scipy.ndimage.convolve1d(x, S.h, mode="wrap"), atol=1e-14)
    np.testing.assert_array_equal(S(x, "valid"), lti.convolve(x, S.h, "valid"))
    np.testing.assert_array_equal(S(x, (1, 4), padding="reflect"), lti.convolve(x, S.h, (1, 4), padding="reflect"))
    np.testing.assert_allclose(S(x, stride=3), S(x)[:, ::3], atol=1e-14)
    np.testing.assert_allclose(S(x, method="fft"), S(x, method="direct"), atol=1e-13)
    np.testing.assert_array_equal(
        S(x, padding="constant", value=2.0, mode="valid", axis=0), lti.convolve(x, S.h, "valid", axis=0)
    )
    out = np.empty_like(x)
    assert S(x, out=out) is out


def test_images_are_filtered_in_place():
    rng = np.random.default_rng(0)
    image, h = rng.integers(0, 9, (2, 6, 7)), rng.integers(-3, 3, (3, 2))
    S = FIR(h, start=(-1, 0))
    expected = S(Signal(image, start=(0, 0)))[0:6, 0:7].samples
    np.testing.assert_array_equal(S(image), expected)
    np.testing.assert_array_equal(S(np.moveaxis(image, 0, -1), axes=(0, 1)), np.moveaxis(expected, 0, -1))
    np.testing.assert_array_equal(S(image, "valid", padding="reflect"), lti.convolve2d(image, h, "valid"))
    assert (S.start, S.stop, S.support, S.ndim, S.latency) == ((-1, 0), (2, 2), ((-1, 2), (0, 2)), 2, (1, 0))
    assert FIR(h).start == (0, 0)


@pytest.mark.parametrize("response", [np.float32, np.float64, np.int64])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64, np.complex128])
def test_the_precision_of_the_input_is_kept(dtype, response):
    x, S = np.arange(5).astype(dtype), FIR(np.array([1, 2], response))
    assert S(x).dtype == S(Signal(x)).samples.dtype == dtype
    assert FIR([1j])(x).dtype == (np.complex128 if x.dtype in (np.float64, np.complex128) else np.complex64)
    np.testing.assert_array_equal(S(x), [0, 1, 4, 7, 10])


def test_integers_are_exact_and_real_taps_make_them_real():
    assert FIR([1, 2])(np.array([200], np.uint8)).dtype == np.int64
    assert FIR([0.5])(np.array([3], np.int16)).tolist() == [1.5]
    assert FIR([1, 1])([1, 2]).tolist() == [1, 3]


def test_big_endian_float32_stays_float32():
    assert FIR([0.5])(np.array([1, 2], ">f4")).dtype == np.float32


def test_channels_of_a_signal_are_filtered_alike():
    x = Signal([[1, 2], [3, 4]], start=5, rate=8000)
    assert FIR([1, 1], start=-1)(x) == Signal([[1, 3, 2], [3, 7, 4]], start=4, rate=8000)


def test_length_cuts_the_output_for_a_signal():
    S, x = FIR([1, 2, 3], start=-1), Signal([1, 1], start=4)
    assert S(x) == Signal([1, 3, 5, 3], start=3)
    assert S(x, length=2).support == (4, 6)
    assert S(x, length=2).samples.dtype == np.int64
    assert S(x, length=2).samples.tolist() == [3, 5]
    assert S(x, length=6).samples.tolist() == [3, 5, 3, 0, 0, 0]
    assert S(x, length="tail") == S(x)


def test_responses():
    S = FIR([1, 2, 3], start=-1)
    assert S.unit_sample_response() == Signal([1, 2, 3], start=-1)
    assert S.unit_sample_response(5).support == (-1, 4)
    assert S.unit_sample_response(5) == S.unit_sample_response()
    assert S.step_response(4).samples.tolist() == [1, 3, 6, 6]
    assert S.step_response(4).start == -1
    late = lti.delay(5)
    assert late.unit_sample_response(3).samples.tolist() == [0, 0, 0]
    assert late.step_response(7).samples.tolist() == [0, 0, 0, 0, 0, 1, 1]


def test_properties():
    S = FIR([0, 1, 2], start=-1)
    assert (S.start, S.stop, S.support, S.latency) == (-1, 2, (-1, 2), 1)
    assert S.is_causal
    assert not FIR([1, 2], start=-1).is_causal
    assert FIR([1]).is_causal
    assert not FIR([[1, 2]], start=(0, -1)).is_causal
    assert S.is_fir
    assert S.is_stable
    assert S.fuse() is S
    assert FIR([3, -4j]).norm == 7
    assert repr(FIR([1, 2], start=-1, rate=8000)) == "FIR([1, 2], start=-1, rate=8000)"


def test_rows_of_an_image_stand_below_each_other_when_printed():
    assert repr(FIR([[1, 2], [3, 4]])) == "FIR([[1, 2],\n     [3, 4]], start=(0, 0))"
    assert eval(repr(FIR([[1, 2], [3, 4]], start=(-1, 5)))) == FIR([[1, 2], [3, 4]], start=(-1, 5))


def test_poles_and_zeros_lie_where_H_of_z_has_them():
    S = FIR([0, 2, -1, 0], start=1)  # 2 z⁻² - z⁻³ = (2z - 1) / z³
    np.testing.assert_allclose(S.zeros, [0.5])
    np.testing.assert_array_equal(S.poles, [0, 0, 0])
    np.testing.assert_array_equal(FIR([1], start=-2).zeros, [0, 0])
    assert FIR([0, 0]).zeros.size == FIR([1]).poles.size == 0


@pytest.mark.parametrize(
    ("h", "kind"),
    [
        ([1, 2, 1], 1),
        ([1, 1], 2),
        ([1, 0, -1], 3),
        ([1, -1], 4),
        ([0, 1, 2, 1], 1),
        ([1, 2], None),
        ([1j], None),
        ([0], None),
    ],
)
def test_linear_phase_has_four_types(h, kind):
    assert FIR(h).linear_phase_type == kind
    assert FIR(h, start=-7).linear_phase_type == kind


def test_designed_filters_have_linear_phase_within_rounding():
    assert FIR(scipy.signal.firwin(101, 0.3)).linear_phase_type == 1
    assert FIR(scipy.signal.firwin(100, 0.3)).linear_phase_type == 2
    assert lti.IIR([1], [1, 0.5]).linear_phase_type is None


def test_minimum_phase():
    assert FIR([1, 0.5]).is_minimum_phase
    assert not FIR([0.5, 1]).is_minimum_phase
    assert not FIR([1, 1]).is_minimum_phase
    assert not FIR([1, 0.5], start=1).is_minimum_phase
    assert not FIR([0]).is_minimum_phase


def test_a_signal_may_be_the_response():
    h = Signal([1, 2], start=-1, rate=8000)
    assert FIR(h) == FIR([1, 2], start=-1, rate=8000)
    with pytest.raises(ValueError, match="a signal brings its own start and rate, got start=2, rate=None besides"):
        FIR(h, start=2)


def test_delay_moves():
    x = Signal([1, 2], start=3)
    assert lti.delay(5)(x) == x.shift(5)
    assert lti.delay(-5)(x) == x.shift(-5)
    image = Signal([[1, 2]], start=(0, 0))
    assert lti.delay((1, -1))(image) == image.shift((1, -1))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([],), ValueError, "a signal needs at least one sample"),
        ((np.zeros((2, 2, 2)), (0, 0)), ValueError, r"h must have one axis, or two .* got shape \(2, 2, 2\)"),
        (([[1, 2]], 1), ValueError, r"h must have one axis, or two and a pair as start, got shape \(1, 2\), start=1"),
        ((Signal([[1], [2]]),), ValueError, r"h must have one axis, or two .* got shape \(2, 1\)"),
        (([1], 0, 0), ValueError, "rate must be positive, got 0"),
        ((["a"],), TypeError, "numbers of at most double precision"),
    ],
)
def test_bad_responses_are_quoted(arguments, error, message):
    with pytest.raises(error, match=message):
        FIR(*arguments)


def test_bad_applications_are_quoted():
    S, x = FIR([1, 2, 3]), Signal([1])
    with pytest.raises(ValueError, match=r"mode and .* belong to arrays"):
        S(x, "full")
    with pytest.raises(ValueError, match=r"mode and \['axis'\] belong to arrays"):
        S(x, axis=0)
    with pytest.raises(ValueError, match="length belongs to signals, got length=3 with an array"):
        S([1, 2], length=3)
    with pytest.raises(ValueError, match="length must be at least 1, got 0"):
        S(x, length=0)
    with pytest.raises(ValueError, match="length must be a number of samples or \"tail\", got 'all'"):
        S(x, length="all")
    with pytest.raises(ValueError, match="length must be None for images, got 3"):
        FIR([[1]])(Signal([[1]], start=(0, 0)), length=3)
    with pytest.raises(TypeError, match="a system takes padding, value, axis, axes, stride, method, out, got origin"):
        S([1, 2], origin=3)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match=r'mode="valid" needs as many samples as h has, \(3,\), got x of shape \(2,\)'):
        S([1, 2], "valid")
    with pytest.raises(TypeError, match="x must be numbers of at most double precision, got dtype object"):
        S([None])
    with pytest.raises(ValueError, match="the group delay belongs to systems in time, got a system with 2 index axes"):
        FIR([[1]]).group_delay()
    with pytest.raises(ValueError, match="length must be at least 1, got 0"):
        S.unit_sample_response(0)
    with pytest.raises(ValueError, match="a step response belongs to systems in time"):
        FIR([[1]]).step_response(3)

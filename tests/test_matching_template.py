import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

import ltisys as lti
from ltisys import Signal, match_template

rng = np.random.default_rng(0)


def by_definition(x, t):
    """ρ[n] from every patch alone, and 0 where either is flat."""
    axes = tuple(range(-t.ndim, 0))
    t = t - t.mean()
    patches = sliding_window_view(x, t.shape, axis=axes).astype(float)
    patches = patches - patches.mean(axis=axes, keepdims=True)
    below = np.sqrt(np.sum(t**2) * np.sum(patches**2, axis=axes))
    return np.divide(np.sum(patches * t, axis=axes), below, out=np.zeros(below.shape), where=below > 0)


@pytest.mark.parametrize(("x", "template"), [((60,), (7,)), ((2, 3, 60), (1,)), ((9,), (9,)), ((2, 12, 15), (3, 4))])
def test_it_is_its_definition(x, template):
    x, t = rng.normal(size=x), rng.normal(size=template)
    np.testing.assert_allclose(match_template(x, t), by_definition(x, t), atol=1e-12)


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=30), st.lists(st.integers(-2, 2), min_size=1, max_size=6))
def test_it_is_its_definition_with_flat_patches_and_flat_templates(x, t):
    x, t = np.array(x + [0] * len(t)), np.array(t)
    found = match_template(x, t)
    np.testing.assert_allclose(found, by_definition(x, t), atol=1e-12)
    assert np.all(abs(found) <= 1)


def test_gain_and_offset_of_the_patch_do_not_matter_but_for_the_sign():
    t = rng.normal(size=11)
    x = np.concatenate((3 * t + 5, rng.normal(size=9), -0.2 * t - 1, np.full(20, 7.5)))
    found = match_template(x, t)
    assert found[0] == pytest.approx(1, abs=1e-14)
    assert found[20] == pytest.approx(-1, abs=1e-14)
    assert np.all(found[31:41] == 0)


@pytest.mark.parametrize("offset", [1e4, -1e8, 1e12])
def test_a_large_offset_costs_only_the_digits_that_the_samples_lost(offset):
    x, t = rng.normal(size=400), rng.normal(size=30)
    shifted, moved = x + offset, t + offset
    np.testing.assert_allclose(match_template(shifted, t), by_definition(shifted - offset, t), atol=1e-10)
    np.testing.assert_allclose(match_template(x, moved), by_definition(x, moved - offset), atol=1e-10)


def test_a_steep_ramp_and_a_bang_do_not_disturb_what_is_faint():
    faint, t = 1e-6 * rng.normal(size=300), rng.normal(size=30)
    bang = np.concatenate((1e6 * rng.normal(size=100), faint))
    np.testing.assert_allclose(match_template(bang, t), by_definition(bang, t), atol=1e-9)
    ramp = faint + 100.0 * np.arange(300) ** 2
    np.testing.assert_allclose(match_template(ramp, t), by_definition(ramp, t), atol=1e-9)
    image = np.zeros((40, 50))
    image[:20] = 1e9
    image += rng.normal(size=image.shape)
    t = rng.normal(size=(5, 4))
    np.testing.assert_allclose(match_template(image, t), by_definition(image, t), atol=1e-9)


def test_patches_that_vary_by_rounding_only_are_flat():
    x = np.full(50, 0.3)
    x[::2] = 0.1 + 0.2
    assert x[0] != x[1]
    assert np.all(match_template(x, [1, 2, 4]) == 0)
    assert np.all(match_template(np.full((9, 9), 1e300), np.eye(3)) == 0)


@pytest.mark.parametrize("scale", [1e-300, 1e300])
def test_no_square_overflows_or_vanishes(scale):
    x, t = rng.normal(size=100), rng.normal(size=9)
    np.testing.assert_allclose(match_template(scale * x, t / scale), by_definition(x, t), atol=1e-12)


def test_nan_and_infinity_reach_the_patches_that_hold_them():
    x = rng.normal(size=60)
    x[20], x[40] = np.nan, np.inf
    found = match_template(x, [1.0, 2.0, 4.0, 1.0])
    assert np.flatnonzero(np.isnan(found)).tolist() == [17, 18, 19, 20, 37, 38, 39, 40]
    clean = np.where(np.isfinite(x), x, 0)
    kept = ~np.isnan(found)
    np.testing.assert_allclose(found[kept], match_template(clean, [1.0, 2.0, 4.0, 1.0])[kept], atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.uint8, bool])
def test_the_precision_of_the_input_is_kept(dtype):
    x = (rng.random(50) > 0.5).astype(dtype)
    found = match_template(x, [1, 0, 1, 1])
    assert found.dtype == (dtype if np.dtype(dtype).kind == "f" else np.float64)
    np.testing.assert_allclose(found, by_definition(x.astype(float), np.array([1, 0, 1, 1])), atol=1e-3)
    assert match_template(x.astype(">f4"), [1, 0]).dtype == np.float32
    assert match_template(np.zeros((0, 50)), [1, 0]).shape == (0, 49)


def test_a_signal_says_where_the_template_lies():
    t = Signal(rng.normal(size=8), start=-3)
    x = Signal(0.1 * rng.normal(size=100), start=50, rate=1000) + Signal(t.shift(90).samples, 87, 1000)
    found = match_template(x, t)
    assert (found.start, found.stop, found.rate) == (53, 146, 1000)
    assert lti.find_peaks(found, height=0.9) == [lti.matching.Peak(90, float(found[90]), 0.09)]


def test_an_image_says_where_the_template_lies():
    image = rng.normal(size=(30, 40))
    found = match_template(Signal(image, start=(5, -5)), image[12:18, 20:27])
    best = max(lti.find_peaks(found), key=lambda peak: peak.height)
    assert best.index == (17, 15)
    assert best.height == pytest.approx(1)


def test_what_cannot_be_matched_is_refused_in_words():
    with pytest.raises(ValueError, match=r"x must be at least as large as the template, \(3,\), got shape \(2,\)"):
        match_template([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match=r"x must be at least as large as the template, \(2, 2\), got shape \(5,\)"):
        match_template(np.ones(5), np.ones((2, 2)))
    with pytest.raises(ValueError, match=r"a template has one axis or two, got shape \(1, 1, 1\)"):
        match_template(np.ones(5), np.ones((1, 1, 1)))
    with pytest.raises(ValueError, match=r"a template has no channels, got channels \(2,\)"):
        match_template(np.ones(5), Signal([[1, 2], [3, 4]]))
    with pytest.raises(ValueError, match="a template with 2 index axes cannot be sought in a signal with 1"):
        match_template(Signal([1, 2]), np.ones((1, 1)))
    with pytest.raises(ValueError, match="rates must agree, got 8 and 9"):
        match_template(Signal([1, 2], rate=8), Signal([1], rate=9))
    with pytest.raises(ValueError, match=r"template must be finite, got \[1.0, nan\]"):
        match_template(np.ones(5), [1.0, np.nan])
    with pytest.raises(TypeError, match="template must be real, got dtype complex128"):
        match_template(np.ones(5), [1j])
    with pytest.raises(TypeError, match="x must be real, got dtype complex128"):
        match_template([1j, 2], [1])

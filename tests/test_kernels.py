import re

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given
from hypothesis import strategies as st

import ltisys as lti
from ltisys import kernels

image = np.random.default_rng(0).normal(size=(40, 50))
EVERY = {
    "box": kernels.box((3, 4)),
    "disk": kernels.disk(2.3),
    "gabor": kernels.gabor(0.2, 30),
    "gaussian": kernels.gaussian((1.5, 0.7)),
    "laplacian": kernels.laplacian(),
    "laplacian_of_gaussian": kernels.laplacian_of_gaussian(1.5),
    "lecture_blur": kernels.lecture_blur,
    "lecture_edge": kernels.lecture_edge,
    "lecture_sharpen": kernels.lecture_sharpen,
    "motion": kernels.motion(7, 30),
    "sharpen": kernels.sharpen(2, 0.8),
    "sobel": kernels.sobel(0),
}


def test_every_kernel_is_centred():
    assert set(EVERY) == set(kernels.__all__)
    for S in EVERY.values():
        assert S.start == tuple(-((k - 1) // 2) for k in S.h.shape)
        assert S(image).shape == image.shape


@pytest.mark.parametrize("name", ["box", "disk", "gaussian", "motion", "sharpen"])
def test_blurring_and_sharpening_keep_the_brightness(name):
    assert EVERY[name].h.sum() == pytest.approx(1, abs=1e-14)
    assert name == "sharpen" or np.all(EVERY[name].h >= 0)


@pytest.mark.parametrize("name", ["laplacian", "laplacian_of_gaussian", "sobel", "lecture_edge"])
def test_derivatives_of_a_flat_image_are_zero(name):
    assert EVERY[name].h.sum() == pytest.approx(0, abs=1e-14)


@pytest.mark.parametrize("sigma", [0.8, 2.0, (1.5, 0.5)])
def test_gaussian_is_ndimages(sigma):
    wanted = scipy.ndimage.gaussian_filter(image, sigma, mode="mirror")
    np.testing.assert_allclose(kernels.gaussian(sigma)(image, padding="reflect"), wanted, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("axis", [0, 1, -1, -2])
def test_sobel_is_ndimages_and_points_to_the_brighter_side(axis):
    wanted = scipy.ndimage.sobel(image, axis, mode="reflect")
    np.testing.assert_allclose(kernels.sobel(axis)(image, padding="symmetric"), wanted, atol=1e-12)
    ramp = np.moveaxis(np.tile(np.arange(6), (6, 1)), -1, axis)
    assert kernels.sobel(axis)(ramp, "valid").tolist() == [[8] * 4] * 4


def test_laplacians_are_ndimages():
    wanted = scipy.ndimage.laplace(image, mode="nearest")
    np.testing.assert_allclose(kernels.laplacian()(image, padding="replicate"), wanted, atol=1e-12)
    i, j = np.mgrid[:6, :7]
    assert np.all(kernels.laplacian()(i**2 + 2 * j**2, "valid") == 6)
    assert np.all(kernels.laplacian(diagonals=True)(i + 2 * j, "valid") == 0)


def test_laplacian_of_gaussian_is_ndimages_once_the_taps_reach_far():
    wanted = scipy.ndimage.gaussian_laplace(image, 1.5, mode="wrap", truncate=9)
    ours = kernels.laplacian_of_gaussian(1.5, truncate=9)(image, padding="circular")
    np.testing.assert_allclose(ours, wanted, rtol=1e-9, atol=1e-11)


@given(st.integers(0, 8), st.integers(0, 6))
def test_a_box_is_the_mean_around_the_pixel(i, j):
    x = np.arange(9 * 7).reshape(9, 7) ** 1.5
    padded = np.pad(x, 1)
    assert kernels.box(3)(x)[i, j] == pytest.approx(padded[i : i + 3, j : j + 3].mean())


def test_the_lectures_taps():
    assert kernels.lecture_blur.h.tolist() == [[0, 1, 0], [1, 4, 1], [0, 1, 0]]
    assert kernels.lecture_sharpen.h.tolist() == [[0, -1, 0], [-1, 8, -1], [0, -1, 0]]
    assert kernels.lecture_edge.h.tolist() == [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    assert kernels.lecture_blur(np.eye(4, dtype=np.uint8)).dtype == np.int64


@pytest.mark.parametrize("length", [1, 3, 7])
def test_motion_along_the_axes_is_a_box(length):
    np.testing.assert_allclose(kernels.motion(length).h, kernels.box((1, length)).h)
    np.testing.assert_allclose(kernels.motion(length, 90).h, kernels.box((length, 1)).h)
    np.testing.assert_allclose(kernels.motion(length, -180).h, kernels.box((1, length)).h)


def test_motion_and_waves_run_counter_clockwise():
    """At 45 degrees the line goes from the lower left to the upper right: brighter where row and column differ."""
    h = kernels.motion(9, 45).h
    assert h[0, -1] > 0
    assert h[0, 0] == h[-1, -1] == 0
    i, j = np.mgrid[:60, :60]
    stripes = np.cos(2 * np.pi * 0.1 * (j - i) * np.sqrt(0.5))
    with_them, against = (kernels.gabor(0.1, angle)(stripes)[30, 20:40] for angle in (45, 135))
    assert abs(with_them).max() > 50 * abs(against).max()


def test_the_complex_gabor_answers_alike_wherever_the_stripes_lie():
    S = (kernels.gabor(0.15) + 1j * kernels.gabor(0.15, phase=-np.pi / 2)).fuse()
    stripes = np.cos(2 * np.pi * 0.15 * np.arange(80)) * np.ones((80, 1))
    np.testing.assert_allclose(abs(S(stripes)[40, 20:60]), 0.5, rtol=0.02)


def test_kernels_meet_the_algebra():
    twice = kernels.gaussian(1.0, truncate=8) * kernels.gaussian(1.0, truncate=8)
    wanted = kernels.gaussian(np.sqrt(2), truncate=8)
    x = lti.Signal(image, start=(0, 0))
    assert twice(x).isclose(wanted(x), atol=1e-4)
    mean, slope = kernels.box(3), kernels.sobel()
    assert mean == mean.H
    assert -slope == slope.H


REFUSED = [
    ("gaussian", (0,), {}, "sigma must be positive, got 0"),
    ("gaussian", ((1, 2, 3),), {}, "sigma must be one number or one per axis, got (1, 2, 3)"),
    ("gaussian", (1,), {"truncate": -1}, "truncate must be positive, got -1"),
    ("box", (0,), {}, "size must be at least 1, got 0"),
    ("box", (2.5,), {}, "size must be an integer, got 2.5"),
    ("disk", (-1,), {}, "radius must be positive, got -1"),
    ("motion", (0.5,), {}, "length must be at least 1 pixel, got 0.5"),
    ("motion", (3, np.inf), {}, "angle must be a finite number of degrees, got inf"),
    ("sharpen", (-1,), {}, "amount must not be negative, got -1"),
    ("sobel", (2,), {}, "axis must be 0 or -2 for rows, 1 or -1 for columns, got 2"),
    ("laplacian_of_gaussian", (-2,), {}, "sigma must be positive, got -2"),
    ("laplacian_of_gaussian", (0.1,), {}, "truncate · sigma must reach the next pixel, got 4.0 · 0.1"),
    ("gabor", (0.6,), {}, "frequency must be above 0 and at most 0.5 cycles per pixel, got 0.6"),
    ("gabor", (0.1, np.nan), {}, "angle must be finite, got nan"),
    ("gabor", (0.1,), {"phase": np.inf}, "phase must be finite, got inf"),
    ("gabor", (0.1,), {"sigma": 0}, "sigma must be positive, got 0"),
    ("gabor", (0.1,), {"aspect": 0}, "aspect must be positive, got 0"),
]


@pytest.mark.parametrize(("name", "given", "options", "message"), REFUSED)
def test_what_cannot_be_a_kernel_is_refused_in_words(name, given, options, message):
    with pytest.raises(TypeError if "an integer" in message else ValueError, match=re.escape(message)):
        getattr(kernels, name)(*given, **options)

"""Distorted images against scipy.ndimage, and the laws of what is drawn."""

import numpy as np
import pytest
from scipy import ndimage

from ltisys import nn
from ltisys.nn.augmentation import elastic_field
from ltisys.nn.warping import warp

MODES = {False: "grid-constant", True: "nearest"}
IDENTITY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def interpolated(images, affine, field, replicate):
    """The same by scipy: one image and channel at a time, straight lines between pixels, in float64."""
    out = np.empty(images.shape)
    places = np.stack(np.meshgrid(*map(np.arange, images.shape[2:]), indexing="ij"))
    for b, image in enumerate(images):
        at = np.einsum("ij,jhw->ihw", affine[b, :, :2], places) + affine[b, :, 2, np.newaxis, np.newaxis]
        if len(field):
            at = at + field[b]
        for c, channel in enumerate(image):
            out[b, c] = ndimage.map_coordinates(channel.astype(float), at, order=1, mode=MODES[replicate])
    return out


@pytest.mark.parametrize("replicate", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(5, 1, 28, 28), (2, 3, 7, 12), (3, 2, 1, 9), (2, 1, 6, 1), (1, 1, 1, 1)])
@pytest.mark.parametrize("bent", [False, True])
def test_warp_is_interpolation_by_scipy(shape, dtype, replicate, bent):
    rng = np.random.default_rng(0)
    images = rng.standard_normal(shape).astype(dtype)
    affine = IDENTITY + 0.3 * rng.standard_normal((shape[0], 2, 3)) * [1, 1, 10]
    field = 3 * rng.standard_normal((shape[0] if bent else 0, 2, *shape[2:])).astype(dtype)
    out = np.empty_like(images)
    warp(images, affine, field, replicate, out)
    # weights are rounded once, products and sums of four terms a few times; scipy's own float64 error for float64
    tolerance = 8 * np.finfo(dtype).eps * np.abs(images).max() * (1 if dtype == np.float32 else max(shape))
    np.testing.assert_allclose(out, interpolated(images, affine, field, replicate), rtol=0, atol=tolerance)


@pytest.mark.parametrize("replicate", [False, True])
def test_warp_never_leaves_the_image(replicate):
    image = np.arange(1.0, 7.0).reshape(1, 1, 2, 3)
    for place in (np.nan, np.inf, -np.inf, 1e300, -1e300, -1.0, 2.0, 3.0):
        out = np.full_like(image, np.nan)
        field = np.full((1, 2, 2, 3), place)
        warp(image, IDENTITY[np.newaxis], field, replicate, out)
        assert np.isin(out, image if replicate else [0.0, *image.ravel()]).all()


def test_nothing_drawn_changes_nothing():
    x = np.random.default_rng(0).random((3, 2, 5, 6), dtype=np.float32)
    np.testing.assert_allclose(nn.Distort()(x, np.random.default_rng(0)), x, rtol=0, atol=1e-6)


def test_whole_shifts_move_pixels():
    class Ones:
        def uniform(self, low, high, size):
            return np.ones(size)

    x = np.random.default_rng(0).random((2, 1, 6, 7))
    y = nn.Distort(shift=2.0)(x, Ones())  # pyright: ignore[reportArgumentType]
    np.testing.assert_allclose(y[..., 2:, 2:], x[..., :-2, :-2], rtol=0, atol=1e-14)
    assert np.all(y[..., :2, :] == 0)
    assert np.all(y[..., :2] == 0)
    z = nn.Distort(shift=2.0, padding="replicate")(x, Ones())  # pyright: ignore[reportArgumentType]
    np.testing.assert_allclose(z[..., :3, 2:], np.repeat(x[..., :1, :-2], 3, axis=-2), rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ({"rotation": 90.0}, [[0.0, -1.0], [1.0, 0.0]]),
        ({"scale": 0.5}, [[1.5, 0.0], [0.0, 1.5]]),
        ({"shear": 45.0}, [[1.0, 0.0], [1.0, 1.0]]),
        ({"rotation": 90.0, "scale": 0.5, "shear": 45.0}, [[-1.5, -1.5], [1.5, 0.0]]),
    ],
)
def test_the_affine_map_fixes_the_middle_and_does_what_it_says(amount, expected):
    class Ones:
        def uniform(self, low, high, size):
            return np.ones(size)

    (inverse,) = nn.Distort(**amount).affine(1, (9, 5), Ones())  # pyright: ignore[reportArgumentType]
    np.testing.assert_allclose(inverse[:, :2] @ expected, np.eye(2), atol=1e-15)
    np.testing.assert_allclose(inverse @ [4.0, 2.0, 1.0], [4.0, 2.0])


def test_what_is_drawn_fills_its_range():
    maps = nn.Distort(shift=3.0).affine(2000, (5, 5), np.random.default_rng(0))[:, :, 2]
    assert -3 <= maps.min() < -2.99
    assert 2.99 < maps.max() <= 3
    assert np.abs(maps.mean(axis=0)).max() < 4 * 3 / np.sqrt(3 * 2000)  # four standard errors


def test_the_elastic_field_is_smoothed_noise():
    shape, alpha, sigma = (3, 2, 20, 31), 34.0, 4.0
    field = elastic_field(shape, alpha, sigma, np.random.default_rng(5))
    noise = np.random.default_rng(5).random(shape, dtype=np.float32).astype(float) * 2 - 1
    smooth = alpha * ndimage.gaussian_filter(noise, (0, 0, sigma, sigma), mode="wrap")
    # the engine's bound for separable kernels, 256 eps S, with S = alpha · 1
    np.testing.assert_allclose(field, smooth, rtol=0, atol=256 * 2**-23 * alpha)


def test_every_pixel_moves_as_far_as_any_other():
    field = elastic_field((4000, 1, 6, 6), 10.0, 1.0, np.random.default_rng(0))
    spread = field.std(axis=(0, 1))
    expected = 10 / np.sqrt(3) / (2 * np.sqrt(np.pi))
    # wrapping a bell of sigma 1 around six pixels adds less than a percent; four standard errors are 4.5 %
    np.testing.assert_allclose(spread, expected, rtol=0.055)


def test_channels_move_together_and_images_on_their_own():
    x = np.broadcast_to(np.random.default_rng(0).random((1, 1, 12, 12), dtype=np.float32), (2, 3, 12, 12))
    y = nn.Distort(rotation=20, alpha=30.0, sigma=3.0)(x, np.random.default_rng(1))
    np.testing.assert_array_equal(y[:, 0], y[:, 2])
    assert np.abs(y[0] - y[1]).max() > 0.1


@pytest.mark.parametrize(("given", "got"), [(np.uint8, np.float32), (np.float32, np.float32), (np.float64, np.float64)])
def test_dtypes_and_axes(given, got):
    x = (200 * np.random.default_rng(0).random((4, 9, 9))).astype(given)
    y = nn.Distort(alpha=5.0)(x, np.random.default_rng(0))
    assert (y.shape, y.dtype) == (x.shape, got)
    again = nn.Distort(alpha=5.0)(x[:, np.newaxis], np.random.default_rng(0))
    np.testing.assert_array_equal(again[:, 0], y)
    assert nn.Distort()(x[:0], np.random.default_rng(0)).shape == (0, 9, 9)


def test_the_input_is_left_alone_in_any_layout():
    x = np.asfortranarray(np.random.default_rng(0).random((4, 1, 9, 9), dtype=np.float32))
    before = x.copy()
    x.flags.writeable = False
    y = nn.Distort(rotation=30)(x, np.random.default_rng(0))
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(nn.Distort(rotation=30)(before, np.random.default_rng(0)), y)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rotation": -1}, "rotation must be a finite number of at least 0, got -1"),
        ({"alpha": np.nan}, "alpha must be a finite number of at least 0, got nan"),
        ({"shift": np.inf}, "shift must be a finite number of at least 0, got inf"),
        ({"scale": 1.0}, "scale must be below 1, got 1.0"),
        ({"shear": 90}, "shear must be below 90 degrees, got 90"),
        ({"sigma": 0.0}, "sigma must be a positive number, got 0.0"),
        ({"padding": "reflect"}, "padding must be one of zero, replicate, got 'reflect'"),
    ],
)
def test_amounts_out_of_range_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        nn.Distort(**options)


@pytest.mark.parametrize("shape", [(3, 4), (2, 0, 5), (2, 1, 5, 0)])
def test_what_is_no_image_is_refused(shape):
    with pytest.raises(ValueError, match=r"Distort takes images \(B, \.\.\., H, W\), got shape"):
        nn.Distort()(np.zeros(shape), np.random.default_rng(0))

"""Filters of images: the fast paths against the definition, their bounds, their footprint and their independence."""

import itertools
from typing import Any

import naive
import numpy as np
import pytest
from cases import PADDINGS

import ltisys as lti
from ltisys.convolution import image
from ltisys.convolution.compilation import kernel
from ltisys.convolution.image_fourier import tile_of
from ltisys.convolution.image_tile import cover, cover_separably
from ltisys.convolution.window import copy_window, surroundings

METHODS = ("direct", "fft", "separable")
CANARY = 12345.0
filter_part = kernel(image.filter_part)


@kernel
def covered(taps, kernel_size, x, y, place, size):
    cover(taps, kernel_size, x, y, place, size)


@kernel
def covered_separably(factors, x, y, place, size, between, term):
    cover_separably(factors, x, y, place, size, between, term)


@kernel
def window(x, corner, size, around, out, pitch):
    copy_window(x, corner, size, around, out, pitch)


def caged(array):
    """Return a copy of an array with canaries around it, and a function that tells whether they live."""
    margin = 1 << 12
    room = np.full(array.size + 2 * margin, CANARY, array.dtype)
    inside = room[margin : margin + array.size]
    inside[:] = array.ravel()
    return inside.reshape(array.shape), lambda: bool((room[:margin] == CANARY).all() & (room[-margin:] == CANARY).all())


def words_of(rng, height, width, kernel_size) -> dict[str, Any]:
    return {
        "mode": [
            tuple(map(int, rng.integers(0, 2 * k, 2) + max(0, k - n)))
            for n, k in zip((height, width), kernel_size, strict=True)
        ],
        "padding": [str(word) for word in rng.choice(PADDINGS, 2)],
    }


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("seed", range(40))
def test_every_method_agrees_with_the_definition_for_any_size_and_padding(dtype, seed):
    rng = np.random.default_rng(seed)
    (height, width), kernel_size = rng.integers(1, 24, 2) + rng.integers(0, 2) * 10, rng.integers(1, 9, 2)
    x = rng.integers(-9, 10, (2, height, width))
    h = np.outer(rng.integers(-9, 10, kernel_size[0]), rng.integers(-9, 10, kernel_size[1]))
    words = words_of(rng, height, width, kernel_size)
    value = 3 if "constant" in words["padding"] else 0
    expected = naive.convolve(x, h, value=value, **words)
    typed: dict[str, Any] = {name: tuple(word) for name, word in words.items()}
    for method in METHODS:
        y = lti.convolve2d(x.astype(dtype), h.astype(dtype), method=method, value=value, **typed)
        if method == "direct":
            np.testing.assert_array_equal(y, expected)
        np.testing.assert_allclose(y, expected, atol=64 * np.finfo(dtype).eps * max(9.0, 9.0 * np.abs(h).sum()))


def filtered(x, h, padding):
    """Convolve by sums in float64, mode "same"."""
    names: dict[str, Any] = {"zero": "constant", "reflect": "reflect", "circular": "wrap"}
    centre = [(k - 1) // 2 for k in h.shape]
    margins = [(k - 1 - c, c) for k, c in zip(h.shape, centre, strict=True)]
    extended = np.pad(x.astype(float), margins, mode=names[padding])
    y = np.zeros(x.shape)
    for k, l in np.ndindex(*h.shape):
        y += float(h[-1 - k, -1 - l]) * extended[k : k + x.shape[0], l : l + x.shape[1]]
    return y


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("shape", "kernel_size"),
    [((70, 200), (3, 3)), ((130, 90), (17, 12)), ((40, 300), (2, 280)), ((300, 40), (270, 1)), ((200, 150), (31, 40))],
)
def test_large_images_stay_within_the_bounds_whatever_blocks_they_cross(dtype, shape, kernel_size):
    rng = np.random.default_rng(1)
    x = rng.standard_normal(shape).astype(dtype)
    h = np.outer(rng.integers(1, 10, kernel_size[0]), rng.integers(-9, 10, kernel_size[1])).astype(dtype)
    scale = np.finfo(dtype).eps * np.abs(h.astype(float)).sum() * np.abs(x).max()
    direct = 8 + h.size / 2 if h.size <= 512 else 136 + h.size / 512
    for padding in ("zero", "reflect", "circular"):
        expected = filtered(x, h, padding)
        for method, factor in {"direct": direct, "fft": 8 * np.log2(256 * 256), "separable": 256}.items():
            y = lti.convolve2d(x, h, "same", padding=padding, method=method)
            assert np.abs(y - expected).max() <= factor * scale


@pytest.mark.parametrize("method", METHODS)
def test_equal_sums_of_many_products_stay_within_the_bound(method):
    x, h = np.full((70, 90), 0.1, np.float32), np.full((40, 50), 0.3, np.float32)
    exact = 2000 * float(np.float32(0.1)) * float(np.float32(0.3))
    y = lti.convolve2d(x, h, "valid", method=method)
    assert np.abs(y - exact).max() <= (136 + 2000 / 512) * np.finfo(np.float32).eps * exact


@pytest.mark.parametrize("method", [*METHODS, "auto"])
@pytest.mark.parametrize("padding", ["zero", "reflect"])
def test_nan_and_infinity_reach_the_outputs_of_their_pairs_only(method, padding):
    rng = np.random.default_rng(2)
    for bad, shape, at in itertools.product((np.nan, np.inf), ((40, 60), (9, 7)), ((0, 0), (4, 5), (8, 6))):
        x, h = np.ones(shape), np.outer(rng.integers(-2, 3, 5), rng.integers(-2, 3, 4)).astype(float)
        marked = np.zeros(shape, np.int64)
        x[at], marked[at] = bad, 1
        touched = lti.convolve2d(marked, np.ones((5, 4), np.int64), padding=padding) > 0
        y = lti.convolve2d(x, h, padding=padding, method=method)
        np.testing.assert_array_equal(~np.isfinite(y), touched)
    if method == "separable":
        return  # a kernel that is not finite is no sum of outer products
    h = np.ones((3, 3))
    h[0, 1] = np.inf
    touched = lti.convolve2d(np.ones((20, 40), np.int64), (h > 1).astype(np.int64), padding=padding) > 0
    y = lti.convolve2d(np.ones((20, 40)), h, padding=padding, method=method)
    np.testing.assert_array_equal(~np.isfinite(y), touched)


@pytest.mark.parametrize("method", METHODS)
def test_results_do_not_depend_on_the_number_of_threads(method, monkeypatch):
    rng = np.random.default_rng(3)
    x, h = rng.standard_normal((2, 301, 517)).astype(np.float32), np.outer(np.arange(1.0, 14), np.arange(2.0, 15))
    results = []
    for n in ("1", "2", "5"):
        monkeypatch.setenv("LTISYS_THREADS", n)
        results.append(lti.convolve2d(x, h.astype(np.float32), "same", padding="symmetric", method=method))
    assert np.array_equal(results[0], results[1])
    assert np.array_equal(results[0], results[2])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("padding", ["zero", "reflect", "circular"])
def test_the_gradient_is_the_adjoint(method, padding):
    rng = np.random.default_rng(4)
    x, y_bar = rng.integers(-9, 10, (2, 2, 50, 70)).astype(float)
    h = np.outer(rng.integers(-9, 10, 5), rng.integers(-9, 10, 8)).astype(float)
    x_bar, h_bar = lti.convolve2d_vjp(x, h, y_bar, "same", padding=padding, method=method)
    y = lti.convolve2d(x, h, "same", padding=padding, method=method)
    assert np.isclose(np.sum(y * y_bar), np.sum(x * x_bar), rtol=1e-10)
    assert np.isclose(np.sum(y * y_bar), np.sum(h * h_bar), rtol=1e-10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tiles_touch_only_what_they_state(dtype):
    rng = np.random.default_rng(5)
    for n in range(150):
        kernel_size = (int(rng.integers(1, 12)), int(rng.integers(1, 12)))
        if n % 10 == 0:
            kernel_size = [(1, 300), (300, 1), (2, 270)][n // 10 % 3]
        size = int(rng.integers(4, 30)), int(rng.integers(16, 160))
        lines = size[0] + kernel_size[0] - 1, size[1] + kernel_size[1] - 1
        columns, rows = rng.integers(-9, 10, (2, kernel_size[0])), rng.integers(-9, 10, (2, kernel_size[1]))
        h = columns.T @ rows
        x = rng.integers(-9, 10, lines).astype(dtype)
        expected = np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(x, kernel_size), h)
        taps, taps_live = caged(h.astype(dtype).ravel())
        source, source_lives = caged(x)
        y, y_lives = caged(np.zeros(size, dtype))
        covered(taps, kernel_size, source.ravel(), y.ravel(), (0, lines[1], 0, size[1]), size)
        np.testing.assert_array_equal(y, expected)
        y[:] = 0
        between, between_lives = caged(np.zeros(lines[0] * size[1], dtype))
        term, term_lives = caged(np.zeros(size[0] * size[1], dtype))
        factors = columns.astype(dtype), rows.astype(dtype)
        place = 0, lines[1], 0, size[1]
        covered_separably(factors, source.ravel(), y.ravel(), place, size, between, term)
        np.testing.assert_array_equal(y, expected)
        assert all(lives() for lives in (taps_live, source_lives, y_lives, between_lives, term_lives))


def test_windows_follow_the_extension_and_touch_only_their_lines():
    rng = np.random.default_rng(6)
    for _ in range(300):
        shape, corner = rng.integers(1, 12, 2), tuple(map(int, rng.integers(-25, 25, 2)))
        size, gap = tuple(map(int, rng.integers(1, 30, 2))), int(rng.integers(0, 3))
        words = str(rng.choice(PADDINGS)), str(rng.choice(PADDINGS))
        x = rng.standard_normal(shape).astype(np.float32)
        out, lives = caged(np.full((size[0], size[1] + gap), CANARY, np.float32))
        window(x, corner, size, surroundings(words, 7, x.dtype), out.ravel(), size[1] + gap)
        for i, j in np.ndindex(*size):
            at = [naive.source(corner[a] + n, int(shape[a]), words[a]) for a, n in enumerate((i, j))]
            outside = [word for index, word in zip(at, words, strict=True) if index is None]
            expected = x[at[0], at[1]] if not outside else 0 if "zero" in outside else 7
            assert out[i, j] == expected
        assert (out[:, size[1] :] == CANARY).all()
        assert lives()


def test_whole_filters_write_all_outputs_and_touch_only_their_arrays():
    rng = np.random.default_rng(7)
    for _ in range(150):
        shape, n_out, kernel_size = rng.integers(1, 60, 2), rng.integers(1, 90, 2), rng.integers(1, 20, 2)
        x, x_lives = caged(rng.standard_normal((2, *shape)).astype(np.float32))
        h, h_lives = caged(rng.standard_normal(kernel_size).astype(np.float32))
        y, y_lives = caged(np.full((2, *n_out), CANARY, np.float32))
        x.flags.writeable = h.flags.writeable = False
        words = str(rng.choice(PADDINGS)), str(rng.choice(PADDINGS))
        around = surroundings(words, 2, x.dtype)
        offsets = int(rng.integers(-30, 50)), int(rng.integers(-30, 50))
        cut = int(rng.integers(1, 2 * n_out[0]))
        for part in ((0, cut), (cut, int(2 * n_out[0]))):
            filter_part(h, None, x, y, offsets, around, 0, *part)
        assert all(lives() for lives in (x_lives, h_lives, y_lives))
        assert not (y == CANARY).any()


def test_tiles_of_the_transform_suit_the_kernel():
    assert tile_of((15, 15), (512, 512), 4) in {(64, 64), (64, 128), (128, 64)}
    assert tile_of((1000, 3), (2000, 2000), 4) is None

"""The lectures' own examples, number by number."""

import numpy as np

import ltisys as lti


def test_the_shifting_example():
    x, h = [3, 1, 2], [3, 2, 1]
    assert lti.convolve(x, h).tolist() == [9, 9, 11, 5, 2]
    # the procedure of the slide: reverse h, slide it over x, multiply and sum, until the overlap is empty
    y = [sum(x[k] * h[n - k] for k in range(3) if 0 <= n - k < 3) for n in range(6)]
    assert y == [9, 9, 11, 5, 2, 0]


def test_the_two_dimensional_example():
    x, w = [[1, 3, 1], [0, -1, 1], [2, 2, -1]], [[1, 2], [0, -1]]
    assert lti.convolve2d(x, w).tolist() == [[1, 5, 7, 2], [0, -2, -4, 1], [2, 6, 4, -3], [0, -2, -2, 1]]


def test_the_binary_image_under_the_x_filter():
    image = [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
    x_filter = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
    scanned = lti.correlate2d(image, x_filter, "valid")
    assert scanned[0, 0] == 4
    assert scanned.tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]


def test_flipping_reproduces_the_layer_and_both_gradient_boxes_of_the_fourth_lecture():
    """There conv(x, w) is a correlation: y11 = w11·x11 + w12·x12 + w21·x21 + w22·x22."""
    rng = np.random.default_rng(0)
    x, w, y_bar = rng.integers(-9, 10, (3, 3)), rng.integers(-9, 10, (2, 2)), rng.integers(-9, 10, (2, 2))

    def conv(x, w):
        rows, columns = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
        patches = [[x[i : i + len(w), j : j + w.shape[1]] for j in range(columns)] for i in range(rows)]
        return np.array([[np.sum(w * patch) for patch in row] for row in patches])

    mirrored = w[::-1, ::-1]
    np.testing.assert_array_equal(lti.convolve2d(x, mirrored, "valid"), conv(x, w))
    x_bar, mirrored_bar = lti.convolve2d_vjp(x * 1.0, mirrored * 1.0, y_bar * 1.0, "valid")
    np.testing.assert_array_equal(mirrored_bar[::-1, ::-1], conv(x, y_bar))  # w̄ = conv(x, ȳ)
    np.testing.assert_array_equal(x_bar, conv(np.pad(y_bar, 1), mirrored))  # x̄ = conv(padded ȳ, mirrored w)


def test_output_sizes_follow_the_lectures_formulas():
    def size(n, f, stride=1, pad=0):
        return lti.convolve(np.ones(n), np.ones(f), (pad, pad), stride=stride).size

    assert size(7, 3) == 5
    assert size(7, 3, stride=2) == 3
    assert size(5, 2, stride=3) == 2
    assert size(32, 5, pad=2) == 32
    assert all(
        size(n, f, stride, pad) == (n + 2 * pad - f) // stride + 1
        for n in (5, 8) for f in (2, 3) for stride in (1, 2, 3) for pad in (0, 1, 2)
    )  # fmt: skip
    assert [lti.convolve(np.ones(n), np.ones(3), "same", stride=2).size for n in (5, 6, 7)] == [3, 3, 4]


def test_translate_and_scale_equals_flip_and_filter():
    x, w = np.array([2, -1, 1]), np.array([1, 1, 2])
    translated = sum(tap * np.concatenate([np.zeros(k), x, np.zeros(2 - k)]) for k, tap in enumerate(w))
    np.testing.assert_array_equal(lti.convolve(x, w), translated)

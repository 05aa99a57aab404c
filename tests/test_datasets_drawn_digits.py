"""Digits drawn by formulas: reproducible, well-formed, and told apart by a simple rule."""

import numpy as np
import pytest

from ltisys.datasets import drawn_digits


def test_has_the_shape_of_mnist():
    digits = drawn_digits(30, 20)
    assert digits.x_train.shape == (30, 1, 28, 28)
    assert digits.x_test.shape == (20, 1, 28, 28)
    assert digits.x_train.dtype == np.float32
    assert digits.t_train.dtype == np.int64
    assert (digits.x_train.min(), digits.x_train.max()) == (0, 1)
    assert np.bincount(digits.t_train).tolist() == [3] * 10


def test_the_seed_decides():
    same, again, other = (drawn_digits(10, 10, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(same.x_train, again.x_train)
    np.testing.assert_array_equal(same.x_test, again.x_test)
    assert not np.array_equal(same.x_train, other.x_train)
    assert not np.array_equal(same.x_train, same.x_test)


def test_digits_stay_on_the_paper_and_have_the_ink_of_digits():
    x = drawn_digits(500, 10).x_train
    ink = x.mean(axis=(1, 2, 3))
    assert 0.03 < ink.min() < ink.max() < 0.4
    assert x[:, :, [0, -1]].mean() + x[..., [0, -1]].mean() < 0.02  # hardly anything is cut off


def test_a_nearest_mean_tells_most_of_them_apart():
    digits = drawn_digits(500, 200)
    x, new = digits.x_train.reshape(500, -1), digits.x_test.reshape(200, -1)
    means = np.stack([x[digits.t_train == digit].mean(axis=0) for digit in range(10)])
    answers = np.argmin(np.square(new[:, None] - means).sum(axis=2), axis=1)
    assert 0.75 < np.mean(answers == digits.t_test) < 1  # like handwriting, they vary more than a template allows


def test_too_few_are_refused():
    with pytest.raises(ValueError, match="training must be at least 10, one image for each digit, got 5"):
        drawn_digits(5)

"""Copies of short rows: what they write, and that they touch nothing else."""

import numpy as np
import pytest
from guarded import guarded
from numba import njit

from ltisys.convolution import rows


@njit
def copy(source, i, target, o, n):
    rows.copy(source, i, target, o, n)


@njit
def take_every_second(source, i, target, o, n):
    rows.take_every_second(source, i, target, o, n)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 7, 8, 13, 15, 16, 17, 31, 32, 33, 50, 64, 65])
def test_rows_are_copied_and_their_neighbours_kept(n, dtype):
    source = np.arange(n + 5, dtype=dtype)
    target = np.full(n + 9, -1, dtype)
    copy(source, 2, target, 4, n)
    np.testing.assert_array_equal(target, [-1] * 4 + list(range(2, n + 2)) + [-1] * 5)
    source = np.arange(2 * n + 5, dtype=dtype)
    target = np.full(n + 9, -1, dtype)
    take_every_second(source, 3, target, 4, n)
    np.testing.assert_array_equal(target, [-1] * 4 + list(range(3, 2 * n + 3, 2)) + [-1] * 5)


@pytest.mark.parametrize("n", [1, 7, 16, 29, 48])
def test_nothing_beyond_a_row_is_touched(n):
    for at_end in (True, False):
        source, target = guarded(np.ones(n, np.float32), at_end), guarded(np.zeros(n, np.float32), at_end)
        copy(source, 0, target, 0, n)
        assert target.all()
        source, target = guarded(np.ones(2 * n - 1, np.float32), at_end), guarded(np.zeros(n, np.float32), at_end)
        take_every_second(source, 0, target, 0, n)
        assert target.all()

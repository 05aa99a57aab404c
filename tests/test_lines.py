"""Arrays that begin with a line of the caches: where they begin, how long they are, and that they live."""

import numpy as np
import pytest

from ltisys.convolution import lines
from ltisys.convolution.compilation import kernel
from ltisys.convolution.lines import LINE, on_a_line
from ltisys.convolution.slices import batch_is_innermost, with_batch_innermost

room, zeros = kernel(lines.room_on_a_line), kernel(lines.zeros_on_a_line)
DTYPES = [np.float32, np.float64, np.uint8]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (1,), (7,), (3, 5), (2, 0, 4), (33, 17, 3)])
def test_an_array_begins_with_a_line_and_is_all_there(shape, dtype):
    held = [on_a_line(shape, np.dtype(dtype)) for _ in range(20)]
    for n, array in enumerate(held):
        array[...] = n
    for n, array in enumerate(held):
        assert array.shape == shape
        assert array.dtype == dtype
        assert array.flags.c_contiguous
        assert array.flags.writeable
        assert array.ctypes.data % LINE == 0
        np.testing.assert_array_equal(array, n)  # no two share memory


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", [0, 1, 15, 16, 17, 1000])
def test_room_in_a_kernel_does_too(n, dtype):
    like = np.zeros(1, dtype)
    held = [(room if k % 2 else zeros)(n, like) for k in range(20)]
    for k, array in enumerate(held):
        assert array.shape == (n,)
        assert array.dtype == dtype
        assert array.ctypes.data % LINE == 0
        assert k % 2 or not array.any()
        array[:] = k
    for k, array in enumerate(held):
        np.testing.assert_array_equal(array, k)


@pytest.mark.parametrize("n_batch", [1, 7, 16, 24, 32, 128])
def test_rows_of_whole_lines_begin_with_one(n_batch):
    held = [with_batch_innermost((n_batch, 3, 5), np.float32) for _ in range(20)]  # one alone may by chance
    for array in held:
        assert array.shape == (n_batch, 3, 5)
        assert n_batch == 1 or batch_is_innermost(array)
        if n_batch * array.itemsize % LINE == 0:
            starts = array.ctypes.data + np.array(array.strides[1:]) @ np.indices((3, 5)).reshape(2, -1)
            assert not np.any(starts % LINE)

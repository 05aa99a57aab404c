"""The public functions on arrays that lie on a device, against the definitions."""

from typing import Any

import naive
import numpy as np
import pytest
from device_arrays import assert_near, lti, samples, size, there

PADDINGS = ("zero", "constant", "reflect", "symmetric", "replicate", "circular")
MODES = ("full", "same", "valid", (3, 0), (9, 20))


def words_of(padding, **others):
    return {"padding": padding, "value": 1.5 if padding == "constant" else 0, **others}


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("n_taps", [1, 4, 5])
def test_signals(n_taps, mode, padding):
    x, h = samples((7,)), samples((n_taps,), seed=1)
    words = words_of(padding)
    right = naive.convolve(x.astype(float), h.astype(float), mode, **words).astype("f4")
    assert_near(lti.convolve(there(x), there(h), mode, **words), right, size(np.append(x, 1.5), h), n_taps)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "c8", "c16", "i4", "u1", "?"])
def test_dtypes(dtype):
    x, h = samples((2, 6), dtype), samples((3,), dtype, 1)
    wide = {"f": "f8", "c": "c16"}.get(np.dtype(dtype).kind, "i8")
    result = x.dtype if np.dtype(dtype).kind in "fc" else np.dtype("i8")
    right = naive.correlate(x.astype(wide), h.astype(wide), "same").astype(result)
    assert_near(lti.correlate(there(x), there(h), "same"), right, size(x, h), 3)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("origin", [None, "ndimage", "causal", -2, 7])
def test_strides_dilations_and_origins(stride, dilation, origin):
    x, h = samples((3, 11), "f8"), samples((4,), "f8", 1)
    words = {"stride": stride, "dilation": dilation, "origin": origin, "padding": "reflect"}
    for ours, definition in ((lti.convolve, naive.convolve), (lti.correlate, naive.correlate)):
        assert_near(ours(there(x), there(h), "same", **words), definition(x, h, "same", **words), size(x, h), 4)


@pytest.mark.parametrize("rows", PADDINGS)
@pytest.mark.parametrize("columns", ["zero", "constant", "reflect"])
def test_images_with_two_paddings(rows, columns):
    x, h = samples((4, 5), "f8"), samples((3, 2), "f8", 1)
    value = 0.5 if "constant" in (rows, columns) else 0
    right = naive.convolve(x, h, "full", padding=[rows, columns], value=value)
    result = lti.convolve2d(there(x), there(h), "full", padding=(rows, columns), value=value)
    assert_near(result, right, size(x, h), 6)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize(("stride", "dilation", "groups"), [(1, 1, 1), (2, 1, 2), (1, 2, 1), (3, 2, 2)])
def test_banks_and_their_gradients(padding, stride, dilation, groups):
    x, bank = samples((2, 4, 7), "f8"), samples((6, 4 // groups, 3), "f8", 1)
    words = words_of(padding, stride=stride, dilation=dilation, groups=groups)
    right = naive.convolve_bank(x, bank, "same", **words)
    assert_near(lti.convolve_bank(there(x), there(bank), "same", **words), right, size(x, bank), 12)
    y_bar = samples(right.shape, "f8", 2)
    wanted = naive.vjp(lambda a, b: naive.convolve_bank(a, b, "same", **words), x, bank, y_bar)
    found = lti.convolve_bank_vjp(there(x), there(bank), there(y_bar), "same", **words)
    for gradient, right in zip(found, wanted, strict=True):
        assert_near(gradient, right, size(y_bar, np.append(bank, x)), 60)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("dtype", ["f4", "c16"])
def test_gradients_of_images(padding, dtype):
    x, h = samples((2, 4, 5), dtype), samples((2, 3), dtype, 1)
    words = words_of(padding, stride=(1, 2) if dtype == "f4" else 1)
    pairs: Any = words | {"stride": [1, 2] if dtype == "f4" else [1, 1]}
    wide = "f8" if dtype == "f4" else dtype
    ours, gradient = lti.convolve2d, lti.convolve2d_vjp
    y_bar = samples(tuple(ours(there(x), there(h), "full", **words).shape), dtype, 2)

    def definition(a, b):
        return naive.convolve(a, b, "full", **pairs)

    wanted = naive.vjp(definition, x.astype(wide), h.astype(wide), y_bar.astype(wide))
    for found, right in zip(gradient(there(x), there(h), there(y_bar), "full", **words), wanted, strict=True):
        assert_near(found, right.astype(dtype), size(y_bar, np.append(h, x)), 60)


def test_the_gradient_of_real_taps_on_complex_samples_is_real():
    x, h, y_bar = samples((5,), "c16"), samples((3,), "f8", 1), samples((7,), "c16", 2)
    wanted = naive.vjp(naive.convolve, x, h.astype("c16"), y_bar)
    x_bar, h_bar = lti.convolve_vjp(there(x), there(h), there(y_bar))
    assert_near(x_bar, wanted[0], size(y_bar, h), 8)
    assert_near(h_bar, np.real(wanted[1]), size(y_bar, x), 8)


def test_long_sums_are_made_of_blocks():
    x, h = np.full(1200, 0.1, "f4"), np.full(1100, 0.1, "f4")
    result = lti.convolve(there(x), there(h), "valid", method="direct").copy_to_host()
    exact = 1100 * float(np.float32(0.1)) ** 2
    assert np.abs(result - exact).max() <= (136 + 1100 / 512) * np.finfo("f4").eps * exact


@pytest.mark.parametrize("padding", ["zero", "reflect"])
@pytest.mark.parametrize("method", ["auto", "direct"])
@pytest.mark.parametrize("where", ["signal", "tap"])
def test_what_is_not_a_number_reaches_exactly_the_outputs_that_read_it(padding, method, where):
    x, h = samples((40,)), samples((5,), seed=1)
    (x if where == "signal" else h)[3] = np.nan
    for stride, dilation in ((1, 1), (2, 3)):
        words = {"padding": padding, "stride": stride, "dilation": dilation}
        right = naive.convolve(x, h, "full", **words)
        result = lti.convolve(there(x), there(h), "full", method=method, **words).copy_to_host()
        assert np.array_equal(np.isnan(result), np.isnan(right))

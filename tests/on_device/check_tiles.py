"""The tiled kernels against the definitions, where tiles, pieces of a response and borders do not fit together."""

from typing import Any

import naive
import numpy as np
import pytest
from device_arrays import assert_near, lti, samples, size, there

from ltisys.convolution.cuda import bank_tile, direct, fir_tile, image_tile, separable

PADDINGS = ("zero", "constant", "reflect", "symmetric", "replicate", "circular")
KERNELS = {each.__name__.rpartition(".")[2]: each for each in (bank_tile, direct, fir_tile, image_tile, separable)}
WIDE = {"f4": "f8", "f8": "f8", "c8": "c16"}


def words_of(padding, **others) -> dict[str, Any]:
    return {"padding": padding, "value": 1.5 if padding == "constant" else 0, **others}


def outer(n_terms: int, shape: tuple[int, int], dtype: Any) -> np.ndarray:
    """Return a response that is a sum of so many outer products."""
    n_kh, n_kw = shape
    columns, rows = samples((n_kh, n_terms), dtype, 3), samples((n_terms, n_kw), dtype, 4)
    return (columns.astype("c16") @ rows).astype(dtype) if dtype == "c8" else (columns @ rows).astype(dtype)


@pytest.fixture
def ran(monkeypatch):
    """The names of the kernels that were started, in order."""
    names = []
    for name, module in KERNELS.items():

        def spied(*args, name=name, run=module.run):
            names.append(name)
            return run(*args)

        monkeypatch.setattr(module, "run", spied)
    return names


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize(("n", "n_taps", "dtype"), [(29, 9, "f4"), (3, 11, "f8"), (17, 5, "c8"), (8, 8, "f4")])
def test_signals(ran, n, n_taps, dtype, padding):
    x, h, words = samples((2, n), dtype), samples((n_taps,), dtype, 1), words_of(padding)
    for ours, definition in ((lti.convolve, naive.convolve), (lti.correlate, naive.correlate)):
        right = definition(x.astype(WIDE[dtype]), h.astype(WIDE[dtype]), "full", **words).astype(dtype)
        assert_near(ours(there(x), there(h), "full", **words), right, size(np.append(x, 1.5), h), n_taps)
    assert set(ran) == {"fir_tile"}


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize(
    ("shape", "taps", "dtype"), [((9, 7), (4, 5), "f4"), ((2, 3), (5, 4), "f8"), ((5, 9), (2, 3), "c8")]
)
def test_images(ran, shape, taps, dtype, padding):
    x, h, words = samples((2, *shape), dtype), samples(taps, dtype, 1), words_of(padding)
    right = naive.convolve(x.astype(WIDE[dtype]), h.astype(WIDE[dtype]), "full", **words).astype(dtype)
    result = lti.convolve2d(there(x), there(h), "full", **words)
    assert_near(result, right, size(np.append(x, 1.5), h), h.size)
    assert ran == ["image_tile"]


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize(("taps", "n_terms", "dtype"), [((4, 5), 1, "f4"), ((6, 3), 2, "f8"), ((3, 4), 2, "c8")])
def test_outer_products_in_one_tile(ran, taps, n_terms, dtype, padding):
    x, h, words = samples((2, 7, 9), dtype), outer(n_terms, taps, dtype), words_of(padding)
    right = naive.convolve(x.astype(WIDE[dtype]), h.astype(WIDE[dtype]), "full", **words).astype(dtype)
    result = lti.convolve2d(there(x), h, "full", method="separable", **words)
    assert_near(result, right, size(np.append(x, 1.5), h), 496)
    assert ran == ["separable"]


@pytest.mark.parametrize("padding", ["zero", "constant", "circular"])
@pytest.mark.parametrize(("taps", "stride", "dilation"), [((40, 2), 1, 1), ((3, 4), (2, 1), 1), ((3, 3), 1, 2)])
def test_outer_products_beyond_one_tile(ran, taps, stride, dilation, padding):
    x, h = samples((5, 6), "f8"), outer(2, taps, "f8")
    words = words_of(padding, stride=stride, dilation=dilation)
    pairs: Any = words | {"stride": list(stride) if isinstance(stride, tuple) else stride}
    right = naive.convolve(x, h, "full", **pairs)
    assert_near(lti.convolve2d(there(x), there(h), "full", method="separable", **words), right, size(x, h), 496)
    assert len(ran) == 2
    assert "separable" not in ran


def test_integers_are_factored_exactly_or_not_at_all():
    x, h = samples((5, 6), "i4"), np.outer([1, 2, 1], [3, -4])
    result = lti.convolve2d(there(x), h, method="separable")
    assert np.array_equal(result.copy_to_host(), naive.convolve(x.astype("i8"), h))


def test_two_passes_are_chosen_where_the_response_is_in_main_memory_and_they_pay(ran):
    x = there(samples((4, 5)))
    wide = outer(1, (8, 8), "f4")
    lti.convolve2d(x, wide)
    assert ran == ["separable"]
    ran.clear()
    for response in (there(wide), samples((8, 8)), outer(1, (5, 5), "f4")):
        lti.convolve2d(x, response)
    assert ran == ["image_tile"] * 3
    with pytest.raises(ValueError, match="needs a kernel that is a sum of at most 2 outer products"):
        lti.convolve2d(x, there(samples((8, 8))), method="separable")


def test_which_kernel_serves_what(ran):
    signals, planes = there(samples((2, 4, 9))), there(samples((2, 4, 5, 6)))
    for x, bank, groups in ((signals, (4, 1, 3), 4), (planes, (4, 1, 3, 3), 4), (signals, (4, 4, 3), 1)):
        lti.convolve_bank(x, samples(bank), groups=groups)
    lti.convolve_bank(signals, samples((2, 4, 3)))
    lti.convolve(signals, samples((3,)), stride=2)
    lti.convolve(there(samples((9,), "c16")), samples((3,)))
    assert ran == ["fir_tile", "image_tile", "bank_tile", "direct", "direct", "direct"]


@pytest.mark.parametrize("shape", [(2, 3, 9), (2, 3, 3, 5)])
def test_depthwise_banks_and_their_gradients(shape):
    x, bank = samples(shape, "f8"), samples((3, 1, *(2, 3)[-len(shape) + 2 :]), "f8", 1)
    words = {"padding": "reflect", "groups": 3}
    right = naive.convolve_bank(x, bank, "same", **words)
    assert_near(lti.convolve_bank(there(x), there(bank), "same", **words), right, size(x, bank), 12)
    y_bar = samples(right.shape, "f8", 2)
    wanted = naive.vjp(lambda a, b: naive.convolve_bank(a, b, "same", **words), x, bank, y_bar)
    found = lti.convolve_bank_vjp(there(x), there(bank), there(y_bar), "same", **words)
    for gradient, right in zip(found, wanted, strict=True):
        assert_near(gradient, right, size(y_bar, np.append(bank, x)), 60)


@pytest.mark.parametrize("dtype", ["f4", "c8"])
def test_banks_in_two_dimensions(ran, dtype):
    x, bank = samples((2, 2, 4, 5), dtype), samples((5, 2, 2, 3), dtype, 1)
    words: dict[str, Any] = {"padding": "symmetric", "stride": (1, 2), "dilation": (2, 1)}
    pairs: Any = {key: list(value) if isinstance(value, tuple) else value for key, value in words.items()}
    right = naive.convolve_bank(x.astype(WIDE[dtype]), bank.astype(WIDE[dtype]), "same", **pairs).astype(dtype)
    assert_near(lti.convolve_bank(there(x), there(bank), "same", **words), right, size(x, bank), 12)
    assert ran == ["bank_tile"]


def test_long_sums_of_banks_are_made_of_blocks():
    x, bank = samples((1, 1, 302)), samples((4, 1, 300), seed=1)
    right = naive.convolve_bank(x.astype("f8"), bank.astype("f8"), "valid").astype("f4")
    assert_near(lti.convolve_bank(there(x), there(bank), "valid"), right, size(x, bank[:1]) * 2, 2)


@pytest.mark.filterwarnings("ignore:.*invalid value:RuntimeWarning")  # a tap of zero times infinity
@pytest.mark.parametrize("strange", [np.nan, np.inf])
@pytest.mark.parametrize("where", ["sample", "tap"])
@pytest.mark.parametrize("padding", ["zero", "reflect"])
def test_what_is_not_a_number_reaches_exactly_the_outputs_that_read_it(padding, where, strange):
    x, h, bank = samples((5, 9)), outer(1, (3, 4), "f4"), samples((4, 1, 2, 3), seed=2)
    h[1, 1] = bank[1, 0, 1, 1] = 0
    if where == "tap":
        h[2, 3] = bank[2, 0, 1, 0] = strange
    else:
        x[2, 3] = strange
    for definition, ours, batch, response in (
        (naive.convolve, lti.convolve2d, x, h),
        (naive.convolve_bank, lti.convolve_bank, x[None, None], bank),
    ):
        right = definition(batch, response, "full", padding=padding)
        result = ours(there(batch), there(response), "full", padding=padding).copy_to_host()
        assert np.array_equal(np.isfinite(result), np.isfinite(right))
        assert np.array_equal(np.isnan(result), np.isnan(right))


def test_infinities_take_the_response_itself_and_not_its_factors():
    x, h = samples((5, 9), "f8"), outer(2, (3, 4), "f8")
    x[1, 2] = np.inf
    result = lti.convolve2d(there(x), h, "full", method="separable").copy_to_host()
    right = naive.convolve(x, h, "full")
    assert np.array_equal(np.isinf(result), np.isinf(right))
    assert not np.isnan(result).any()

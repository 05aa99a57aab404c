# pyright: reportArgumentType=false, reportCallIssue=false
# wrong types are what some of these tests are about
import naive
import numpy as np
import pytest
from cases import PADDINGS
from hypothesis import given
from hypothesis import strategies as st

import ltisys as lti
from ltisys.convolution.extension import extended_adjoint

NUMPY_NAMES = {
    "zero": "constant",
    "reflect": "reflect",
    "symmetric": "symmetric",
    "replicate": "edge",
    "circular": "wrap",
}


@given(n=st.integers(1, 6), before=st.integers(0, 20), after=st.integers(0, 20), padding=st.sampled_from(PADDINGS))
def test_extension_follows_the_definition(n, before, after, padding):
    x = np.arange(1, n + 1)
    value = {"value": 7} if padding == "constant" else {}
    fill = 7 if padding == "constant" else 0
    at = [naive.source(i, n, padding) for i in range(-before, n + after)]
    expected = [fill if i is None else x[i] for i in at]
    assert lti.extend(x, before, after, padding, **value).tolist() == expected


@pytest.mark.parametrize("padding", NUMPY_NAMES)
def test_extension_agrees_with_numpy_pad(padding):
    x = np.random.default_rng(0).standard_normal((3, 5, 2))
    expected = np.pad(x, [(0, 0), (4, 3), (0, 0)], mode=NUMPY_NAMES[padding])
    np.testing.assert_array_equal(lti.extend(x, 4, 3, padding, axis=1), expected)


@given(n=st.integers(1, 6), before=st.integers(0, 20), after=st.integers(0, 20), padding=st.sampled_from(PADDINGS))
def test_extension_passes_the_dot_test(n, before, after, padding):
    rng = np.random.default_rng(1)
    x, y_bar = rng.integers(-9, 10, (2, n)), rng.integers(-9, 10, (2, before + n + after))
    y = lti.extend(x, before, after, padding)
    assert np.sum(y * y_bar) == np.sum(x * extended_adjoint(y_bar, before, after, padding, -1))


def test_aliases_name_the_same_extension():
    x = [1, 2, 3]
    for alias, word in {
        "zeros": "zero",
        "mirror": "reflect",
        "reflect_101": "reflect",
        "edge": "replicate",
        "nearest": "replicate",
        "wrap": "circular",
    }.items():
        np.testing.assert_array_equal(lti.extend(x, 4, 4, alias), lti.extend(x, 4, 4, word))


def test_extension_keeps_the_dtype():
    for dtype in (np.float16, np.int8, np.complex64, bool):
        assert lti.extend(np.ones(3, dtype), 1, 1, "reflect").dtype == dtype


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([1, 2], -1, 0), ValueError, "before must be at least 0, got -1"),
        (([1, 2], 0, 1.5), TypeError, "after must be an integer, got 1.5"),
        (
            ([1, 2], 1, 1, "mirrored"),
            ValueError,
            "unknown padding 'mirrored'.*scipy.ndimage's 'reflect' is 'symmetric'",
        ),
        (([], 1, 1), ValueError, "empty signal"),
    ],
)
def test_bad_arguments_are_quoted(arguments, error, message):
    with pytest.raises(error, match=message):
        lti.extend(*arguments)


def test_a_value_needs_the_constant_padding():
    with pytest.raises(ValueError, match="value=2 goes with padding='constant' only, the padding given is 'reflect'"):
        lti.extend([1, 2], 1, 1, "reflect", value=2)
    with pytest.raises(TypeError, match=r"value=0\.5 does not fit data of dtype int64"):
        lti.extend([1, 2], 1, 1, "constant", value=0.5)
    with pytest.raises(TypeError, match="value=1j is complex and the data are float64"):
        lti.extend([1.0, 2], 1, 1, "constant", value=1j)
    with pytest.raises(TypeError, match="value must be one number"):
        lti.extend([1.0, 2], 1, 1, "constant", value=[1, 2])
    with pytest.raises(ValueError, match="axis 1 does not exist: x has 1 dimension"):
        lti.extend([1.0, 2], 1, 1, axis=1)

"""Hypothesis strategies for convolution jobs, with integer-valued data so that laws are equalities."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

PADDINGS = ("zero", "constant", "reflect", "symmetric", "replicate", "circular")
ORIGINS = (None, "numpy", "ndimage", "causal", -2, 0, 1, 9)


@st.composite
def integer_arrays(draw, shape):
    """Draw an int64 array with entries of −9 … 9."""
    size = int(np.prod(shape))
    return np.array(draw(st.lists(st.integers(-9, 9), min_size=size, max_size=size)), np.int64).reshape(shape)


def lengths(most):
    return st.integers(1, most)


@st.composite
def modes(draw, n, length):
    """Draw a mode that leaves at least one output."""
    before = draw(st.integers(0, 12))
    least_after = max(0, length - n - before)
    pair = (before, least_after + draw(st.integers(0, 12)))
    words = ["full", "same", pair] + (["valid"] if length <= n else [])
    return draw(st.sampled_from(words))


@st.composite
def axis_words(draw, n, k):
    """Draw mode, padding, stride, dilation and origin along one axis."""
    dilation = draw(st.integers(1, 3))
    return {
        "mode": draw(modes(n, dilation * (k - 1) + 1)),
        "padding": draw(st.sampled_from(PADDINGS)),
        "stride": draw(st.integers(1, 4)),
        "dilation": dilation,
        "origin": draw(st.sampled_from(ORIGINS)),
    }


def with_value(words) -> dict[str, Any]:
    """Add a value where a constant is asked for."""
    padding = words["padding"]
    return {**words, "value": 3 if "constant" in padding else 0}


@st.composite
def jobs(draw, longest=9, taps=6):
    """Draw (x (R, N), h (K,), words) for the one-dimensional functions."""
    n, k = draw(lengths(longest)), draw(lengths(taps))
    x = draw(integer_arrays((draw(st.integers(1, 2)), n)))
    return x, draw(integer_arrays((k,))), with_value(draw(axis_words(n, k)))


@st.composite
def jobs2d(draw, shape=None, kernel=None):
    """Draw (x (H, W), h (KH, KW), words), the words as one list entry per axis."""
    (height, width) = shape or (draw(lengths(5)), draw(lengths(6)))
    (k_height, k_width) = kernel or (draw(lengths(3)), draw(lengths(4)))
    down, across = draw(axis_words(height, k_height)), draw(axis_words(width, k_width))
    same_kind = ("mode",)  # one word for both axes, or a pair of pairs
    for name in same_kind:
        if isinstance(down[name], str) or isinstance(across[name], str):
            word = "full" if "valid" in (down[name], across[name]) else draw(st.sampled_from(["full", "same"]))
            down[name] = across[name] = word
    words = {name: [down[name], across[name]] for name in down}
    x, h = draw(integer_arrays((height, width))), draw(integer_arrays((k_height, k_width)))
    return x, h, with_value(words)


def typed(words) -> dict[str, Any]:
    """Return drawn words as the library takes them: tuples per axis, one mode word for both axes."""
    given = {name: tuple(word) if isinstance(word, list) else word for name, word in words.items()}
    mode = given["mode"]
    if isinstance(mode, tuple) and isinstance(mode[0], str):
        given["mode"] = mode[0]
    return given

"""Plans: the same results as the plain calls, explained, and refused in words when they do not fit."""

import threading
from typing import Any

import numpy as np
import pytest

import ltisys as lti
from ltisys.convolution import layout, prepared
from ltisys.convolution.explain import error_factor

CASES = [
    ((3, 100), (7,), {"mode": "same", "padding": "reflect"}, lti.convolve),
    ((100, 3), (7,), {"axis": 0, "stride": 2}, lti.convolve),
    ((2, 30, 40), (3, 5), {"mode": "same", "padding": ("circular", "replicate")}, lti.convolve2d),
    ((20, 4, 9, 8), (6, 2, 3, 3), {"groups": 2}, lti.convolve_bank),
    ((2, 3, 50), (4, 3, 5), {"mode": (1, 2), "dilation": 2}, lti.convolve_bank),
]


@pytest.mark.parametrize(("x_shape", "h_shape", "words", "function"), CASES)
@pytest.mark.parametrize("dtype", [np.float32, np.complex128, np.int64])
def test_a_plan_does_what_the_plain_call_does(x_shape, h_shape, words, function, dtype):
    rng = np.random.default_rng(0)
    x, h = (rng.integers(-9, 10, shape).astype(dtype) for shape in (x_shape, h_shape))
    plan = lti.plan(x_shape, h_shape, dtype, **words)
    expected = function(x, h, **words)
    assert plan.y_shape == expected.shape
    out = np.empty_like(expected, order="C")
    for y in (plan(x, h), plan.bind(h)(x), plan.bind(h)(x, out=out), plan(x, h, out=out)):
        np.testing.assert_array_equal(y, expected)
        assert y.dtype == expected.dtype


def test_a_filter_keeps_the_response_it_was_made_with():
    h = np.array([1.0, 2.0, 3.0])
    smooth = lti.plan((5,), (3,), float).bind(h)
    h[:] = 0
    np.testing.assert_array_equal(smooth([1, 0, 0, 0, 0])[:3], [1, 2, 3])


def test_the_result_may_overwrite_the_signal():
    rng = np.random.default_rng(1)
    x, h = rng.standard_normal(100), rng.standard_normal(9)
    expected = lti.convolve(x, h, "same")
    assert lti.convolve(x, h, "same", out=x) is x
    np.testing.assert_array_equal(x, expected)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: lti.plan((4,), (3,), "f4", groups=2), TypeError, "takes the keywords mode, .* and axis, got 'groups'"),
        (lambda: lti.plan((4,), (3, 1, 1, 1, 1), "f4"), ValueError, r"the rank of h .* got h_shape=\(3, 1, 1, 1, 1\)"),
        (lambda: lti.plan(4, (3,), "f4"), TypeError, "x_shape must be a tuple of integers, got 4"),  # pyright: ignore
        (lambda: lti.plan((4.5,), (3,), "f4"), TypeError, "length in x_shape must be an integer, got 4.5"),  # pyright: ignore
        (lambda: lti.plan((4,), (3,), "f4", padding="none"), ValueError, "unknown padding 'none'"),
        (lambda: lti.plan((4,), (3,), object), TypeError, "cannot convolve dtype object"),
        (lambda: lti.plan((4,), (3,), "f4").bind([1, 2]), ValueError, r"takes h of shape \(3,\), got \(2,\)"),
        (lambda: lti.plan((4,), (3,), "f4")(np.ones(5), [1, 2, 3]), ValueError, r"takes x of shape \(4,\), got \(5,\)"),
        (lambda: lti.plan((4,), (3,), "f4").bind(np.ones(3)), TypeError, "of dtype float32, got float64: convert it"),
        (
            lambda: lti.plan((9, 9), (3, 3), "f4", method="separable").bind(np.eye(3, dtype="f4")),
            ValueError,
            "method='separable' needs",
        ),
        (lambda: lti.plan((4,), (3,), "f4").bind([1, 2, 3])([1, 2, 3, 4], out=np.empty(5)), ValueError, "out must be"),
    ],
)
def test_what_does_not_fit_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_plan_explains_its_choice():
    text = lti.plan((48000,), (1024,), np.float32).explain()
    assert "method: fft, the cheapest" in text
    assert "direct" in text
    assert "workspace: about" in text
    assert "eps·S" in text
    assert "as asked" in lti.plan((48000,), (1024,), np.float32, method="direct").explain()
    images = lti.plan((512, 512), (15, 15), np.float32)
    box = images.bind(np.ones((15, 15), np.float32))
    assert (images.method, box.method) == ("fft", "separable")
    assert "separable, the cheapest" in box.explain()


@pytest.mark.parametrize("method", ["direct", "fft"])
def test_the_error_stays_below_what_the_plan_promises(method):
    rng = np.random.default_rng(2)
    x, h = rng.standard_normal(3000).astype(np.float32), rng.standard_normal(700).astype(np.float32)
    ready = lti.plan(x.shape, h.shape, np.float32, method=method).bind(h)
    error = np.abs(ready(x) - np.convolve(x.astype(float), h.astype(float))).max()
    bound = ready._prepared.bound
    scale = np.finfo(np.float32).eps * np.abs(h).sum() * np.abs(x).max()
    assert 0 < error <= error_factor(method, bound.w, bound.operator) * scale


def test_plain_calls_reuse_what_follows_from_a_response_by_its_content():
    h = np.random.default_rng(3).standard_normal(5000).astype(np.float32)
    laid = lti.plan((20000,), (5000,), np.float32)._layout
    first = prepared.recent_filter(laid, h)
    assert prepared.recent_filter(laid, h.copy()) is first
    h[2500] += 1  # in the middle, where the key does not look
    other = prepared.recent_filter(laid, h)
    assert other is not first
    assert np.array_equal(other.bound.w.ravel(), h)
    assert len(prepared._filters) <= prepared.RECENT_FILTERS


def test_words_that_look_alike_are_still_checked():
    x, bank = np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 3))
    kept: list[dict[str, Any]] = [{"stride": 1}, {"stride": (1, 1)}, {"mode": ((1, 1), (1, 1))}, {"mode": (1, 1)}]
    wrong: list[dict[str, Any]] = [
        {"stride": True},
        {"stride": (True, 1)},
        {"mode": ((1, True), (1, 1))},
        {"mode": (1.0, 1)},
    ]
    for words in kept:
        lti.convolve_bank(x, bank, **words)
    for words in wrong:
        with pytest.raises(TypeError, match="must be an integer, got"):
            lti.convolve_bank(x, bank, **words)


def test_words_in_tuples_find_recent_layouts():
    x, bank = np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 3))
    words = (((1, 1), (0, 2)), ("zero", "reflect"), 0, (1, 2), 1, (None, 0), "auto")
    assert layout.laid_out(layout.lay_out_bank, x, bank, words, 1) is layout.laid_out(
        layout.lay_out_bank, x, bank, words, 1
    )


def test_recent_filters_serve_many_threads():
    rng = np.random.default_rng(4)
    x = rng.standard_normal((8, 20000))
    responses = [rng.standard_normal(int(n)) for n in (3, 40, 900)]
    expected = [[lti.convolve(row, h) for h in responses] for row in x]
    wrong = []

    def work(row):
        for _ in range(20):
            for h, y in zip(responses, expected[row], strict=True):
                if not np.array_equal(lti.convolve(x[row], h), y):
                    wrong.append(row)

    threads = [threading.Thread(target=work, args=(row,)) for row in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong

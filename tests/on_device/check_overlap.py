"""Overlap-save as the engine calls it: NumPy takes CuPy's part in the simulator."""

import naive
import numpy as np
import pytest
from device_arrays import assert_near, lti, samples, size, there

from ltisys.convolution.cuda import calls, choice, spectra
from ltisys.convolution.cuda.prepared import prepare_bank
from ltisys.convolution.cuda.target import SIMULATED
from ltisys.convolution.layout import Words
from ltisys.convolution.separable import factors

FACTOR = 16 * 8  # terms that stand for 8·log2(block) in the bound of `assert_near`


@pytest.fixture(autouse=True)
def _library(monkeypatch):
    if SIMULATED:
        monkeypatch.setattr(choice, "has_transforms", lambda: True)
        monkeypatch.setattr(spectra, "SHORTEST", {1: 8, 2: 4})


@pytest.mark.parametrize("padding", ["zero", "reflect", "circular"])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 2)])
def test_signals_and_their_gradients(padding, stride, dilation):
    x, h = samples((2, 19)), samples((3,), seed=1)
    words = {"padding": padding, "stride": stride, "dilation": dilation}
    right = naive.convolve(x.astype("f8"), h.astype("f8"), "full", **words)
    result = lti.convolve(there(x), there(h), "full", method="fft", **words)
    assert_near(result, right.astype("f4"), size(x, h), FACTOR)
    y_bar = samples(right.shape, seed=2)
    wanted = lti.convolve_vjp(x, h, y_bar, "full", **words)
    found = lti.convolve_vjp(there(x), there(h), there(y_bar), "full", method="fft", **words)
    for gradient, right in zip(found, wanted, strict=True):
        assert_near(gradient, right, size(y_bar, np.append(h, x)), FACTOR)


def test_images():
    x, h = samples((7, 9), "f8"), samples((3, 2), "f8", 1)
    right = naive.convolve(x, h, "full", padding=["symmetric", "constant"], value=0.5)
    result = lti.convolve2d(there(x), there(h), "full", padding=("symmetric", "constant"), value=0.5, method="fft")
    assert_near(result, right, size(np.append(x, 0.5), h), FACTOR)


@pytest.mark.parametrize("where", ["signal", "tap"])
def test_what_is_not_a_number_reaches_exactly_the_outputs_that_read_it(where):
    x, h = samples((40,)), samples((5,), seed=1)
    (x if where == "signal" else h)[3] = np.nan
    result = lti.convolve(there(x), there(h), method="fft").copy_to_host()
    assert np.array_equal(np.isnan(result), np.isnan(naive.convolve(x, h, "full")))


def test_integers_and_missing_transforms_are_refused(monkeypatch):
    with pytest.raises(ValueError, match="method='fft' would round integers on a GPU"):
        lti.convolve(there(np.array([1, 2])), [1], method="fft")
    monkeypatch.setattr(choice, "has_transforms", lambda: False)
    choice.on_device.cache_clear()
    with pytest.raises(ValueError, match="method='fft' on a GPU needs CuPy"):
        lti.convolve(there(np.ones(9)), [1.0, 2.0], method="fft")
    choice.on_device.cache_clear()


def test_a_bank_made_ready_for_a_step_of_training():
    x, bank, y_bar = samples((2, 2, 9)), samples((3, 2, 3), seed=1), samples((2, 3, 9), seed=2)
    filters = prepare_bank(there(x), there(bank), Words("same"), 1)
    assert_near(filters(there(x)), lti.convolve_bank(x, bank), size(x, bank), 6)
    x_bar, bank_bar = lti.convolve_bank_vjp(x, bank, y_bar)
    assert_near(filters.wrt_input(there(x), there(y_bar)), x_bar, size(y_bar, bank), 6)
    assert_near(filters.wrt_kernel(there(x), there(y_bar), there(bank)), bank_bar, size(y_bar, x), 30)
    with pytest.raises(TypeError, match="bank lies in main memory and x on a GPU"):
        prepare_bank(there(x), bank, Words("same"), 1)


def test_plans_for_the_device():
    x, h = samples((2, 9)), samples((3,), seed=1)
    plan = lti.plan(x.shape, h.shape, np.float32, device="gpu")
    for result in (plan(there(x), h), plan.bind(there(h))(there(x))):
        assert_near(result, naive.convolve(x, h, "full"), size(x, h), 3)
    with pytest.raises(ValueError, match=r"takes x of shape \(2, 9\), got \(9,\)"):
        plan(there(x[0]), h)


@pytest.mark.parametrize("where", [np.asarray, there], ids=["main memory", "device"])
def test_the_filter_of_a_plan_looks_for_factors_once(monkeypatch, where):
    asked = []
    monkeypatch.setattr(calls, "factors", lambda w: asked.append(w) or factors(w))
    x, h = samples((6, 7)), np.outer(samples((3,)), samples((2,), seed=1))
    words = {"mode": "full", "padding": "reflect", "method": "separable"}
    ready = lti.plan(x.shape, h.shape, np.float32, device="gpu", **words).bind(where(h))
    right = naive.convolve(x.astype("f8"), h.astype("f8"), "full", padding="reflect")
    for _ in range(3):
        assert_near(ready(there(x)), right.astype("f4"), size(x, h), FACTOR)
    assert len(asked) == 1

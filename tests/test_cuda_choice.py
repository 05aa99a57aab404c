"""What a GPU is predicted to take for which job: told without one."""

import numpy as np
import pytest

import ltisys as lti
from ltisys.convolution.cuda import choice


@pytest.fixture(autouse=True)
def _transforms(monkeypatch):
    choice.on_device.cache_clear()
    monkeypatch.setattr(choice, "has_transforms", lambda: True)
    yield
    choice.on_device.cache_clear()


def crossover(lengths, shape, of_response) -> int:
    plans = [lti.plan(shape, of_response(k), np.float32, mode="same", device="gpu") for k in lengths]
    return next(k for k, plan in zip(lengths, plans, strict=True) if plan.method == "fft")


def test_long_responses_are_transformed():
    assert 200 <= crossover(range(150, 400, 10), (1 << 26,), lambda k: (k,)) <= 256
    assert 17 <= crossover(range(3, 40, 2), (8192, 8192), lambda k: (k, k)) <= 23


def test_short_signals_and_integers_are_summed():
    assert lti.plan((4096,), (512,), np.float32, device="gpu").method == "direct"
    assert lti.plan((1 << 26,), (4096,), np.int64, device="gpu").method == "direct"


def test_without_a_library_of_transforms_everything_is_summed(monkeypatch):
    monkeypatch.setattr(choice, "has_transforms", lambda: False)
    plan = lti.plan((1 << 26,), (4096,), np.float32, device="gpu")
    assert plan.method == "direct"
    assert "note: method 'fft' needs CuPy, which is not installed" in plan.explain()
    with pytest.raises(ValueError, match="method='fft' on a GPU needs CuPy"):
        lti.plan((99,), (9,), np.float32, method="fft", device="gpu")


def test_a_plan_says_where_and_by_what_and_how_long():
    text = lti.plan((1 << 26,), (64,), np.float32, mode="same", device="gpu").explain()
    assert "method='direct'" in text
    assert "device: gpu, priced as an NVIDIA H200" in text
    assert "by arithmetic and not measured: direct 176 µs, fft " in text
    assert "kernel: sums of this library's kernels" in text
    forced = lti.plan((99,), (9,), np.float32, method="fft", device="gpu")
    assert (forced.method, forced.device) == ("fft", "gpu")
    assert "method: fft, as asked" in forced.explain()


def test_unknown_devices_are_quoted():
    with pytest.raises(ValueError, match="unknown device 'tpu': use 'cpu' or 'gpu'"):
        lti.plan((9,), (3,), np.float32, device="tpu")

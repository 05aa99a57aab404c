"""Overlap-save for the device, run with NumPy as its library, against the definitions."""

import naive
import numpy as np
import pytest

from ltisys.convolution.cuda import spectra
from ltisys.convolution.layout import laid_out, lay_out_bank

PADDINGS = ("zero", "constant", "reflect", "symmetric", "replicate", "circular")


@pytest.fixture(autouse=True)
def _short_blocks(monkeypatch):
    monkeypatch.setattr(spectra, "SHORTEST", {1: 8, 2: 4})
    monkeypatch.setattr(spectra, "PER_TAP", 2)
    monkeypatch.setattr(spectra, "AT_ONCE", 40)


def both_ways(x, bank, mode="same", *, groups=1, **words):
    """Return outputs, and the two gradients for an error signal that is returned too."""
    layout = laid_out(lay_out_bank, x, bank, tuple({"mode": mode, "padding": "zero", "value": 0, "stride": 1,
        "dilation": 1, "origin": None, "method": "direct", **words}.values()), groups)  # fmt: skip
    operator = layout.operator
    axes = spectra.lines_of(tuple(zip((operator.rows, operator.columns), operator.padding, strict=True)))
    w, batch = layout.kernel(bank), x.reshape(layout.x_shape)
    y = np.full((len(x), *w.shape[:2], operator.rows.n_out, operator.columns.n_out), np.nan, batch.dtype)
    spectra.convolve(w, batch, y, axes, operator.value, np)
    y_bar = np.random.default_rng(5).standard_normal(y.shape).astype(y.dtype)
    w_bar = spectra.wrt_kernel(batch, y_bar, axes, operator.value, np)
    return y.reshape(layout.y_shape), w_bar.reshape(bank.shape), y_bar.reshape(layout.y_shape)


def agrees_in_a_direction(w_bar, y_bar, definition):
    """Check ⟨w̄, d⟩ = ⟨ȳ, d ∗ x⟩ for a random d: outputs are linear in the taps."""
    d = np.random.default_rng(6).standard_normal(w_bar.shape).astype(w_bar.dtype)
    assert np.vdot(w_bar, d) == pytest.approx(np.vdot(y_bar, definition(d)), rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize(("mode", "stride", "dilation", "groups"), [
    ("full", 1, 1, 1), ("same", 2, 1, 2), ("valid", 1, 2, 1), ((15, 20), 3, 2, 2), ((15, 20), 23, 1, 1),
])  # fmt: skip
def test_signals(padding, mode, stride, dilation, groups):
    rng = np.random.default_rng(1)
    x, bank = rng.standard_normal((2, 2, 13)), rng.standard_normal((2, 2 // groups, 3))
    words = {"padding": padding, "value": 1.5 if padding == "constant" else 0, "stride": stride, "dilation": dilation}
    y, w_bar, y_bar = both_ways(x, bank, mode, groups=groups, **words)
    np.testing.assert_allclose(y, naive.convolve_bank(x, bank, mode, groups=groups, **words), atol=1e-12)
    agrees_in_a_direction(w_bar, y_bar, lambda taps: naive.convolve_bank(x, taps, mode, groups=groups, **words))


@pytest.mark.parametrize("rows", PADDINGS)
@pytest.mark.parametrize("columns", ["zero", "constant", "reflect"])
@pytest.mark.parametrize("stride", [1, (2, 3)])
def test_images(rows, columns, stride):
    rng = np.random.default_rng(2)
    x, bank = rng.standard_normal((2, 1, 5, 6)), rng.standard_normal((1, 1, 3, 2))
    value = 0.5 if "constant" in (rows, columns) else 0
    y, w_bar, y_bar = both_ways(x, bank, "full", padding=(rows, columns), value=value, stride=stride)
    words = {"padding": [rows, columns], "value": value, "stride": [stride, stride] if stride == 1 else list(stride)}
    np.testing.assert_allclose(y, naive.convolve_bank(x, bank, "full", **words), atol=1e-12)
    agrees_in_a_direction(w_bar, y_bar, lambda taps: naive.convolve_bank(x, taps, "full", **words))


def test_float32_keeps_the_contract(monkeypatch):
    rng = np.random.default_rng(3)
    x, bank = rng.standard_normal((1, 1, 5000)).astype("f4"), rng.standard_normal((1, 1, 300)).astype("f4")
    monkeypatch.setattr(spectra, "SHORTEST", {1: 1024, 2: 64})
    y, _, _ = both_ways(x, bank, "same")
    assert y.dtype == np.float32
    right = np.convolve(x[0, 0].astype("f8"), bank[0, 0].astype("f8"), "same")
    size = float(np.abs(bank).astype("f8").sum()) * float(np.abs(x).max())
    assert np.abs(y[0, 0] - right).max() <= 8 * np.finfo("f4").eps * np.log2(1024) * size


def test_complex_responses_and_their_gradients():
    rng = np.random.default_rng(4)
    x, bank = (rng.standard_normal(s) + 1j * rng.standard_normal(s) for s in ((2, 1, 15), (2, 1, 4)))
    y, w_bar, y_bar = both_ways(x, bank, "full", padding="reflect")
    np.testing.assert_allclose(y, naive.convolve_bank(x, bank, "full", padding="reflect"), atol=1e-12)
    agrees_in_a_direction(w_bar, y_bar, lambda taps: naive.convolve_bank(x, taps, "full", padding="reflect"))

"""Powers of pairs and their compression, against their equations."""

import numpy as np
import pytest

from ltisys import audio, nn

RNG = np.random.default_rng


def pcen(x, alpha=0.98, delta=2.0, r=0.5, share=0.025, eps=1e-6):
    """The equation, frame by frame."""
    mean = x[..., 0]
    out = []
    for n in range(x.shape[-1]):
        mean = (1 - share) * mean + share * x[..., n]
        out.append((x[..., n] / (eps + mean) ** alpha + delta) ** r - delta**r)
    return np.stack(out, axis=-1)


@pytest.mark.parametrize("words", [{}, {"alpha": 0.5, "delta": 0.1, "r": 0.25, "share": 0.3, "eps": 1e-3}])
def test_pcen_is_its_equation(words):
    x = RNG(0).exponential(size=(2, 3, 20))
    layer = nn.PCEN(3, **words).astype(np.float64)
    np.testing.assert_allclose(layer(x).value, pcen(x, **words), rtol=1e-6)


def test_pcen_stays_finite_in_silence_and_so_do_its_error_signals():
    layer = nn.PCEN(2)
    x = nn.Variable(np.zeros((1, 2, 5), np.float32))
    layer(x).sum().backward()
    for value in (x.grad, *(p.grad for p in layer.parameters())):
        assert value is not None
        assert np.isfinite(value).all()


def test_pcen_divides_loudness_out():
    x = RNG(0).exponential(size=(1, 1, 400)) + 0.1
    quiet, loud = (nn.PCEN(1, alpha=1.0)(gain * x).value[..., 200:] for gain in (1, 1000))
    np.testing.assert_allclose(loud, quiet, rtol=1e-4)


def test_a_front_end_of_layers_follows_the_log_mel():
    rate, hop = 16000, 160
    t = np.arange(rate) / rate
    x = np.sin(2 * np.pi * (300 * t + 1500 * t**2)).astype(np.float32)[np.newaxis] * 0.1
    bank = nn.FilterBank(audio.gabor_taps(40, 401, rate), 40, mode="valid")
    y = nn.Sequential(bank, nn.PairPower(), nn.AvgPool(4), nn.Log())(x).value[0]
    mel = audio.LogMel()(x[0])
    frames = min(y.shape[1], mel.shape[1])
    assert np.abs(y[:, :frames].argmax(axis=0) - mel[:, :frames].argmax(axis=0)).max() <= 1
    assert hop == 40 * 4


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.PCEN(0), "PCEN needs at least 1 channel, got 0"),
        (lambda: nn.PCEN(2, r=0.0), r"r must be positive, got 0\.0"),
        (lambda: nn.PCEN(2, share=1.5), r"share must be at most 1, got 1\.5"),
        (lambda: nn.PCEN(2)(np.ones((1, 3, 4))), r"takes \(B, 2, N\), got shape \(1, 3, 4\)"),
        (lambda: nn.Log(0.0), r"floor must be positive, got 0\.0"),
        (lambda: nn.PairPower()(np.ones((1, 3, 4))), r"pairs need an even number of channels along axis 1, got shape"),
    ],
)
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_layers_survive_storage(tmp_path):
    net = nn.Sequential(nn.PairPower(), nn.PCEN(2, r=0.3, share=0.2), nn.Log(0.5)).eval()
    x = RNG(0).standard_normal((2, 4, 9)).astype(np.float32)
    nn.save(net, tmp_path / "m.safetensors")
    np.testing.assert_array_equal(nn.load(tmp_path / "m.safetensors").predict(x), net.predict(x))

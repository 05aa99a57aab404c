"""Exported models, run by onnxruntime, against the library."""

import numpy as np
import onnxruntime
import pytest
from tones import RATE, tone, untrained

from ltisys import nn
from ltisys.nn.exchange import to_onnx
from ltisys.spotting.export import export

RNG = np.random.default_rng


def run(model, **inputs):
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, inputs)[0])


def lived(net):
    for layer in net.layers():
        if isinstance(layer, nn.BatchNorm):
            layer.running_mean[...] = RNG(0).standard_normal(layer.running_mean.shape) / 3
            layer.running_var[...] = RNG(1).uniform(0.5, 2, layer.running_var.shape)
    return net.eval()


def test_the_same_probabilities_from_samples(tmp_path):
    spotter = untrained()
    lived(spotter.net)
    export(spotter, tmp_path / "m.onnx")
    x = np.zeros((5, spotter.front_end.samples), np.float32)
    for row, word in zip(x, ("up", "down", "other", "up", "silence"), strict=True):
        if word != "silence":
            row[2000:8400] = tone(word, 500, RNG(0))
    want = spotter.probabilities(spotter.front_end(x))
    np.testing.assert_allclose(run(str(tmp_path / "m.onnx"), samples=x), want, atol=1e-4)
    assert np.ptp(want, axis=0).max() > 1e-3


def test_the_file_says_what_it_is(tmp_path):
    spotter = untrained()
    export(spotter, tmp_path / "m.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "m.onnx"), providers=["CPUExecutionProvider"])
    facts = session.get_modelmeta().custom_metadata_map
    assert facts["words"] == "up,down,unknown,silence"
    assert (facts["rate"], facts["licence"]) == (str(RATE), "MIT")
    assert facts["thresholds"] == "0.2000,0.2000"


NETS = {
    "temporal": (lambda: nn.zoo.tc_resnet8(8, 3), (2, 8, 50)),
    "modes": (
        lambda: nn.Sequential(
            nn.Conv1d(2, 4, 4, 2, mode="full", groups=2, rng=0), nn.ELU(0.5), nn.Conv1d(4, 3, 3, mode=(1, 2), rng=1),
            nn.LeakyReLU(0.2), nn.Conv1d(3, 2, 4, origin="causal", dilation=2, rng=2), nn.Tanh(), nn.Softmax(),
        ),
        (2, 2, 30),
    ),
    "images": (
        lambda: nn.Sequential(
            nn.Conv2d(1, 3, (3, 4), (2, 1), rng=0), nn.BatchNorm(3), nn.Sigmoid(), nn.BatchNorm(3), nn.Flatten(),
            nn.Linear(3 * 5 * 8, 4, rng=1),
        ),
        (3, 1, 10, 8),
    ),
    "filter bank": (lambda: nn.Sequential(nn.FilterBank((4, 9), 4, mode="valid", rng=0), nn.ReLU()), (2, 100)),
    "channels in front": (
        lambda: nn.Sequential(nn.Unflatten(1, (1, 8)), nn.Conv1d(1, 2, 3, rng=0), nn.Flatten()),
        (2, 8),
    ),
    "side by side": (lambda: nn.Parallel(nn.Conv1d(1, 2, 3, rng=0), nn.Sequential()), (2, 1, 9)),
}  # fmt: skip


@pytest.mark.parametrize("name", NETS)
def test_networks_compute_the_same(name):
    make, shape = NETS[name]
    net = lived(make())
    x = RNG(3).standard_normal(shape).astype(np.float32)
    np.testing.assert_allclose(run(to_onnx(net, shape).SerializeToString(), x=x), net.predict(x), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("net", "message"),
    [
        (nn.Conv1d(1, 1, 3, padding="reflect"), "has no counterpart in ONNX: its convolutions pad with zeros only"),
        (nn.Conv1d(1, 1, 3, origin=7), "has no counterpart in ONNX: its origin lies outside the kernel"),
        (nn.Unflatten(1, (2, 3)), "has no counterpart in ONNX yet: it may only put an axis of length 1 in front"),
        (nn.Maxout(1), "has no counterpart in ONNX yet"),
    ],
)
def test_what_onnx_cannot_say_is_refused(net, message):
    with pytest.raises(TypeError, match=message):
        to_onnx(net, (1, 6) if isinstance(net, nn.Unflatten) else (1, 1, 10))


def test_without_onnx_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    with pytest.raises(
        ImportError, match=r"ONNX files need the extra \[onnx\]: python -m pip install 'ltisys\[onnx\]'"
    ):
        to_onnx(nn.ReLU(), (1, 1))

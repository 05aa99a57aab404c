"""Learning where the arrays lie: on stand-ins for CuPy's arrays nothing falls back to NumPy, and numbers agree."""

import sys

import numpy as np
import pytest
import standin

from ltisys import nn
from ltisys.spotting.network import scanning_network


@pytest.fixture(autouse=True)
def _cupy(monkeypatch):
    standin.install(monkeypatch)


NETWORKS = {
    "lecture_shallow": (nn.zoo.lecture_shallow, (4, 1, 28, 28)),
    "lecture_deep": (nn.zoo.lecture_deep, (3, 1, 28, 28)),
    "softmax_regression": (nn.zoo.softmax_regression, (5, 1, 28, 28)),
    "mlp": (nn.zoo.mlp, (5, 784)),
    "spotter": (scanning_network, (2, 40, 98)),
    "tc_resnet8": (nn.zoo.tc_resnet8, (2, 40, 98)),
}


def examples(shape: tuple[int, ...], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.standard_normal(shape).astype(np.float32), rng.integers(0, 10, shape[0])


def on_device(net: nn.Layer) -> bool:
    return all(type(array) is standin.ndarray for array in net.state().values())


@pytest.mark.parametrize("optimiser", [nn.AdamW, lambda p: nn.SGD(p, lr=0.01, momentum=0.9, nesterov=True)])
@pytest.mark.parametrize("name", NETWORKS)
def test_steps_of_training_agree_with_those_of_the_cpu(name, optimiser):
    make, shape = NETWORKS[name]
    x, t = examples(shape)
    x = x.astype(np.float64)  # Adam divides by the size of error signals: rounding would show where they are small
    losses, states = [], []
    for device in ("cpu", "gpu"):
        net = make(seed=1).astype(np.float64).to(device).train()
        moving = optimiser(net.parameters())
        average = nn.EMA(net, 0.5)
        loss = nn.Variable(0.0)
        for _ in range(3):
            moving.zero_grad()
            loss = nn.cross_entropy(net(x if device == "cpu" else standin.asarray(x)), t, label_smoothing=0.1)
            loss.backward(keep_errors=False)
            nn.clip_gradients(net.parameters(), 5.0)
            moving.step()
            average.after_step()
        assert net.device == device
        assert on_device(net) == (device == "gpu")
        losses.append(loss.item())
        states.append({key: value.copy() for key, value in net.to("cpu").state().items()})
    assert losses[1] == pytest.approx(losses[0], rel=1e-9)
    for key, right in states[0].items():
        np.testing.assert_allclose(states[1][key], right, rtol=1e-7, atol=1e-9, err_msg=key)


def test_fit_brings_every_batch_to_the_network(tmp_path):
    x, t = examples((12, 1, 28, 28))
    net = nn.zoo.lecture_shallow(seed=0).to("gpu")
    twin = nn.zoo.lecture_shallow(seed=0)
    histories = [
        nn.fit(each, (x, t), validation=(x, t), loss=nn.cross_entropy, optimiser=nn.AdamW(each.parameters()), epochs=2,
               batch_size=5, clip=1.0, average=nn.EMA(each, 0.9), progress=False, checkpoint=tmp_path / each.device)
        for each in (net, twin)
    ]  # fmt: skip
    assert on_device(net)
    assert histories[0].loss == pytest.approx(histories[1].loss, rel=1e-5)
    assert histories[0].validation_accuracy == histories[1].validation_accuracy
    given, lying = net.predict(x), net.predict(standin.asarray(x))
    assert type(given) is np.ndarray
    assert type(lying) is standin.ndarray
    np.testing.assert_allclose(given, twin.predict(x), rtol=1e-4, atol=1e-5)
    over = nn.fit(net, (x, t), loss=nn.cross_entropy, optimiser=nn.AdamW(net.parameters()), epochs=2, batch_size=5,
                  clip=1.0, average=nn.EMA(net, 0.9), progress=False, checkpoint=tmp_path / "gpu")  # fmt: skip
    assert over.loss == histories[0].loss
    assert on_device(net)


def test_data_on_the_device_stay_there():
    x, t = examples((9, 1, 28, 28))
    net = nn.zoo.lecture_shallow(seed=0).to("gpu")
    history = nn.fit(net, (standin.asarray(x), standin.asarray(t)), loss=nn.cross_entropy, epochs=1, batch_size=4,
                     optimiser=nn.SGD(net.parameters(), lr=0.01), progress=False)  # fmt: skip
    assert 0 <= history.accuracy[0] <= 1
    loss, _ = nn.evaluate(net, (standin.asarray(x), standin.asarray(t)), loss=nn.cross_entropy)
    assert loss == pytest.approx(nn.evaluate(net.to("cpu"), (x, t), loss=nn.cross_entropy)[0], rel=1e-5)


LAYERS = {
    "pools": (nn.Sequential(nn.MaxPool(2), nn.AvgPool(2, padding=1), nn.LpPool(3, 2), nn.AdaptiveAvgPool(2)),
              (2, 3, 16, 16)),
    "activations": (nn.Sequential(nn.LeakyReLU(), nn.ELU(), nn.Sigmoid(), nn.Tanh(), nn.Softmax()), (2, 3, 5)),
    "maxout": (nn.Maxout(2), (2, 4, 5)),
    "local response": (nn.LocalResponseNorm(3), (2, 6, 4)),
    "locally connected": (nn.LocallyConnected2d(2, 3, (8, 8), 3, rng=0), (2, 2, 8, 8)),
    "transposed": (nn.ConvTranspose1d(2, 3, 4, stride=2, rng=0), (2, 2, 9)),
    "branches": (nn.Parallel(nn.Conv1d(2, 3, 3, rng=0), nn.Crop(0, 0), nn.ReLU()), (2, 2, 9)),
    "filter bank": (nn.Sequential(nn.FilterBank((4, 7), stride=2, rng=0), nn.PairPower(), nn.Log()), (2, 30)),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYERS)
def test_layers_agree_with_the_cpu_in_both_directions(name):
    net, shape = LAYERS[name]
    values, errors = [], []
    for device in ("cpu", "gpu"):
        x = nn.Variable(examples(shape)[0] if device == "cpu" else standin.asarray(examples(shape)[0]))
        y = net.to(device)(x)
        (y * y).sum().backward()
        found = [y.value, x.grad, *(parameter.grad for parameter in net.parameters())]
        assert {type(each) for each in found} == {np.ndarray if device == "cpu" else standin.ndarray}
        values.append(found[0] if device == "cpu" else found[0].get())
        errors.append([each if device == "cpu" else each.get() for each in found[1:]])
        for parameter in net.parameters():
            parameter.grad = None
    net.to("cpu")
    np.testing.assert_allclose(values[1], values[0], rtol=2e-5, atol=1e-6)
    for given, right in zip(errors[1], errors[0], strict=True):
        np.testing.assert_allclose(given, right, rtol=2e-4, atol=1e-5)


def test_what_does_not_run_there_names_itself():
    net = nn.PCEN(3).to("gpu")
    with pytest.raises(TypeError, match=r"running_mean of \(2, 3, 9\), partly on a GPU"):
        net(standin.asarray(np.ones((2, 3, 9), np.float32)))


def test_nothing_comes_down_by_itself():
    net, x = nn.zoo.mlp((4, 3)), np.ones((2, 4), np.float32)
    with pytest.raises(TypeError, match=r"the data lie on a GPU and the network in main memory: .*net.to\('gpu'\)"):
        net.predict(standin.asarray(x))
    with pytest.raises(TypeError, match=r"linear of \(2, 4\), weight \(3, 4\), bias \(3,\), partly on a GPU"):
        net(standin.asarray(x))
    with pytest.raises(TypeError, match=r"linear of .*, partly on a GPU"):
        net.to("gpu")(x)


def test_other_libraries_arrays_are_named():
    class Tensor:
        is_cuda = True

    Tensor.__module__ = "torch"
    with pytest.raises(TypeError, match=r"arrays of CuPy, got torch.Tensor: wrap it, cupy.asarray\(x\)"):
        nn.Variable(Tensor())  # pyright: ignore[reportArgumentType]


def test_moving_takes_error_signals_and_moments_along(tmp_path):
    net = nn.Linear(3, 2, rng=0)
    moving = nn.AdamW(net.parameters())
    x = np.ones((1, 3), np.float32)
    net(x).sum().backward()
    moving.step()
    net.to("gpu")
    assert type(net.weight.grad) is standin.ndarray
    moving.step()
    assert type(moving.state()["first.0" if "first.0" in moving.state() else "_first.0"]) is standin.ndarray
    nn.save(net, tmp_path / "net.safetensors")
    assert np.array_equal(nn.load(tmp_path / "net.safetensors").predict(x), net.to("cpu").predict(x))
    net.set_state({name: standin.asarray(array) for name, array in net.state().items()})
    assert net.device == "cpu"


def test_devices_that_are_not_there(monkeypatch):
    net = nn.Linear(3, 2)
    with pytest.raises(ValueError, match="unknown device 'tpu': use 'cpu' or 'gpu'"):
        net.to("tpu")
    monkeypatch.setattr(sys.modules["cupy"], "is_available", lambda: False)
    with pytest.raises(RuntimeError, match="no NVIDIA GPU"):
        net.to("gpu")
    monkeypatch.setitem(sys.modules, "cupy", None)
    with pytest.raises(ImportError, match=r"need CuPy: pip install 'ltisys\[cuda\]'"):
        net.to("gpu")

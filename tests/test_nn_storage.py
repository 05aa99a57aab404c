"""Networks as files: what comes back, what is refused, and that nothing is ever half written."""

import json
import os

import numpy as np
import pytest
import safetensors.numpy

from ltisys import nn
from ltisys.nn import storage


def every_layer() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(2, 4, (3, 2), stride=(2, 1), groups=2, padding=("reflect", "circular"), rng=0),
        nn.LeakyReLU(0.2),
        nn.MaxPool(2, stride=(1, 2), padding=(1, 0)),
        nn.Conv2d(4, 4, 3, padding=1, bias=False, rng=1),
        nn.AvgPool((2, 1)),
        nn.Residual(nn.Sequential(nn.BatchNorm(4, momentum=0.3), nn.ReLU()), nn.Tanh()),
        nn.Maxout(2),
        nn.ConvTranspose2d(2, 4, (1, 2), stride=(1, 2), padding=(0, 1), output_padding=(0, 1), groups=2, rng=3),
        nn.ELU(0.5),
        nn.LocalResponseNorm(3, alpha=0.1, k=2.0),
        nn.Parallel(nn.LpPool(3, (1, 2)), nn.AdaptiveAvgPool((2, 3))),
        nn.LocallyConnected2d(8, 4, (2, 3), (1, 2), padding=(0, 1), rng=4),
        nn.Flatten(),
        nn.Unflatten(1, (1, 4 * 2 * 4)),
        nn.Crop(0, 2),
        nn.Flatten(),
        nn.Linear(30, 5, rng=2),
        nn.Sigmoid(),
        nn.Dropout(0.3),
        nn.Softmax(),
    )


def trained() -> nn.Sequential:
    net = every_layer()
    net(np.random.default_rng(0).standard_normal((6, 2, 8, 8), dtype=np.float32))  # moves the running statistics
    return net.eval()


def test_a_network_comes_back_whole(tmp_path):
    net, path = trained(), tmp_path / "m.safetensors"
    nn.save(net, path, {"licence": "MIT", "words": "yes no ümlaut"})
    again = nn.load(path)
    assert repr(again) == repr(net)
    assert not again.training
    assert again.state().keys() == net.state().keys()
    for name, array in net.state().items():
        np.testing.assert_array_equal(again.state()[name], array)
        assert again.state()[name].dtype == array.dtype
    x = np.random.default_rng(1).standard_normal((3, 2, 8, 8), dtype=np.float32)
    np.testing.assert_array_equal(again.predict(x), net.predict(x))
    assert nn.load_metadata(path) == {"licence": "MIT", "words": "yes no ümlaut"}


def test_every_layer_can_be_saved():
    used = {type(layer).__name__ for layer in every_layer().layers()}
    assert used | {"Conv1d", "ConvTranspose1d", "FilterBank", "GlobalAvgPool"} == set(storage.KNOWN)


def test_geometry_survives_json(tmp_path):
    net = nn.Sequential(
        nn.Conv2d(1, 1, 3, mode=((1, 0), (2, 2)), origin=(0, "causal")), nn.Conv1d(1, 1, 3, mode=(1, 2))
    )
    nn.save(net, tmp_path / "m")
    again = nn.load(tmp_path / "m")
    assert isinstance(again, nn.Sequential)
    x = np.zeros((1, 1, 9, 9), np.float32)
    assert again[0](x).shape == net[0](x).shape
    assert again[1](x[:, :, 0]).shape == net[1](x[:, :, 0]).shape


def test_float64_and_transposed_memory_survive(tmp_path):
    net = nn.Linear(3, 2, rng=0).astype(np.float64)
    net.weight.value = np.asfortranarray(net.weight.value)
    nn.save(net, tmp_path / "m")
    again = nn.load(tmp_path / "m")
    assert again.dtype == np.float64
    np.testing.assert_array_equal(again.state()["weight"], net.weight.value)


def test_a_loaded_network_goes_on_learning(tmp_path):
    nn.save(nn.zoo.mlp((2, 2)), tmp_path / "m")
    net = nn.load(tmp_path / "m")
    data = np.ones((4, 2)), np.zeros(4, int)
    optimiser = nn.SGD(net.parameters(), lr=0.1)
    history = nn.fit(net, data, loss=nn.cross_entropy, optimiser=optimiser, epochs=3, batch_size=4, progress=False)
    assert history.loss[2] < history.loss[0]


def test_a_missing_file(tmp_path):
    for read in (nn.load, nn.load_metadata):
        with pytest.raises(FileNotFoundError, match=r"nothing\.safetensors: no such file"):
            read(tmp_path / "nothing.safetensors")


def test_a_file_cut_anywhere(tmp_path):
    path = tmp_path / "m.safetensors"
    nn.save(trained(), path)
    content = path.read_bytes()
    for length in (0, 4, 8, 100, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:length])
        with pytest.raises(ValueError, match=r"m\.safetensors: not a readable safetensors file \(") as caught:
            nn.load(path)
        assert "\n" not in str(caught.value)


def test_a_file_that_is_something_else(tmp_path):
    path = tmp_path / "m.safetensors"
    path.write_text("This is not a network, however long the text may be.")
    with pytest.raises(ValueError, match=r"m\.safetensors: not a readable safetensors file"):
        nn.load(path)
    with pytest.raises(ValueError, match="not a readable safetensors file"):
        nn.load(tmp_path)


def test_a_file_of_another_program(tmp_path):
    path = tmp_path / "m.safetensors"
    safetensors.numpy.save_file({"w": np.ones(3)}, path, {"format": "pt"})
    for read in (nn.load, nn.load_metadata):
        with pytest.raises(ValueError, match=r"m\.safetensors: holds no network of ltisys \(no 'ltisys.architecture'"):
            read(path)


LINEAR = {"layer": "Linear", "arguments": {"in_features": 2, "out_features": 1}, "children": []}


@pytest.mark.parametrize(
    ("architecture", "message"),
    [
        ({**LINEAR, "layer": "eval"}, "unknown layer 'eval'"),
        ({**LINEAR, "layer": "Layer"}, "unknown layer 'Layer'"),
        ({**LINEAR, "arguments": {"in_features": 2}}, "missing 1 required positional argument: 'out_features'"),
        ({**LINEAR, "arguments": 3}, "'int' object has no attribute 'items'"),
        ({"layer": "Sequential", "arguments": {}}, "'children'"),
        ([], "list indices"),
    ],
)
def test_an_architecture_that_cannot_be_built(tmp_path, architecture, message):
    path = tmp_path / "m.safetensors"
    safetensors.numpy.save_file({"w": np.ones(3)}, path, {storage.ARCHITECTURE: json.dumps(architecture)})
    with pytest.raises(ValueError, match=rf"m\.safetensors: the architecture cannot be built \(.*{message}"):
        nn.load(path)


def test_an_architecture_that_is_no_json(tmp_path):
    path = tmp_path / "m.safetensors"
    safetensors.numpy.save_file({"w": np.ones(3)}, path, {storage.ARCHITECTURE: "{"})
    with pytest.raises(ValueError, match=r"m\.safetensors: the architecture cannot be built"):
        nn.load(path)


def test_numbers_that_do_not_fit(tmp_path):
    path = tmp_path / "m.safetensors"
    tensors = {"weight": np.ones((2, 2)), "bias": np.ones(1)}
    safetensors.numpy.save_file(tensors, path, {storage.ARCHITECTURE: json.dumps(LINEAR)})
    with pytest.raises(
        ValueError, match=r"the numbers do not fit the architecture \('weight' must have shape \(1, 2\)"
    ):
        nn.load(path)


def test_only_known_layers_and_strings_are_saved(tmp_path):
    class Mine(nn.ReLU):
        pass

    with pytest.raises(TypeError, match=r"only this library's layers can be saved, got .*Mine"):
        nn.save(nn.Sequential(Mine()), tmp_path / "m")
    with pytest.raises(TypeError, match="metadata must be strings, got 'rate': 16000"):
        nn.save(nn.ReLU(), tmp_path / "m", {"rate": 16000})  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match=r"the metadata key 'ltisys\.architecture' is reserved"):
        nn.save(nn.ReLU(), tmp_path / "m", {"ltisys.architecture": ""})
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "m.safetensors"
    nn.save(nn.Linear(1, 1), path)
    before = path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left on device"):
        nn.save(nn.Linear(2, 2), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_does_not_exist(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"the folder does not exist: .*m\.safetensors"):
        nn.save(nn.ReLU(), tmp_path / "nowhere" / "m.safetensors")

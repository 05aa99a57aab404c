"""Checkpoints: a run that was cut anywhere ends as if it had not been, and a file that does not fit is refused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

import ltisys
from ltisys import nn

STEPS, EPOCHS = 5, 3
HERE = Path(__file__).parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(ltisys.__file__).parents[1])}


class Cut(Exception):
    """What ends a run in these tests."""


class CutAfter:
    """Cuts a run after so many steps; it has no state, so that the run that goes on may leave it out."""

    def __init__(self, steps: int):
        self.left = steps

    def after_step(self):
        self.left -= 1
        if self.left < 0:
            raise Cut

    def __call__(self, epoch):
        pass


def parts(seed: int = 0):
    rng = np.random.default_rng(seed)
    net = nn.Sequential(nn.Linear(6, 8, rng=rng), nn.BatchNorm(8), nn.ReLU(), nn.Dropout(0.4), nn.Linear(8, 3, rng=rng))
    return net, nn.AdamW(net.parameters(), lr=0.02)


def spread(x, rng):
    child = rng.spawn(1)[0]  # draws from another generator, too
    return x + 0.1 * child.standard_normal(x.shape) + rng.uniform()


def train(path, *, net=None, optimiser=None, cut=None, **options):
    """A run with all that has a state; returns the network and the history."""
    if net is None or optimiser is None:
        net, optimiser = parts()
    rng = np.random.default_rng(1)
    data = rng.standard_normal((4 * STEPS - 1, 6)), rng.integers(0, 3, 4 * STEPS - 1)
    options = {
        "loss": nn.cross_entropy,
        "optimiser": optimiser,
        "schedule": nn.Cosine(optimiser, STEPS * EPOCHS),
        "average": nn.EMA(net, decay=0.8),
        "callbacks": [nn.EarlyStopping(net, quantity="loss"), *([] if cut is None else [CutAfter(cut)])],
        "epochs": EPOCHS,
        "batch_size": 4,
        "augment": spread,
        "clip": 0.5,
        "checkpoint": path,
        "every": 1,
        "seed": 3,
        "progress": False,
        **options,
    }
    return net, nn.fit(net, data, **options)


def assert_same(first, again):
    (net, history), (other, history_of_other) = first, again
    for name, array in net.state().items():
        np.testing.assert_array_equal(other.state()[name], array, err_msg=name)
    assert {**vars(history), "seconds": 0} == {**vars(history_of_other), "seconds": 0}


@pytest.mark.parametrize("cut", range(STEPS * EPOCHS))
def test_a_run_cut_after_any_step_ends_as_if_it_had_not_been(tmp_path, cut):
    with pytest.raises(Cut):
        train(tmp_path / "run", cut=cut)
    again = train(tmp_path / "run")
    assert_same(train(None, every=None), again)
    assert len(again[1].seconds) == EPOCHS
    assert [file.name for file in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize(
    "make",
    [
        lambda p: nn.SGD(p, lr=0.1),
        lambda p: nn.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
        lambda p: nn.Adam(p, lr=0.1),
    ],
)
@pytest.mark.parametrize("schedule", [None, lambda o: nn.OneCycle(o, 0.2, STEPS * EPOCHS)])
def test_every_optimiser_goes_on(tmp_path, make, schedule):
    def run(path, **options):
        net, _ = parts()
        optimiser = make(net.parameters())
        options["schedule"] = schedule and schedule(optimiser)
        return train(path, net=net, optimiser=optimiser, average=None, **options)

    with pytest.raises(Cut):
        run(tmp_path / "run", cut=8)
    assert_same(run(None, every=None), run(tmp_path / "run"))


def test_without_every_the_run_goes_on_from_the_last_epoch(tmp_path):
    with pytest.raises(Cut):
        train(tmp_path / "run", every=None, cut=2 * STEPS + 3)
    seen = []

    def augment(x, rng):
        seen.append(len(x))
        return spread(x, rng)

    assert_same(train(None, every=None), train(tmp_path / "run", every=None, augment=augment))
    assert sum(seen) == 4 * STEPS - 1  # one epoch


def test_a_finished_run_is_read_and_not_repeated(tmp_path):
    first = train(tmp_path / "run")
    before = (tmp_path / "run").read_bytes()
    assert_same(first, train(tmp_path / "run", augment=lambda x, rng: pytest.fail("nothing is left to learn")))
    assert (tmp_path / "run").read_bytes() == before


def test_a_run_may_be_made_longer(tmp_path):
    plain = {"schedule": None}
    train(tmp_path / "run", epochs=2, **plain)
    assert_same(train(None, every=None, epochs=4, **plain), train(tmp_path / "run", epochs=4, **plain))
    with pytest.raises(ValueError, match=r"run: holds 4 epochs already, more than epochs=3"):
        train(tmp_path / "run", epochs=3, **plain)


def test_a_run_that_was_stopped_early_stays_stopped(tmp_path):
    def run(path, **options):
        net, optimiser = parts()
        stop = nn.EarlyStopping(net, patience=1, quantity="loss", least=100.0)  # nothing improves by that much
        return train(path, net=net, optimiser=optimiser, callbacks=[stop], **options)

    first = run(tmp_path / "run")
    assert len(first[1].loss) == 2
    assert_same(first, run(tmp_path / "run"))


def test_weights_keep_their_place_in_memory(tmp_path):
    train(tmp_path / "run", epochs=1)
    net, optimiser = parts()
    arrays = dict(net.state())
    train(tmp_path / "run", net=net, optimiser=optimiser, epochs=1)
    assert all(net.state()[name] is array for name, array in arrays.items())


def test_twenty_kills_at_random_moments(tmp_path):
    command = [sys.executable, str(HERE / "killed.py"), str(tmp_path / "run"), "20", str(os.getpid())]
    answer = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT)
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)
    assert len(told["depth"]) == 20
    assert any(0 < steps < 24 for steps in told["depth"])
    assert told["ended"] == told["equal"] >= 1
    assert told["left"] == []


def test_the_weights_do_not_depend_on_the_number_of_threads():
    code = (
        "import hashlib, numpy as np\n"
        "from ltisys import nn\n"
        "rng = np.random.default_rng(0)\n"
        "x, t = rng.random((256, 1, 28, 28), dtype=np.float32), rng.integers(0, 10, 256)\n"
        "net = nn.zoo.lecture_deep(seed=0)\n"
        "nn.fit(net, (x, t), loss=nn.cross_entropy, optimiser=nn.AdamW(net.parameters()), epochs=1, batch_size=64,\n"
        "       augment=nn.Distort(alpha=30.0), progress=False)\n"
        "print(hashlib.sha256(b''.join(a.tobytes() for a in net.state().values())).hexdigest())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**ENVIRONMENT, "LTISYS_THREADS": threads, "OPENBLAS_NUM_THREADS": threads},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for threads in ("1", "2", "3")
    }
    assert len(digests) == 1


def other_net():
    return nn.Sequential(nn.Linear(6, 3, rng=0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": 4}, "whose seed is 3, while this one's is 4; give this run a file of its own"),
        ({"batch_size": 5}, "whose batch_size is 4, while this one's is 5"),
        ({"clip": None}, "whose clip is 0.5, while this one's is None"),
        ({"average": None}, r"whose average is EMA\(decay=0.8, steps=0\), while this one's is None"),
        ({"callbacks": []}, "whose callback 0 is EarlyStopping"),
    ],
)
def test_a_file_of_another_run_is_refused(tmp_path, change, message):
    train(tmp_path / "run", epochs=1)
    before = (tmp_path / "run").read_bytes()
    net, optimiser = parts(seed=1)
    weights = {name: array.copy() for name, array in net.state().items()}
    with pytest.raises(ValueError, match="run: belongs to another run, " + message):
        train(tmp_path / "run", net=net, optimiser=optimiser, **change)
    for name, array in net.state().items():
        np.testing.assert_array_equal(array, weights[name])
    assert (tmp_path / "run").read_bytes() == before


def test_another_network_rule_or_other_data_are_refused(tmp_path):
    train(tmp_path / "run", epochs=1)
    net = other_net()
    with pytest.raises(ValueError, match="whose network is Sequential"):
        train(tmp_path / "run", net=net, optimiser=nn.AdamW(net.parameters(), lr=0.02))
    net, _ = parts()
    with pytest.raises(ValueError, match=r"whose optimiser is AdamW\(lr=0.02, .*this one's is SGD\("):
        train(tmp_path / "run", net=net, optimiser=nn.SGD(net.parameters(), lr=0.02))
    net, optimiser = parts()
    options = {"loss": nn.cross_entropy, "optimiser": optimiser, "epochs": 1, "batch_size": 4, "progress": False}
    nn.fit(net, (np.zeros((9, 6)), np.zeros(9, int)), checkpoint=tmp_path / "zeros", **options)
    with pytest.raises(ValueError, match="whose data is"):
        nn.fit(net, (np.ones((9, 6)), np.zeros(9, int)), checkpoint=tmp_path / "zeros", **options)
    with pytest.raises(ValueError, match=r"whose data is [0-9a-f]{16}, while this one's is [0-9a-f]{16};"):
        nn.fit(net, (np.zeros((8, 6)), np.zeros(8, int)), checkpoint=tmp_path / "zeros", **options)


def test_a_damaged_file_and_a_file_of_something_else_are_refused(tmp_path):
    train(tmp_path / "run", epochs=1)
    whole = (tmp_path / "run").read_bytes()
    (tmp_path / "run").write_bytes(whole[:-10])
    with pytest.raises(ValueError, match=r"run: not a readable safetensors file"):
        train(tmp_path / "run")
    nn.save(nn.ReLU(), tmp_path / "run")
    with pytest.raises(ValueError, match=r"run: holds no training run \(no 'ltisys.checkpoint' in its metadata\)"):
        train(tmp_path / "run")


def test_tensors_that_do_not_fit_are_refused(tmp_path):
    train(tmp_path / "run", epochs=1)
    tensors = safetensors.numpy.load_file(tmp_path / "run")
    with safetensors.safe_open(tmp_path / "run", framework="np") as file:
        text = file.metadata()
    del tensors["optimiser/lr"]
    safetensors.numpy.save_file(tensors, tmp_path / "run", text)
    with pytest.raises(ValueError, match=r"its optimiser does not fit \(no values for 'lr'\)"):
        train(tmp_path / "run")


def test_a_checkpoint_is_no_network(tmp_path):
    train(tmp_path / "run", epochs=1)
    with pytest.raises(ValueError, match=r"run: holds a training run, not a network: go on with it by nn\.fit"):
        nn.load(tmp_path / "run")


def test_leftovers_of_a_killed_writer_are_swept_and_nothing_else(tmp_path):
    mine, others = tmp_path / ".run[1].0123abcd.tmp", tmp_path / ".run1.0123abcd.tmp"
    for file in (mine, others):
        file.write_bytes(b"")
    train(tmp_path / "run[1]", epochs=1)
    assert not mine.exists()
    assert others.exists()


def test_where_it_goes_on_is_said(tmp_path, capsys):
    with pytest.raises(Cut):
        train(tmp_path / "run", cut=7)
    train(tmp_path / "run", progress=True)
    lines = capsys.readouterr().err.splitlines()
    assert f"{tmp_path / 'run'}: goes on at epoch 2, step 2" in lines
    train(tmp_path / "run", progress=True)
    assert capsys.readouterr().err.splitlines()[0] == f"{tmp_path / 'run'}: over"


def test_weights_that_are_not_finite_are_not_kept(tmp_path):
    net, optimiser = parts()

    class Break:
        def after_step(self):
            net.parameters()[0].value[0] = np.inf

        def __call__(self, epoch):
            pass

    with pytest.raises(
        ValueError, match=r"epoch 1, step 1: the last step has left '0.weight' \(8, 6\).*6 of 48 not fin"
    ):
        train(tmp_path / "run", net=net, optimiser=optimiser, callbacks=[Break()])
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"path": None}, ValueError, "every=1 goes with a checkpoint, got checkpoint=None"),
        ({"path": "nowhere/run"}, FileNotFoundError, r"nowhere: the folder of checkpoint='.*nowhere/run' does not"),
        ({"path": "run", "every": 0}, ValueError, "every must be at least 1, got 0"),
        ({"path": "run", "clip": 0.0}, ValueError, "clip must be positive, got 0.0"),
        ({"path": "run", "clip": np.nan}, ValueError, "clip must be positive, got nan"),
    ],
)
def test_what_is_out_of_range_is_refused(tmp_path, options, error, message):
    path = options.pop("path")
    with pytest.raises(error, match=message):
        train(None if path is None else tmp_path / path, **options)

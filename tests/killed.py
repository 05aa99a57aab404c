"""A training run that is killed at random moments, as a program: ``python tests/killed.py FILE KILLS SEED``.

Children of one process train and are killed (the imports would take far longer than the training). It prints after how
many steps each was killed, how many were killed while they were writing a file, how many runs came to their end, and
how many of these with the weights, the average, the moments and the history of a run that nobody disturbed.
"""

import json
import os
import select
import signal
import sys
import time
from pathlib import Path

import numpy as np
import safetensors.numpy

from ltisys import nn

STEPS = 6  # per epoch
EPOCHS = 4


def run(path: Path | None) -> None:
    """One whole run with everything that has a state; it goes on from the file if there is one."""
    rng = np.random.default_rng(0)
    x, t = rng.standard_normal((8 * STEPS - 3, 1, 12), dtype=np.float32), rng.integers(0, 3, 8 * STEPS - 3)
    net = nn.Sequential(
        nn.Conv1d(1, 4, 3, rng=1),
        nn.BatchNorm(4),
        nn.ReLU(),
        nn.GlobalAvgPool(),
        nn.Dropout(0.3),
        nn.Linear(4, 3, rng=2),
    )
    optimiser = nn.AdamW(net.parameters(), lr=0.01)
    average = nn.EMA(net, decay=0.9)
    nn.fit(
        net,
        (x, t),
        validation=(x[:9], t[:9]),
        loss=nn.cross_entropy,
        optimiser=optimiser,
        schedule=nn.OneCycle(optimiser, 0.02, STEPS * EPOCHS),
        epochs=EPOCHS,
        batch_size=8,
        seed=5,
        average=average,
        callbacks=[nn.EarlyStopping(net, patience=EPOCHS)],
        augment=lambda x, rng: x + np.float32(0.1) * rng.standard_normal(x.shape, dtype=np.float32),
        clip=1.0,
        checkpoint=path,
        every=1,
        progress=False,
    )


def content(path: Path) -> tuple[dict[str, bytes], dict]:
    """All arrays, and where the run stands without the times it took; raises if the file cannot be read."""
    arrays = safetensors.numpy.load_file(path)
    with safetensors.safe_open(path, framework="np") as file:
        moment = json.loads(file.metadata()["ltisys.checkpoint"])["moment"]
    moment["history"].pop("seconds", None)
    return {name: array.tobytes() for name, array in arrays.items()}, {**moment, "seconds": 0.0}


def start(path: Path) -> tuple[int, int]:
    """Run in a child; its process id, and the end of a pipe that closes with it."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        run(path)
        os._exit(0)
    os.close(theirs)
    return child, ours


def main(path: Path, kills: int, seed: int) -> None:
    """Run undisturbed, then kill and go on until enough were killed, and once more to the end."""
    undisturbed = path.with_name("undisturbed.safetensors")
    whole = float("inf")
    for _ in range(3):  # the first one loads kernels
        undisturbed.unlink(missing_ok=True)
        began = time.perf_counter()
        run(undisturbed)
        whole = min(whole, time.perf_counter() - began)
    expected = content(undisturbed)
    undisturbed.unlink()
    rng = np.random.default_rng(seed)
    ended = equal = 0
    done = False
    torn: set[str] = set()  # names of what was being written
    depth = []  # how far a run was when it was killed
    while len(depth) < kills or not done:
        child, pipe = start(path)
        patience = rng.uniform(0, 0.6 * whole) if len(depth) < kills else None
        if not select.select([pipe], [], [], patience)[0]:
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        os.close(pipe)
        now = content(path) if path.exists() else None
        if os.WIFSIGNALED(status):
            depth.append(0 if now is None else (now[1]["epoch"] - 1) * STEPS + now[1]["step"])
            done = False
            torn.update(file.name for file in path.parent.glob(".*.tmp"))
            continue
        assert os.WEXITSTATUS(status) == 0, f"a run failed with status {status}"
        ended, done = ended + 1, True
        equal += now == expected
        path.unlink()
    left = [file.name for file in path.parent.iterdir()]
    print(json.dumps({"depth": depth, "torn": len(torn), "ended": ended, "equal": equal, "left": left}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

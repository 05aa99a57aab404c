"""The memory of training steps beside PyTorch's, each in a process of its own: `python -m benchmarks.memory`."""

import resource
import subprocess
import sys

import numpy as np

NETWORKS = {"lecture_shallow": (1, 28, 28), "lecture_deep": (1, 28, 28), "tc_resnet8": (40, 98)}
BATCH, STEPS = 64, 30
LEAST = 16  # a batch for which both run the code they run at 64: what loading it takes is not memory of a step


def main() -> None:
    """Print for each network how far the peak of a process rises from one step at a small batch to many at batch 64."""
    if len(sys.argv) == 3:
        print(_rise(*sys.argv[1:]))
        return
    print("| network, batch 64 | ltisys | torch |\n|---|---|---|")
    for name in NETWORKS:
        call = [sys.executable, "-m", "benchmarks.memory", name]
        ours, theirs = (
            float(subprocess.run([*call, who], check=True, capture_output=True, text=True).stdout)
            for who in ("ltisys", "torch")
        )
        print(f"| {name} | {ours:.1f} MiB | {theirs:.1f} MiB |")


def _rise(name: str, who: str) -> float:
    from ltisys import nn

    from . import training

    net = getattr(nn.zoo, name)()
    rng = np.random.default_rng(0)
    steps = []
    for batch in (LEAST, BATCH):
        x = rng.standard_normal((batch, *NETWORKS[name])).astype(np.float32)
        t = np.zeros(batch, np.int64)
        if who == "ltisys":
            steps.append(training.our_steps(net, x, t))
        else:
            steps.append(training.steps_of_torch(net, x, t)["torch"])
    steps[0](training.RATE)  # loads, compiles, plans
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(STEPS):
        steps[1](training.RATE)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


if __name__ == "__main__":
    main()

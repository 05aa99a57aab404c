"""What a gradient costs: the time of backward over that of forward, `python -m benchmarks.backward`."""

import statistics
import time

import numpy as np

from ltisys import nn

ROUNDS = 30
NETWORKS = {"lecture_shallow": (1, 28, 28), "lecture_deep": (1, 28, 28), "digits": (1, 28, 28), "tc_resnet8": (40, 98)}


def main() -> None:
    """Print the medians for networks of the zoo at batch 64; theory says two, one product for each factor."""
    rng = np.random.default_rng(0)
    print("| network | forward | backward | ratio |\n|---|---|---|---|")
    for name, shape in NETWORKS.items():
        net = getattr(nn.zoo, name)().train()
        x = rng.standard_normal((64, *shape)).astype(np.float32)
        t = rng.integers(0, net(x).shape[1], 64)
        times = []
        for _ in range(ROUNDS + 3):
            start = time.perf_counter()
            loss = nn.cross_entropy(net(x), t)
            middle = time.perf_counter()
            loss.backward(keep_errors=False)
            times.append((middle - start, time.perf_counter() - middle))
        forward, backward = (1e3 * statistics.median(part) for part in zip(*times[3:], strict=True))
        print(f"| {name} | {forward:.2f} ms | {backward:.2f} ms | {backward / forward:.2f} |")


if __name__ == "__main__":
    main()

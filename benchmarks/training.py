"""Whole training steps, forward, backward and the optimiser's move, against PyTorch eager with the same weights."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from ltisys import nn

from .measure import OURS, Budget, Cell, Job, run

NETWORKS = {
    "lecture_shallow": (nn.zoo.lecture_shallow, (1, 28, 28)),
    "lecture_deep": (nn.zoo.lecture_deep, (1, 28, 28)),
    "tc_resnet8": (nn.zoo.tc_resnet8, (40, 98)),
}
SUITE = "training, a step"
BATCH, RATE, MOMENTUM = 64, 0.01, 0.9
STILL = 1e-9  # a learning rate at which repeated steps stay comparable while they are timed


def jobs() -> Iterator[Job]:
    """A step of SGD with momentum at batch 64, for each network."""
    for name in NETWORKS:
        yield Job(SUITE, _name(name), partial(_measure, name), True)


def _name(network: str) -> str:
    return f"{network}, batch {BATCH}"


def _measure(network: str, budget: Budget, earlier: object) -> Cell:
    """Time steps; the first ones, at a real rate, must end in the same loss."""
    make, shape = NETWORKS[network]
    net = make()
    for layer in net.layers():
        if isinstance(layer, nn.Dropout):
            layer.p = 0.0  # both draw masks of their own
    rng = np.random.default_rng(0)
    x = rng.standard_normal((BATCH, *shape)).astype(np.float32)
    t = rng.integers(0, net(x).shape[1], BATCH)
    candidates = {OURS: our_steps(net, x, t), **steps_of_torch(net, x, t)}
    losses = {peer: [float(step(RATE)) for _ in range(3)] for peer, step in candidates.items()}
    for peer, found in losses.items():
        if not np.allclose(found, losses[OURS], rtol=1e-3):
            raise AssertionError(f"training {network}: {peer} has losses {found}, {OURS} {losses[OURS]}")
    steps = {peer: lambda step=step: np.array([step(STILL)]) for peer, step in candidates.items()}
    return run(Cell(SUITE, _name(network)), steps, tolerance=2e-3, budget=budget)


def our_steps(net, x, t):
    """Return a step of this library as a function of the learning rate; it returns the loss."""
    net.train()
    optimiser = nn.SGD(net.parameters(), lr=RATE, momentum=MOMENTUM)

    def step(rate):
        optimiser.lr = rate
        optimiser.zero_grad()
        loss = nn.cross_entropy(net(x), t)
        loss.backward(keep_errors=False)
        optimiser.step()
        return loss.item()

    return step


def steps_of_torch(net, x, t):
    """Return the same of PyTorch in each of its layouts, by name."""
    try:
        import torch
    except ImportError:
        return {}
    from .twins import twin

    def stepping(layout):
        model = twin(net).train().to(memory_format=layout)
        samples, targets = torch.from_numpy(x), torch.from_numpy(t)
        if x.ndim == 4:
            samples = samples.to(memory_format=layout)
        optimiser = torch.optim.SGD(model.parameters(), lr=RATE, momentum=MOMENTUM)

        def step(rate):
            optimiser.param_groups[0]["lr"] = rate
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(samples), targets)
            loss.backward()
            optimiser.step()
            return loss.item()

        return step

    layouts = {"torch": torch.contiguous_format}
    if x.ndim == 4:
        layouts["torch channels_last"] = torch.channels_last
    return {name: stepping(layout) for name, layout in layouts.items()}

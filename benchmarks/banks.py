"""Banks forward and both gradients, in the engine's layout and contiguous, against PyTorch in both of its layouts.

In the engine's layout the input lies in memory as the engine leaves its results, as it does inside a network.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

import ltisys as lti
from ltisys.convolution import prepare_bank

from .filters import Earlier
from .forced import forced
from .layers import BATCHES, LAYERS, QUICK, Layer, laid_as
from .measure import OURS, Budget, Candidate, Cell, Job, foresee, run
from .torch_banks import in_both_layouts

FORWARD, WRT_INPUT, WRT_WEIGHTS = "banks, forward", "banks, input gradient", "banks, weight gradient"
WRT_FIRST_INPUT = "banks, input gradient of first layers"
CONTIGUOUS = f"{OURS} contiguous"


def jobs() -> Iterator[Job]:
    """Every layer at every batch: forward, input gradient and weight gradient."""
    for measure, suite in ((_forward, FORWARD), (_wrt_input, WRT_INPUT), (_wrt_weights, WRT_WEIGHTS)):
        for layer in LAYERS:
            named = WRT_FIRST_INPUT if suite == WRT_INPUT and layer.is_first else suite
            for batch in BATCHES:
                is_quick = layer.name in QUICK and batch == 32
                seconds = (
                    1.5 + batch * np.prod(layer.bank) * layer.x[-1] / layer.stride * np.prod(layer.x[1:-1]) * 8e-10
                )
                yield Job(named, _name(layer, batch), partial(measure, named, layer, batch), is_quick, float(seconds))


def _name(layer: Layer, batch: int) -> str:
    return f"{layer.name}, batch {batch}"


def _forward(suite: str, layer: Layer, batch: int, budget: Budget, earlier: Earlier) -> Cell:
    x, bank, y_bar = layer.operands(batch)
    liked = lti.convolve_bank(x, bank, **layer.words)
    call = partial(lti.convolve_bank, laid_as(liked, x), bank, **layer.words)
    cell = _cell(suite, layer, x, bank, y_bar)
    cell.note, methods = forced(x, bank, call, **layer.words)
    ours = {
        OURS: call,
        f"{OURS} out=": partial(call, out=liked),
        CONTIGUOUS: partial(lti.convolve_bank, x, bank, order="C", **layer.words),
        **methods,
    }
    peers = in_both_layouts(layer, x, bank, y_bar)
    return _against(cell, ours, {name: peer.forward for name, peer in peers.items()}, layer, batch, budget, earlier)


def _wrt_input(suite: str, layer: Layer, batch: int, budget: Budget, earlier: Earlier) -> Cell:
    def ours(filters, x, bank, y_bar):
        return filters.wrt_input(x, y_bar)

    return _gradient(suite, layer, batch, budget, earlier, ours, lambda peer: peer.wrt_input)


def _wrt_weights(suite: str, layer: Layer, batch: int, budget: Budget, earlier: Earlier) -> Cell:
    def ours(filters, x, bank, y_bar):
        return filters.wrt_kernel(x, y_bar, bank)

    return _gradient(suite, layer, batch, budget, earlier, ours, lambda peer: peer.wrt_weights)


def _gradient(suite, layer: Layer, batch: int, budget, earlier, ours: Callable, theirs: Callable) -> Cell:
    """Time a gradient as a step of training takes it: with the filters that the step made ready for its forward."""
    x, bank, y_bar = layer.operands(batch)
    liked = lti.convolve_bank(x, bank, **layer.words)
    laid_x, laid_y_bar = laid_as(liked, x), laid_as(liked, y_bar)
    filters = prepare_bank(x, bank, **layer.words)
    cell = _cell(suite, layer, x, bank, y_bar)
    cell.note = filters.bound.operator.method
    calls = {
        OURS: lambda: ours(filters, laid_x, bank, laid_y_bar),
        CONTIGUOUS: lambda: np.ascontiguousarray(ours(filters, x, bank, y_bar)),
    }
    peers = {name: theirs(peer) for name, peer in in_both_layouts(layer, x, bank, y_bar).items()}
    return _against(cell, calls, peers, layer, batch, budget, earlier)


def _cell(suite: str, layer: Layer, x, bank, y_bar) -> Cell:
    products = float(y_bar.size) * float(np.prod(bank.shape[1:]))
    size = float(x.nbytes + y_bar.nbytes + bank.nbytes)
    return Cell(suite, _name(layer, len(x)), work={"products": products, "bytes": size, "itemsize": 4})


def _against(cell: Cell, ours: dict[str, Candidate], peers, layer: Layer, batch: int, budget, earlier) -> Cell:
    smaller = BATCHES[max(0, BATCHES.index(batch) - 1)]
    peers = foresee(cell, peers, earlier.get((cell.suite, _name(layer, smaller))), batch / smaller)
    return run(cell, {**ours, **peers}, tolerance=1e-3, budget=budget)
